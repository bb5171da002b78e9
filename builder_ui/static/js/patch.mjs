/* A pane of many items takes over what is new in it and leaves the others alone: quicker than comparing every node. */
import { all } from "/static/js/shell.mjs";

/** The marks of the pieces that stand here as the server drew them: those it need not send again. */
export const have = () => all(".bld [data-piece]").map((piece) => piece.dataset.piece).join(" ");

/** A piece was altered here: the server sends it again. @param {Element | null | undefined} at something in it */
export const touched = (at) => at?.closest("[data-piece]")?.removeAttribute("data-piece");

/** Makes `target` hold what `text` says; false where a piece that was not sent is not there either: then the page has to
 * be read again. @param {Element} target @param {string} text */
export function patched(target, text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").body;
  held = new Map(all("[data-same]", fresh).map(({ id }) => [id, document.getElementById(id)]));
  const whole = [...held.values()].every(Boolean);
  if (whole) children(target, fresh);
  return whole;
}
/** Pieces that stay, wherever in the pane they were and will be. @type {Map<string, Element | null>} */
let held = new Map();

/** Makes `old` say what `fresh` says. Below [data-keyed] children are known by their id and moved; whatever differs
 * elsewhere is replaced whole. @param {Element} old @param {Element} fresh */
function patch(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  attributes(old, fresh);
  children(old, fresh);
}

/** @param {Element} old @param {Element} fresh */
function attributes(old, fresh) {
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
}

/** @param {Element} old @param {Element} fresh */
function children(old, fresh) {
  const wanted = new Set([...fresh.children].map((child) => child.id));
  for (const child of [...old.children]) if (child.id && !wanted.has(child.id)) child.remove();
  const known = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const id = next instanceof Element ? next.id : "", mine = id ? (held.get(id) ?? known.get(id)) : at;
    if (id && mine && at instanceof Element && at.nextSibling === mine && known.get(at.id) === at) at = mine; // the one before it goes further down
    const kept = mine && settle(mine, next);
    const node = kept ? mine : taken(next);
    if (kept && node === at) { at = at?.nextSibling ?? null; continue; }
    old.insertBefore(node, at);
    if (!kept && mine && id) { if (mine === at) at = at?.nextSibling ?? null; mine.remove(); known.delete(id); }
  }
  while (at) { const gone = at; at = at.nextSibling; gone.remove(); }
}

/** A new node, with the pieces in it that are here already. @param {Node} next */
function taken(next) {
  const node = document.importNode(next, true);
  if (node instanceof Element) all("[data-same]", node).forEach((stub) => { const piece = held.get(stub.id); if (piece) { settle(piece, stub); stub.replaceWith(piece); } });
  return node;
}

/** Can the node that is there stay, brought up to date? @param {Node} mine @param {Node} next */
function settle(mine, next) {
  if (!(mine instanceof Element) || !(next instanceof Element)) return mine.isEqualNode(next);
  if ("same" in /** @type {HTMLElement} */ (next).dataset) { next.removeAttribute("data-same"); attributes(mine, next); return true; }
  if (mine.tagName !== next.tagName || mine.id !== next.id) return false;
  if (next.querySelector("[data-keyed]") || next.hasAttribute("data-keyed")) { patch(mine, next); return true; }
  return mine.outerHTML === next.outerHTML;
}
