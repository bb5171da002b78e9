/* A tour of the page: a few steps, each beside what it tells of. Loaded only when one runs. */
import { all, one, piece } from "/static/js/shell.mjs";
import { looks } from "./formula.mjs";

/** @param {HTMLElement | null} spot */
const inSight = (spot) => Boolean(spot?.checkVisibility({ visibilityProperty: true }) && spot.getClientRects().length);

/** @type {Promise<any> | undefined} */
let worn;
/* what the library sets on the thing it points at, and takes from it afterwards, also where it was there before */
const LENT = ["aria-haspopup", "aria-expanded", "aria-controls"];

/** What a step points at: the thing itself, else what opens it on this screen. @param {string} where */
function spot(where) {
  const found = all(where), shown = found.find(inSight);
  if (shown || !found.length) return shown;
  const pane = found[0].closest("aside");
  return all(pane ? `.sheets [aria-controls="${pane.id}"]` : "[data-test=more]").find(inSight);
}

/** Runs the tour of the page. @param {DOMStringMap} place where its steps, the library and the looks are */
export async function run(place) {
  const [{ driver }, told] = await Promise.all([import(place.guide ?? ""), piece(place.tourAt ?? ""), worn ??= looks(place.guideLooks ?? "")]);
  if (one("[data-test=tour]")) return;
  const { steps, words } = JSON.parse(told), from = /** @type {HTMLElement | null} */ (document.activeElement);
  const shown = steps.map((/** @type {any} */ step) => ({ ...step, element: spot(step.at) })).filter((/** @type {any} */ step) => step.element);
  const kept = shown.map((/** @type {any} */ step) => [step.element, LENT.map((name) => step.element.getAttribute(name))]);
  const tidy = () => kept.forEach(([box, values]) => LENT.forEach((name, n) => (values[n] === null ? box.removeAttribute(name) : box.setAttribute(name, values[n]))));
  const guide = driver({
    animate: !matchMedia("(prefers-reduced-motion: reduce)").matches, duration: 200, overlayOpacity: 0.45, stagePadding: 4, stageRadius: 8, popoverOffset: 8,
    allowKeyboardControl: false, disableActiveInteraction: true, overlayClickBehavior: () => {},
    showProgress: true, progressText: words.progress, nextBtnText: words.next, prevBtnText: words.back, doneBtnText: words.done,
    steps: shown.map((/** @type {any} */ step) => ({ element: step.element, popover: { title: step.title, description: step.text } })),
    onPopoverRender: (/** @type {any} */ box) => dress(box, words),
    onHighlighted: tidy,
    onDestroyed: over, onCloseClick: end,
  });
  let ended = false;
  function over() {
    if (ended) return;
    ended = true;
    tidy();
    removeEventListener("keydown", keys, true);
    back(from);
  }
  /** Left before its first step stood, the library does not say that it is over. */
  function end() { guide.destroy(); over(); }
  /** The page hears no key while a tour runs; Tab goes round its buttons. @param {KeyboardEvent} event */
  function keys(event) {
    if (event.key === "Tab") return;
    event.stopImmediatePropagation();
    const at = /** @type {HTMLElement} */ (event.target);
    if (event.key === "Escape") end();
    else if (event.key === "ArrowRight" || event.key === "ArrowDown") guide.moveNext();
    else if (event.key === "ArrowLeft" || event.key === "ArrowUp") { if (!guide.isFirstStep()) guide.movePrevious(); }
    else if (event.key === "Enter" && !at.closest(".driver-popover button")) guide.moveNext();
    else return;
    event.preventDefault();
  }
  addEventListener("keydown", keys, true);
  guide.drive();
}

/** The library's box in our words: the way out comes last, the way on has the keyboard. @param {any} box @param {any} words */
function dress(box, words) {
  box.wrapper.dataset.test = "tour";
  box.wrapper.setAttribute("aria-modal", "true");
  box.wrapper.append(box.closeButton);
  for (const [button, test, looks] of [[box.closeButton, "tour-skip", "btn ghost sm ic"], [box.previousButton, "tour-back", "btn sm"], [box.nextButton, "tour-next", "btn sm pri"]]) {
    button.dataset.test = test;
    button.className += ` ${looks}`;
  }
  box.previousButton.hidden = box.previousButton.disabled;
  box.closeButton.setAttribute("aria-label", words.skip);
  box.closeButton.title = words.skip;
  queueMicrotask(() => box.nextButton.focus());
}

/** @param {HTMLElement | null} from */
const back = (from) => (inSight(from) ? from : one("#canvas"))?.focus({ preventScroll: true });
