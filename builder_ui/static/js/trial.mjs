/* A rule tried on a record: asked again after every edit, and each card shows whether it holds. */
import { all, one } from "/static/js/shell.mjs";
import { wake } from "/static/js/widgets.mjs";
import { wires } from "./builder.mjs";

const box = () => /** @type {any} */ (one("#trial"));
let record = "";

/** @param {string} id */
async function tryOn(id) {
  record = id;
  const answer = await fetch(`${box().dataset.trial}?record=${encodeURIComponent(id)}`, { headers: { "HX-Request": "true" } });
  if (!answer.ok || id !== record) return;
  const held = document.activeElement?.closest("#trial") ? "#trial" : "";
  all("#trial select").forEach((e) => /** @type {any} */ (e).tomselect?.destroy());
  box().innerHTML = await answer.text();
  await wake(box());
  show();
  if (held) one("#trial input, #trial select")?.focus();
  /** @type {any} */ (globalThis).tried = (/** @type {any} */ (globalThis).tried ?? 0) + 1;
}

/** The state of each card beside it. */
function show() {
  for (const place of all("[data-held]")) {
    const found = one(`#trial [data-for="${place.dataset.held}"]`);
    place.className = found ? `held ${found.dataset.state}` : "held";
    place.replaceChildren();
    if (!found) continue;
    const icon = one("svg", found)?.cloneNode(true), value = one("[data-value]", found);
    if (icon) place.append(icon);
    if (value) place.append(...[...value.cloneNode(true).childNodes]);
    else place.textContent = found.dataset.state === "yes" ? "✓" : found.dataset.state === "no" ? "✗" : "";
  }
}

document.addEventListener("change", (event) => {
  const at = /** @type {any} */ (event.target);
  if (at.matches("[data-trial-record]")) tryOn(at.value);
});
document.addEventListener("click", (event) => {
  const at = /** @type {any} */ (event.target).closest?.("[data-try]");
  if (at) tryOn(at.dataset.try);
});
wires.push(() => { if (record) tryOn(record); });
