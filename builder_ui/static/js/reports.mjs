/* The report designer: fields are dragged onto shelves, clicked, or laid by key; the server draws what comes of it. */
import { all, one } from "/static/js/shell.mjs";
import { drawAll } from "/static/js/charts.mjs";
import { sorts } from "/static/js/sorting.mjs";
import { send, wires } from "./builder.mjs";

const told = JSON.parse(one("#shelf-words").textContent);
const chips = (/** @type {Element} */ shelf) => all(":scope > [data-chip]", shelf);
const presses = { filter: "[data-add], .chip-menu" };
const shelves = () => all("#canvas [data-drop]");

/** Worked-out numbers stand among the values only. */
const put = (to, _from, el) => to.el.dataset.drop === "values" || !(el.hasAttribute("data-named") || el.matches("[data-chip][data-measure]"));

/** Where the answer puts the keyboard: on the chip that was moved. @param {string} shelf @param {number | string} n */
function land(shelf, n, say = "") {
  const chip = one(`#chip-${shelf}-${n} > summary`) ?? one(`#add-${shelf}`);
  chip?.focus({ preventScroll: true });
  if (say) one("#say").textContent = say;
}

/** @param {HTMLElement} el */
const nameOf = (el) => el.dataset.name ?? one(".fill", el)?.textContent ?? "";
/** @param {HTMLElement} shelf */
const called = (shelf) => one(`#shelf-${shelf.dataset.drop}-words`)?.textContent ?? "";

/** @param {HTMLElement} shelf @param {string} name @param {number} index */
const moved = (shelf, name, index) => told.moved.replace("{what}", name).replace("{where}", called(shelf)).replace("{n}", String(index + 1));

/** @param {any} event */
function dropped(event) {
  const { item, to, from } = event, shelf = to.dataset.drop;
  const index = [...to.children].filter((e) => e.hasAttribute("data-chip") || e.hasAttribute("data-field")).filter((e) => e.dataset.n !== "period").indexOf(item);
  const name = nameOf(item), values = { index: Math.max(0, index) };
  if (item.hasAttribute("data-field")) {
    item.remove();
    send("put", { token: item.dataset.token, ...(item.hasAttribute("data-named") ? { named: 1 } : {}), shelf, ...values }).then(() => say(moved(to, name, values.index)));
  } else send("move", { shelf: from.dataset.drop, n: item.dataset.n, to: shelf, ...values }).then(() => land(shelf, values.index, moved(to, name, values.index)));
}

/** @param {string} text */
const say = (text) => { one("#say").textContent = text; };

function sortables() {
  for (const box of all("#side [data-offer]")) {
    sorts(box, { ...presses, group: { name: "fields", pull: "clone", put: false }, sort: false, draggable: "[data-field]" });
  }
  for (const box of shelves()) {
    sorts(box, { ...presses, group: { name: "fields", pull: true, put }, draggable: "[data-chip]:not([data-n=period])", within: "#canvas", onAdd: dropped, onUpdate: dropped });
  }
}
wires.push(sortables, () => drawAll());
addEventListener("load", sortables);
addEventListener("resize", () => drawAll());

/* the menu of fields for one shelf: a search and everything that may stand there */
const menu = one("#field-menu"), find = one("input", menu), list = one("[data-list]", menu);
/** @param {HTMLElement} button */
function offer(button) {
  menu.dataset.shelf = button.dataset.add;
  const values = button.dataset.add === "values";
  list.replaceChildren(...all("#side [data-field]").filter((f) => values || !f.hasAttribute("data-named")).map((f) => {
    const copy = /** @type {HTMLElement} */ (f.cloneNode(true)), whole = one(".fill", copy);
    copy.removeAttribute("id");
    copy.dataset.test = `pick-${copy.dataset.token}`;
    whole.textContent = whole.title;
    return copy;
  }));
  find.value = "";
  menu.showPopover();
  const at = button.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(at.bottom + 4, innerHeight - menu.offsetHeight - 8))}px`;
  find.focus();
}
find.addEventListener("input", () => search(find.value, list));
menu.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
  const seen = all("[data-field]:not([hidden])", list), at = seen.indexOf(/** @type {any} */ (document.activeElement));
  if (event.key === "ArrowDown") { event.preventDefault(); seen[Math.min(at + 1, seen.length - 1)]?.focus(); }
  if (event.key === "ArrowUp") { event.preventDefault(); (at > 0 ? seen[at - 1] : find).focus(); }
  if (event.key === "Enter" && document.activeElement === find) { event.preventDefault(); seen[0]?.click(); }
  if (event.key === "Escape") one(`#add-${menu.dataset.shelf}`)?.focus();
});

/** @param {string} text @param {ParentNode} root */
function search(text, root) {
  const wanted = text.trim().toLowerCase();
  for (const field of all("[data-field]", root)) field.hidden = !(field.dataset.words ?? "").toLowerCase().includes(wanted);
  for (const group of all("[data-group]", root)) {
    group.hidden = !one("[data-field]:not([hidden])", group);
    if (group.matches("details")) /** @type {any} */ (group).open = Boolean(wanted) && !group.hidden;
  }
}

