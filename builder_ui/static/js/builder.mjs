/* Every designer: commands go to the server, its panes come back, undo and redo are the server's too. */
import { all, ask, one, toast, words } from "/static/js/shell.mjs";
import { wake } from "/static/js/widgets.mjs";
import { have, patched } from "./patch.mjs";
import { afterwards, choose, mine, page, resume, selected, send, theirs } from "./sending.mjs";

const htmx = () => {
  const found = /** @type {any} */ (globalThis).htmx;
  found.config.history = false;
  return found;
};
const area = () => one("[data-cmd]");
/** How many answers have arrived: what a test waits for. */
/** @type {any} */ (globalThis).trips = 0;
export { selected, send };

const PANE = /<hx-partial hx-target="([^"]+)"(?: hx-swap="(\w+)")?>(.*?)<\/hx-partial>/gs;
let sideText = "";
/** Each pane of an answer into its place: what did not change stays as it is, what is unfolded stays so. @param {Response} answer @param {any} focus */
async function panes(answer, focus) {
  if (answer.redirected) { location.href = answer.url; return; }
  choose(null);
  let whole = true;
  for (const [, where, swap = "innerMorph", text] of (await answer.text()).matchAll(PANE)) {
    const target = one(where);
    if (!target || (target.id === "side" && sideText === text) || (answer.ok && written(target, text))) continue;
    if (target.id === "side") sideText = text;
    const unfolded = all("details[open][id]", target).map((box) => box.id);
    if (swap === "innerHTML" || otherPanel(target, text)) { if (text || target.firstChild) target.innerHTML = text; }
    else if (swap === "patch" || text.includes("data-keyed")) whole = patched(target, text) && whole;
    else await htmx().swap({ text, target, swap, sourceElement: target, request: {}, hx: {} });
    unfolded.forEach((id) => one(`#${CSS.escape(id)}`)?.setAttribute("open", ""));
  }
  if (whole) await after(focus);
  else await look(selected(), focus, { all: true });
}

/** Is it the panel of something else than it shows? Then there is nothing in it to keep. @param {Element} target @param {string} text */
function otherPanel(target, text) {
  const panel = one("#panel", target), sel = text.match(/ id="panel" data-sel="([^"#]*)/)?.[1];
  return Boolean(panel && sel !== undefined && panel.dataset.sel.split("#")[0] !== sel && !target.contains(document.activeElement));
}

/** Is a formula being written in this pane? It stays as it is until it is left, unless the answer is about something else.
 * @param {Element} target @param {string} text */
function written(target, text) {
  const editor = document.activeElement?.closest(".cm-editor"), about = text.match(/id="panel" data-sel="([^"]*)"/);
  return Boolean(editor) && target.contains(editor ?? null) && (!about || about[1] === one("#panel")?.dataset.sel);
}

/** Where the keyboard is, so that it is there again after the panes were drawn anew. */
function mark() {
  const at = /** @type {any} */ (document.activeElement);
  if (!at || at === document.body) return null;
  return { id: at.id, test: at.dataset?.test, near: at.parentElement?.closest("[id]")?.id, slot: at.matches?.("[data-item]"), formula: at.matches?.(".cm-content"), value: at.value };
}

/** @param {any} focus */
async function after(focus) {
  const go = one("#told [data-go]");
  if (go) { location.href = go.dataset.go; return; }
  const woken = wire(focus);
  const gone = one("#heard [data-undoable]");
  if (gone) undoable(gone.dataset.undoable);
  refocus(focus);
  await woken;
  refocus(focus, true);
  /** @type {any} */ (globalThis).trips += 1;
  problems();
}
/** A picker stands again only when it is awake; what was typed into the one before it is typed on. What is gone leaves
 * the keyboard to what stands around it. @param {any} focus @param {boolean} [last] */
function refocus(focus, last = false) {
  if (focus?.slot && !document.activeElement?.matches("input, textarea, select")) one("#canvas .on")?.focus({ preventScroll: true });
  if (!focus || focus.slot || document.activeElement !== document.body) return;
  const named = (/** @type {string} */ id) => (id ? one(`#${CSS.escape(id)}`) : null);
  const spot = named(focus.id) ?? (focus.test ? one(`[data-test="${CSS.escape(focus.test)}"]:not(:disabled)`) : null), around = last ? named(focus.near) : null;
  const picker = spot?.closest(".ts-wrapper")?.previousElementSibling?.tomselect;
  if (picker) picker.settings.openOnFocus = false;
  (spot ?? (around && one("button:not(:disabled), a[href], input, select", around)) ?? around)?.focus({ preventScroll: true });
  if (!picker) return;
  picker.settings.openOnFocus = true;
  if (focus.value) { spot.value = focus.value; spot.dispatchEvent(new Event("input")); }
}

