/* Numbers of formulas: compared, rounded and written with 15 significant decimal digits, as people see them. */

/** A formula has no value here; `code` says why. No Error: those are slow to make, and nobody reads their stack. */
export class Fault {
  /** @param {string} code */
  constructor(code) { this.code = code; }
}

const NEAR = 1e-14, ROOM = 700, TENS = Array.from({ length: 10 }, (_, n) => Number(`1e${n}`));

/** @param {number} x */
export function finite(x) {
  if (!Number.isFinite(x)) throw new Fault("NUM");
  return x;
}

/** [sign, 15 digits, place]: 0.digits times ten to the place. A tie in the 16th digit goes to the even one, as in C.
 * @param {number} x @returns {[string, string, number]} */
function seen(x) {
  const sign = x < 0 ? "-" : "", size = Math.abs(x);
  let [digits, power] = size.toExponential(14).split("e");
  if (size.toExponential(15).split("e")[0].endsWith("5")) {
    const [exact, place] = size.toExponential(60).split("e"), kept = exact.replace(".", "");
    if (/^50*$/.test(kept.slice(15)) && Number(kept[14]) % 2 === 0) [digits, power] = [`${kept[0]}.${kept.slice(1, 15)}`, place];
  }
  return [sign, digits.replace(".", ""), Number(power) + 1];
}

/** The number that 15 significant digits say. @param {number} x */
export function digits15(x) {
  if (Number.isInteger(x) && Math.abs(x) < 1e15) return x;
  const [sign, digits, place] = seen(finite(x));
  return Number(`${sign}0.${digits}e${place}`);
}

/** Equal in 15 digits; blank equals blank only. @param {number | null} a @param {number | null} b */
export function equal15(a, b) {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return Math.abs(a - b) <= NEAR * Math.abs(a) && digits15(a) === digits15(b);
}

/** @param {number | null} a @param {number | null} b */
export const less15 = (a, b) => a !== null && b !== null && a < b && !equal15(a, b);
/** @param {number | null} a @param {number | null} b */
export const most15 = (a, b) => a !== null && b !== null && (a < b || equal15(a, b));

/** @param {number} x */
const floor15 = (x) => Math.floor(digits15(x)) + 0;
/** @param {number} x */
const ceil15 = (x) => Math.ceil(digits15(x)) + 0;
/** @param {number} x */
const trunc15 = (x) => Math.trunc(digits15(x)) + 0;
/** @param {number} places */
const clamp = (places) => Math.trunc(Math.max(-300, Math.min(300, places)));

/** Half away from zero, on the 15 digits that people see: 1.005 to two places is 1.01. @param {number} x */
export function round15(x, places = 0) {
  const n = clamp(places);
  if (n >= 0 && n <= 9 && Math.abs(x) < 1e5) {
    const scaled = Math.abs(x) * TENS[n], part = scaled - Math.floor(scaled);
    if (Math.abs(part - 0.5) > 1e-6) return (x < 0 ? -1 : 1) * (Math.floor(scaled + 0.5) / TENS[n]) + 0;
  }
  return quantized(x, n, (next) => next >= "5");
}

/** @param {number} x @param {number} n @param {(next: string, rest: string) => boolean} up away from zero, seen what is cut off */
function quantized(x, n, up) {
  if (x === 0) return 0;
  const [sign, digits, place] = seen(finite(x)), kept = place + n;
  if (kept >= 15) return digits15(x);
  const head = kept > 0 ? digits.slice(0, kept) : "0", tail = kept >= 0 ? digits.slice(kept) : "0".repeat(-kept) + digits;
  const whole = BigInt(head) + (up(tail[0], tail) ? 1n : 0n);
  return Number(`${sign}${whole}e${-n}`) + 0;
}

/** @param {number} x */
const roundDown = (x, places = 0) => quantized(x, clamp(places), () => false);
/** @param {number} x */
const roundUp = (x, places = 0) => quantized(x, clamp(places), (_, tail) => /[1-9]/.test(tail));

/** Plain digits, never an exponent, at most 15 of them significant. @param {number} x */
export function numberText(x) {
  if (x === 0) return "0";
  const [sign, all, place] = seen(x), digits = all.replace(/0+$/, "");
  if (place <= 0) return `${sign}0.${"0".repeat(-place)}${digits}`;
  return digits.length <= place ? sign + digits.padEnd(place, "0") : `${sign}${digits.slice(0, place)}.${digits.slice(place)}`;
}

/** @param {number} a @param {number} b */
function divided(a, b) {
  if (b === 0) throw new Fault("DIV0");
  return finite(a / b);
}

