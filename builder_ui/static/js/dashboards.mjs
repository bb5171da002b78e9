/* The dashboard designer: tiles are dragged by the pointer, moved by keys or by numbers; the server makes room. */
import { all, one, toast } from "/static/js/shell.mjs";
import { drawAll } from "/static/js/charts.mjs";
import { select, selected, send, wires } from "./builder.mjs";

const told = JSON.parse(one("#shelf-words").textContent);
const wall = () => one("#wall");
const tiles = () => all("#wall [data-tile]");
/** @param {HTMLElement} tile @returns {number[]} */
const boxOf = (tile) => (tile.dataset.atBox ?? "0,0,6,5").split(",").map(Number);
const SIZES = { kpi: [3, 2], text: [4, 2], filter: [3, 2], report: [6, 5] };
const GAP = 12;

wires.push(() => drawAll());
addEventListener("resize", () => drawAll());

/** Where the rows begin, as the browser laid them out; beyond the last as high as the setting says. */
function rows() {
  const tracks = getComputedStyle(wall()).gridTemplateRows.split(" ").map(parseFloat).filter(Boolean);
  return tracks.reduce((tops, height) => [...tops, (tops.at(-1) ?? 0) + height + GAP], /** @type {number[]} */ ([0]));
}
/** @param {number} y */
function rowAt(y) {
  const tops = rows(), high = Number(wall().dataset.row) + GAP, last = tops.at(-1) ?? 0;
  if (y >= last) return tops.length - 1 + Math.round((y - last) / high);
  return tops.reduce((best, top, n) => (Math.abs(top - y) < Math.abs(tops[best] - y) ? n : best), 0);
}
const column = () => (wall().clientWidth + GAP) / 12;

/** What a drag comes to: the tile (none yet for a new one), its box, and what it would be. */
/** @type {any} */
let drag = null;

/* in one column there is nothing to drag over: there a tap selects, and the numbers and buttons move */
const narrow = matchMedia("(max-width: 760px)");

document.addEventListener("pointerdown", (event) => {
  if (event.button || narrow.matches) return;
  const at = /** @type {HTMLElement} */ (event.target), fresh = /** @type {HTMLElement} */ (at.closest("[data-new-tile]"));
  const tile = /** @type {HTMLElement} */ (at.closest("#wall [data-tile]"));
  if (fresh && event.pointerType !== "touch") drag = { fresh, box: [0, 0, ...(SIZES[fresh.dataset.what] ?? [6, 5])], mode: "new" };
  else if (tile && at.closest("[data-size]")) drag = { tile, box: boxOf(tile), mode: "size" };
  else if (tile && !at.closest("button, a, input") && (event.pointerType !== "touch" || at.closest("[data-grip]"))) drag = { tile, box: boxOf(tile), mode: "move" };
  if (!drag) return;
  Object.assign(drag, { x: event.clientX, y: event.clientY, on: false, scrolled: one(".stage").scrollTop });
  if (drag.tile) event.preventDefault();
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const dx = event.clientX - drag.x, dy = event.clientY - drag.y + one(".stage").scrollTop - drag.scrolled;
  if (!drag.on && Math.hypot(dx, dy) < 5) return;
  if (!drag.on) start();
  const [x, y, w, h] = drag.box;
  if (drag.mode === "size") drag.want = sized(event, x, y);
  else if (drag.mode === "move") drag.want = clamp([Math.round(x + dx / column()), rowAt((rows()[y] ?? 0) + dy), w, h]);
  else drag.want = over(event, w, h);
  ghost(drag.want);
  if (drag.mode === "move") drag.tile.style.translate = `${dx}px ${dy}px`;
});

function start() {
  drag.on = true;
  document.body.classList.add("dragging");
  drag.tile?.classList.add("lift");
  const made = document.createElement("div");
  made.id = "spot";
  wall().append(made);
}
/** @param {PointerEvent} event @param {number} x @param {number} y */
function sized(event, x, y) {
  const area = wall().getBoundingClientRect();
  const wide = Math.round((event.clientX - area.left + GAP) / column()) - x, high = rowAt(event.clientY - area.top + GAP) - y;
  return [x, y, Math.max(1, Math.min(12 - x, wide)), Math.max(1, Math.min(40, high))];
}
/** @param {PointerEvent} event @param {number} w @param {number} h */
function over(event, w, h) {
  const area = wall().getBoundingClientRect(), stage = one(".stage").getBoundingClientRect();
  if (event.clientX < stage.left || event.clientX > stage.right || event.clientY < stage.top) return null;
  return clamp([Math.round((event.clientX - area.left) / column() - w / 2), rowAt(Math.max(0, event.clientY - area.top - 20)), w, h]);
}
/** @param {number[]} box */
const clamp = ([x, y, w, h]) => [Math.max(0, Math.min(12 - w, x)), Math.max(0, y), w, h];

