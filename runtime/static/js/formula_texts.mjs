/* Texts and lists of formulas: counted and ordered by code point, compared by case, at most 32,767 long. */
import { Fault, finite, numberText, round15 } from "./formula_numbers.mjs";

const LONGEST = 32_767, PAIRS = /[\ud800-\udfff]/;
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const OUTER = new RegExp(`^${SPACE}+|${SPACE}+$`, "g");
const FIGURE = new RegExp(`^${SPACE}*[+-]?(?:\\p{Nd}{1,3}(?:,\\p{Nd}{3})+|\\p{Nd}+)?(?:\\.\\p{Nd}*)?(?:[eE][+-]?\\p{Nd}{1,3})?${SPACE}*%?${SPACE}*$`, "u");

/** The number of characters. @param {string} text */
export const size = (text) => (PAIRS.test(text) ? [...text].length : text.length);
/** @param {string} text @param {number} from @param {number} [to] */
const cut = (text, from, to) => (PAIRS.test(text) ? [...text].slice(from, to).join("") : text.slice(from, to));
/** Without white space at its ends. @param {string} text */
export const stripped = (text) => text.replace(OUTER, "");

/** @param {string} text */
export function short(text) {
  if (text.length > LONGEST && size(text) > LONGEST) throw new Fault("LIMIT");
  return text;
}

/** Is it before the other one, by code point? @param {string} a @param {string} b */
export function below(a, b) {
  if (!PAIRS.test(a) && !PAIRS.test(b)) return a < b;
  const x = [...a], y = [...b], at = x.findIndex((one, n) => one !== y[n]);
  if (at < 0) return x.length < y.length;
  return at < y.length && /** @type {number} */ (x[at].codePointAt(0)) < /** @type {number} */ (y[at].codePointAt(0));
}

/** A count or a place; VALUE below `floor`. @param {number} number @param {number} floor */
function least(number, floor) {
  if (number < floor) throw new Fault("VALUE");
  return Math.trunc(Math.min(number, 40_000));
}

/** Upper or lower case character by character: one stays one. @param {string} text @param {"toUpperCase" | "toLowerCase"} change */
function simple(text, change) {
  return Array.from(text, (old) => { const made = old[change](); return size(made) === 1 ? made : old; }).join("");
}
/** @param {string} text */
const lower = (text) => simple(text, "toLowerCase");

/** @param {string} needle @param {string} text */
function find(needle, text, start = 1) {
  const first = least(start, 1) - 1;
  const at = first <= size(text) ? cut(text, first).indexOf(needle) : -1;
  if (at < 0) throw new Fault("VALUE");
  return first + size(cut(text, first).slice(0, at)) + 1;
}

/** @param {string} text @param {number} start @param {number} count @param {string} made */
function replace(text, start, count, made) {
  const first = least(start, 1) - 1;
  return short(cut(text, 0, first) + made + cut(text, first + least(count, 0)));
}

/** @param {string} text @param {string} old @param {string} made */
function substitute(text, old, made) {
  if (!old) return text;
  const parts = text.split(old);
  if (size(text) + (parts.length - 1) * (size(made) - size(old)) > LONGEST) throw new Fault("LIMIT");
  return parts.join(made);
}

/** @param {string} text @param {number} count */
function rept(text, count) {
  const times = least(count, 0);
  if (size(text) * times > LONGEST) throw new Fault("LIMIT");
  return text.repeat(times);
}

/** Digits of any script as ours: each script has its ten in a row. @param {string} text */
export function ascii(text) {
  return text.replace(/[^\x00-\x7f]/gu, (one) => {
    if (!/\p{Nd}/u.test(one)) return one;
    const code = /** @type {number} */ (one.codePointAt(0));
    let n = 0;
    while (n < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - n - 1))) n += 1;
    return String(code >= 0x1d7ce && code < 0x1d800 ? (code - 0x1d7ce) % 10 : n);
  });
}

/** @param {string} text */
function value(text) {
  const plain = ascii(stripped(text.replaceAll(",", "")));
  const figure = stripped(plain.replace(/[% ]+$/, ""));
  if (!FIGURE.test(text) || !/^[+-]?(?:\d|\.\d)/.test(figure)) throw new Fault("VALUE");
  return finite(Number(figure)) / (plain.endsWith("%") ? 100 : 1);
}

/** @param {string} text */
function unicode(text) {
  if (!text) throw new Fault("VALUE");
  return text.codePointAt(0);
}

/** @param {number} code */
function unichar(code) {
  if (!(code >= 1 && code < 0x110000) || (code >= 0xd800 && code < 0xe000)) throw new Fault("VALUE");
  return String.fromCodePoint(Math.trunc(code));
}

/** Digits with commas. @param {string} digits */
export const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ",");

/** As many decimals as told; `x` has no more. @param {number} x @param {number} places */
export function fixed(x, places) {
  return x < 1e21 ? x.toFixed(Math.min(100, places)) : `${BigInt(x)}${places ? `.${"0".repeat(places)}` : ""}`;
}

