/* The list: selection and what is done with it, cells that open, the filter menu, columns. */
import { all, ask, one, words } from "./shell.mjs";
import { cells } from "./cells.mjs";
import { wake } from "./widgets.mjs";

const grid = one("[data-grid]"), bulk = one("[data-bulk]");

if (grid) {
  cells(grid, (cell) => {
    const row = /** @type {HTMLElement} */ (cell.closest("tr"));
    return `${grid.dataset.path}/${row.dataset.id}/cell/${cell.dataset.cell}?${grid.dataset.query}`;
  });
  grid.addEventListener("change", (event) => {
    if (event.target.matches("[data-all]")) all("tbody .tickbox", grid).forEach((e) => (e.checked = event.target.checked));
    if (event.target.matches(".tickbox")) show();
  });
  /** @type {number | null} */
  let last = null;
  grid.addEventListener("click", (event) => {
    if (!event.target.matches("tbody .tickbox")) return;
    const boxes = all("tbody .tickbox", grid), at = boxes.indexOf(event.target);
    if (event.shiftKey && last !== null) boxes.slice(Math.min(last, at), Math.max(last, at) + 1).forEach((e) => (e.checked = event.target.checked));
    last = at;
    show();
  });
  /* arrows walk from cell to cell */
  grid.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td");
    if (!cell || cell !== event.target) return;
    const row = cell.parentElement, n = cell.cellIndex;
    const next = { ArrowRight: cell.nextElementSibling, ArrowLeft: cell.previousElementSibling, ArrowDown: row.nextElementSibling?.cells[n], ArrowUp: row.previousElementSibling?.cells[n] }[event.key];
    if (next) { next.tabIndex = -1; next.focus(); event.preventDefault(); }
  });
  grid.addEventListener("click", (event) => { const cell = event.target.closest("td[data-cell]"); if (cell && !event.target.closest("a, input, form, button")) cell.focus(); });
}

const picked = () => all("tbody .tickbox:checked", grid).map((e) => e.value);

function show() {
  const n = picked().length;
  all("tbody tr", grid).forEach((row) => row.classList.toggle("on", one(".tickbox", row).checked));
  const whole = one("[data-all]", grid);
  whole.checked = n > 0 && n === all("tbody .tickbox", grid).length;
  whole.indeterminate = n > 0 && !whole.checked;
  bulk.hidden = n === 0;
  one("[data-picked]", bulk).textContent = words.selected.replace("{n}", n);
}

/** @param {HTMLElement} box */
function carry(box) {
  box.replaceChildren(...picked().map((id) => Object.assign(document.createElement("input"), { type: "hidden", name: "ids", value: id })));
}

if (bulk) {
  bulk.addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches("[data-unpick]")) { all(".tickbox", grid).forEach((e) => (e.checked = false)); show(); }
    if (button.matches("[data-bulk-export]")) location.href = `${button.dataset.bulkExport}${button.dataset.bulkExport.includes("?") ? "&" : "?"}${picked().map((id) => `ids=${id}`).join("&")}`;
    if (button.matches("[data-bulk-open]")) edit(button.dataset.bulkOpen, button.dataset.field);
    if (button.matches("[data-ask]")) {
      event.preventDefault();
      const n = picked().length, put = (text) => text.replace("{n}", n);
      if (!(await ask({ title: put(button.dataset.ask), text: button.dataset.askText, yes: put(button.dataset.askYes) }))) return;
      const ids = document.createElement("span");
      carry(ids);
      bulk.append(ids);
      bulk.requestSubmit(button);
    }
  });
  const dialog = one("#bulk-edit"), which = one("#bulk-which", dialog);
  which.addEventListener("change", () => value(which.value));
  one("[data-no]", dialog).onclick = () => dialog.close();
  dialog.addEventListener("submit", () => carry(one("[data-ids]", dialog)));
  /** @param {string} name */
  async function value(name) {
    const box = one("[data-value]", dialog);
    await globalThis.htmx.ajax("GET", which.dataset.path + name, { target: box, swap: "innerHTML" });
    await wake(box);
  }
  /** @param {string} what set or tag @param {string} [field] */
  function edit(what, field) {
    one("[name=do]", dialog).value = what;
    one("[data-choose]", dialog).hidden = what === "tag";
    const title = one("h2", dialog);
    title.textContent = title.dataset.title.replace("{n}", picked().length);
    if (field) which.value = field;
    value(which.value);
    dialog.showModal();
  }
}

const filter = one("[data-condition]");
if (filter) {
  const box = one("#cond", filter);
  filter.addEventListener("change", async (event) => {
    if (!event.target.matches("#ff, #fo")) return;
    const op = event.target.id === "fo" ? `&fo=${event.target.value}` : "";
    one("[data-test=filter-add]", filter).disabled = !one("#ff", filter).value;
    if (!one("#ff", filter).value) return box.replaceChildren();
    all("[name=fv]", box).forEach((e) => (/** @type {any} */ (e).disabled = true)); // what is typed before the next control is there would be lost
    await globalThis.htmx.ajax("GET", `${filter.dataset.condition}?ff=${one("#ff", filter).value}${op}`, { target: box, swap: "innerHTML" });
    await wake(box);
    one("#fo", box)?.focus();
  });
}

const columns = one("[data-columns]");
columns?.addEventListener("submit", (event) => {
  event.preventDefault();
  const names = all("input:checked", columns).map((e) => /** @type {any} */ (e).value), url = columns.dataset.columns;
  location.href = `${url}${url.includes("?") ? "&" : "?"}cols=${names.join(".")}`;
});
