/* Every designer: commands go one after another, the server's panes come back, undo and redo are the server's too. */
import { all, ask, one, toast, words } from "/static/js/shell.mjs";
import { wake } from "/static/js/widgets.mjs";

const htmx = () => {
  const found = /** @type {any} */ (globalThis).htmx;
  found.config.history = false;
  return found;
};
const area = () => one("[data-cmd]");
/** @type {Promise<any>} */
let queue = Promise.resolve();
/** @type {any} */
let last = null;
/** How many answers have arrived: what a test waits for. */
/** @type {any} */ (globalThis).trips = 0;

/** What is selected, as the server knows it. */
export const selected = () => one("#panel")?.dataset.sel ?? "";
const rev = () => one("#saved")?.dataset.rev ?? "0";

/** One command after those before it. @param {string} op @param {Record<string, any>} [values] @param {FormData} [data] */
export function send(op, values = {}, data) {
  last = { op, values, data };
  queue = queue.then(() => post(op, values, data)).catch((error) => {
    if (error instanceof TypeError && /fetch|network/i.test(error.message)) return unsaved(op, values, data);
    throw error;
  });
  return queue;
}

/** @param {string} op @param {Record<string, any>} values @param {FormData} [data] */
async function post(op, values, data) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ op, rev: rev(), sel: selected(), ...values })) body.set(name, String(value));
  for (const [name, value] of data?.entries() ?? []) body.append(name, value);
  const focus = mark();
  const answer = await fetch(area().dataset.cmd, { method: "POST", body, headers: { "HX-Request": "true" } });
  await panes(answer, focus);
}

/** Each piece of an answer into its pane: what did not change stays as it is. @param {Response} answer @param {any} focus */
async function panes(answer, focus) {
  if (answer.redirected) { location.href = answer.url; return; }
  const pieces = new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("hx-partial");
  for (const piece of pieces) {
    const target = one(piece.getAttribute("hx-target") ?? "");
    const swap = piece.getAttribute("hx-swap") ?? "innerMorph";
    if (target) await htmx().swap({ text: piece.innerHTML, target, swap, sourceElement: target, request: {}, hx: {} });
  }
  after(focus);
}

/** The network failed: the strip says so, and the same command is tried until it gets through. */
async function unsaved(op, values, data) {
  const strip = one("#offline");
  strip.hidden = false;
  await new Promise((done) => setTimeout(done, 1500));
  strip.hidden = true;
  return post(op, values, data).catch(() => unsaved(op, values, data));
}

/** Where the keyboard is, so that it is there again after the panes were drawn anew. */
function mark() {
  const at = /** @type {any} */ (document.activeElement);
  if (!at || at === document.body) return null;
  return { id: at.id, test: at.dataset?.test, slot: at.matches?.("[data-item]"), value: at.value, start: at.selectionStart };
}

/** @param {any} focus */
function after(focus) {
  const go = one("#told [data-go]");
  if (go) { location.href = go.dataset.go; return; }
  wire();
  if (focus?.slot && !document.activeElement?.matches("input, textarea, select")) one("#canvas .on")?.focus({ preventScroll: true });
  else if (focus?.id && document.activeElement === document.body) one(`#${CSS.escape(focus.id)}`)?.focus({ preventScroll: true });
  /** @type {any} */ (globalThis).trips += 1;
  problems();
}

/** The panes for another selection; nothing is edited. @param {string} sel */
export function select(sel, then = () => {}) {
  queue = queue.then(async () => {
    const url = `${area().dataset.view}?sel=${encodeURIComponent(sel)}`;
    await panes(await fetch(url, { headers: { "HX-Request": "true" } }), null);
    history.replaceState(null, "", url);
    then();
  });
  return queue;
}

/* what newly arrived panes need: controls awake, and whatever a designer adds */
/** @type {((root: Document) => void)[]} */
export const wires = [];
export function wire() {
  wake(one("#props") ?? document);
  all("[data-wake]").forEach((box) => wake(box));
  if (one("textarea[data-formula], textarea[data-formula-cell]")) import("./formula.mjs").then((editor) => editor.enhance());
  wires.forEach((fn) => fn(document));
}

/* settings: each is sent when it is changed, with everything that stands in its control */
/** @param {HTMLElement} box */
function setting(box) {
  const data = new FormData();
  for (const input of /** @type {any[]} */ (all("input, select, textarea", box))) {
    if (!input.name || input.closest("template") || input.name.includes("-NEW-")) continue;
    if ((input.type === "checkbox" || input.type === "radio") && !input.checked) continue;
    if (input.type === "file") continue;
    if (input.multiple) all("option:checked", input).forEach((o) => data.append(input.name, /** @type {any} */ (o).value));
    else data.append(input.name, input.value);
  }
  const where = box.closest("[data-at]");
  send("set", { name: box.dataset.setting, ...(where ? { at: where.dataset.at } : {}) }, data);
}
document.addEventListener("change", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  if (at.closest("[data-own]")) return;
  const rename = at.closest("[data-rename]");
  if (rename) { send("rename", { id: selected(), to: /** @type {any} */ (rename).value }); return; }
  const box = at.closest("[data-setting]");
  if (box) setting(/** @type {HTMLElement} */ (box));
});

