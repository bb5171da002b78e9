/* The matrix of a role: every tick is a command. */
import { send } from "./builder.mjs";

document.addEventListener("change", (event) => {
  const at = /** @type {any} */ (event.target), { roleForm: form, action, ownBy, level } = at.dataset;
  if (!form) return;
  if (action) send("toggle", { form, action });
  if (at.matches("[data-rows]")) send("rows", { form, rows: at.value });
  if (at.matches("[data-row-formula]")) send("rows", { form, rows: "formula", text: at.value });
  if (ownBy) send("own_by", { form, field: ownBy });
  if (at.matches("[data-hand-over]")) send("hand_over", { form });
  if (level) send("field", { form, field: level, level: at.value });
});