/** The first number pattern of the format is filled in; the words around it stay. @param {number} x @param {string} form */
function numeric(x, form) {
  const found = /[#0][#0,]*(?:\.0*)?%?/.exec(form);
  if (!found) return form === "" || form === "@" ? numberText(x) : form;
  const pattern = found[0], [front, back = ""] = pattern.replace(/%$/, "").split(".");
  const rounded = round15(pattern.endsWith("%") ? x * 100 : x, back.length);
  const [whole, rest] = fixed(Math.abs(rounded), back.length).split(".");
  const shown = (pattern.includes(",") ? grouped(whole) : whole).padStart(front.replace(/[^0]/g, "").length, "0");
  const body = rest === undefined ? shown : `${shown}.${rest}`;
  return form.slice(0, found.index) + (rounded < 0 ? "-" : "") + body + (pattern.endsWith("%") ? "%" : "") + form.slice(found.index + pattern.length);
}

/** A date, or a date with time, as ISO text; m after h is minutes. @param {string} text @param {string} form */
function dated(text, form) {
  const [year, month, day, hour, minute, second] = [...text.split(/[-T :]/), "00", "00", "00"];
  if (![month, day, hour].every((part) => /^[0-9]+$/.test(part ?? ""))) throw new Fault("VALUE");
  const parts = {
    yyyy: year, yy: cut(year, 2), mm: month, m: String(Number(month)), dd: day, d: String(Number(day)),
    hh: hour, h: String(Number(hour)), ss: second,
  };
  return form.replace(/(h{1,2}[^\p{L}\p{N}_]?)m{1,2}/giu, (_, hours) => hours + minute)
    .replace(/yyyy|yy|mm|m|dd|d|hh|h|ss/gi, (one) => parts[/** @type {keyof typeof parts} */ (one.toLowerCase())]);
}

const DIGITS = "零壹贰叁肆伍陆柒捌玖", PLACES = ["", "拾", "佰", "仟"];

/** An amount in Chinese capital numerals. @param {number} amount */
function rmbUpper(amount) {
  const cents = Math.round(Math.abs(round15(amount, 2)) * 100);
  if (cents >= 1e14) throw new Fault("NUM");
  const yuan = Math.floor(cents / 100), jiao = Math.floor(cents / 10) % 10, fen = cents % 10;
  const small = (jiao ? `${DIGITS[jiao]}角` : fen && yuan ? "零" : "") + (fen ? `${DIGITS[fen]}分` : "");
  const sign = amount < 0 && cents ? "负" : "";
  return sign + (yuan || !cents ? `${capitals(yuan)}元` : "") + (fen ? small : `${small}整`);
}

/** @param {number} number a whole one below 10**12 */
function capitals(number) {
  let text = "";
  for (const unit of ["", "万", "亿"]) {
    const part = number % 10_000;
    number = Math.floor(number / 10_000);
    const group = [...String(part).padStart(4, "0")].map((c, i) => DIGITS[Number(c)] + (c === "0" ? "" : PLACES[3 - i])).join("");
    text = (part ? group + unit : "零") + text;
  }
  return text.replace(/零+/g, "零").replace(/^零|零$/g, "").replace("零万", "万").replace("零亿", "亿") || "零";
}

/** @param {any[] | null} values @param {string} between @param {string[]} names ids and labels by turns */
function listJoin(values, between, ...names) {
  const labels = new Map();
  for (let i = 0; i < names.length; i += 2) labels.set(names[i], names[i + 1]);
  return (values ?? []).map((one) => labels.get(String(one)) ?? String(one)).join(between);
}

/** @type {Record<string, (...args: any[]) => any>} */
export const FUNCTIONS = {
  "number text": numberText,
  "boolean text": (a) => (a ? "TRUE" : "FALSE"),
  LEN: size,
  UPPER: (a) => simple(a, "toUpperCase"),
  LOWER: lower,
  TRIM: (a) => a.split(" ").filter(Boolean).join(" "),
  CLEAN: (a) => a.replace(/[\x00-\x1f]/g, ""),
  CONTAINS: (a, b) => a.includes(b),
  STARTSWITH: (a, b) => a.startsWith(b),
  ENDSWITH: (a, b) => a.endsWith(b),
  EXACT: (a, b) => a === b,
  EQUALS_IGNORE_CASE: (a, b) => lower(a) === lower(b),
  LEFT: (text, count = 1) => cut(text, 0, least(count, 0)),
  RIGHT: (text, count = 1) => { const kept = least(count, 0); return kept ? cut(text, -kept) : ""; },
  MID: (text, start, count) => { const first = least(start, 1) - 1; return cut(text, first, first + least(count, 0)); },
  REPLACE: replace,
  SUBSTITUTE: substitute,
  REPT: rept,
  FIND: find,
  SEARCH: (needle, text, start = 1) => find(lower(needle), lower(text), start),
  UNICHAR: unichar,
  UNICODE: unicode,
  TEXTJOIN: (between, skip, ...parts) => short(parts.filter((text) => text || !skip).join(between)),
  VALUE: value,
  TEXT: (a, form) => (typeof a === "string" ? dated(a, form) : numeric(a, form)),
  RMB_UPPER: rmbUpper,
  "list join": listJoin,
  "list unique": (values) => [...new Set(values ?? [])],
  "list split": (text, between) => (between ? text.split(between) : [text]).map(stripped).filter(Boolean),
  "list first": (values) => (values?.length ? values[0] : null),
  "list last": (values) => (values?.length ? values[values.length - 1] : null),
};