/* a formula says at once what is wrong with it, or what it means */
let waiting = 0;
document.addEventListener("input", (event) => {
  const box = /** @type {any} */ (event.target), holder = box.closest?.("[data-setting], [data-formula-over]");
  if (!box.matches("[data-formula], [data-formula-cell]") || !holder) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => tell(box, holder), 250);
});
/** @param {any} box @param {HTMLElement} holder */
export async function tell(box, holder) {
  const body = new URLSearchParams({ text: box.value, returns: box.dataset.returns ?? holder.dataset.returns ?? "", form: box.dataset.roleForm ?? "", over: box.dataset.over ?? holder.dataset.formulaOver ?? "" });
  const answer = await fetch(area().dataset.check, { method: "POST", body });
  if (!answer.ok) return;
  const found = await answer.json();
  let line = one("[data-told]", holder);
  if (!line) {
    line = document.createElement("span");
    line.dataset.told = "";
    line.dataset.test = "formula-told";
    box.after(line);
  }
  line.className = found.ok ? "help" : "err";
  line.textContent = found.ok && box.dataset.editor ? found.value : found.words;
  box.setAttribute("aria-invalid", String(!found.ok));
  box.dispatchEvent(new CustomEvent("formula-checked", { detail: { ...found, text: body.get("text") } }));
}

/* the list of problems, counted beside the work */
let asking = 0;
export function problems() {
  const summary = one("[data-problems]");
  clearTimeout(asking);
  asking = setTimeout(async () => {
    const answer = await fetch(summary.dataset.problems, { headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    one("#problems").innerHTML = await answer.text();
    const n = Number(one("#problems [data-count]")?.dataset.count ?? 0);
    one("[data-n]", summary).textContent = String(n);
    summary.classList.toggle("bad", n > 0);
    summary.dataset.found = String(n);
  }, 600);
}

/* clicks and keys that every designer shares */
document.addEventListener("click", async (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  const step = at.closest("[data-do]");
  if (step) { send(/** @type {any} */ (step).dataset.do); return; }
  if (at.closest("[data-reload]")) { location.reload(); return; }
  const mine = at.closest("[data-mine]");
  if (mine && last) { one("#saved").dataset.rev = /** @type {any} */ (mine).dataset.mine; send(last.op, last.values, last.data); return; }
  if (at.closest("[data-untell]")) one("#told").replaceChildren();
  if (at.closest("[data-show-json]")) showJson();
  if (at.closest("[data-show-keys]")) one("#keys").showModal();
  if (at.closest("[data-shut]")) /** @type {any} */ (at.closest("dialog")).close();
  const gone = at.closest("[data-delete-part]");
  if (gone && (await ask({ title: words.deleteAsk, text: one("#bar .crumb b")?.textContent ?? "", yes: words.delete }))) remove(/** @type {any} */ (gone).dataset.deletePart);
  const command = at.closest("[data-op]");
  if (command) { const { op, ...values } = JSON.parse(/** @type {any} */ (command).dataset.op); send(op, values); }
  const choice = at.closest("[data-choose]");
  if (choice && !at.closest("[data-op], a, input, select, textarea")) select(/** @type {any} */ (choice).dataset.choose);
});

/** @param {string} url */
function remove(url) {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: url });
  document.body.append(form);
  form.submit();
}

async function showJson() {
  const answer = await fetch(area().dataset.json);
  one("#live-json pre").textContent = await answer.text();
  one("#live-json").showModal();
}

document.addEventListener("keydown", (event) => {
  const at = /** @type {HTMLElement} */ (event.target), typing = at.matches("input, textarea, select, [contenteditable=plaintext-only], [contenteditable=true]");
  const mod = event.ctrlKey || event.metaKey, key = event.key.toLowerCase();
  if (mod && key === "s") { event.preventDefault(); /** @type {any} */ (document.activeElement)?.blur(); toast(words.saved, "ok"); }
  if (typing || document.querySelector("dialog[open]")) return;
  if (mod && key === "z") { event.preventDefault(); send(event.shiftKey ? "redo" : "undo"); }
  if (mod && key === "y") { event.preventDefault(); send("redo"); }
  if (key === "?") one("#keys")?.showModal();
});

addEventListener("DOMContentLoaded", () => { wire(); problems(); });
if (document.readyState !== "loading") { wire(); problems(); }
