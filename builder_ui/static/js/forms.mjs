/* The form designer: real drag and drop, and everything it can do without a mouse. */
import { all, one } from "/static/js/shell.mjs";
import { select, selected, send, wires } from "./builder.mjs";

const Sortable = () => /** @type {any} */ (globalThis).Sortable;
const canvas = one("#canvas");
/** @param {Element} el */
const indexOf = (el) => [...(el.parentElement?.children ?? [])].filter((c) => c.hasAttribute("data-item") || c.hasAttribute("data-type")).indexOf(el);
const slots = () => all("#canvas [data-item][data-kind=field]");
const current = () => one(`#canvas [data-id="${CSS.escape(selected())}"]`);

/** A container takes only its kind: fields go into sections, sections between sections. */
const put = (to, _from, el) => to.el.dataset.accepts === (el.dataset.kind ?? "field");
const common = {
  animation: 120, forceFallback: true, fallbackOnBody: true, fallbackTolerance: 4, swapThreshold: 0.6,
  emptyInsertThreshold: 24, delayOnTouchOnly: true, delay: 150, draggable: "[data-item], [data-type]", filter: ".tools button, .tools summary, [contenteditable]", preventOnFilter: false,
};

/** @param {any} event */
function dropped(event) {
  const { item, to } = event, index = indexOf(item), type = item.dataset.type;
  if (type) {
    item.remove();
    send("add", { type, index, ...(type === "section" ? {} : { section: to.dataset.drop }) });
  } else send("move", { id: item.dataset.id, index, ...(item.dataset.kind === "section" ? {} : { section: to.dataset.drop }) });
}

function sortables() {
  if (!Sortable()) return;
  for (const box of all("#side .pal")) {
    if (!Sortable().get(box)) Sortable().create(box, { ...common, group: { name: "canvas", pull: "clone", put: false }, sort: false });
  }
  for (const box of all("#canvas [data-drop]")) {
    if (Sortable().get(box)) continue;
    const handle = box.dataset.drop === "sections" ? { handle: ".sec-h, [data-grip]" } : {};
    Sortable().create(box, { ...common, ...handle, group: { name: "canvas", pull: true, put }, onAdd: dropped, onUpdate: dropped });
  }
}
wires.push(sortables);
addEventListener("load", sortables);

/** Without a drag: after what is selected, else at the end of the first section. @param {HTMLElement} tile */
function insert(tile) {
  const type = tile.dataset.type ?? "", at = current();
  if (type === "section") { send("add", { type }); return; }
  const drop = at?.matches("[data-kind=section]") ? one("[data-drop]", at) : (at?.closest("[data-drop]") ?? all("#canvas .cols[data-drop]").at(-1));
  const index = at?.matches("[data-kind=field]") ? indexOf(at) + 1 : all(":scope > [data-item]", drop).length;
  send("add", { type, section: drop?.dataset.drop ?? "rest", index });
}

document.addEventListener("click", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  const tile = at.closest("#side [data-type]");
  if (tile) { insert(/** @type {HTMLElement} */ (tile)); return; }
  if (at.closest("[data-add-section]")) { send("add", { type: "section" }); return; }
  const width = at.closest("[data-width]");
  if (width) { send("widen", { width: /** @type {any} */ (width).dataset.width }); return; }
  if (at.closest(".tools")) { tool(at); return; }
  const spot = at.closest("#canvas [data-item], #canvas [data-say]");
  if (!spot || /** @type {any} */ (spot).isContentEditable) return;
  const id = /** @type {any} */ (spot).dataset.id ?? /** @type {any} */ (spot).dataset.sel;
  if (id !== selected()) select(id, () => focusSlot());
});

/** @param {HTMLElement} at */
function tool(at) {
  const nudge = at.closest("[data-nudge]"), to = at.closest("[data-to-section]");
  if (nudge) send("nudge", { id: selected(), by: /** @type {any} */ (nudge).dataset.nudge });
  if (at.closest("[data-duplicate]")) send("duplicate", { id: selected() });
  if (at.closest("[data-remove]")) send("remove", { id: selected() });
  if (at.closest("[data-wrap]")) send("wrap", { id: selected() });
  if (to) send("move", { id: selected(), section: /** @type {any} */ (to).dataset.toSection, index: 999 });
}

const focusSlot = () => { const at = current(); at?.focus({ preventScroll: true }); at?.scrollIntoView({ block: "nearest" }); };

