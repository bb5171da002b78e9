/* The board: cards are dragged between lanes, or moved by their menu; a refused move goes back and says why. */
import { all, one, toast, words } from "./shell.mjs";
import { sorts } from "./sorting.mjs";

const board = one("[data-board]");

/** @param {HTMLElement} lane @param {number} by */
function recount(lane, by) {
  const box = one("[data-size]", lane);
  const n = Number(box.textContent.replaceAll(/\D/g, "")) + by;
  box.textContent = new Intl.NumberFormat(document.documentElement.lang).format(n);
}

/** @param {{item: HTMLElement, from: HTMLElement, to: HTMLElement, oldIndex: number}} move */
async function moved({ item, from, to, oldIndex }) {
  if (from === to) return;
  const lane = /** @type {HTMLElement} */ (to.closest("[data-lane]")), left = /** @type {HTMLElement} */ (from.closest("[data-lane]"));
  const body = new URLSearchParams({ field: board.dataset.field, value: lane.dataset.lane ?? "", version: item.dataset.version ?? "" });
  const answer = await fetch(`${board.dataset.path}/${item.dataset.id}/move`, { method: "POST", body, headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.ok) {
    item.dataset.version = await answer.text();
    all("[name=version]", item).forEach((e) => (/** @type {any} */ (e).value = item.dataset.version));
    recount(lane, 1);
    recount(left, -1);
    one("[data-said]").textContent = words.moved.replace("{name}", one("b", item).textContent).replace("{lane}", lane.getAttribute("aria-label"));
  } else {
    from.insertBefore(item, from.children[oldIndex] ?? null);
    toast((await answer?.json().catch(() => null))?.message ?? words.failed, "bad");
  }
  globalThis.trips = (globalThis.trips ?? 0) + 1;
}

if (board?.hasAttribute("data-movable")) {
  for (const cards of all("[data-cards]", board)) sorts(cards, { group: "cards", filter: "details, a", draggable: ".kcard", onEnd: moved });
}
board?.addEventListener("keydown", (event) => {
  if (event.target.matches(".kcard") && event.key === "Enter") one("a", event.target).click();
  if (event.target.matches(".kcard") && event.key === "m") one("summary", event.target)?.click();
});
