/* A report or a dashboard as JSON, taken over whole. */
import { one } from "/static/js/shell.mjs";
import { send } from "./builder.mjs";

document.addEventListener("click", (event) => {
  if (/** @type {HTMLElement} */ (event.target).closest("[data-save-json]")) send("json", { text: one("[data-json-text]").value });
});
