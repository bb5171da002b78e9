/* The canvas of a flow: what stands where is the server's; here it is zoomed, mapped, walked through and dragged. */
import { all, one } from "/static/js/shell.mjs";

export const view = one("#view");
const scaled = one("#scaled"), box = one("#box"), mini = one("#mini");
let z = 1;

/** @param {string} step @returns {HTMLElement | null} */
export const card = (step) => one(`#node-${CSS.escape(step)}`);
export const cards = () => all("#cv .node");
const world = () => one("#cv");
/** A number that the server wrote beside an element: reading it costs no layout. @param {HTMLElement} at @param {string} name */
const given = (at, name) => Number(at.style.getPropertyValue(name));
/** Where a card stands. @param {HTMLElement} at */
function spot(at) {
  const end = at.classList.contains("end");
  return { x: given(at, "--x"), y: given(at, "--y"), w: end ? given(at, "--wide") : 248, h: end ? 36 : 64 };
}
/** Where cards stand below each other there is nothing to zoom. */
export const outline = () => matchMedia("(max-width: 760px)").matches;
/** @param {string} text */
export const announce = (text) => { one("#say").textContent = text; };
export const words = JSON.parse(one("#flow-words").textContent ?? "{}");
/** @param {string} pattern @param {string} name */
export const told = (pattern, name) => pattern.replace("[name]", name);

/** The name on a card. @param {string} step */
export const named = (step) => { const at = card(step); return at ? (one("b, .cut", at)?.textContent ?? "").trim() : step; };

/** Shows which card is selected, before the server has answered. @param {string} step */
export function pick(step) {
  for (const one of cards()) {
    const on = one.dataset.step === step;
    if (on === one.classList.contains("on")) continue;
    one.classList.toggle("on", on);
    one.setAttribute("aria-pressed", String(on));
  }
  beside(step);
}

/** The button of the card's menu stands at its corner. @param {string} step */
function beside(step) {
  const more = one("#card-more"), at = card(step);
  more.hidden = !at || step === "start";
  if (!at) return;
  more.dataset.step = step;
  const on = spot(at);
  const [x, y] = outline() ? [at.offsetLeft + at.offsetWidth - 42, at.offsetTop + (at.offsetHeight - 40) / 2] : [on.x + on.w + 6, on.y + 2];
  more.style.insetInlineStart = `${x}px`;
  more.style.insetBlockStart = `${y}px`;
}

/** @param {HTMLElement | null} at */
export function reveal(at) {
  at?.focus({ preventScroll: true });
  at?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** What a new drawing needs: the room it takes, the overview, the menu beside the card. @param {string} step */
export function refresh(step) {
  size();
  beside(step);
  clearTimeout(mapping);
  mapping = setTimeout(map, 250);
}
let mapping = 0;
/** The next frame: a large drawing is laid out in one, walked to in the next. */
export const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

/* zoom is one transform on the one element that is never replaced; panning is the browser's scrolling */
function size() {
  const wide = given(world(), "--across"), high = given(world(), "--down");
  scaled.style.transform = z === 1 ? "" : `scale(${z})`;
  box.style.inlineSize = z === 1 ? "" : `${wide * z}px`;
  box.style.blockSize = z === 1 ? "" : `${high * z}px`;
  one("[data-percent]").textContent = `${Math.round(z * 100)}%`;
}

/** The point (x, y) of the window stays where it is. @param {number} to @param {number} [x] @param {number} [y] */
export function zoom(to, x = view.clientWidth / 2, y = view.clientHeight / 2) {
  const k = Math.max(0.1, Math.min(2, to)) / z, left = (view.scrollLeft + x) * k - x, top = (view.scrollTop + y) * k - y;
  z *= k;
  size();
  view.scrollTo(left, top);
  lens();
}
/** @param {string} how */
export function zoomBy(how) {
  if (how === "fit") fit();
  else zoom(how === "in" ? z * 1.25 : how === "out" ? z / 1.25 : 1);
}
function fit() {
  zoom(Math.min(1, (view.clientWidth - 48) / given(world(), "--across"), (view.clientHeight - 88) / given(world(), "--down")));
  view.scrollTo(0, 0);
}
view.addEventListener("wheel", (/** @type {WheelEvent} */ event) => {
  if (!event.ctrlKey || outline()) return;
  event.preventDefault();
  const r = view.getBoundingClientRect();
  zoom(z * Math.exp(-event.deltaY / 400), event.clientX - r.x, event.clientY - r.y);
}, { passive: false });

/* the overview, from where the cards stand */
function map() {
  const found = cards();
  mini.dataset.many = String(found.length >= 12);
  if (found.length < 12) { mini.hidden = true; return; }
  mini.setAttribute("viewBox", `-24 -24 ${given(world(), "--across") + 48} ${given(world(), "--down") + 48}`);
  const drawn = (/** @type {HTMLElement} */ n) => { const s = spot(n); return `<rect class="${n.className.match(/t-\w+/)?.[0] ?? ""}" x="${s.x}" y="${s.y}" width="${s.w}" height="${s.h}" rx="12"/>`; };
  mini.innerHTML = `${found.map(drawn).join("")}<rect id="lens" rx="8"/>`;
  requestAnimationFrame(lens);
}
function lens() {
  if (mini.dataset.many !== "true") return;
  const all = view.scrollWidth <= view.clientWidth + 4 && view.scrollHeight <= view.clientHeight + 4;
  mini.toggleAttribute("hidden", all);
  const at = one("#lens", mini), off = box.offsetLeft - view.offsetLeft;
  const seen = { x: (view.scrollLeft - off) / z, y: (view.scrollTop - 24) / z, width: view.clientWidth / z, height: view.clientHeight / z };
  for (const [name, value] of Object.entries(seen)) at?.setAttribute(name, String(value));
}
view.addEventListener("scroll", lens, { passive: true });
addEventListener("resize", lens);
mini.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
  const [left, top, wide, high] = (mini.getAttribute("viewBox") ?? "0 0 1 1").split(" ").map(Number), r = mini.getBoundingClientRect();
  const k = Math.min(r.width / wide, r.height / high);
  const x = (event.clientX - r.x - (r.width - wide * k) / 2) / k + left, y = (event.clientY - r.y - (r.height - high * k) / 2) / k + top;
  view.scrollTo(x * z - view.clientWidth / 2, y * z - view.clientHeight / 2);
});

