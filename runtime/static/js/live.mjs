/* A form that answers while one types: computed fields follow, conditions show and hide, rules say what is wrong,
   untouched defaults move along. The trees came with the page; only what they cannot know is asked of the server, which
   decides everything again when the form is sent. */
import { all, one } from "./shell.mjs";
import { build, env, Fault, VERSION } from "./formula.mjs";
import { read, shown, stored, typed } from "./live_values.mjs";

const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
const AWAY = 120;

/** @param {any} tree @returns {string[]} the fields that it reads */
const reads = (tree) => (Array.isArray(tree) ? (tree[0] === "field" ? [tree[2]] : tree.slice(3).flatMap(reads)) : []);

/** @param {any} made with its tree */
const ready = (made) => ({ ...made, run: build(made.tree), reads: reads(made.tree) });
/** @param {Record<string, any>} trees by field */
const readyAll = (trees) => Object.entries(trees).map(([name, made]) => ready({ name, ...made }));

/** @param {any} form @param {{ parts?: () => void, restored?: boolean }} [how] `parts` brings tabs up to date; `restored`: it does not stand as the server drew it */
export function live(form, { parts = () => {}, restored = false } = {}) {
  const page = JSON.parse(one("[data-live]", form)?.textContent ?? "null");
  if (!page || page.version !== VERSION) return;
  const began = performance.now(), touched = new Set();
  const computed = page.computed.map(ready), visible = readyAll(page.visible), valid = readyAll(page.valid), needed = readyAll(page.needed), fixed = readyAll(page.fixed), defaults = readyAll(page.default);
  const sums = Object.entries(page.sums).map(([key, sum]) => ({ key, sum: summing(sum) }));
  const last = new Map(computed.map(({ name, is }) => [name, is]));
  let asked = 0, soon = 0, waiting = 0, writing = false;

  /** What the formulas read, as it stands now; a sum that fails fails who reads it. */
  function facts(/** @type {any} */ here) {
    const data = new FormData(form), found = { ...page.facts, ...page.given };
    for (const [name, spec] of Object.entries(page.fields)) found[name] = read(data, name, spec, page.zone);
    for (const { key, sum } of sums) {
      try { found[key] = sum(found, here); } catch (fault) { Object.defineProperty(found, key, { get() { throw fault; } }); }
    }
    for (const field of computed) found[field.name] = stored(answer(field.run, found, here), field);
    return found;
  }

  function follow() {
    waiting = 0;
    const here = env(page.now + Math.floor((performance.now() - began) * 1000), page.zone), found = facts(here);
    for (const field of computed) tell(field, found[field.name]);
    const every = (/** @type {any[]} */ conditions, /** @type {boolean} */ fails) => Object.fromEntries(conditions.map(({ name, run }) => [name, holds(run, found, here, fails)]));
    show(every(visible, true));
    want(every(needed, false));
    lock(every(fixed, false));
    for (const rule of valid) {
      if ([rule.name, ...rule.reads].some((name) => touched.has(name)) || one(`#why-${rule.name}[data-why=not_valid]`, form)) {
        blame(rule, found[rule.name] === null || found[rule.name]?.length === 0 || holds(rule.run, found, here));
      }
    }
    for (const start of defaults) if (!touched.has(start.name) && start.reads.some((name) => touched.has(name))) move(start, answer(start.run, found, here));
  }

  /** @param {any} field @param {any} value */
  function tell(field, value) {
    if (last.get(field.name) === value) return;
    last.set(field.name, value);
    const place = one(`[data-field="${field.name}"] [data-worked]`, form);
    if (!place) return;
    if (value === null) place.innerHTML = page.words.blank;
    else if (field.as === "checkbox") place.innerHTML = value ? page.words.yes : page.words.no;
    else place.textContent = shown(value, field, language, page.zone);
  }

  /** @param {Record<string, boolean>} found */
  function show(found) {
    let moved = false;
    for (const [name, up] of Object.entries(found)) for (const box of all(`[data-field="${name}"]`, form)) { moved ||= box.hidden === up; box.hidden = !up; }
    if (!moved) return;
    for (const section of all("section", form)) {
      const boxes = all("[data-field]", section);
      if (boxes.length) section.hidden = boxes.every((box) => box.hidden);
    }
    parts();
  }

  /** @param {Record<string, boolean>} found is it to be filled in? */
  function want(found) {
    for (const [name, up] of Object.entries(found)) for (const box of all(`[data-field="${name}"]`, form)) {
      const star = one(".req", box), control = one("[name], [role=group]", box);
      if (star) star.hidden = !up;
      if (up) control?.setAttribute("aria-required", "true"); else control?.removeAttribute("aria-required");
    }
  }

  /** @param {Record<string, boolean>} found is it locked? */
  function lock(found) {
    for (const [name, up] of Object.entries(found)) all(`[data-field="${name}"]`, form).forEach((box) => (box.inert = up));
  }

  /** The message under a field, or none. @param {any} rule @param {boolean} fine */
  function blame(rule, fine) {
    const box = one(`[data-field="${rule.name}"]`, form), control = box && one("[name], [role=group]", box), there = box && one(".err", box);
    if (!control || (there && there.dataset.why !== "not_valid")) return;
    const help = one(":scope > .help", box);
    if (fine) { there?.remove(); control.removeAttribute("aria-invalid"); control.removeAttribute("aria-describedby"); }
    else if (!there) {
      const said = Object.assign(document.createElement("span"), { className: "err", id: `why-${rule.name}`, textContent: rule.mend[language] ?? Object.values(rule.mend)[0] });
      said.setAttribute("role", "alert");
      said.dataset.why = "not_valid";
      box.append(said);
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", said.id);
    }
    if (help) help.hidden = !fine;
  }

  /** A default moves along until somebody types something else, and never under the fingers. @param {any} start @param {any} value */
  function move(start, value) {
    const spec = page.fields[start.name], control = one(`[name="${start.name}"]`, form), text = spec && typed(value, spec, page.zone);
    if (!control || one(`[data-field="${start.name}"]`, form)?.contains(document.activeElement) || text === undefined || spec.several || spec.as === "rows" || spec.as === "choices") return;
    writing = true;
    if (control.type === "checkbox") control.checked = Boolean(value);
    else if (control.type === "radio") all(`[name="${start.name}"]`, form).forEach((each) => (each.checked = each.value === text));
    else if (control._flatpickr) control._flatpickr.setDate(text, false);
    else if (control.tomselect) control.tomselect.setValue(text, true);
    else control.value = text;
    control.dispatchEvent(new Event("change", { bubbles: true }));
    writing = false;
  }

  /** Conditions whose formulas stay on the server, and values over a relation that leads elsewhere now. */
  async function ask() {
    const turn = ++asked;
    const found = await fetch(form.dataset.shown, { method: "POST", body: new URLSearchParams(/** @type {any} */ (new FormData(form))), headers: { Accept: "application/json" } }).catch(() => null);
    if (!found?.ok || turn !== asked) return;
    const told = await found.json();
    Object.assign(page.given, told.given);
    show(told.visible ?? {});
    want(told.needed ?? {});
    lock(told.fixed ?? {});
    follow();
  }

  for (const name of ["input", "change"]) form.addEventListener(name, (/** @type {any} */ event) => {
    const field = event.target.closest("[data-field]")?.dataset.field.split("-")[0] ?? event.target.name;
    if (!writing) touched.add(field);
    waiting ||= requestAnimationFrame(follow);
    if (name === "change" && (page.asks.includes(field) || page.moves.includes(field))) { clearTimeout(soon); soon = setTimeout(ask, AWAY); }
  });
  follow();
  if (restored && (page.asks.length || page.moves.length)) ask();
}

