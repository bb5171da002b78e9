/* Texts side by side: each is sent when it is changed; Enter goes to the next one below. */
import { all } from "/static/js/shell.mjs";
import { send } from "./builder.mjs";

document.addEventListener("change", (event) => {
  const at = /** @type {any} */ (event.target);
  if (at.dataset.text) send("say", { at: at.dataset.text, language: at.dataset.language, text: at.value });
});
document.addEventListener("keydown", (event) => {
  const at = /** @type {any} */ (event.target);
  if (event.key !== "Enter" || event.shiftKey || !at.dataset?.text) return;
  event.preventDefault();
  const column = all(`[data-language="${at.dataset.language}"]`);
  /** @type {any} */ (column[column.indexOf(at) + 1] ?? at).focus();
});
