/* The form designer: everything it can do without a drag. */
import { all, one, toast, words } from "/static/js/shell.mjs";
import { dialog, said, select, selected, send, wires } from "./builder.mjs";
import { indexOf, sortables } from "./forms_drag.mjs";
import { touched } from "./patch.mjs";

const canvas = one("#canvas");
const slots = () => all("#canvas [data-item][data-kind=field]");
const current = () => one(`#canvas [data-id="${CSS.escape(selected())}"]`);

wires.push(sortables);
addEventListener("load", sortables);

/** Without a drag: after what is selected, else at the end of the last section. @param {HTMLElement} tile */
function insert(tile) {
  const type = tile.dataset.type ?? "", at = current();
  if (tile.dataset.back) { send("bring_back", { id: tile.dataset.back }); return; }
  if (tile.dataset.kind === "section") { send("add", { type }); return; }
  if (at?.matches("[data-kind=column]") && "fits" in tile.dataset) { send("add", { type, into: at.dataset.of, index: indexOf(at) + 1 }); return; }
  const drop = at?.matches("[data-kind=section]") ? one("[data-drop]", at) : (at?.closest("[data-kind=field]")?.closest("[data-drop]") ?? all("#canvas .cols[data-drop]").at(-1));
  const field = at?.closest("[data-kind=field]"), index = field ? indexOf(field) + 1 : all(":scope > [data-item]", drop).length;
  send("add", { type, section: drop?.dataset.drop ?? "rest", index });
}

document.addEventListener("click", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  const tab = at.closest("[data-side-tab]");
  if (tab) { side(/** @type {any} */ (tab).dataset.sideTab); return; }
  const retype = at.closest("[data-retype]"), turn = at.closest("[data-retype-to]");
  if (retype) { dialog(/** @type {any} */ (retype).dataset.retype); return; }
  if (turn) { one("#dialog").close(); send("retype", { to: /** @type {any} */ (turn).dataset.retypeTo }); return; }
  const tile = at.closest("#side [data-type]");
  if (tile) { insert(/** @type {HTMLElement} */ (tile)); return; }
  if (at.closest("[data-add-section]")) { send("add", { type: "section" }); return; }
  const width = at.closest("#props [data-width]");
  if (width) { send("widen", { width: /** @type {any} */ (width).dataset.width }); return; }
  if (at.closest(".tools")) { tool(at); return; }
  const spot = at.closest("#canvas [data-item], #canvas [data-say]");
  if (!spot || /** @type {any} */ (spot).isContentEditable) return;
  const id = /** @type {any} */ (spot).dataset.id ?? /** @type {any} */ (spot).dataset.sel;
  if (id !== selected()) select(id, () => focusSlot());
});

/* the palette has two tabs; the one that is open stays open when the pane is drawn anew */
let open = "new";
/** @param {string} which */
function side(which) {
  open = which;
  for (const tab of all("[data-side-tab]")) {
    const on = tab.dataset.sideTab === which;
    tab.classList.toggle("on", on);
    tab.setAttribute("aria-selected", String(on));
    one(`#side-${tab.dataset.sideTab}`).hidden = !on;
  }
}
wires.push(() => side(open), () => filter(one("#find-type").value));
document.addEventListener("change", (event) => {
  const { roleLevel: role } = /** @type {any} */ (event.target).dataset;
  if (role) send("level", { role, level: /** @type {any} */ (event.target).value });
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
  const say = at.closest("[data-say]") ?? at.closest("[data-item]");
  if (say) type(/** @type {HTMLElement} */ (say));
});
/** @param {HTMLElement} spot */
function type(spot) {
  const text = spot.matches("[data-say]") ? spot : one(spot.matches("[data-kind=section]") ? "[data-say]" : ".lbl, label", spot);
  if (!text) return;
  touched(spot);
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
  said(box, before, (words) => {
    text.hidden = false;
    if (words) send("say", { text: words, sel: spot.dataset.sel ?? spot.dataset.id }).then(focusSlot);
    else focusSlot();
  });
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
  touched(text);
});

