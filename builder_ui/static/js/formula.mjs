/* The formula editor over a textarea: names and functions offered while typing, mistakes underlined where they are, names
   shown as people call them. The textarea stays what is sent; without this script it is the editor. Loaded only where
   there is a formula on the page. */
import { all, one } from "/static/js/shell.mjs";
import { tell } from "./builder.mjs";

/** @type {any} */
let cm = null;
/** @type {Promise<any> | null} */
let loading = null;
/** Words by what the formula is over. @type {Record<string, Promise<any>>} */
const offered = {};
/** Where the caret was, by editor, when a pane was drawn anew. @type {Record<string, number>} */
const carets = {};

/** An editor over every formula that is to be seen and has none yet. */
export async function enhance() {
  const root = /** @type {any} */ (one(".bld"));
  loading ??= Promise.all([import(root.dataset.editor), looks(root.dataset.editorLooks)]).then(([made]) => (cm = made));
  if (!cm) await loading;
  all("textarea[data-formula], textarea[data-formula-cell]").forEach((box) => { if (!box.dataset.editor && !box.closest("template, [data-tabpanel][hidden]")) edit(box); });
}

/** @param {string} href */
export function looks(href) {
  return new Promise((done) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: done, onerror: done });
    document.head.append(link);
  });
}

/** @param {any} box */
function edit(box) {
  const holder = box.closest("[data-setting], [data-formula-over]"), over = box.dataset.over ?? holder?.dataset.formulaOver ?? "", id = `cm-${box.id || box.dataset.edge}`;
  const form = box.dataset.roleForm ?? "";
  words(over, form);
  box.dataset.editor = "1";
  box.tabIndex = -1;
  box.setAttribute("aria-hidden", "true");
  const host = document.createElement("div");
  host.className = "fx";
  box.before(host);
  const label = box.getAttribute("aria-label") || one(`label[for="${CSS.escape(box.id)}"]`)?.firstChild?.textContent || "";
  let mine = false, before = box.value;
  const view = new cm.EditorView({
    doc: box.value, parent: host,
    extensions: [
      cm.history(), cm.keymap.of([...cm.defaultKeymap, ...cm.historyKeymap]), cm.EditorView.lineWrapping, cm.closeBrackets(), cm.bracketMatching(),
      language, cm.syntaxHighlighting(cm.classHighlighter), chips(),
      cm.autocompletion({ override: [(/** @type {any} */ context) => complete(context, over, form)], icons: false, interactionDelay: 0, addToOptions: [{ render: side, position: 80 }] }),
      cm.EditorView.contentAttributes.of({ "aria-label": label, id, "data-test": `editor-${box.dataset.test ?? id}`, spellcheck: "false" }),
      cm.EditorView.updateListener.of((/** @type {any} */ update) => {
        if (update.selectionSet) carets[id] = update.state.selection.main.head;
        if (!update.docChanged || mine) return;
        mine = true;
        box.value = view.state.doc.toString();
        box.dispatchEvent(new Event("input", { bubbles: true }));
        mine = false;
      }),
      cm.EditorView.domEventHandlers({
        blur: () => { if (box.value !== before) { before = box.value; box.dispatchEvent(new Event("change", { bubbles: true })); } },
        focus: () => { const at = carets[id]; if (at && at <= view.state.doc.length && view.state.selection.main.head === 0) view.dispatch({ selection: { anchor: at } }); },
      }),
    ],
  });
  box.addEventListener("input", () => {
    if (mine || box.value === view.state.doc.toString()) return;
    mine = true;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: box.value } });
    mine = false;
  });
  box.addEventListener("change", () => (before = box.value));
  box.addEventListener("formula-checked", (/** @type {any} */ event) => show(view, event.detail));
  for (const named of all(`label[for="${CSS.escape(box.id)}"]`)) named.addEventListener("click", (event) => { event.preventDefault(); view.focus(); });
  if (holder && box.value.trim()) tell(box, holder);
  const condition = (box.dataset.returns ?? holder?.dataset.returns) === "boolean" || box.matches("[data-edge], [data-row-formula]");
  if (condition && !box.closest("[data-conditions], #cards-dialog")) import("./sentences.mjs").then((cards) => cards.offer(box, host));
}

/** Mistakes underlined, names as chips, as the server read this very text. @param {any} view @param {any} found */
function show(view, found) {
  const text = view.state.doc.toString();
  if (found.text !== text) return;
  const problems = (found.problems ?? []).map((/** @type {any} */ one) => ({ from: Math.min(one.from, text.length), to: Math.min(one.to, text.length), severity: "error", message: one.words }));
  view.dispatch(cm.setDiagnostics(view.state, problems));
  if (found.ok) view.dispatch({ effects: named.of(found.names ?? []) });
}

