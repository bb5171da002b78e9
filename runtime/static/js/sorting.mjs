/* Lists whose items are dragged, all in one manner. A press of the keys does the same everywhere; this is for pointers. */

import { toast } from "./shell.mjs";

/* From another list an item goes in wherever its neighbour is touched, before it or after it: the library as it comes
   has a dead middle there (invertedSwapThreshold). */
const manner = {
  animation: 120, forceFallback: true, fallbackOnBody: true, fallbackTolerance: 4, swapThreshold: 0.6, invertedSwapThreshold: 1,
  emptyInsertThreshold: 24, delayOnTouchOnly: true, delay: 150, preventOnFilter: false,
};

/** Once a list. A list with `data-refuses` says why when something is let go over it that it does not take; what is let go
 * outside of `within` goes back to where it was.
 * @param {Element | null | undefined} list @param {any} options of SortableJS */
export function sorts(list, options) {
  const library = /** @type {any} */ (globalThis).Sortable;
  if (!list || !library || library.get(list)) return;
  let why = "";
  const onUnchoose = (/** @type {any} */ event) => { why = refusal(library, event); }; // before anything is moved or drawn anew
  const onEnd = (/** @type {any} */ event) => { options.onEnd?.(event); if (why) toast(why, "warn"); };
  const unless = (/** @type {string} */ name) => (/** @type {any} */ event) => (options.within && !below(event)?.closest(options.within) ? back(event) : options[name]?.(event));
  library.create(list, { ...manner, ...options, onUnchoose, onEnd, onAdd: unless("onAdd"), onUpdate: unless("onUpdate") });
}

/** Why the list below the pointer does not take the item; "" when it does, or there is none. @param {any} library @param {any} event */
function refusal(library, event) {
  const { item, from } = event, box = /** @type {any} */ (below(event)?.closest("[data-refuses]")), to = box && library.get(box), start = library.get(from);
  const refused = to && start && to !== start && !item.contains(box) && !to.options.group.checkPut(to, start, item);
  return refused ? box.dataset.refuses : "";
}

/** @param {any} event */
function below({ originalEvent }) {
  const at = originalEvent?.changedTouches?.[0] ?? originalEvent;
  return document.elementFromPoint(at?.clientX ?? 0, at?.clientY ?? 0);
}

/** @param {any} event */
function back({ item, from, oldIndex, pullMode }) {
  if (pullMode === "clone") item.remove();
  else from.insertBefore(item, [...from.children].filter((one) => one !== item)[oldIndex] ?? null);
}
