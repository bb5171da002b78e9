/* Around every designer: who else is here, panes as sheets on a phone, commands from the palette. */
import { all, one, words } from "/static/js/shell.mjs";
import { refresh } from "./builder.mjs";
import { settled } from "./sending.mjs";

const bar = one("#bar"), EVERY = 10_000;
const name = (sessionStorage.window ??= Math.random().toString(36).slice(2));

/** Says what is open here and hears who else is about; what they did meanwhile appears when nobody is typing. */
async function beat() {
  if (document.visibilityState !== "visible" || !bar) return;
  const { here, kind, part } = bar.dataset;
  const answer = await fetch(here, { method: "POST", body: new URLSearchParams({ kind, part, window: name }) }).catch(() => null);
  if (!answer?.ok) return;
  const found = await answer.json();
  one("#here").replaceChildren(...found.others.map(card));
  const typing = document.activeElement?.matches("input, textarea, select, [contenteditable=true]") || one(".sortable-drag, .lifted, .dragging, dialog[open]");
  if (one("[data-cmd]") && found.rev > Number(one("#saved").dataset.rev) && settled() && !typing) refresh();
}

/** @param {{ name: string, initial: string, tone: string, where: string, same: boolean }} who */
function card(who) {
  const box = document.createElement("span");
  box.className = `av t-${who.tone}${who.same ? " same" : ""}`;
  box.textContent = who.initial;
  box.title = words.looks.replace("{who}", who.name).replace("{where}", who.where || "…");
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", box.title);
  return box;
}

if (bar) {
  setInterval(beat, EVERY);
  document.addEventListener("visibilitychange", beat);
  document.addEventListener("beat", beat);
  addEventListener("load", beat);
}

/* on a phone the panes beside the canvas are sheets that come up from below */
const sides = all(".pane3 > aside");
if (sides.length) {
  const dock = document.createElement("nav");
  dock.className = "dock only-phone sheets";
  for (const side of sides) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: side.getAttribute("aria-label") });
    button.dataset.test = `sheet-${side.id}`;
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", side.id);
    button.onclick = () => up(side.classList.contains("up") ? null : side);
    dock.append(button);
  }
  document.body.append(dock);
}
/** @param {HTMLElement | null} side */
function up(side) {
  for (const other of sides) other.classList.toggle("up", other === side);
  for (const button of all(".sheets button")) button.setAttribute("aria-expanded", String(button.getAttribute("aria-controls") === side?.id));
}
/* a tour of the page: offered until it was seen or skipped, told again when asked for */
const tour = one(".bld")?.dataset ?? {};
function seen() {
  if (one("#tour-hint")?.contains(document.activeElement)) one("#canvas")?.focus({ preventScroll: true });
  one("#tour-hint")?.remove();
  fetch(tour.tourAt ?? "", { method: "POST", keepalive: true }).catch(() => {});
}
const guide = () => { seen(); return import("./tours.mjs").then((made) => made.run(tour)); };
if (tour.tour && new URLSearchParams(location.search).get("tour") === tour.tour) addEventListener("load", () => {
  history.replaceState(null, "", location.pathname);
  guide();
});

/* F6 goes round the bar and the panes, to what is selected or searched there */
const PANES = ["#bar", "#side", "#canvas", "#props"];
const LANDS = ["[aria-current=true][tabindex='0'], .node.on", "[data-item][tabindex='0'], [data-tile][tabindex='0'], .node", "input[type=search]", "#panel :is(input, select, textarea)", "a[href], button, input, select, textarea, summary, [tabindex='0']"];
/** @param {string} pane */
const landing = (pane) => LANDS.map((where) => all(`${pane} :is(${where})`).find((spot) => spot.checkVisibility() && spot.tabIndex >= 0 && !spot.matches(":disabled"))).find(Boolean);
document.addEventListener("keydown", (event) => {
  if (event.key !== "F6" || document.querySelector("dialog[open], [popover]:popover-open")) return;
  event.preventDefault();
  const there = PANES.filter(landing), here = there.findIndex((pane) => one(pane).contains(document.activeElement));
  const spot = landing(there[(here + (event.shiftKey ? Math.max(here, 0) - here + there.length - 1 : 1)) % there.length]);
  spot?.focus();
  if (spot?.matches("input")) spot.select();
});
document.addEventListener("click", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  if (at.closest(".stage") && one(".pane3 > aside.up")) up(null);
  if (at.closest("#side [data-type], #side [data-op]")) up(null);
  const shown = at.closest("[data-show-tour]");
  if (shown && /** @type {any} */ (shown).dataset.showTour === tour.tour) {
    event.preventDefault();
    all("dialog[open]").forEach((box) => /** @type {any} */ (box).close());
    guide();
  }
  if (at.closest("[data-skip-tour]")) seen();
  const made = at.closest("[data-new]");
  if (!made) return;
  event.preventDefault();
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: /** @type {any} */ (made).dataset.new });
  document.body.append(form);
  form.submit();
});
