/* Any condition as cards in a dialog; what is chosen there goes back into its formula, which the page saves as ever. */
import { one, toast, words } from "/static/js/shell.mjs";
import { wake } from "/static/js/widgets.mjs";
import { divert, drags } from "./conditions.mjs";
import { enhance, looks } from "./formula.mjs";

/** The formula that the open dialog is about. @type {any} */
let box = null;

/** A button beside a condition. @param {any} textarea @param {HTMLElement} host */
export function offer(textarea, host) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn ghost sm fx-cards", textContent: words.sentences });
  button.dataset.test = `cards-of-${textarea.dataset.test ?? textarea.dataset.edge ?? ""}`;
  button.onclick = async () => { box = textarea; await looks(one(".bld").dataset.cardsLooks); await draw({ text: box.value }); one("#cards-dialog:not([open])")?.showModal(); };
  host.before(button);
}

/** One change after the other: an answer that came late would draw what stood before. @type {Promise<any>} */
let drawn = Promise.resolve();
/** @param {Record<string, any>} values @param {FormData} [data] */
const draw = (values, data) => (drawn = drawn.then(() => redraw(values, data)));

/** @param {Record<string, any>} values @param {FormData} [data] */
async function redraw(values, data) {
  const body = new URLSearchParams(), holder = box.closest("[data-formula-over]");
  for (const [name, value] of Object.entries({ over: box.dataset.over ?? holder?.dataset.formulaOver ?? "", form: box.dataset.roleForm ?? "", text: one("[data-cards-text]")?.dataset.cardsText ?? "", ...values })) body.set(name, String(value));
  for (const [name, value] of data?.entries() ?? []) body.append(name, String(value));
  const answer = await fetch(`${one("[data-check]").dataset.check}/cards`, { method: "POST", body }).catch(() => null);
  if (!answer?.ok) { toast(words.failed, "bad"); return; } // what stands in the dialog stays there
  const text = await answer.text(), at = /** @type {any} */ (document.activeElement), dialog = there();
  dialog.innerHTML = text;
  await wake(dialog);
  drags();
  enhance();
  if (at?.id) typeOn(at, one(`#${CSS.escape(at.id)}`, dialog));
  /** @type {any} */ (globalThis).trips += 1;
}

/** What was typed while the answer was on its way is typed on. @param {any} was @param {any} now */
function typeOn(was, now) {
  now?.focus({ preventScroll: true });
  if (!now?.matches("input:not([type=checkbox], [type=radio]), textarea") || now.closest(".ts-wrapper") || now.value === was.value) return;
  now.value = was.value;
  now.addEventListener("blur", () => now.dispatchEvent(new Event("change", { bubbles: true })), { once: true });
}

function there() {
  const found = one("#cards-dialog");
  if (found) return found;
  const made = Object.assign(document.createElement("dialog"), { id: "cards-dialog", className: "modal cards-modal" });
  document.body.append(made);
  made.addEventListener("click", (event) => {
    const at = /** @type {Element} */ (event.target);
    if (at.closest("[data-cards-shut]")) made.close();
    if (at.closest("[data-cards-done]")) { made.close(); use(one("[data-cards-text]", made).dataset.cardsText); }
  });
  return made;
}

/** @param {string} text */
function use(text) {
  if (text === box.value) return;
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

divert(draw);
