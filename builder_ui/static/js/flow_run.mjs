/* The rehearsal: a record is chosen, the server tells what would happen to it, and the canvas lights up in that order. */
import { all, one, toast } from "/static/js/shell.mjs";
import { wires } from "./builder.mjs";
import { announce, card, reveal, words } from "./flow_canvas.mjs";

const drawer = one("#rehearsal"), box = one("#story"), find = one("[data-record]"), list = one("#records");
/** What is asked: whose story, how far, and what people do on the way. */
let record = "", until = 0, round = 0;
/** @type {{after_s: number, person: number, do: string, node: string}[]} */
let acts = [];
/** @type {{steps: string[], edges: string[], at: string[]} | null} */
let walked = null;

/** @param {boolean} show */
function open(show) {
  box.hidden = !show;
  one("[data-drawer-shut]").hidden = !show;
  one("[data-drawer]").setAttribute("aria-expanded", String(show));
  if (!show) { walked = null; dark(); }
}

async function run() {
  if (find && !record) { find.focus(); announce(words.choose); look(); return; }
  const mine = ++round;
  open(true);
  if (!box.firstElementChild) box.innerHTML = "<p class='small muted'></p>";
  const waiting = one("p", box);
  if (waiting && !one(".story", box)) waiting.textContent = words.running;
  box.setAttribute("aria-busy", "true");
  const body = new URLSearchParams({ record, until: String(until), acts: JSON.stringify(acts) });
  const answer = await fetch(drawer.dataset.rehearse, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
  if (mine !== round) return;
  box.removeAttribute("aria-busy");
  if (!answer?.ok) { toast(words.failed, "bad"); return; }
  box.innerHTML = await answer.text();
  const story = one(".story", box);
  one("[data-clock]").hidden = !story;
  one("[data-later=next]").disabled = !story || story.dataset.next === "";
  walked = story ? JSON.parse(story.dataset.walked) : null;
  one(".story-lines", box)?.lastElementChild?.scrollIntoView({ block: "nearest" });
  light(true);
  /** @type {any} */ (globalThis).told = mine;
}

function dark() {
  one("#cv").classList.remove("told");
  all("#cv :is(.lit, .here, .hot)").forEach((e) => e.classList.remove("lit", "here", "hot"));
}
/** Steps and lines in the order in which the run took them; at once where nothing may move. @param {boolean} slowly */
function light(slowly) {
  dark();
  if (!walked) return;
  one("#cv").classList.add("told");
  const still = !slowly || matchMedia("(prefers-reduced-motion: reduce)").matches, mine = round, way = walked;
  const paths = all("#cv .wire [data-e]");
  const on = (/** @type {string} */ step, /** @type {string | undefined} */ edge) => {
    if (mine !== round) return;
    card(step)?.classList.add("lit");
    if (edge) paths.filter((p) => (p.dataset.e ?? "").split(" ").includes(edge)).forEach((p) => p.classList.add("hot"));
  };
  const wait = still ? 0 : Math.min(140, 1600 / Math.max(1, way.steps.length));
  way.steps.forEach((step, n) => (wait ? setTimeout(() => on(step, way.edges[n - 1]), n * wait) : on(step, way.edges[n - 1])));
  const last = () => {
    if (mine !== round) return;
    way.edges.forEach((edge) => on(way.steps[0], edge));
    way.at.forEach((step) => card(step)?.classList.add("here"));
    if (slowly) card(way.at[0] ?? way.steps.at(-1) ?? "")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  if (wait) setTimeout(last, way.steps.length * wait);
  else last();
}
wires.push(() => light(false));

/* choosing a record by what it is called */
let asking = 0;
async function look() {
  const mine = ++asking;
  const answer = await fetch(`${drawer.dataset.lookup}?q=${encodeURIComponent(find.value)}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (mine !== asking || document.activeElement !== find) return;
  const found = answer?.ok ? await answer.json() : [];
  list.replaceChildren(...(found.records ?? found).map((/** @type {any} */ row) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: row.text, tabIndex: -1 });
    Object.assign(button.dataset, { value: row.value, test: "record" });
    button.setAttribute("role", "option");
    return button;
  }));
  shown(Boolean(list.firstElementChild));
}
/** @param {boolean} show */
function shown(show) {
  list.hidden = !show;
  find?.setAttribute("aria-expanded", String(show));
}
/** @param {HTMLElement} row */
function take(row) {
  record = row.dataset.value ?? "";
  find.value = row.textContent ?? "";
  until = 0;
  acts = [];
  shown(false);
  run();
}
let typing = 0;
find?.addEventListener("input", () => { record = ""; clearTimeout(typing); typing = setTimeout(look, 150); });
find?.addEventListener("focus", look);
find?.addEventListener("blur", () => setTimeout(() => shown(false), 150));
find?.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
  const rows = all("button", list), at = rows.findIndex((r) => r.getAttribute("aria-selected") === "true");
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") { shown(false); event.stopPropagation(); }
  if (event.key === "Enter") { event.preventDefault(); if (!list.hidden && rows.length) take(rows[Math.max(0, at)]); else run(); }
  if (!by || !rows.length) return;
  event.preventDefault();
  const next = (at + by + rows.length) % rows.length;
  rows.forEach((r, n) => r.setAttribute("aria-selected", String(n === next)));
  rows[next].scrollIntoView({ block: "nearest" });
});

/** @type {[string, (at: HTMLElement) => void][]} */
const clicks = [
  ["#records [data-value]", take],
  ["[data-run]", () => { until = 0; acts = []; run(); }],
  ["[data-later]", (e) => { until = e.dataset.later === "next" ? Math.max(until, Number(one(".story", box)?.dataset.next ?? until)) : until + Number(e.dataset.later); run(); }],
  ["[data-act]", (e) => { acts.push({ after_s: until, ...JSON.parse(e.dataset.act ?? "{}") }); run(); }],
  ["[data-goto]", (e) => reveal(card(e.dataset.goto ?? ""))],
  ["[data-drawer]", () => { if (box.hidden && (record || !find)) run(); else if (box.hidden) find.focus(); else open(false); }],
  ["[data-drawer-shut]", () => open(false)],
];
drawer.addEventListener("click", (/** @type {MouseEvent} */ event) => {
  for (const [where, act] of clicks) {
    const found = /** @type {HTMLElement} */ (event.target).closest(where);
    if (found) { act(/** @type {HTMLElement} */ (found)); return; }
  }
});
