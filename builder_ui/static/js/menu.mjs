/* The menu: entries by drag or with Alt and the arrows, groups named where they stand. */
import { all } from "/static/js/shell.mjs";
import { sorts } from "/static/js/sorting.mjs";
import { send, wires } from "./builder.mjs";

const lists = () => all("[data-entries]").forEach((list) => sorts(list, { group: "menu", draggable: "[data-entry]", filter: "button", onEnd: moved }));
wires.push(lists);
addEventListener("load", lists);

/** @param {any} event */
function moved({ item, to, from, newIndex, oldIndex }) {
  if (to !== from || newIndex !== oldIndex) send("move", { id: item.dataset.entry, to: to.dataset.entries, index: newIndex });
}
document.addEventListener("change", (event) => {
  const at = /** @type {any} */ (event.target);
  if (at.dataset.groupName) send("name", { n: at.dataset.groupName, text: at.value });
});
document.addEventListener("keydown", (event) => {
  const at = /** @type {HTMLElement} */ (event.target), entry = /** @type {any} */ (at.closest?.("[data-entry]"));
  if (!entry || at.matches("input, button")) return;
  const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
  if (by && event.altKey) { event.preventDefault(); send("nudge", { id: entry.dataset.entry, by }); }
  else if (by) {
    event.preventDefault();
    const every = all("[data-entry]");
    every[every.indexOf(entry) + by]?.focus();
  }
  if (event.key === "h" || event.key === "Delete") { event.preventDefault(); send("hide", { id: entry.dataset.entry }); }
});