/** The panes for another selection, or only one of them; nothing is edited. @param {string} sel @param {() => void} [then] @param {string} [only] */
export function select(sel, then = () => {}, only = "") {
  choose(sel);
  return afterwards(() => look(sel, null, { only }).then(then));
}

/** The panes as they are by now, whoever changed them. */
export const refresh = () => afterwards(() => look(selected(), mark()));

/** @param {string} sel @param {any} focus @param {{ only?: string, all?: boolean }} [what] one pane; every piece, whatever is here */
async function look(sel, focus, { only = "", all: every = false } = {}) {
  const body = new URLSearchParams({ sel, only, have: every ? "" : have() });
  const answer = await fetch(area().dataset.panes, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) { choose(null); toast(words.failed, "warn"); return; }
  await panes(answer, focus);
  history.replaceState(null, "", `${area().dataset.view}?sel=${encodeURIComponent(sel)}`);
}

/** A name typed where it stands: Enter and leaving keep it, Escape does not; "" where it stays as it was.
 * @param {HTMLInputElement} box @param {string} before @param {(text: string) => void} then */
export function said(box, before, then) {
  let done = false;
  const end = (/** @type {boolean} */ keep) => {
    if (done) return;
    done = true;
    const text = box.value.trim();
    box.remove();
    then(keep && text !== before ? text : "");
  };
  box.addEventListener("keydown", (event) => { event.stopPropagation(); if (event.key === "Enter") end(true); if (event.key === "Escape") end(false); });
  box.addEventListener("blur", () => end(true));
}

/** What was deleted, with the way back. @param {string} text */
export function undoable(text) {
  all(".toasts [data-back]").forEach((old) => old.remove());
  const box = one("#undoable").content.firstElementChild.cloneNode(true);
  one("[data-text]", box).textContent = text;
  one(".toasts").append(box);
  setTimeout(() => box.remove(), 10_000);
}
Object.assign(page, { arrived: panes, mark });

/* what newly arrived panes need: controls awake, and whatever a designer adds */
/** @type {((root: Document) => void)[]} */
export const wires = [];
/** @param {any} [focus] */
export function wire(focus) {
  /** @type {Promise<any>[]} */
  const woken = [one("#props") ?? document, ...all("[data-wake]")].map((box) => wake(box));
  tabs();
  const made = painted().then(editors); // an editor takes longer to make than all else: it is waited for where one was in it
  if (focus?.formula) woken.push(made);
  for (const find of /** @type {any[]} */ (all("[data-row-find]"))) if (find.value) find.dispatchEvent(new Event("input")); // still looked for
  wires.forEach((fn) => fn(document));
  return Promise.all(woken);
}

/** After the next frame. */
const painted = () => new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
/** Formulas that are to be seen get their editor; those in other tabs when their tab opens. */
async function editors() {
  if (!one("textarea[data-formula], textarea[data-formula-cell]")) return;
  formulas ??= await import("./formula.mjs"); // asking again would wait for a frame, loaded or not
  formulas.enhance();
}
/** @type {any} */
let formulas = null;

