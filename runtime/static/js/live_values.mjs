/* Values of a form while it is filled in: read from its controls as the server would store them, shown as it would show
   them. What cannot be read counts as blank. */
import { digits15, numberText, round15 } from "./formula_numbers.mjs";
import { fixed, grouped, stripped } from "./formula_texts.mjs";
import { datetimeText, instantOf, ordinal } from "./formula_dates.mjs";

/** @typedef {{ as: string, scale?: number, unit?: string, currency?: string, zone?: string, several?: boolean, fields?: Record<string, Spec> }} Spec */

const MOST = 1e15, MARKS = ["¥", "￥", "$", "€", "£", "元", "CNY", "RMB", "人民币"], TIMES = { "": 0, 万: 4, 亿: 8 };
const WRITTEN = /^([+-]?(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,4}(?:,\d{4})+)?(?:\.\d+)?\.?)(?:[eE]([+-]?\d{1,3}))?\s*([万亿]?)$/;
const DAY = "(\\d{4})\\s*[-/.年]\\s*(\\d{1,2})\\s*[-/.月]\\s*(\\d{1,2})\\s*日?";
const ONLY_DAY = new RegExp(`^${DAY}$`), WITH_TIME = new RegExp(`^${DAY}[T\\s]*(\\d{1,2})[:：时点]\\s*(\\d{2})分?(?:[:：]?(\\d{2})秒?(?:\\.(\\d{1,9}))?)?\\s*(Z|z|[+-]\\d{2}:?\\d{2})?$`);
const UNSEEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|[\ud800-\udfff]/u;
const MIDNIGHT = /[T ]+0{1,2}:00(:00(\.0+)?)?$/;

/** The figure that a text means, times ten to the power of `more`; null when it means none.
 * @param {string} text @param {string[]} marks that may stand around it */
export function figure(text, marks = [], more = 0) {
  if (text.length > 64) return null;
  const plain = stripped(text.normalize("NFKC").replaceAll("−", "-")), sign = /^[+-]/.test(plain) ? plain[0] : "";
  let body = plain.slice(sign.length);
  for (const mark of marks.map((one) => one.normalize("NFKC")).filter(Boolean)) {
    body = stripped(body);
    if (body.startsWith(mark)) body = body.slice(mark.length);
    if (body.endsWith(mark)) body = body.slice(0, -mark.length);
  }
  const found = WRITTEN.exec(sign + stripped(body));
  if (!found || !/\d/.test(found[1])) return null;
  const power = Number(found[2] ?? 0) + TIMES[/** @type {keyof typeof TIMES} */ (found[3])] + more;
  return Number(`${found[1].replaceAll(",", "").replace(/\.$/, "")}e${power}`);
}

/** @param {number | null} value @param {number | undefined} scale */
function rounded(value, scale) {
  if (value === null || !(Math.abs(value) < MOST)) return null;
  const made = scale === undefined ? digits15(value) : round15(value, scale);
  return Math.abs(made) < MOST ? made + 0 : null;
}

/** @param {number | null} value @param {number} scale */
function scaled(value, scale) {
  const made = rounded(value, scale), units = made === null ? null : Math.round(made * 10 ** scale) + 0;
  return units === null || Math.abs(units) >= MOST ? null : units;
}

/** @param {string[]} parts @returns {string | null} */
function dayOf([year, month, day]) {
  const [y, m, d] = [year, month, day].map(Number), made = `${year}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`;
  if (y === 0 || m < 1 || m > 12 || d < 1) return null;
  const next = m === 12 ? `${String(y + 1).padStart(4, "0")}-01-01` : `${year}-${String(m + 1).padStart(2, "0")}-01`;
  return d > ordinal(next) - ordinal(`${year}-${String(m).padStart(2, "0")}-01`) ? null : made;
}

/** @param {string} raw */
function readDay(raw) {
  const text = stripped(raw).replace(MIDNIGHT, ""), eight = /^(\d{4})(\d{2})(\d{2})$/.exec(text), found = eight ?? ONLY_DAY.exec(text);
  return found ? dayOf(found.slice(1, 4)) : null;
}

/** @param {string} raw @param {string} zone */
function readMoment(raw, zone) {
  const text = stripped(raw), found = WITH_TIME.exec(text), day = found ? dayOf(found.slice(1, 4)) : readDay(text);
  const [hour, minute, second] = found ? found.slice(4, 7).map((part) => Number(part ?? 0)) : [0, 0, 0];
  if (text.length > 64 || day === null || day < "1000" || day >= "9999" || hour > 23 || minute > 59 || second > 59) return null;
  const micros = Number((found?.[7] ?? "").padEnd(6, "0").slice(0, 6));
  const wall = ((ordinal(day) - 719_163) * 86_400 + hour * 3600 + minute * 60 + second) * 1e6;
  if (found?.[8]) { const off = offset(found[8]); return off === null ? null : wall - off + micros; }
  const said = `${day} ${[hour, minute, second].map((part) => String(part).padStart(2, "0")).join(":")}`;
  try {
    const made = instantOf(zone, wall);
    return datetimeText(zone, made) === said ? made + micros : null;  // clocks skip some times
  } catch { return null; }  // there is no such zone
}

/** Microseconds that a written offset is ahead of UTC. @param {string} text */
function offset(text) {
  if (/^z$/i.test(text)) return 0;
  const [, sign, hours, minutes] = /** @type {string[]} */ (/^([+-])(\d{2}):?(\d{2})$/.exec(text)).map(String);
  return Number(hours) > 23 || Number(minutes) > 59 ? null : (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60) * 1e6;
}