/** @param {string} text */
function filter(text) {
  const wanted = text.trim().toLowerCase();
  for (const tile of all("#side-new [data-type]")) tile.hidden = !(tile.dataset.words ?? "").toLowerCase().includes(wanted);
  for (const group of all("#side-new [data-group]")) group.hidden = !one("[data-type]:not([hidden])", group);
}

document.addEventListener("keydown", (event) => {
  const found = /** @type {HTMLElement} */ (event.target).id === "find-type" && event.key === "Enter" && one("#side-new [data-group]:not([hidden]) [data-type]:not([hidden])");
  if (found) { event.preventDefault(); insert(found); }
});

/** A field or a column, for this form or any other. @param {string} id */
async function copy(id) {
  const answer = await fetch(one("[data-json]").dataset.json).catch(() => null);
  if (!answer?.ok) { toast(words.failed, "warn"); return; }
  const form = await answer.json(), [what, name] = id.split(":"), [field, column] = (name ?? "").split("/");
  const found = form.fields.find((/** @type {any} */ f) => f.id === field);
  const kept = what === "column" ? found?.fields.find((/** @type {any} */ f) => f.id === column) : what === "field" ? found : null;
  if (!kept) return;
  localStorage.setItem("copied", JSON.stringify(kept));
  toast(words.copied, "ok");
}

/** @param {number} by */
function step(by) {
  const found = current()?.matches("[data-kind=column]") ? all("[data-item]", current().parentElement) : slots(), at = found.indexOf(current());
  const next = found[at < 0 ? (by > 0 ? 0 : found.length - 1) : Math.min(found.length - 1, Math.max(0, at + by))];
  if (next) select(next.dataset.id ?? "", focusSlot);
}

/* keys of the canvas; they mean the item that has the focus, else the one that is selected */
/** @type {Record<string, (id: string, at: HTMLElement) => void>} */
const KEYS = {
  "alt+up": (id) => send("nudge", { id, by: -1 }),
  "alt+down": (id) => send("nudge", { id, by: 1 }),
  up: () => step(-1),
  down: () => step(1),
  "mod+v": () => send("paste", { text: localStorage.getItem("copied") ?? "" }),
  "mod+c": (id) => copy(id),
  "mod+d": (id) => send("duplicate", { id }),
  delete: (id) => send("remove", { id }),
  f2: (id, at) => type(at),
  enter: (id) => (id === selected() ? properties() : select(id, properties)),
  escape: () => select("", () => canvas.focus()),
};
const properties = () => /** @type {any} */ (all("#panel input:not([type=hidden]), #panel select, #panel textarea").find((e) => e.offsetParent))?.focus();
/** @param {KeyboardEvent} event */
function named(event) {
  const key = event.key.toLowerCase().replace(/arrow(up|left)/, "up").replace(/arrow(down|right)/, "down").replace("backspace", "delete");
  return `${event.ctrlKey || event.metaKey ? "mod+" : ""}${event.altKey ? "alt+" : ""}${key}`;
}
document.addEventListener("keydown", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && at.closest("#props")) { event.preventDefault(); focusSlot(); return; }
  if (at.matches("input, textarea, select, summary") || (!at.closest("#canvas") && at !== document.body)) return;
  if (event.key === "Enter" && !at.matches("[data-item]")) return;
  const item = at.matches("[data-item]") ? at : current(), id = item?.dataset.id ?? selected(), key = named(event);
  if (!KEYS[key] || (key === "mod+c" && String(getSelection()))) return;
  if (!id && !["up", "down", "mod+v"].includes(key)) return;
  event.preventDefault();
  KEYS[key](id, item);
});
document.addEventListener("focusin", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  if (at.matches("#canvas [data-item]")) all("#canvas [data-item]").forEach((e) => e.classList.toggle("at", e === at));
});