/* a panel with tabs opens where it was; a tab with something to mend opens first */
let open = "";
/** @param {string} [wanted] */
function tabs(wanted) {
  const buttons = all("[data-tabs] [data-tab]");
  if (!buttons.length) return;
  if (wanted) open = wanted;
  const bad = one("[data-tabpanel] [aria-invalid=true]")?.closest("[data-tabpanel]").dataset.tabpanel;
  const shown = [wanted, bad, open].find((name) => name && buttons.some((one) => one.dataset.tab === name)) ?? buttons[0].dataset.tab;
  for (const button of buttons) {
    const on = button.dataset.tab === shown;
    button.classList.toggle("on", on);
    button.setAttribute("aria-selected", String(on));
    button.tabIndex = on ? 0 : -1;
    one(`[data-tabpanel="${button.dataset.tab}"]`).hidden = !on;
  }
}
document.addEventListener("keydown", (event) => {
  const at = /** @type {HTMLElement} */ (event.target).closest?.("[data-tabs] [data-tab]");
  if (!at || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
  const row = all("[data-tabs] [data-tab]"), next = row[(row.indexOf(/** @type {any} */ (at)) + (event.key === "ArrowRight" ? 1 : row.length - 1)) % row.length];
  event.preventDefault();
  tabs(next.dataset.tab);
  editors();
  next.focus();
});

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
  const where = /** @type {HTMLElement | null} */ (box.closest("[data-at]"));
  send("set", { name: box.dataset.setting, ...(where ? { at: where.dataset.at } : {}) }, data);
}
document.addEventListener("change", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  if (at.matches("[data-eyes]")) one(".screen iframe").src = `${at.dataset.eyes}?as=${encodeURIComponent(/** @type {any} */ (at).value)}`;
  if (at.closest("[data-own]") || /** @type {any} */ (event).detail?.blank) return;
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
  const returns = box.dataset.returns ?? holder.dataset.returns ?? "", over = box.dataset.over ?? holder.dataset.formulaOver ?? "";
  const body = new URLSearchParams({ text: box.value, returns, form: box.dataset.roleForm ?? "", over });
  const answer = await fetch(area().dataset.check, { method: "POST", body }).catch(() => null);
  if (!answer?.ok) return;
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
    const answer = await fetch(summary.dataset.problems, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) return;
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
  if (step) {
    event.preventDefault();
    one("#palette")?.close();
    step.closest("[data-back]")?.remove();
    send(/** @type {any} */ (step).dataset.do);
    return;
  }
  const ours = at.closest("[data-mine]");
  if (ours) { mine(/** @type {any} */ (ours).dataset.mine ?? ""); return; }
  if (at.closest("[data-theirs]")) { theirs(); forget(); refresh(); return; }
  const tab = at.closest("[data-tabs] [data-tab]");
  if (tab) { tabs(/** @type {any} */ (tab).dataset.tab); editors(); return; }
  if (at.closest("[data-untell]")) one("#told").replaceChildren();
  if (at.closest("[data-show-json]")) { event.preventDefault(); one("#palette")?.close(); showJson(); }
  if (at.closest("[data-show-keys]")) { event.preventDefault(); one("#palette")?.close(); one("#keys").showModal(); }
  const opens = at.closest("[data-opens]"), seen = at.closest("[data-preview]"), wide = at.closest("[data-wide]");
  if (opens) one(`#${/** @type {any} */ (opens).dataset.opens}`).showModal();
  if (seen) dialog(/** @type {any} */ (seen).dataset.preview);
  if (wide) {
    for (const button of all("[data-wide]")) { button.classList.toggle("on", button === wide); button.setAttribute("aria-pressed", String(button === wide)); }
    one(".screen iframe").style.inlineSize = Number(/** @type {any} */ (wide).dataset.wide) ? `${/** @type {any} */ (wide).dataset.wide}px` : "";
  }
  if (at.closest("[data-shut]")) /** @type {any} */ (at.closest("dialog")).close();
  const gone = at.closest("[data-delete-part]");
  for (const menu of all("details.dd[open]")) {
    if (!at.closest(".menu button, .menu a") || !menu.contains(at)) continue;
    if (menu.contains(document.activeElement)) one("summary", menu).focus();
    menu.open = false;
  }
  if (gone && (await ask({ title: words.deleteAsk, text: one("#bar .crumb b")?.textContent ?? "", yes: words.delete }))) remove(/** @type {any} */ (gone).dataset.deletePart);
  const command = at.closest("[data-op]");
  if (command) { const { op, ...values } = JSON.parse(/** @type {any} */ (command).dataset.op); send(op, values); }
  const choice = at.closest("[data-choose]");
  if (choice && !at.closest("[data-op], a, input, select, textarea")) select(/** @type {any} */ (choice).dataset.choose);
});

/** A piece of the server's in the one dialog. @param {string} url */
export async function dialog(url) {
  const box = one("#dialog"), answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) { toast(words.failed, "warn"); return; }
  box.innerHTML = await answer.text();
  if (!box.open) box.showModal();
}

/** What was typed and is let go does not stay to be seen; the next drawing of the panel is a new one. */
function forget() {
  for (const box of /** @type {any[]} */ (all("#canvas :is(input, textarea)"))) Object.assign(box, { value: box.defaultValue, checked: box.defaultChecked });
  one("#panel")?.replaceChildren();
}

/** @param {string} url */
function remove(url) {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: url });
  document.body.append(form);
  form.submit();
}

async function showJson() {
  if (!area()?.dataset.json) return;
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

addEventListener("DOMContentLoaded", () => {
  problems();
  if (area()) { wire(); resume(); }
});