/** @param {any} run @param {any} facts @param {any} here @returns {any} null when it fails */
function answer(run, facts, here) {
  try { return run(facts, here) ?? null; } catch (fault) {
    if (fault instanceof Fault) return null;
    throw fault;
  }
}

/** Does the condition hold? One that fails hides, refuses, asks and locks nothing. @param {any} run @param {any} facts @param {any} here */
function holds(run, facts, here, fails = true) {
  try { return Boolean(run(facts, here)); } catch (fault) {
    if (fault instanceof Fault) return fails;
    throw fault;
  }
}

/** A summary of the rows on the page. @param {any} sum @returns {(facts: any, here: any) => any} */
function summing(sum) {
  const value = sum.value && build(sum.value), where = sum.where && build(sum.where);
  return (facts, here) => {
    const rows = facts[sum.of].filter((/** @type {any} */ row) => !where || where(row, here));
    const values = rows.map((/** @type {any} */ row) => (value ? value(row, here) : 1)), real = values.filter((/** @type {any} */ one) => one !== null && one !== "");
    const total = real.reduce((/** @type {number} */ a, /** @type {number} */ b) => a + b, 0);
    switch (sum.function) {
      case "EXISTS": return values.length > 0;
      case "COUNT": return real.length;
      case "COUNT_DISTINCT": return new Set(real).size;
      case "SUM": return total;
      case "AVERAGE": return real.length ? total / real.length : null;
      default: return real.length ? real.reduce((/** @type {any} */ a, /** @type {any} */ b) => ((sum.function === "MIN") === (a < b) ? a : b)) : null;
    }
  };
}
