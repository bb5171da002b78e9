/* A pane of many items takes over what is new in it and leaves the others alone: quicker than comparing every node. */

/** Makes `old` say what `fresh` says. Below [data-keyed] children are known by their id and moved; whatever differs
 * elsewhere is replaced whole. @param {Element} old @param {Element} fresh */
export function patch(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  children(old, fresh);
}

/** @param {Element} old @param {Element} fresh */
export function children(old, fresh) {
  const known = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const id = next instanceof Element ? next.id : "", mine = id ? known.get(id) : at;
    const kept = mine && settle(mine, next);
    const node = kept ? mine : document.importNode(next, true);
    if (kept && node === at) { at = at?.nextSibling ?? null; continue; }
    old.insertBefore(node, at);
    if (!kept && mine && id) { if (mine === at) at = at?.nextSibling ?? null; mine.remove(); known.delete(id); }
  }
  while (at) { const gone = at; at = at.nextSibling; gone.remove(); }
}

/** Can the node that is there stay, brought up to date? @param {Node} mine @param {Node} next */
function settle(mine, next) {
  if (!(mine instanceof Element) || !(next instanceof Element)) return mine.isEqualNode(next);
  if (mine.tagName !== next.tagName || mine.id !== next.id) return false;
  if (next.querySelector("[data-keyed]") || next.hasAttribute("data-keyed")) { patch(mine, next); return true; }
  return mine.outerHTML === next.outerHTML;
}
