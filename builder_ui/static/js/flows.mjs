/* The flow designer: commands on the drawing by mouse, thumb and keys; the server draws what comes of them. */
import { all, one } from "/static/js/shell.mjs";
import { said, select, selected, send, undoable, wires } from "./builder.mjs";
import { announce, card, cards, drags, frame, named, outline, pick, plusAt, refresh, reveal, told, view, walk, words, zoomBy } from "./flow_canvas.mjs";

const kinds = one("#kinds"), cardMenu = one("#card-menu"), props = one("#props");
const chosen = () => selected().replace("node/", "");
const rev = () => one("#saved").dataset.rev;
/** Lines on which the next step goes; the step that is carried, or whose line is led elsewhere. */
let at = "", carried = "", line = "";

/** A command, and what is said when it was done; false when it was refused. @param {string} op @param {Record<string, string | number>} values @param {string} [pattern] @param {string} [name] */
async function command(op, values, pattern = "", name = "") {
  const before = rev(), many = cards().length;
  await send(op, values);
  if (rev() === before) { reveal(card(String(values.step ?? chosen()))); return false; }
  const gone = many - cards().length;
  reveal(card(chosen()));
  if (pattern) announce(told(pattern, name || named(chosen())));
  if (op === "delete" || gone > 1) undoable(told(words.deleted, name) + (gone > 1 ? ` ${words.more.replace("[n]", String(gone - 1))}` : ""));
  return true;
}

/** @param {string} step @param {() => void} [then] */
function choose(step, then = () => {}) {
  pick(step);
  if (chosen() === step) { then(); return; }
  select(step ? `node/${step}` : "", then, "props");
}
const panelFirst = () => one("#panel :is(input:not([type=hidden]), select, textarea)")?.focus();
/** On a phone the panel is a sheet over the outline. @param {boolean} open */
const sheet = (open) => props.classList.toggle("open", open);

/* the menu of steps */
/** @param {HTMLElement} plus */
function openKinds(plus) {
  at = plus.dataset.at ?? "";
  const find = one("input", kinds);
  find.value = "";
  filter("");
  place(kinds, plus.getBoundingClientRect());
  find.focus();
}
/** Beside a spot, within the window. @param {any} menu @param {DOMRect} r */
function place(menu, r) {
  menu.showPopover();
  const fit = (/** @type {number} */ v, /** @type {number} */ most) => `${Math.max(8, Math.min(v, most - 8))}px`;
  menu.style.left = fit(r.right + 8, innerWidth - menu.offsetWidth);
  menu.style.top = fit(r.top - 16, innerHeight - menu.offsetHeight);
}
/** @param {string} text */
function filter(text) {
  const wanted = text.trim().toLowerCase();
  for (const row of all("[data-kind]", kinds)) row.hidden = !(row.dataset.words ?? "").includes(wanted);
  one("[data-none]", kinds).hidden = Boolean(one("[data-kind]:not([hidden])", kinds));
}
/** @param {HTMLElement} row */
function insert(row) {
  kinds.hidePopover();
  command("insert", { at, kind: row.dataset.kind ?? "" }, words.inserted);
}
one("input", kinds).addEventListener("input", (/** @type {any} */ event) => filter(event.target.value));
kinds.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
  const rows = all("[data-kind]:not([hidden])", kinds), place = rows.indexOf(/** @type {any} */ (document.activeElement));
  const by = { ArrowDown: 2, ArrowUp: -2, ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (event.key === "Enter" && place < 0 && rows[0] && !one("[data-join]:focus", kinds)) { event.preventDefault(); insert(rows[0]); }
  if (!by || (place < 0 && Math.abs(by) < 2)) return;
  event.preventDefault();
  event.stopPropagation();
  if (place < 0) rows[0]?.focus();
  else if (place + by < 0) one("input", kinds).focus();
  else rows[Math.min(rows.length - 1, place + by)].focus();
});
kinds.addEventListener("toggle", (/** @type {any} */ event) => { if (event.newState === "closed" && !one("#cv :focus")) all("#cv .addn").find((p) => p.dataset.at === at)?.focus({ preventScroll: true }); });

