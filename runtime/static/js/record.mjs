/* One record: values that open, the question why, the timeline's three views. */
import { all, one, piece } from "./shell.mjs";
import { cells } from "./cells.mjs";
import { sections } from "./sections.mjs";

const page = one("#overview"), why = one("#why");
const path = location.pathname;
sections(page);
cells(page, (cell) => `${path}/cell/${cell.dataset.cell}?where=record`);

document.addEventListener("click", async (event) => {
  const at = /** @type {HTMLElement} */ (event.target), button = /** @type {HTMLElement | null} */ (at.closest("[data-why]"));
  if (button) {
    why.innerHTML = await piece(button.dataset.why ?? "");
    why.hidden = false;
    const spot = button.getBoundingClientRect();
    why.style.insetBlockStart = `${Math.min(spot.bottom + 6, innerHeight - why.offsetHeight - 8)}px`;
    why.style.insetInlineStart = `${Math.max(8, Math.min(spot.left - 24, innerWidth - why.offsetWidth - 8))}px`;
    button.setAttribute("aria-expanded", "true");
    one("[data-close]", why).onclick = (e) => { e.stopPropagation(); why.hidden = true; button.focus(); };
    one("[data-close]", why).focus();
  } else if (!at.closest("#why")) why.hidden = true;
  const show = /** @type {HTMLElement | null} */ (at.closest("[data-show]"));
  if (show) {
    all("[data-show]").forEach((e) => e.classList.toggle("on", e === show));
    one("[data-test=timeline]").dataset.only = show.dataset.show;
  }
  const tab = at.closest("[data-tabs] a");
  if (tab) all("[data-tabs] a").forEach((e) => e.classList.toggle("on", e === tab));
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") why.hidden = true;
  if (event.key === "e" && !/** @type {HTMLElement} */ (event.target).matches("input, textarea, select")) one("[data-test=edit]")?.click();
});
