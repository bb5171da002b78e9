/* Sections of a form: neighbours that are tabs stand behind one row of buttons, folded ones open when asked. */
import { all } from "./shell.mjs";

/** Sections below an element become tabs and folds; comes back with what brings them up to date.
 * @param {ParentNode} root @returns {() => void} */
export function sections(root) {
  const rows = [];
  /** @type {HTMLElement[]} */
  let row = [];
  for (const section of [...all("section", root), null]) {
    if (section?.matches("[data-tabbed]")) { row.push(section); continue; }
    if (row.length) rows.push(tabs(row));
    row = [];
  }
  for (const section of all("[data-folded]", root)) fold(section);
  const update = () => rows.forEach((row) => row());
  update();
  return update;
}

/** @param {HTMLElement[]} row */
function tabs(row) {
  const bar = document.createElement("div");
  bar.className = "tabs";
  bar.setAttribute("role", "tablist");
  const buttons = row.map((section, n) => {
    const button = document.createElement("button"), id = section.id || (section.id = `tab-${n}-${row.length}`);
    Object.assign(button, { type: "button", textContent: section.querySelector("h2")?.textContent ?? String(n + 1) });
    button.setAttribute("role", "tab");
    button.setAttribute("aria-controls", id);
    button.dataset.test = `to-${id}`;
    button.onclick = () => show(n);
    section.setAttribute("role", "tabpanel");
    section.querySelector("h2")?.setAttribute("hidden", "");
    bar.append(button);
    return button;
  });
  bar.onkeydown = (event) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!by) return;
    const seen = buttons.filter((button) => !button.hidden), at = seen.indexOf(/** @type {any} */ (document.activeElement));
    const next = seen[(at + by + seen.length) % seen.length];
    next.click();
    next.focus();
  };
  row[0].before(bar);
  let open = Math.max(0, row.findIndex((section) => section.querySelector("[aria-invalid=true]")));
  /** @param {number} n */
  function show(n) {
    open = n;
    const shown = row.findIndex((section, m) => m === n && !section.hidden) >= 0 ? n : row.findIndex((section) => !section.hidden);
    row.forEach((section, m) => section.toggleAttribute("data-away", m !== shown));
    buttons.forEach((button, m) => {
      button.hidden = row[m].hidden;
      button.classList.toggle("on", m === shown);
      button.setAttribute("aria-selected", String(m === shown));
      button.tabIndex = m === shown ? 0 : -1;
    });
  }
  return () => show(open);
}

/** @param {HTMLElement} section */
function fold(section) {
  const head = section.querySelector("h2"), body = /** @type {HTMLElement | null} */ (section.querySelector(".cols, .props"));
  if (!head || !body || section.matches("[data-tabbed]") || section.querySelector("[aria-invalid=true]")) return;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "fold" });
  button.append(...head.childNodes);
  head.append(button);
  const set = (/** @type {boolean} */ up) => { body.hidden = up; button.setAttribute("aria-expanded", String(!up)); };
  button.onclick = () => set(!body.hidden);
  set(true);
}