/** @type {Record<string, (raw: string, spec: Spec, zone: string) => any>} */
const READ = {
  text: (raw) => (UNSEEN.test(raw) ? null : stripped(raw).replace(/[\t\r\n]+/g, " ")),
  lines: (raw) => (UNSEEN.test(raw) ? null : stripped(raw).replace(/\r\n?/g, "\n")),
  choice: (raw) => raw,
  number: (raw, spec) => rounded(figure(raw, [String(spec.unit ?? "")]), spec.scale),
  money: (raw, spec) => scaled(figure(raw, [...MARKS, spec.currency ?? ""]), spec.scale ?? 2),
  percent: (raw, spec) => rounded(figure(raw, ["%"], -2), (spec.scale ?? 2) + 2),
  date: readDay,
  datetime: (raw, spec, zone) => readMoment(raw, spec.zone ?? zone),
  link: (raw) => (/^\d+$/.test(raw) ? Number(raw) : null),
};

/** The stored value of a control. @param {FormData} data @param {string} name @param {Spec} spec @param {string} zone of the app @returns {any} */
export function read(data, name, spec, zone) {
  const sent = data.getAll(name).filter((one) => typeof one === "string");
  if (spec.as === "checkbox") return sent[0] === "true" ? 1 : 0;
  if (spec.as === "rows") return rows(data, name, spec, zone);
  if (spec.as === "choices") return sent.filter(Boolean);
  if (spec.several) return [...new Set(sent.map((one) => READ[spec.as](one, spec, zone)))].filter((one) => one !== null).sort((a, b) => a - b);
  const raw = /** @type {string} */ (sent[0] ?? "");
  return stripped(raw) ? READ[spec.as](raw, spec, zone) : null;
}

/** Rows in which something stands. @param {FormData} data @param {string} name @param {Spec} spec @param {string} zone */
function rows(data, name, spec, zone) {
  const marks = data.getAll(name).filter((mark) => mark && mark !== "NEW"), entries = [...data.entries()];
  const filled = (/** @type {any} */ mark) => entries.some(([key, value]) => key.startsWith(`${name}-${mark}-`) && !key.endsWith("-_id") && stripped(String(value)));
  return marks.filter(filled).map((mark) => Object.fromEntries(
    Object.entries(spec.fields ?? {}).map(([child, one]) => [child, read(data, `${name}-${mark}-${child}`, one, zone)]),
  ));
}

/** An answer as a field of this shape keeps it; what does not fit is blank. @param {any} value @param {Spec} shape */
export function stored(value, shape) {
  if (value === null || value === "") return null;
  const made = typeof value === "boolean" ? Number(value) : value, figured = typeof made === "number" ? made : null;
  switch (shape.as) {
    case "number": return rounded(figured, shape.scale);
    case "money": return scaled(figured, shape.scale ?? 2);
    case "percent": { const share = rounded(figured, (shape.scale ?? 2) + 2); return share !== null && Math.abs(share) < 1e7 ? share : null; }
    case "checkbox": return figured === 0 || figured === 1 ? figured : null;
    case "datetime": return figured;
    case "date": return typeof made === "string" ? readDay(made) : null;
    default: return typeof made === "string" ? READ.text(made, shape, "") || null : null;
  }
}

/** @param {number} value */
function plainNumber(value) {
  const [whole, rest] = numberText(Math.abs(value)).split(".");
  return (value < 0 ? "-" : "") + grouped(whole) + (rest ? `.${rest}` : "");
}

/** @param {number} units @param {Spec} shape @param {string} language */
function money(units, shape, language) {
  const scale = shape.scale ?? 2, currency = shape.currency ?? "CNY", amount = units / 10 ** scale;
  if (currency !== "CNY") return new Intl.NumberFormat(language, { style: "currency", currency }).format(amount);
  const [whole, rest] = fixed(Math.abs(amount), scale).split(".");
  return `${amount < 0 ? "-" : ""}¥${grouped(whole)}${rest ? `.${rest}` : ""}`;
}

/** A stored value as it is read; checkboxes are the caller's. @param {any} value @param {Spec} shape @param {string} language @param {string} zone */
export function shown(value, shape, language, zone) {
  switch (shape.as) {
    case "number": return plainNumber(value);
    case "money": return money(value, shape, language);
    case "percent": return `${plainNumber(round15(value * 100, shape.scale ?? 2))}%`;
    case "date": return language === "zh" ? value : new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${value}T00:00:00Z`));
    case "datetime": return datetimeText(shape.zone ?? zone, value).slice(0, 16);
    default: return String(value);
  }
}

/** An answer as a control takes it. @param {any} value not stored: a money amount in whole units @param {Spec} spec @param {string} zone */
export function typed(value, spec, zone) {
  if (value === null) return "";
  switch (spec.as) {
    case "number": return numberText(rounded(value, spec.scale) ?? 0);
    case "money": return fixed(Math.abs(round15(value, spec.scale ?? 2)), spec.scale ?? 2).replace(/^/, value < 0 ? "-" : "");
    case "percent": return numberText(round15(value * 100, 6));
    case "datetime": return datetimeText(spec.zone ?? zone, value).slice(0, 16);
    default: return String(value);
  }
}
