/* Filling in: what is typed is kept on this machine until it is saved; one press of the button is one save. */
import { all, one, toast, words } from "./shell.mjs";
import { sections } from "./sections.mjs";
import { wake } from "./widgets.mjs";

const form = one("form[data-draft]"), key = `draft:${form.dataset.draft}${location.search}`, note = one("[data-draft-note]");
const SKIP = new Set(["_key", "_version", "_id"]);
let timer = 0, sending = false, restored = false;

/** What can be put back: name and value pairs of simple controls. */
function typed() {
  const data = new FormData(form);
  return [...data.entries()].filter(([name, value]) => !SKIP.has(name) && !name.startsWith("_keep") && typeof value === "string");
}

function keep() {
  localStorage.setItem(key, JSON.stringify({ at: Date.now(), pairs: typed() }));
  if (note) note.textContent = `${words.saved} ${new Date().toTimeString().slice(0, 5)}`;
}

/** @param {[string, string][]} pairs */
function restore(pairs) {
  const byName = Map.groupBy ? Map.groupBy(pairs, (p) => p[0]) : pairs.reduce((m, p) => m.set(p[0], [...(m.get(p[0]) ?? []), p]), new Map());
  for (const input of /** @type {any[]} */ (all("input, select, textarea", form))) {
    if (SKIP.has(input.name) || input.type === "hidden" || input.type === "file" || !input.name) continue;
    const values = (byName.get(input.name) ?? []).map((p) => p[1]);
    if (input.type === "checkbox" || input.type === "radio") input.checked = values.includes(input.value);
    else if (input.multiple) all("option", input).forEach((o) => (/** @type {any} */ (o).selected = values.includes(/** @type {any} */ (o).value)));
    else if (values.length && (input.tagName !== "SELECT" || one(`option[value="${CSS.escape(values[0])}"]`, input))) input.value = values[0];
  }
}

const kept = JSON.parse(localStorage.getItem(key) ?? "null");
const fresh = one("[data-test=problems], [data-test=conflict]");
if (kept && !fresh && Date.now() - kept.at < 7 * 86_400_000 && JSON.stringify(kept.pairs) !== JSON.stringify(typed())) {
  restore(kept.pairs);
  restored = true;
  toast(words.restored, "info");
  const drop = document.createElement("button");
  Object.assign(drop, { type: "button", className: "btn ghost sm", textContent: words.discard });
  drop.onclick = () => { localStorage.removeItem(key); location.reload(); };
  note?.after(drop);
}
wake(form);
const parts = sections(form);

if (one("[data-live]", form)) import("./live.mjs").then(({ live }) => live(form, { parts, restored }));
one("[data-test=problems]")?.focus();

for (const name of ["input", "change"]) form.addEventListener(name, () => { clearTimeout(timer); timer = setTimeout(keep, 400); });
form.addEventListener("submit", (event) => {
  if (sending) { event.preventDefault(); return; }
  if (!navigator.onLine) { event.preventDefault(); keep(); toast(words.failed, "bad"); return; }
  sending = true;
  keep();
  sessionStorage.setItem("sent", key);
  /** @type {any} */ (event).submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => { sending = false; all("[aria-busy]", form).forEach((e) => e.removeAttribute("aria-busy")); });
one("[data-leave]")?.addEventListener("click", () => localStorage.removeItem(key));
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") { event.preventDefault(); form.requestSubmit(one("[data-test=save]")); }
});
