/* The flow is drawn by the server; here are only its trigger and the conditions on its branches. */
import { send } from "./builder.mjs";

document.addEventListener("change", (event) => {
  const at = /** @type {any} */ (event.target);
  if (at.matches("[data-trigger]")) send("trigger", { type: at.value });
  if (at.matches("[data-edge]")) send("when", { edge: at.dataset.edge, text: at.value });
});
