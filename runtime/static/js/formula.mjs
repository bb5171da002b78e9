/* A formula in the browser: its typed tree, as engines/core/formula/browser.py writes it, becomes closures. The same
   answers as in Python; no text is ever run as code. */
import { Fault, finite, equal15, less15, most15 } from "./formula_numbers.mjs";
import * as numbers from "./formula_numbers.mjs";
import * as texts from "./formula_texts.mjs";
import * as dates from "./formula_dates.mjs";

export { Fault };

/** @typedef {{ now: number, zone: string, today?: string }} Env `now` in microseconds UTC; `today` follows from it
 * @typedef {Record<string, any>} Facts
 * @typedef {(facts: Facts, env: Env) => any} Run
 * @typedef {[string, string, any, ...any[]]} Tree operation, kind of the result, value, then the terms below */

export const VERSION = 1;
/** Every function that a tree may call, by the name that Python registers it under. */
export const FUNCTIONS = { ...numbers.FUNCTIONS, ...texts.FUNCTIONS, ...dates.FUNCTIONS };

/** The answer as it is stored; throws a Fault. A number is checked to be finite. @param {Tree} tree @returns {Run} */
export function build(tree) {
  const run = made(tree);
  return tree[1] === "number" ? (f, e) => settled(run(f, e)) : run;
}

/** What a formula may know of time. @param {number} now microseconds UTC @param {string} zone @returns {Env} */
export function env(now, zone) {
  return { now, zone, today: dates.dateAt(zone, now) };
}

/** @param {Tree} tree @returns {Run} */
function made(tree) {
  const maker = OPERATIONS[tree[0]] ?? (Object.hasOwn(FUNCTIONS, tree[0]) ? call : null);
  if (!maker) throw new TypeError(`no such operation: ${tree[0]}`);
  return maker(tree, tree.slice(3).map(made));
}

/** @param {any} value */
const settled = (value) => (typeof value === "number" ? finite(value) : value);
/** @param {string} code @returns {never} */
function fail(code) { throw new Fault(code); }

/** A registered function; blank as soon as an argument is, where its tree says so. @param {Tree} tree @param {Run[]} args @returns {Run} */
function call(tree, args) {
  const fn = FUNCTIONS[tree[0]], [a, b, c] = args;
  if (dates.ZONED.has(tree[0])) return (f, e) => { const x = a(f, e); return x === null ? null : fn(e.zone, x); };
  if (args.length > 3 || !args.length) {
    return tree[2]
      ? (f, e) => { const found = args.map((arg) => arg(f, e)); return found.includes(null) ? null : fn(...found); }
      : (f, e) => fn(...args.map((arg) => arg(f, e)));
  }
  if (args.length === 1) return tree[2] ? (f, e) => { const x = a(f, e); return x === null ? null : fn(x); } : (f, e) => fn(a(f, e));
  if (args.length === 2) {
    return tree[2]
      ? (f, e) => { const x = a(f, e), y = b(f, e); return x === null || y === null ? null : fn(x, y); }
      : (f, e) => fn(a(f, e), b(f, e));
  }
  return tree[2]
    ? (f, e) => { const x = a(f, e), y = b(f, e), z = c(f, e); return x === null || y === null || z === null ? null : fn(x, y, z); }
    : (f, e) => fn(a(f, e), b(f, e), c(f, e));
}

/** @param {Tree} tree @returns {Run} */
function fact([, , key]) { return (f) => f[key] ?? null; }

/** Is it as it was stored? Two such numbers are compared as they are. @param {Tree} tree @returns {boolean} */
const exact = (tree) => EXACT.has(tree[0]) || (tree[0] === "scaled" && exact(tree[3]));
const EXACT = new Set(["const", "field", "path"]);

/** Texts are ordered by code point; a blank is never less than anything. @param {string} op @param {Run} a @param {Run} b @param {string} kind @returns {Run} */
function ordered(op, a, b, kind) {
  if (op === ">" || op === ">=") return ordered(op === ">" ? "<" : "<=", b, a, kind);
  if (kind === "text") {
    const { below } = texts;
    return op === "<"
      ? (f, e) => { const x = a(f, e), y = b(f, e); return Boolean(x && y) && below(x, y); }
      : (f, e) => { const x = a(f, e), y = b(f, e); return Boolean(x && y) && !below(y, x); };
  }
  if (kind === "number" || kind === "duration") return op === "<" ? (f, e) => less15(a(f, e), b(f, e)) : (f, e) => most15(a(f, e), b(f, e));
  return op === "<"
    ? (f, e) => { const x = a(f, e), y = b(f, e); return x !== null && y !== null && x < y; }
    : (f, e) => { const x = a(f, e), y = b(f, e); return x !== null && y !== null && x <= y; };
}

/** @param {string} kind @param {Run} a @param {Run} b @returns {Run} */
function equal(kind, a, b) {
  if (kind === "number" || kind === "duration") return (f, e) => equal15(a(f, e), b(f, e));
  if (kind === "text") return (f, e) => (a(f, e) || "") === (b(f, e) || "");
  if (kind === "boolean") return (f, e) => yes(a(f, e)) === yes(b(f, e));
  return (f, e) => a(f, e) === b(f, e);
}

/** @param {any} value */
const yes = (value) => (value === null ? null : value == 1);
/** Has the kind an empty value that counts as blank? @param {Tree} tree */
const hollow = (tree) => tree[1] === "text" || tree[1] === "list";
/** @param {any} value */
const nothing = (value) => value === null || value === "" || (Array.isArray(value) && !value.length);

