/* Lists whose items are dragged, all in one manner. A press of the keys does the same everywhere; this is for pointers. */

/* From another list an item goes in wherever its neighbour is touched, before it or after it: the library as it comes
   has a dead middle there (invertedSwapThreshold). */
const manner = {
  animation: 120, forceFallback: true, fallbackOnBody: true, fallbackTolerance: 4, swapThreshold: 0.6, invertedSwapThreshold: 1,
  emptyInsertThreshold: 24, delayOnTouchOnly: true, delay: 150, preventOnFilter: false,
};

/** Once a list. @param {Element | null | undefined} list @param {object} options of SortableJS */
export function sorts(list, options) {
  const library = /** @type {any} */ (globalThis).Sortable;
  if (list && library && !library.get(list)) library.create(list, { ...manner, ...options });
}