/** To the nearest thing in the direction of an arrow. @param {HTMLElement} from @param {string} key */
export function walk(from, key) {
  const flat = key === "ArrowLeft" || key === "ArrowRight", sign = key === "ArrowLeft" || key === "ArrowUp" ? -1 : 1;
  const middle = (/** @type {HTMLElement} */ e) => { const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; };
  const [x, y] = middle(from);
  let best = null, least = Infinity;
  for (const other of all("#cv :is(.node, .addn, .jump)")) {
    const [ox, oy] = middle(other), along = sign * (flat ? ox - x : oy - y), off = Math.abs(flat ? oy - y : ox - x);
    if (other !== from && along > 4 && along + 3 * off < least) { least = along + 3 * off; best = other; }
  }
  reveal(best);
}

/** The plus before or after a step. @param {string} step @param {boolean} before @returns {HTMLElement | undefined} */
export function plusAt(step, before) {
  const lines = (card(step)?.dataset.out ?? "").split(",").filter(Boolean);
  if (!before) return all("#cv .addn").find((p) => (p.dataset.at ?? "").split(",").includes(lines[0]));
  const row = all("#cv :is(.node, .addn)"), at = row.findIndex((e) => e.dataset.step === step);
  return row.slice(0, at).reverse().find((e) => e.dataset.at);
}

/* a card is dragged to a plus by mouse or pen; a thumb scrolls, and has the menu */
/** @param {(step: string) => void} lift @param {(step: string, at: string) => void} drop @param {() => void} settle */
export function drags(lift, drop, settle) {
  view.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    const at = /** @type {HTMLElement} */ (event.target).closest("#cv .node");
    if (!(at instanceof HTMLElement) || event.button || event.pointerType === "touch" || at.dataset.step === "start") return;
    const step = at.dataset.step ?? "";
    /** @type {HTMLElement | null} */
    let ghost = null;
    /** @type {HTMLElement | undefined} */
    let hit;
    const over = (/** @type {PointerEvent} */ e) => {
      if (!ghost) {
        if (Math.hypot(e.clientX - event.clientX, e.clientY - event.clientY) < 5) return;
        ghost = lifted(at);
        lift(step);
      }
      ghost.style.left = `${e.clientX + 8}px`;
      ghost.style.top = `${e.clientY + 8}px`;
      edge(e);
      hit?.classList.remove("on");
      hit = nearest(e.clientX, e.clientY);
      hit?.classList.add("on");
    };
    const up = () => {
      removeEventListener("pointermove", over);
      removeEventListener("pointerup", up);
      removeEventListener("keydown", off, true);
      if (!ghost) return;
      ghost.remove();
      settle();
      addEventListener("click", (e) => { e.stopPropagation(); e.preventDefault(); }, { capture: true, once: true });
      setTimeout(() => dispatchEvent(new Event("click")));
      if (hit) drop(step, hit.dataset.at ?? "");
    };
    const off = (/** @type {KeyboardEvent} */ e) => { if (e.key === "Escape") { hit = undefined; up(); } };
    addEventListener("pointermove", over);
    addEventListener("pointerup", up);
    addEventListener("keydown", off, true);
  });
}

/** @param {HTMLElement} at */
function lifted(at) {
  const ghost = /** @type {HTMLElement} */ (at.cloneNode(true));
  ghost.removeAttribute("id");
  ghost.removeAttribute("data-test");
  ghost.classList.add("lifted");
  document.body.append(ghost);
  return ghost;
}

/** Near the edge of the window the canvas moves on. @param {PointerEvent} e */
function edge(e) {
  const r = view.getBoundingClientRect(), near = (/** @type {number} */ v, /** @type {number} */ low, /** @type {number} */ high) => (v > high - 40 ? 16 : v < low + 40 ? -16 : 0);
  view.scrollBy(near(e.clientX, r.x, r.right), near(e.clientY, r.y, r.bottom));
}

/** @param {number} x @param {number} y */
function nearest(x, y) {
  const far = all("#cv .addn").map((p) => { const r = p.getBoundingClientRect(); return { p, d: Math.hypot(r.x + r.width / 2 - x, r.y + r.height / 2 - y) }; });
  return far.filter((one) => one.d < 36).sort((a, b) => a.d - b.d)[0]?.p;
}