/* carrying a step to a plus, leading a line to a step */
/** @param {string} step @param {string} edge */
function carry(step, edge = "") {
  stop();
  carried = step;
  line = edge;
  document.body.classList.add(edge ? "linking" : "carrying");
  card(step)?.classList.add("carried");
  announce(edge ? words.linking : words.moving);
}
function stop() {
  const was = carried;
  carried = line = "";
  document.body.classList.remove("carrying", "linking");
  all("#cv .carried").forEach((e) => e.classList.remove("carried"));
  return was;
}
/** @param {string} step */
function connect(step) {
  const edge = (card(step)?.dataset.out ?? "").split(",")[0];
  if (edge) carry(step, edge);
  else announce(words.noway);
}
/** @param {string} to */
function led(to) {
  const edge = line;
  stop();
  command("jump", { edge, to }, words.moved, named(to));
}
drags((step) => carry(step), (step, where) => command("move", { step, at: where }, words.moved, named(step)), stop);

/* what can be done with one step */
/** @type {Record<string, (step: string) => void>} */
const does = {
  rename,
  duplicate: (step) => { command("duplicate", { step }, words.inserted); },
  carry: (step) => { carry(step); reveal(plusAt(step, true) ?? null); },
  connect,
  branch: (step) => { command("branch", { step }); },
  delete: (step) => { command("delete", { step }, words.deleted, named(step)); },
};
/** @param {HTMLElement} by @param {string} step */
function openCardMenu(by, step) {
  if (!step || step === "start") return;
  if (chosen() !== step) choose(step);
  cardMenu.dataset.step = step;
  place(cardMenu, by.getBoundingClientRect());
  one("button", cardMenu).focus();
}
cardMenu.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
  const rows = all("button", cardMenu), by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  rows[(rows.indexOf(/** @type {any} */ (document.activeElement)) + by + rows.length) % rows.length].focus();
});

/** The name is typed on the card. @param {string} step */
function rename(step) {
  const on = card(step);
  if (!on || step === "start") return;
  const box = document.createElement("input"), before = named(step);
  Object.assign(box, { value: before, className: "in sm cv-name", maxLength: 80 });
  Object.assign(box.dataset, { own: "", test: "inline-name" });
  const [x, y] = [on.offsetLeft + (on.classList.contains("end") ? 4 : 52), on.offsetTop + (on.classList.contains("end") ? 2 : 6)];
  Object.assign(box.style, { insetInlineStart: `${x}px`, insetBlockStart: `${y}px` });
  one("#scaled").append(box);
  box.select();
  said(box, before, (text) => { if (text) command("rename", { step, text }); else reveal(on); });
}