/** @param {number[] | null} box */
function ghost(box) {
  const spot = one("#spot");
  spot.hidden = !box;
  if (box) spot.style.gridArea = `${box[1] + 1} / ${box[0] + 1} / span ${box[3]} / span ${box[2]}`;
}

function end() {
  const done = drag;
  drag = null;
  document.body.classList.remove("dragging");
  one("#spot")?.remove();
  if (done?.tile) { done.tile.style.translate = ""; done.tile.classList.remove("lift"); }
  return done;
}

document.addEventListener("pointerup", () => {
  if (!drag) return;
  const { on, want, tile, fresh, box, mode } = end();
  if (!on) { if (tile && mode === "move") choose(tile); return; }
  addEventListener("click", (event) => { event.stopPropagation(); event.preventDefault(); }, { capture: true, once: true });
  setTimeout(() => dispatchEvent(new Event("click")), 0);
  if (!want || (tile && String(want) === String(box))) return;
  const [x, y, w, h] = want;
  if (tile) send("place", { id: tile.dataset.tile, x, y, w, h }).then(() => land(tile.dataset.tile));
  else add(fresh, { x, y });
});
document.addEventListener("pointercancel", () => end());

/** @param {HTMLElement} tile */
function choose(tile) {
  const id = tile.dataset.tile;
  if (selected() === `tile:${id}`) tile.focus({ preventScroll: true });
  else select(`tile:${id}`, () => land(id, false));
}
/** The keyboard is on the tile again, and its place is told. @param {string | undefined} id */
function land(id, say = true) {
  const tile = one(`#tile-${id}`);
  tile?.focus({ preventScroll: true });
  tile?.scrollIntoView({ block: "nearest" });
  if (say && tile) one("#say").textContent = tile.getAttribute("aria-label");
}
/** @param {HTMLElement} from @param {Record<string, number>} [at] */
function add(from, at = {}) {
  send("add", { what: from.dataset.what, name: from.dataset.name, ...at }).then(() => land(selected().split(":")[1]));
}
/** @param {string | undefined} id @param {Record<string, number>} by */
const nudge = (id, by) => send("nudge", { id, ...by }).then(() => land(id));

/** @param {string | undefined} id */
function remove(id) {
  const name = one(`#tile-${id}`)?.dataset.called ?? "";
  send("remove", { id }).then(() => {
    const text = told.removed.replace("{what}", name), back = document.createElement("button");
    toast(text, "ok");
    Object.assign(back, { type: "button", className: "btn ghost sm tone t-brand", textContent: told.undo });
    Object.assign(back.dataset, { do: "undo", close: "", test: "toast-undo" });
    one(".toasts .toast:last-child")?.append(back);
    (tiles()[0] ?? one("#canvas"))?.focus();
  });
}

document.addEventListener("click", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  const fresh = /** @type {HTMLElement} */ (at.closest?.("[data-new-tile]"));
  if (fresh) { add(fresh); return; }
  const by = /** @type {HTMLElement} */ (at.closest?.("[data-nudge]")), wide = /** @type {HTMLElement} */ (at.closest?.("[data-wide]"));
  const id = selected().split(":")[1];
  if (by) nudge(id, JSON.parse(by.dataset.nudge ?? "{}"));
  if (wide) { const tile = one(`#tile-${id}`), [x, y, , h] = boxOf(tile), w = Number(wide.dataset.wide); send("place", { id, x: Math.min(x, 12 - w), y, w, h }); }
  if (at.closest?.("[data-drop-tile]")) remove(id);
  const tapped = /** @type {HTMLElement} */ (narrow.matches && !at.closest?.("button, a, input") && at.closest?.("#wall [data-tile]"));
  if (tapped) choose(tapped);
});

document.addEventListener("input", (event) => {
  const box = /** @type {any} */ (event.target);
  if (box.id !== "find-tile") return;
  const wanted = box.value.trim().toLowerCase();
  for (const tile of all("#side [data-new-tile]")) tile.hidden = !(tile.dataset.words ?? "").toLowerCase().includes(wanted);
  for (const group of all("#side [data-group]")) {
    group.hidden = !one("[data-new-tile]:not([hidden])", group);
    if (group.matches("details")) /** @type {any} */ (group).open = Boolean(wanted) && !group.hidden;
  }
});

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && drag) { end(); return; }
  const tile = /** @type {HTMLElement} */ (event.target);
  if (!tile.matches?.("#wall [data-tile]")) return;
  const way = WAYS[event.key], id = tile.dataset.tile;
  if (way) {
    event.preventDefault();
    const [x, y] = way;
    if (event.altKey && event.shiftKey) nudge(id, { dw: x, dh: y });
    else if (event.altKey) nudge(id, { dx: x, dy: y });
    else { const every = tiles(), next = every[every.indexOf(tile) + x + y]; next?.focus(); }
  }
  if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); remove(id); }
  if (event.key === "Enter") { event.preventDefault(); select(`tile:${id}`, () => one("#panel input:not([type=hidden])")?.focus()); }
  if (event.key === " ") { event.preventDefault(); choose(tile); }
});
