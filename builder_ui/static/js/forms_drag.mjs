/* Dragging on the form designer's canvas: what may go where, a drop place of the real width, the knob of a field. */
import { all, one } from "/static/js/shell.mjs";
import { sorts } from "/static/js/sorting.mjs";
import { send } from "./builder.mjs";
import { touched } from "./patch.mjs";

/** The place of an item among its like. @param {Element} el */
export const indexOf = (el) => [...(el.parentElement?.children ?? [])].filter((c) => c.hasAttribute("data-item") || c.hasAttribute("data-type")).indexOf(el);
const PARTS = { 3: "1/4", 4: "1/3", 6: "1/2", 8: "2/3", 12: "1/1" };
const common = {
  draggable: "[data-item], [data-type]", filter: ".tools button, .tools summary, [contenteditable], input", onStart: begun, onMove: stays, within: "#canvas",
};

/** Fields go into sections, sections between sections, columns and plain types into rows. @param {HTMLElement} box @param {HTMLElement} el */
function fits(box, el) {
  const { accepts, of } = box.dataset, kind = el.dataset.kind ?? "field";
  if (accepts !== "column") return kind === accepts;
  return kind === "column" ? el.dataset.of === of : Boolean(el.dataset.type) && "fits" in el.dataset && !el.dataset.back;
}
const put = (/** @type {any} */ to, /** @type {any} */ _from, /** @type {HTMLElement} */ el) => fits(to.el, el);

/** @param {any} event */
function begun({ item }) {
  const width = PARTS[item.dataset.width] ?? "";
  item.dataset.put = [one("#canvas [data-here]")?.dataset.here, width].filter(Boolean).join(" · ");
}

/** Over rows that do not take it the drop place keeps still, and does not jump about them. @param {any} event @param {any} pointer */
function stays({ to, dragged }, { clientX, clientY }) {
  const rows = /** @type {any} */ (Number.isFinite(clientX) ? document.elementFromPoint(clientX, clientY)?.closest("[data-of][data-drop]") : null);
  return !rows || rows === to || fits(rows, dragged);
}

/** @param {any} event */
function dropped({ item, to }) {
  const index = indexOf(item), { type, kind, id, back } = item.dataset;
  const where = to.dataset.of ? { into: to.dataset.of } : to.dataset.drop === "sections" ? {} : { section: to.dataset.drop };
  if (type) item.remove();
  touched(to);
  if (back) send("bring_back", { id: back, index, ...where });
  else if (type) send("add", { type, index, ...where });
  else send("move", { id, index, ...(kind === "section" ? {} : where) });
}

export function sortables() {
  for (const box of all("#side .pal")) sorts(box, { ...common, group: { name: "canvas", pull: "clone", put: false }, sort: false });
  for (const box of all("#canvas [data-drop]")) {
    const handle = box.dataset.drop === "sections" ? { handle: ".sec-h, [data-grip]" } : {};
    sorts(box, { ...common, ...handle, group: { name: "canvas", pull: true, put }, onAdd: dropped, onUpdate: dropped });
  }
}

/* the knob changes the width in steps of the grid */
one("#canvas").addEventListener("pointerdown", (event) => {
  const knob = /** @type {HTMLElement} */ (event.target).closest("[data-knob]");
  if (!knob) return;
  event.preventDefault();
  event.stopPropagation();
  const slot = /** @type {HTMLElement} */ (knob.closest("[data-item]")), grid = /** @type {HTMLElement} */ (slot.parentElement);
  touched(slot);
  const unit = grid.clientWidth / 12, left = slot.getBoundingClientRect().left;
  const fit = (/** @type {number} */ x) => [3, 4, 6, 8, 12].reduce((a, b) => (Math.abs(b - (x - left) / unit) < Math.abs(a - (x - left) / unit) ? b : a));
  const show = (/** @type {PointerEvent} */ e) => { slot.className = slot.className.replace(/\bw\d+\b/, `w${fit(e.clientX)}`); };
  const stop = (/** @type {PointerEvent} */ e) => {
    removeEventListener("pointermove", show);
    send("widen", { width: fit(e.clientX) });
  };
  addEventListener("pointermove", show);
  addEventListener("pointerup", stop, { once: true });
}, true);