/* clicks */
/** @type {[string, (at: HTMLElement) => void][]} */
const clicks = [
  ["#cv [data-at]", (e) => { if (carried && !line) { const step = stop(); command("move", { step, at: e.dataset.at ?? "" }, words.moved, named(step)); } else { stop(); openKinds(e); } }],
  ["#kinds [data-kind]", insert],
  ["#kinds [data-join]", () => { kinds.hidePopover(); const edge = at.split(",")[0]; carry(all("#cv .node").find((e) => (e.dataset.out ?? "").split(",").includes(edge))?.dataset.step ?? "", edge); }],
  ["#cv [data-go]", (e) => { const to = e.dataset.go ?? ""; choose(to); reveal(card(to)); }],
  ["#cv [data-way]", (e) => choose(e.dataset.of ?? "", () => way(e.dataset.way ?? ""))],
  ["[data-branch]", (e) => { command("branch", { step: e.dataset.branch ?? "" }); }],
  ["[data-card-menu]", (e) => openCardMenu(e, e.dataset.step ?? chosen())],
  ["[data-do-card]", (e) => { cardMenu.hidePopover(); does[e.dataset.doCard ?? ""]?.(cardMenu.dataset.step ?? ""); }],
  ["#cv [data-step]", (e) => { const step = e.dataset.step ?? ""; if (line) led(step); else { sheet(true); choose(step); } }],
  ["[data-unchoose]", () => { const step = chosen(); sheet(false); choose(""); card(step)?.focus(); }],
  ["[data-zoom]", (e) => zoomBy(e.dataset.zoom ?? "")],
  ["[data-add]", () => { const plus = plusAt(chosen() || "start", false) ?? all("#cv .addn").at(-1); if (plus) { reveal(plus); openKinds(plus); } }],
];
document.addEventListener("click", (event) => {
  const on = /** @type {HTMLElement} */ (event.target);
  if (!on?.closest) return;
  for (const [where, act] of clicks) {
    const found = on.closest(where);
    if (found) { act(/** @type {HTMLElement} */ (found)); return; }
  }
});
view.addEventListener("contextmenu", (/** @type {MouseEvent} */ event) => {
  const on = /** @type {HTMLElement} */ (event.target).closest("#cv .node");
  if (on) { event.preventDefault(); openCardMenu(/** @type {HTMLElement} */ (on), /** @type {HTMLElement} */ (on).dataset.step ?? ""); }
});
view.addEventListener("dblclick", (/** @type {MouseEvent} */ event) => {
  const on = /** @type {HTMLElement} */ (event.target).closest("#cv .node");
  if (on) rename(/** @type {HTMLElement} */ (on).dataset.step ?? "");
});

/** A branch in the panel. @param {string} edge */
function way(edge) {
  all(".way").forEach((e) => e.classList.toggle("foc", e.dataset.edge === edge));
  const box = one(`#edge-${CSS.escape(edge)}`);
  sheet(true);
  box?.scrollIntoView({ block: "nearest" });
  one("textarea, input", box ?? props)?.focus({ preventScroll: true });
}

/* keys; Tab is the browser's, in reading order */
/** @type {Record<string, (step: string, event: KeyboardEvent) => void>} */
const keys = {
  n: (step, event) => { const plus = plusAt(step, event.shiftKey); if (plus) openKinds(plus); },
  m: does.carry,
  c: connect,
  b: does.branch,
  f2: rename,
  delete: does.delete,
  backspace: does.delete,
  enter: (step) => { if (line) led(step); else { sheet(true); choose(step, panelFirst); } },
  contextmenu: (step) => { const on = card(step); if (on) openCardMenu(on, step); },
};
document.addEventListener("keydown", (event) => {
  const on = /** @type {HTMLElement} */ (event.target), key = event.key.toLowerCase(), mod = event.ctrlKey || event.metaKey;
  if (document.querySelector("dialog[open], [popover]:popover-open")) return;
  if (event.key === "Escape" && on.closest("#props")) { sheet(false); reveal(card(chosen())); return; }
  if (on.matches("input, textarea, select, [contenteditable]") || event.altKey) return;
  if (event.key === "Escape") { if (stop()) announce(words.stayed); else choose(""); return; }
  if (event.key.startsWith("Arrow") && on.matches("#cv button")) { event.preventDefault(); walk(on, event.key); return; }
  const step = on.dataset?.step ?? "";
  if (step && mod && key === "d") { event.preventDefault(); does.duplicate(step); return; }
  if (mod || !on.closest(".bld, body")) return;
  if (key === "f") zoomBy("fit");
  else if (key === "0") zoomBy("1");
  else if (step && keys[key]) { event.preventDefault(); keys[key](step, event); }
});

document.addEventListener("change", (event) => {
  const on = /** @type {any} */ (event.target);
  if (on.matches("[data-trigger]")) send("trigger", { type: on.value });
  if (on.matches("[data-way-of]")) send("way", { edge: on.closest("[data-edge]").dataset.edge, name: on.dataset.wayOf, text: on.value });
});

wires.push(() => { pick(chosen()); frame().then(() => refresh(chosen())); });
pick(chosen());
refresh(chosen());
if (!outline()) card(chosen() || "start")?.scrollIntoView({ block: "nearest", inline: "center" });
