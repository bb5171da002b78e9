/* Commands on their way to the server: one after another, tried again until they arrive, held while two people disagree. */
import { one } from "/static/js/shell.mjs";
import { have } from "./patch.mjs";

/** @typedef {{ op: string, values: Record<string, any>, data: [string, string][], key: string, done: (value?: any) => void }} Command */
const area = () => one("[data-cmd]");
/** @type {Command[]} */
const waiting = [];
let busy = false, failures = 0;
/** @type {Promise<any>} */
let reading = Promise.resolve();
/** @type {(() => void) | null} */
let hurry = null;
/** What puts an answer on the page; set by builder.mjs. @type {{ arrived: (answer: Response, focus: any) => Promise<void>, mark: () => any }} */
export const page = { arrived: async () => {}, mark: () => null };

/** @type {string | null} */
let chosen = null;
/** What was chosen a moment ago, before its panel is there; null: what the panel shows. @param {string | null} sel */
export const choose = (sel) => { chosen = sel; };
const shown = () => one("#panel")?.dataset.sel ?? "";
export const selected = () => chosen ?? shown();
const rev = () => one("#saved")?.dataset.rev ?? "0";
const kept = () => `queue:${area()?.dataset.cmd}`;
/** Is everything that was done here on the server? */
export const settled = () => !waiting.length && !held();
const held = () => Boolean(one("#told [data-mine]"));

/** One command after those before it. @param {string} op @param {Record<string, any>} [values] @param {FormData} [data] */
export function send(op, values = {}, data) {
  const pairs = /** @type {[string, string][]} */ ([...(data?.entries() ?? [])].map(([name, value]) => [name, String(value)]));
  const key = [...crypto.getRandomValues(new Uint32Array(3))].map((n) => n.toString(36)).join("");
  return new Promise((done) => {
    waiting.push({ op, values: { sel: shown(), ...values }, data: pairs, key, done });
    keep();
    if (failures) strip();
    run();
  });
}

/** Panes that are read again, after what is on its way. @param {() => Promise<any>} fn */
export function afterwards(fn) {
  reading = reading.then(() => idle()).then(fn);
  return reading;
}
const idle = () => new Promise((done) => { const look = () => (busy && !held() ? setTimeout(look, 20) : done(null)); look(); });

async function run() {
  if (busy || held()) return;
  busy = true;
  while (waiting.length && !held()) {
    const command = waiting[0], answer = await attempt(command);
    if (!answer || waiting[0] !== command) continue;
    if (answer.status !== 409) waiting.shift();
    keep();
    await page.arrived(answer, page.mark());
    if (answer.status !== 409) command.done();
  }
  busy = false;
}

/** The answer, or nothing when it did not arrive: then the strip says so until it is tried again. @param {Command} command */
async function attempt(command) {
  const body = new URLSearchParams(); // the parts of a multipart form are numbered, and a choice may have hundreds of options
  for (const [name, value] of Object.entries({ op: command.op, rev: rev(), key: command.key, have: have(), ...command.values })) body.set(name, String(value));
  for (const [name, value] of command.data) body.append(name, value);
  const answer = await fetch(area().dataset.cmd, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer && answer.status < 500 && answer.status !== 429) { failures = 0; strip(); return answer; }
  failures += 1;
  strip();
  await new Promise((go) => { hurry = () => go(null); setTimeout(go, Math.min(15_000, 1500 * failures)); });
  return null;
}

function strip() {
  const box = one("#offline");
  box.hidden = !failures;
  one("[data-give-up]", box).hidden = failures < 3;
  one("[data-queued]", box).textContent = one("[data-queued]", box).dataset.queued.replace("{n}", String(waiting.length));
}

/** What is not saved yet outlives a reload of the page. */
function keep() {
  if (waiting.length) sessionStorage.setItem(kept(), JSON.stringify(waiting.map(({ op, values, data, key }) => ({ op, values, data, key }))));
  else sessionStorage.removeItem(kept());
}
export function resume() {
  for (const command of JSON.parse(sessionStorage.getItem(kept()) ?? "[]")) waiting.push({ ...command, done: () => {} });
  run();
}

/** Two people, one draft: what was done here goes on top of theirs. @param {string} revision */
export function mine(revision) {
  one("#saved").dataset.rev = revision;
  one("#told").replaceChildren();
  return run();
}
/** Two people, one draft: what was done here is let go. */
export function theirs() {
  for (const command of waiting.splice(0)) command.done();
  keep();
  one("#told").replaceChildren();
}

addEventListener("online", () => hurry?.());
document.addEventListener("click", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  if (at.closest("[data-give-up]")) { waiting.shift()?.done(); failures = 0; keep(); strip(); }
  if (at.closest("[data-retry], [data-give-up]")) hurry?.();
});
addEventListener("beforeunload", (event) => { if (waiting.length && !held()) event.preventDefault(); });