/* labels typed where they stand */
canvas.addEventListener("dblclick", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  const say = at.closest("[data-say]") ?? at.closest("[data-item][data-kind=field]");
  if (say) type(/** @type {HTMLElement} */ (say));
});
/** @param {HTMLElement} spot */
function type(spot) {
  const text = spot.matches("[data-say]") ? spot : one(".lbl, label", spot);
  if (!text) return;
  spot.querySelector("[inert]")?.removeAttribute("inert");
  const before = text.textContent?.replace("*", "").trim() ?? "";
  const box = document.createElement("input");
  Object.assign(box, { value: before, className: "in sm", maxLength: 80 });
  box.dataset.test = "inline-label";
  box.dataset.own = "";
  text.hidden = true;
  text.after(box);
  box.focus();
  box.select();
  let done = false;
  const end = (/** @type {boolean} */ keep) => {
    if (done) return;
    done = true;
    box.remove();
    text.hidden = false;
    if (keep && box.value.trim() && box.value.trim() !== before) send("say", { text: box.value.trim(), sel: spot.dataset.sel ?? spot.dataset.id });
    else focusSlot();
  };
  box.addEventListener("keydown", (event) => { event.stopPropagation(); if (event.key === "Enter") end(true); if (event.key === "Escape") end(false); });
  box.addEventListener("blur", () => end(true));
}

/* what is typed as a label shows on the canvas before the server has answered */
document.addEventListener("input", (event) => {
  const box = /** @type {any} */ (event.target);
  if (box.id === "find-type") filter(box.value);
  const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
  if (box.name !== `p-label.${lang}` || !box.value) return;
  one("[data-props-title]").textContent = box.value;
  const text = current() && one(".lbl, label, [data-say]", current());
  if (text?.firstChild) text.firstChild.textContent = box.value;
});

/** @param {string} text */
function filter(text) {
  const wanted = text.trim().toLowerCase();
  for (const tile of all("#side [data-type]")) tile.hidden = !(tile.dataset.words ?? "").toLowerCase().includes(wanted);
  for (const group of all("#side [data-group]")) group.hidden = !one("[data-type]:not([hidden])", group);
}

/** @param {number} by */
function step(by) {
  const found = slots(), at = found.indexOf(current());
  const next = found[at < 0 ? (by > 0 ? 0 : found.length - 1) : Math.min(found.length - 1, Math.max(0, at + by))];
  if (next) select(next.dataset.id ?? "", focusSlot);
}

document.addEventListener("keydown", (event) => {
  const at = /** @type {HTMLElement} */ (event.target), typing = at.matches("input, textarea, select");
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && at.closest("#props")) { event.preventDefault(); focusSlot(); return; }
  if (typing) return;
  const up = event.key === "ArrowUp" || event.key === "ArrowLeft", down = event.key === "ArrowDown" || event.key === "ArrowRight";
  const here = at.closest("#canvas") || at === document.body;
  if (here && event.altKey && (up || down) && selected()) { event.preventDefault(); send("nudge", { id: selected(), by: up ? -1 : 1 }); return; }
  if (here && (up || down)) { event.preventDefault(); step(up ? -1 : 1); return; }
  if (!here || !selected()) return;
  if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); send("remove", { id: selected() }); }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "d") { event.preventDefault(); send("duplicate", { id: selected() }); }
  if (event.key === "F2" && current()) { event.preventDefault(); type(current()); }
  if (event.key === "Enter" && at.matches("[data-item]")) {
    event.preventDefault();
    if (at.dataset.id !== selected()) select(at.dataset.id ?? "", () => one("#panel input, #panel select, #panel textarea")?.focus());
    else one("#panel input:not([type=hidden]), #panel select, #panel textarea")?.focus();
  }
  if (event.key === "Escape") { event.preventDefault(); select("", () => one("#canvas")?.focus()); }
});
document.addEventListener("focusin", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  if (at.matches("#canvas [data-item]")) all("#canvas [data-item]").forEach((e) => e.classList.toggle("at", e === at));
});

/* the knob changes the width in steps of the grid */
canvas.addEventListener("pointerdown", (event) => {
  const knob = /** @type {HTMLElement} */ (event.target).closest("[data-knob]");
  if (!knob) return;
  event.preventDefault();
  event.stopPropagation();
  const slot = /** @type {HTMLElement} */ (knob.closest("[data-item]")), grid = /** @type {HTMLElement} */ (slot.parentElement);
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