/** @param {Tree} tree @param {Run[]} args @returns {Run} */
function compared(tree, [a, b]) {
  const op = tree[0], numeric = tree[3][1] === "number" || tree[3][1] === "duration";
  const kind = numeric && exact(tree[3]) && exact(tree[4]) ? "exact" : tree[3][1];
  if (op === "=") return equal(kind, a, b);
  if (op === "<>") { const same = equal(kind, a, b); return (f, e) => !same(f, e); }
  return ordered(op, a, b, kind);
}

/** Conditions and values by turns, a last value. @param {Tree} _ @param {Run[]} args @returns {Run} */
function cases(_, args) {
  const last = args.length - 1;
  if (last === 2) { const [test, then, other] = args; return (f, e) => (test(f, e) ? then(f, e) : other(f, e)); }
  return (f, e) => {
    for (let i = 0; i < last; i += 2) if (args[i](f, e)) return args[i + 1](f, e);
    return args[last](f, e);
  };
}

/** @param {Tree} tree @param {Run[]} args @returns {Run} */
function coalesced(tree, args) {
  const blank = tree.slice(3).map((part) => (hollow(part) ? nothing : (/** @type {any} */ value) => value === null));
  return (f, e) => {
    const last = args.length - 1;
    for (let i = 0; i < last; i++) { const value = args[i](f, e); if (!blank[i](value)) return value; }
    return args[last](f, e);
  };
}

/** @param {Run} value @param {(value: any) => any} then @param {(f: Facts, e: Env) => any} caught @returns {Run} */
function attempt(value, then, caught) {
  return (f, e) => {
    let found;
    try { found = settled(value(f, e)); } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      return caught(f, e);
    }
    return then(found);
  };
}

/** @param {(parts: any[]) => any} fold @returns {(tree: Tree, args: Run[]) => Run} */
const folded = (fold) => (_, args) => (f, e) => fold(args.map((arg) => arg(f, e)));
/** @param {(found: any[], asked: any[]) => boolean} test @returns {(tree: Tree, args: Run[]) => Run} */
const having = (test) => (_, [list, ...asked]) => (f, e) => test(list(f, e) ?? [], asked.map((one) => one(f, e)));

/** @type {Record<string, (tree: Tree, args: Run[]) => Run>} */
export const OPERATIONS = {
  const: ([, , value]) => () => value,
  field: fact,
  path: fact,
  given: fact,
  scaled: ([, , times], [a]) => (f, e) => { const x = a(f, e); return x === null ? null : x / times; },
  TODAY: () => (_, e) => e.today,
  NOW: () => (_, e) => e.now,
  zero: (_, [a]) => (f, e) => a(f, e) ?? 0,
  empty: (_, [a]) => (f, e) => a(f, e) ?? "",
  truth: (_, [a]) => (f, e) => a(f, e) == 1,
  retype: (_, [a]) => a,
  "boolean number": (_, [a]) => (f, e) => (a(f, e) ? 1 : 0),
  "choice text": ([, , pairs], [a]) => { const labels = new Map(pairs); return (f, e) => labels.get(a(f, e)) ?? null; },
  neg: (_, [a]) => (f, e) => -a(f, e),
  "+": (_, [a, b, ...more]) => (more.length
    ? (f, e) => more.reduce((sum, one) => sum + one(f, e), a(f, e) + b(f, e))
    : (f, e) => a(f, e) + b(f, e)),
  "*": (_, [a, b, ...more]) => (more.length
    ? (f, e) => more.reduce((product, one) => product * one(f, e), a(f, e) * b(f, e))
    : (f, e) => a(f, e) * b(f, e)),
  "/": (_, [a, b]) => (f, e) => { const x = a(f, e), y = b(f, e); return y === 0 ? fail("DIV0") : x / y; },
  "&": folded((parts) => texts.short(parts.join(""))),
  and: (_, args) => (args.length === 2 ? ((a, b) => (f, e) => a(f, e) && b(f, e))(args[0], args[1]) : (f, e) => args.every((arg) => arg(f, e))),
  or: (_, args) => (args.length === 2 ? ((a, b) => (f, e) => a(f, e) || b(f, e))(args[0], args[1]) : (f, e) => args.some((arg) => arg(f, e))),
  xor: folded((parts) => parts.filter(Boolean).length % 2 === 1),
  not: (_, [a]) => (f, e) => !a(f, e),
  case: cases,
  coalesce: coalesced,
  isblank: (tree, [a]) => (tree[3][0] === "const" || hollow(tree[3]) ? (f, e) => nothing(a(f, e)) : (f, e) => a(f, e) === null),
  iferror: (_, [value, other]) => attempt(value, (found) => found, other),
  iserror: (_, [value]) => attempt(value, () => false, () => true),
  isvalue: (_, [value]) => attempt(value, (found) => found !== null && found !== "", () => false),
  fault: ([, , code]) => () => fail(code),
  among: ([, , ids], [a]) => { const known = new Set(ids); return (f, e) => known.has(a(f, e)); },
  "has any": having((found, asked) => asked.some((one) => found.includes(one))),
  "has all": having((found, asked) => asked.every((one) => found.includes(one))),
  "list count": (_, [a]) => (f, e) => (a(f, e) ?? []).length,
  "same list": (_, [a, b]) => (f, e) => { const x = new Set(a(f, e) ?? []), y = new Set(b(f, e) ?? []); return x.size === y.size && [...x].every((one) => y.has(one)); },
  "=": compared, "<>": compared, "<": compared, "<=": compared, ">": compared, ">=": compared,
};
