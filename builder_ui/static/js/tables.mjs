/* A decision table is filled in like a spreadsheet: arrows walk, typing writes over, F2 edits, Esc takes back, Enter goes down. */
import { all, one } from "/static/js/shell.mjs";
import { sorts } from "/static/js/sorting.mjs";
import { send, wires } from "./builder.mjs";

/** How the cell is being changed: not at all, written over, or edited with the caret. */
let mode = "";
const isCell = (/** @type {any} */ at) => at?.matches?.("tbody .cell");

document.addEventListener("change", (event) => {
  const at = /** @type {any} */ (event.target), { rowN: row, col, name } = at.dataset;
  if (at.matches("[data-cell]")) send("cell", { row, col, text: at.value });
  if (at.matches("[data-gives]")) send("gives", { row, text: at.value });
  if (at.matches("[data-head]")) send("head", { col, name, text: at.value });
});
document.addEventListener("focusin", (event) => {
  const at = /** @type {any} */ (event.target);
  if (!isCell(at)) return;
  mode = "";
  at.select?.();
});
document.addEventListener("input", (event) => { if (isCell(event.target) && !mode) mode = "over"; });
document.addEventListener("mousedown", (event) => { if (isCell(event.target) && event.target === document.activeElement) mode = "edit"; });

document.addEventListener("keydown", (event) => {
  const at = /** @type {any} */ (event.target);
  if (!isCell(at) || event.isComposing) return;
  const row = at.closest("[data-row]"), text = at.tagName === "INPUT", key = event.key;
  if (event.altKey) {
    if (row && (key === "ArrowUp" || key === "ArrowDown")) { event.preventDefault(); carry(at, row, key === "ArrowUp" ? -1 : 1); }
    return;
  }
  if (key === "F2" && text) { event.preventDefault(); mode = "edit"; at.setSelectionRange(at.value.length, at.value.length); }
  if (key === "Escape" && text) { event.preventDefault(); at.value = at.defaultValue; mode = ""; at.select(); }
  if (key === "Enter") { event.preventDefault(); down(at, row, event.shiftKey ? -1 : 1); }
  if (text && (key === "ArrowUp" || key === "ArrowDown")) { event.preventDefault(); step(at, key === "ArrowUp" ? -1 : 1); }
  if (mode !== "edit" && (key === "ArrowLeft" || key === "ArrowRight")) { event.preventDefault(); beside(at, key === "ArrowLeft" ? -1 : 1); }
});

const lines = () => all("tbody tr:not(.told)").filter((line) => one(".cell", line));
/** The cell above or below. @param {any} at @param {number} by */
function step(at, by) {
  const rows = lines(), line = at.closest("tr"), to = rows[rows.indexOf(line) + by];
  if (!to) return false;
  const cells = all(".cell", to);
  /** @type {any} */ (cells[Math.min(all(".cell", line).indexOf(at), cells.length - 1)])?.focus();
  return true;
}

/** The cell to the left or right. @param {any} at @param {number} by */
function beside(at, by) {
  const cells = all(".cell", at.closest("tr"));
  /** @type {any} */ (cells[cells.indexOf(at) + by])?.focus();
}

/** What was typed is kept and the cell below is next; below the last row there is a new one. @param {any} at @param {any} row @param {number} by */
function down(at, row, by) {
  const last = row && by > 0 && !row.parentElement.querySelector(`#row-${Number(row.dataset.row) + 1}`);
  if (!last) { if (!step(at, by)) at.blur(); return; }
  const place = all(".cell", row).indexOf(at);
  at.blur();
  send("add_row").then(() => /** @type {any} */ (all(".cell", one(`#row-${Number(row.dataset.row) + 1}`))[place])?.focus());
}

/** The row moves with the keyboard in it. @param {any} at @param {any} row @param {number} by */
function carry(at, row, by) {
  const to = Number(row.dataset.row) + by, place = all(".cell", row).indexOf(at);
  if (!one(`#row-${to}`)) return;
  at.blur();
  send("move_row", { row: row.dataset.row, by }).then(() => {
    /** @type {any} */ (all(".cell", one(`#row-${to}`))[place])?.focus();
    one("#grid-told").textContent = `${to + 1} / ${all("[data-row]").length}`;
  });
}

/* a block of a spreadsheet lands from this cell on, as one step of undo */
document.addEventListener("paste", (event) => {
  const at = /** @type {any} */ (event.target), text = event.clipboardData?.getData("text/plain") ?? "";
  if (!at.matches?.("[data-cell]") || !/[\t\n]/.test(text.trimEnd())) return;
  event.preventDefault();
  at.value = at.defaultValue;
  at.blur(); // a cell that is being written in keeps what it shows
  send("paste", { row: at.dataset.rowN, col: at.dataset.col, text }).then(() => {
    one(`#${at.id}`)?.focus();
    one("#grid-told").textContent = all("td.wrong").length ? one("[data-test=part-problem]")?.textContent ?? "" : "";
  });
});

/* how many records each row decides now: asked when nothing was edited for a moment */
let asking = 0;
wires.push(() => {
  clearTimeout(asking);
  asking = setTimeout(async () => {
    const answer = await fetch(one("[data-hits]").dataset.hits), found = answer.ok ? await answer.json() : {};
    const say = (/** @type {any} */ n) => (n === undefined ? "" : Number(n).toLocaleString());
    for (const cell of all("[data-hits-of]")) cell.textContent = say(cell.dataset.hitsOf === "none" ? found.none : found.rows?.[cell.dataset.hitsOf]);
    const whole = one("[data-hits-all]");
    if (whole) whole.textContent = say(found.all);
    one("#moves").innerHTML = found.moves ?? "";
  }, 400);
});
wires.push(() => {
  const body = one("[data-rows]");
  sorts(body, {
    handle: "[data-grip]", draggable: "tr[data-row]",
    onEnd: (/** @type {any} */ event) => {
      const { item, oldDraggableIndex: was, newDraggableIndex: to } = event;
      if (was === to) return;
      const rows = all("tr[data-row]", body).filter((row) => row !== item);
      body.insertBefore(item, rows[was] ?? null); // the server's answer moves it
      send("move_row", { row: was, to });
    },
  });
});