/** @param {boolean} wrong @param {string} [code] */
function unless(wrong, code = "NUM") { if (wrong) throw new Fault(code); }

/** @param {number} a @param {number} b */
function power(a, b) {
  if (a === 0) { unless(b < 0); return b === 0 ? 1 : 0; }
  const weight = b * Math.log(Math.abs(a));
  unless(weight > ROOM || (a < 0 && b !== Math.floor(b)));
  return weight < -ROOM ? 0 : a ** b;
}

/** @param {number} x */
function whole(x) { unless(x < 0); return BigInt(Math.trunc(Math.min(x, 9e15))); }
/** @param {bigint} a @param {bigint} b @returns {bigint} */
const common = (a, b) => (b ? common(b, a % b) : a);

/** @param {number} a */
function fact(a) {
  unless(!(a >= 0 && a < 171));
  let product = 1n;
  for (let n = 2n; n <= BigInt(Math.trunc(a)); n++) product *= n;
  return Number(product);
}

/** @param {any[]} values */
const listed = (values) => values.filter((value) => value !== null);
/** @param {number[]} values */
const total = (values) => values.reduce((sum, value) => sum + value, 0);
/** @param {any[]} values @param {(a: any, b: any) => boolean} wins */
const best = (values, wins) => listed(values).reduce((held, value) => (held === null || wins(value, held) ? value : held), null);

/** The variance of a sample. @param {any[]} values */
function spread(values) {
  const real = listed(values);
  unless(real.length < 2, "DIV0");
  const mean = total(real) / real.length;
  return total(real.map((value) => (value - mean) ** 2)) / (real.length - 1);
}

/** @param {any[]} values */
function median(values) {
  const real = listed(values).sort((a, b) => a - b), half = real.length >> 1;
  if (!real.length) return null;
  return real.length % 2 ? real[half] : (real[half - 1] + real[half]) / 2;
}

/** @param {number[]} values the place comes last */
function large(values) {
  const rest = values.slice(0, -1), place = values[values.length - 1];
  unless(!(place >= 1 && place <= rest.length));
  return rest.sort((a, b) => b - a)[Math.trunc(place) - 1];
}

/** @param {(step: number) => number} round @returns {(a: number, step?: number) => number} */
const stepped = (round) => (a, step = 1) => (step ? round(finite(a / Math.abs(step))) * Math.abs(step) + 0 : 0);

/** @type {Record<string, (...args: any[]) => any>} */
export const FUNCTIONS = {
  ABS: (a) => Math.abs(a),
  INT: floor15,
  TRUNC: roundDown,
  ROUND: round15,
  ROUNDDOWN: roundDown,
  ROUNDUP: roundUp,
  SIGN: (a) => (a > 0 ? 1 : 0) - (a < 0 ? 1 : 0),
  MOD: (a, b) => a - b * Math.floor(divided(a, b)),
  QUOTIENT: (a, b) => trunc15(divided(a, b)),
  CEILING: stepped(ceil15),
  FLOOR: stepped(floor15),
  EVEN: (a) => (a < 0 ? -1 : 1) * ceil15(Math.abs(a) / 2) * 2 + 0,
  ODD: (a) => (a < 0 ? -1 : 1) * (ceil15(Math.max((Math.abs(a) - 1) / 2, 0)) * 2 + 1),
  POWER: power,
  SQRT: (a) => { unless(a < 0); return Math.sqrt(a); },
  EXP: (a) => { unless(a > ROOM); return a < -ROOM ? 0 : Math.exp(a); },
  LN: (a) => { unless(a <= 0); return Math.log(a); },
  LOG: (a, base = 10) => { unless(a <= 0 || base <= 0 || base === 1); return Math.log(a) / Math.log(base); },
  PI: () => Math.PI,
  GCD: (a, b) => Number(common(whole(a), whole(b))),
  LCM: (a, b) => { const x = whole(a), y = whole(b); return x && y ? Number((x / common(x, y)) * y) : 0; },
  FACT: fact,
  SUMSQ: (...values) => total(values.map((value) => value * value)),
  PRODUCT: (...values) => finite(values.reduce((product, value) => product * value, 1)),
  STDEV: (...values) => Math.sqrt(spread(values)),
  VAR: (...values) => spread(values),
  MEDIAN: (...values) => median(values),
  LARGE: (...values) => large(values),
  "sum of": (...values) => total(listed(values)),
  "average of": (...values) => { const real = listed(values); return real.length ? total(real) / real.length : null; },
  "least of": (...values) => best(values, (a, b) => a < b),
  "greatest of": (...values) => best(values, (a, b) => a > b),
  "count of": (...values) => listed(values).length,
};