/** What the names are called. @type {any} */
let named = null;
/** @type {any} */
let field = null;
function chips() {
  if (field) return field;
  class Chip extends cm.WidgetType {
    constructor(/** @type {string} */ words) { super(); this.words = words; }
    eq(/** @type {any} */ other) { return other.words === this.words; }
    toDOM() { return Object.assign(document.createElement("span"), { className: "fx-chip", textContent: this.words }); }
    ignoreEvent() { return false; }
  }
  named = cm.StateEffect.define();
  const made = cm.StateField.define({
    create: () => cm.Decoration.none,
    update(/** @type {any} */ set, /** @type {any} */ change) {
      set = set.map(change.changes);
      for (const effect of change.effects) {
        if (effect.is(named)) set = cm.Decoration.set(effect.value.map((/** @type {any} */ one) => cm.Decoration.replace({ widget: new Chip(one.words) }).range(one.from, one.to)), true);
      }
      if (!change.docChanged) return set;
      const at = change.state.selection.main.head; // a name that is being changed is text again
      return set.update({ filter: (/** @type {number} */ from, /** @type {number} */ to) => at < from || at > to });
    },
    provide: (/** @type {any} */ me) => [cm.EditorView.decorations.from(me), cm.EditorView.atomicRanges.of((/** @type {any} */ view) => view.state.field(me))],
  });
  return (field = made);
}

/** @param {string} over @param {string} form */
function words(over, form) {
  const asked = new URLSearchParams({ over, form });
  return (offered[`${asked}`] ??= fetch(`${one("[data-check]").dataset.check}/words?${asked}`)
    .then((answer) => answer.json())
    .catch(() => { delete offered[`${asked}`]; return { fields: [], functions: [] }; })); // asked for again when the network is back
}

/** Fields and functions that have what was typed, in either language, those that begin with it first. @param {any} context @param {string} over @param {string} form */
async function complete(context, over, form) {
  const typed = context.matchBefore(/[\p{L}\p{N}_.{]+$/u);
  if (!typed && !context.explicit) return null;
  const known = await words(over, form), from = typed ? typed.from : context.pos, asked = (typed?.text ?? "").replace(/^\{/, "").toLowerCase();
  const fields = known.fields.map((/** @type {any} */ f) => ({ label: f.id, displayLabel: f.words, detail: f.id, type: f.kind, says: `${f.words} ${f.id}`, apply: f.id }));
  const functions = known.functions.map((/** @type {any} */ f) => ({ label: f.name, displayLabel: f.words, detail: f.signature, type: "function", says: `${f.words} ${f.name} ${f.aliases}`, apply: called(f.name), info: () => told(f) }));
  const rank = (/** @type {any} */ o) => (o.says.toLowerCase().split(" ").some((/** @type {string} */ w) => w.startsWith(asked)) ? 0 : 1);
  const options = [...fields, ...functions].filter((o) => o.says.toLowerCase().includes(asked)).sort((a, b) => rank(a) - rank(b)).slice(0, 60);
  return options.length ? { from, options, filter: false } : null;
}

/** The name, and the caret between its parentheses. @param {string} name */
function called(name) {
  return (/** @type {any} */ view, /** @type {any} */ _done, /** @type {number} */ from, /** @type {number} */ to) => {
    view.dispatch({ changes: { from, to, insert: `${name}()` }, selection: { anchor: from + name.length + 1 }, userEvent: "input.complete" });
  };
}

/** How a function is called, what it does, an example. @param {any} made */
function told(made) {
  const box = document.createElement("div");
  for (const [tag, text] of [["b", made.signature], ["p", made.help], ["code", made.example]]) box.append(Object.assign(document.createElement(tag), { textContent: text }));
  box.className = "fx-told";
  return box;
}

/** @param {any} option */
function side(option) {
  return Object.assign(document.createElement("span"), { className: "fx-side", textContent: option.type === "function" ? "ƒ" : option.type === "related" ? "⋯" : "" });
}

const WORDS = /^(AND|OR|NOT|WHERE|TRUE|FALSE|BLANK|且|或|非|其中|真|假|空)\b/i;
/** Colours only: what is right is for the server to say. */
const language = {
  get extension() {
    return cm.StreamLanguage.define({
      token(/** @type {any} */ stream) {
        if (stream.eatSpace()) return null;
        if (stream.match(/^"(?:[^"]|"")*"?/) || stream.match(/^“[^”]*”?/)) return "string";
        if (stream.match(/^\d+(\.\d+)?/)) return "number";
        if (stream.match(WORDS)) return "keyword";
        if (stream.match(/^[\p{L}_][\p{L}\p{N}_]*(?=\s*[(（])/u)) return "keyword";
        if (stream.match(/^(\{[^}]*\}|[\p{L}_][\p{L}\p{N}_]*)/u)) return "variableName";
        stream.next();
        return "operator";
      },
    });
  },
};
