/* A value changed where it stands: double click, F2 or Enter opens its control; Enter saves, Escape leaves it. */
import { all, one } from "./shell.mjs";
import { wake } from "./widgets.mjs";

/** @param {HTMLElement} root where cells are @param {(cell: HTMLElement) => string} address of a cell's control */
export function cells(root, address) {
  const kept = new WeakMap();
  /** @param {HTMLElement} cell */
  async function open(cell) {
    if (cell.classList.contains("editing")) return;
    all(".editing", root).forEach(shut);
    kept.set(cell, cell.innerHTML);
    cell.classList.add("editing");
    await globalThis.htmx.ajax("GET", address(cell), { target: cell, swap: "innerHTML" });
    await ready(cell);
  }
  /** @param {HTMLElement} cell */
  async function ready(cell) {
    await wake(cell);
    const input = one("input:not([type=hidden]), select, textarea", cell);
    if (input?.tomselect) input.tomselect.focus(); else input?.focus();
    if (input?.select && input.type !== "checkbox") input.select();
  }
  /** @param {HTMLElement} cell */
  function shut(cell) {
    if (!kept.has(cell)) return;
    cell.innerHTML = kept.get(cell);
    cell.classList.remove("editing");
    kept.delete(cell);
  }
  root.addEventListener("dblclick", (event) => {
    const cell = /** @type {HTMLElement} */ (event.target).closest("[data-cell]");
    if (cell && !/** @type {HTMLElement} */ (event.target).closest("a, form")) { event.preventDefault(); open(/** @type {HTMLElement} */ (cell)); }
  });
  root.addEventListener("keydown", (event) => {
    const at = /** @type {HTMLElement} */ (event.target), cell = /** @type {HTMLElement | null} */ (at.closest("[data-cell]"));
    if (!cell) return;
    if (!cell.classList.contains("editing") && (event.key === "F2" || (event.key === "Enter" && at === cell))) { event.preventDefault(); open(cell); }
    if (event.key === "Escape" && cell.classList.contains("editing")) { event.stopPropagation(); shut(cell); cell.focus(); }
  });
  root.addEventListener("click", (event) => {
    const at = /** @type {HTMLElement} */ (event.target);
    if (at.closest("[data-cancel]")) shut(/** @type {HTMLElement} */ (at.closest("[data-cell]")));
  });
  root.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.matches("[data-cellform]") || one("[name=where]", form)) return;
    event.preventDefault();
    const row = /** @type {HTMLElement} */ (form.closest("tr"));
    globalThis.htmx.ajax("POST", form.getAttribute("action"), { source: form, target: row, swap: "outerHTML" }).then(() => {
      const again = one("[data-cellform]", root);
      if (again) ready(again.closest("[data-cell]"));
      root.dispatchEvent(new CustomEvent("cell:saved", { bubbles: true }));
    });
  });
}
