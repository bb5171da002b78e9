/* Message templates: a field goes in where the caret was, and what readers get is shown while one types. */
import { all, one, toast, words } from "/static/js/shell.mjs";
import { wires } from "./builder.mjs";

const BOXES = "[data-words] :is(input, textarea)";
/** Where the next field goes: the box that had the caret last, by its name. */
let last = "p-text.zh", waiting = 0, asked = 0;

/** Everything as it is typed, and the record it is shown with. */
function typed() {
  const sent = new URLSearchParams({ record: one("[data-about]")?.value ?? "" });
  all(BOXES).forEach((box) => sent.set(/** @type {any} */ (box).name, /** @type {any} */ (box).value));
  return sent;
}

async function show() {
  const mine = ++asked, answer = await fetch(one("[data-preview-at]").dataset.previewAt, { method: "POST", body: typed() }).catch(() => null);
  if (!answer?.ok || mine !== asked) return;
  one("#shown").innerHTML = await answer.text();
}

document.addEventListener("focusin", (event) => {
  const at = /** @type {any} */ (event.target);
  if (at.matches(BOXES)) last = at.name;
});
document.addEventListener("input", (event) => {
  if (!(/** @type {any} */ (event.target).matches(BOXES))) return;
  clearTimeout(waiting);
  waiting = setTimeout(show, 250);
});
document.addEventListener("change", (event) => { if (/** @type {any} */ (event.target).matches("[data-about]")) show(); });
document.addEventListener("click", async (event) => {
  const at = /** @type {HTMLElement} */ (event.target), field = at.closest("[data-insert]"), mine = at.closest("[data-to-me]");
  if (field) insert(/** @type {any} */ (field).dataset.insert);
  if (!mine) return;
  const answer = await fetch(/** @type {any} */ (mine).dataset.toMe, { method: "POST", body: typed() }).catch(() => null);
  toast(answer?.ok ? (await answer.json()).told : words.failed, answer?.ok ? "ok" : "warn");
});

/** @param {string} hole */
function insert(hole) {
  const box = /** @type {any} */ (all(BOXES).find((each) => /** @type {any} */ (each).name === last) ?? all(BOXES)[0]);
  box.focus();
  box.setRangeText(hole, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

/* another form has other records to choose from: the page begins anew with it */
wires.push(() => {
  if (one("#panel").dataset.of === one("[data-preview-at]").dataset.of) show();
  else location.reload();
});
