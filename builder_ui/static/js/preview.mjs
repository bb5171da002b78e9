/* The preview in three widths. */
import { all, one } from "/static/js/shell.mjs";
import { wake } from "/static/js/widgets.mjs";

wake(document);
document.addEventListener("click", (event) => {
  const look = /** @type {HTMLElement} */ (event.target).closest("[data-look]");
  if (!look) return;
  all("[data-look]").forEach((e) => e.classList.toggle("on", e === look));
  const box = one("#look"), width = Number(/** @type {any} */ (look).dataset.look);
  box.style.maxInlineSize = `${width}px`;
  for (const field of all(".cols > *", box)) field.style.gridColumn = width < 500 ? "1 / -1" : "";
});
