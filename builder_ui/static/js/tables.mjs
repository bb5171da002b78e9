/* A decision table is filled in like a spreadsheet. */
import { all, one } from "/static/js/shell.mjs";
import { send } from "./builder.mjs";

document.addEventListener("change", (event) => {
  const at = /** @type {any} */ (event.target), { rowN: row, col, name } = at.dataset;
  if (at.matches("[data-cell]")) send("cell", { row, col, text: at.value });
  if (at.matches("[data-gives]")) send("gives", { row, text: at.value });
  if (at.matches("[data-head]")) send("head", { col, name, text: at.value });
});
document.addEventListener("keydown", (event) => {
  const at = /** @type {any} */ (event.target), row = at.closest?.("[data-row]");
  if (!row || !at.matches(".cell")) return;
  const cells = all(".cell", row), place = cells.indexOf(at);
  const next = (/** @type {Element | null} */ other) => /** @type {any} */ (other && all(".cell", other)[place])?.focus();
  if (event.key === "Enter") {
    event.preventDefault();
    const below = row.nextElementSibling;
    if (below?.matches("[data-row]")) next(below);
    else { at.blur(); send("add_row").then(() => next(one(`#row-${Number(row.dataset.row) + 1}`))); }
  }
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    const by = event.key === "ArrowUp" ? -1 : 1, to = Number(row.dataset.row) + by;
    at.blur();
    send("move_row", { row: row.dataset.row, by }).then(() => next(one(`#row-${to}`)));
  } else if (event.key === "ArrowUp" && at.tagName === "INPUT") { event.preventDefault(); next(row.previousElementSibling); }
  else if (event.key === "ArrowDown" && at.tagName === "INPUT") { event.preventDefault(); next(row.nextElementSibling); }
});