document.addEventListener("input", (event) => {
  const box = /** @type {any} */ (event.target);
  if (box.id === "find-field") search(box.value, one("#side"));
});
document.addEventListener("change", (event) => {
  const box = /** @type {any} */ (event.target);
  if (box.matches("[data-source]")) send("source", { value: box.value });
});

/** @param {HTMLElement} field @param {string} [shelf] */
function lay(field, shelf) {
  const named = field.hasAttribute("data-named") ? { named: 1 } : {};
  send("put", { token: field.dataset.token, ...named, ...(shelf ? { shelf } : {}) }).then(() => {
    const opened = one("[data-chip][open] > .chip-menu select, [data-chip][open] > .chip-menu button");
    if (opened) opened.focus();
    else if (shelf) land(shelf, chips(one(`[data-drop=${shelf}]`)).length - 1);
  });
}

document.addEventListener("click", (event) => {
  const at = /** @type {HTMLElement} */ (event.target);
  const picked = /** @type {HTMLElement} */ (at.closest("#field-menu [data-field]"));
  if (picked) { menu.hidePopover(); lay(picked, menu.dataset.shelf); return; }
  const field = /** @type {HTMLElement} */ (at.closest("#side [data-field]"));
  if (field) { lay(field); return; }
  const add = /** @type {HTMLElement} */ (at.closest("[data-add]"));
  if (add) { offer(add); return; }
  const why = /** @type {HTMLElement} */ (at.closest("[data-why]"));
  if (why) { one("#strip-why").textContent = why.dataset.why ?? ""; return; }
  const chip = /** @type {HTMLElement} */ (at.closest("[data-chip]"));
  if (!chip) return;
  if (at.closest("[data-take]")) gone(chip);
  if (at.closest("[data-step]")) step(chip, Number(/** @type {any} */ (at.closest("[data-step]")).dataset.step));
  if (at.closest("[data-to]")) across(chip, /** @type {any} */ (at.closest("[data-to]")).dataset.to);
});

/** @param {HTMLElement} chip */
function gone(chip) {
  const { shelf, n } = chip.dataset, name = nameOf(chip);
  send("take", { shelf, n }).then(() => land(shelf ?? "", Math.max(0, Number(n) - 1) || 0, told.removed.replace("{what}", name)));
}
/** @param {HTMLElement} chip @param {number} by */
function step(chip, by) {
  const shelf = /** @type {HTMLElement} */ (chip.parentElement), to = Number(chip.dataset.n) + by, name = nameOf(chip);
  if (to < 0 || to >= chips(shelf).length) return;
  send("move", { shelf: chip.dataset.shelf, n: chip.dataset.n, to: chip.dataset.shelf, index: to }).then(() => land(chip.dataset.shelf ?? "", to, moved(shelf, name, to)));
}
/** @param {HTMLElement} chip @param {string} to */
function across(chip, to) {
  const name = nameOf(chip), other = one(`[data-drop=${to}]`), index = chips(other).filter((e) => e.dataset.n !== "period").length;
  send("move", { shelf: chip.dataset.shelf, n: chip.dataset.n, to, index }).then(() => land(to, index, moved(other, name, index)));
}

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const chip = /** @type {HTMLElement} */ (form.closest("[data-chip]"));
  if (!chip) return;
  event.preventDefault();
  const data = new FormData(form), back = () => land(chip.dataset.shelf ?? "", chip.dataset.n ?? 0);
  if (form.matches("[data-cut]")) send("cut", { n: form.dataset.n }, data).then(back);
  if (form.matches("[data-span]")) send("period", {}, data).then(back);
  if (form.matches("[data-condition-text]")) send("formula", {}, data).then(back);
});

/* keys on a chip: along its shelf, to the next shelf, away */
document.addEventListener("keydown", (event) => {
  const at = /** @type {HTMLElement} */ (event.target), chip = /** @type {HTMLElement} */ (at.closest?.("summary")?.parentElement);
  if (!chip?.matches("[data-chip]")) return;
  const along = { ArrowLeft: -1, ArrowRight: 1 }[event.key], over = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); gone(chip); }
  if (event.altKey && along && chip.dataset.n !== "period") { event.preventDefault(); step(chip, along); }
  else if (along) { event.preventDefault(); const row = all("#canvas [data-chip] > summary"); row[row.indexOf(/** @type {any} */ (at.closest("summary"))) + along]?.focus(); }
  if (event.altKey && over && chip.dataset.n !== "period") {
    event.preventDefault();
    const rows = shelves().filter((s) => !chip.hasAttribute("data-measure") || s.dataset.drop === "values"), next = rows[rows.indexOf(/** @type {any} */ (chip.parentElement)) + over];
    if (next) across(chip, next.dataset.drop ?? "");
  }
});
