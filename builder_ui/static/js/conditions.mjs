/* The cards of a condition: every click is a command, rows are dragged by their handle or moved with Alt and arrows. */
import { all, one } from "/static/js/shell.mjs";
import { sorts } from "/static/js/sorting.mjs";
import { send, wires } from "./builder.mjs";

/** Cards in a dialog are no part of the page's own document: their commands go elsewhere. @type {((values: any, data?: FormData) => Promise<any>) | null} */
let elsewhere = null;
export const divert = (/** @type {any} */ fn) => (elsewhere = fn);
/** @param {Element} at @param {any} values @param {FormData} [data] */
const act = (at, values, data) => (at.closest("#cards-dialog") && elsewhere ? elsewhere(values, data) : send("cond", values, data));
/** The cards that the command was about, drawn anew. @param {Element} at */
const around = (at) => (at.closest("#cards-dialog") ? "#cards-dialog" : "#canvas");

const cardOf = (/** @type {Element} */ at) => /** @type {any} */ (at.closest("[data-card]"));
const slotOf = (/** @type {Element} */ at) => /** @type {any} */ (at.closest("[data-conditions]"))?.dataset.slot || "when";

document.addEventListener("click", (event) => {
  const at = /** @type {Element} */ (event.target);
  const button = /** @type {any} */ (at.closest("[data-cond]"));
  if (button) { button.closest("details")?.removeAttribute("open"); press(button, JSON.parse(button.dataset.cond)); }
  const as = /** @type {any} */ (at.closest("[data-as]"));
  if (as) show(as.dataset.as);
});

/** What is new takes the keyboard. @param {Element} at @param {any} values */
function press(at, values) {
  const place = around(at), done = act(at, values);
  if (values.do.startsWith("add") || values.do === "where") done.then(() => one(`${place} .item.on select, ${place} .item.on textarea`)?.focus());
  if (values.do === "step" || values.do === "copy") done.then(() => { const now = one(`${place} .item.on [data-grip]`); now?.focus(); tell(now); });
}

/** Sentences or the formula: the page remembers it, not the pane, which is drawn anew. @param {string} what */
function show(what) {
  document.documentElement.dataset.conditions = what;
  mark();
  if (what === "formula") one(".whole textarea, .whole .cm-content")?.focus();
}
function mark() {
  const now = document.documentElement.dataset.conditions ?? "cards";
  all("[data-as]").forEach((e) => { e.classList.toggle("on", e.dataset.as === now); e.setAttribute("aria-pressed", String(e.dataset.as === now)); });
}

document.addEventListener("change", (event) => {
  const at = /** @type {any} */ (event.target), card = cardOf(at);
  if (!card) return;
  const given = { card: card.dataset.card, slot: slotOf(at) };
  if (at.matches("[data-cond-set]")) act(at, { ...given, do: at.dataset.condSet, value: at.value });
  const answers = at.closest("[data-cond-value], [data-cond-text]");
  if (answers) act(at, { ...given, do: answers.matches("[data-cond-text]") ? "text" : "value" }, filled(answers));
});

/** What stands in the controls of one card. @param {HTMLElement} box */
function filled(box) {
  const data = new FormData();
  for (const input of /** @type {any[]} */ (all("input, select, textarea", box))) {
    if (!input.name || ((input.type === "checkbox" || input.type === "radio") && !input.checked)) continue;
    if (input.multiple) all("option:checked", input).forEach((o) => data.append(input.name, /** @type {any} */ (o).value));
    else data.append(input.name, input.value);
  }
  return data;
}

document.addEventListener("keydown", (event) => {
  const at = /** @type {HTMLElement} */ (event.target), card = at.matches?.("[data-grip]") && cardOf(at);
  if (!card) return;
  const given = { card: card.dataset.card, slot: slotOf(at) };
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (event.altKey && by) { event.preventDefault(); press(at, { ...given, do: "step", by }); }
  if (event.key === "Delete") { event.preventDefault(); act(at, { ...given, do: "remove" }); }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "d") { event.preventDefault(); press(at, { ...given, do: "copy" }); }
  if (event.key === "Enter") { event.preventDefault(); one("select", card)?.focus(); }
  if (!event.altKey && by) {
    event.preventDefault();
    const grips = all(`${around(at)} [data-grip]`);
    grips[grips.indexOf(at) + by]?.focus();
  }
});

/** Says aloud where the card is now. @param {any} grip */
function tell(grip) {
  const list = grip?.closest("[data-cards]"), said = one("#card-told");
  if (!list || !said) return;
  const cards = all(":scope > [data-card]", list), n = cards.indexOf(cardOf(grip)) + 1;
  said.textContent = said.dataset.say.replace("{n}", n).replace("{all}", cards.length);
}

export function drags() {
  for (const box of all("[data-cards]")) {
    sorts(box, {
      group: { name: `cards-${box.dataset.scope}`, put: (/** @type {any} */ to, /** @type {any} */ from, /** @type {any} */ el) => to.el.dataset.scope === from.el.dataset.scope && !el.contains(to.el) },
      handle: "[data-grip]", draggable: "[data-card]", onEnd: dropped,
    });
  }
}

/** @param {any} event */
function dropped(event) {
  const { item, from, to, oldDraggableIndex: was, newDraggableIndex: index } = event;
  if (from === to && was === index) return;
  const values = { card: item.dataset.card, slot: slotOf(to), to: to.dataset.cards, index: from === to && index > was ? index + 1 : index };
  from.insertBefore(item, all(":scope > [data-card]", from).filter((e) => e !== item)[was] ?? null); // the server's answer moves it
  act(to, { do: "move", ...values });
}

wires.push(drags, mark);
