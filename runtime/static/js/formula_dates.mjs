/* Dates and instants of formulas: dates are ISO text without a zone, instants microseconds UTC read in the app's zone. */
import { Fault } from "./formula_numbers.mjs";
import { ascii, stripped } from "./formula_texts.mjs";

const DAY = 86_400_000_000, EPOCH = 719_163, LAST = 3_652_059, SECOND = 1_000_000;

/** The day's number, 0001-01-01 being 1. @param {number} year @param {number} month @param {number} day */
function number(year, month, day) {
  const y = month > 2 ? year : year - 1, era = Math.floor(y / 400), of = y - era * 400;
  const n = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + of * 365 + Math.floor(of / 4) - Math.floor(of / 100) + n - 305;
}

/** @param {number} ordinal @returns {[number, number, number]} */
function civil(ordinal) {
  const z = ordinal + 305, era = Math.floor(z / 146_097), of = z - era * 146_097;
  const y = Math.floor((of - Math.floor(of / 1460) + Math.floor(of / 36_524) - Math.floor(of / 146_096)) / 365);
  const n = of - (365 * y + Math.floor(y / 4) - Math.floor(y / 100)), m = Math.floor((5 * n + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  return [y + era * 400 + (month <= 2 ? 1 : 0), month, n - Math.floor((153 * m + 2) / 5) + 1];
}

/** @param {number} value @param {number} [width] */
const padded = (value, width = 2) => String(value).padStart(width, "0");
/** @param {number} year @param {number} month @param {number} day */
const written = (year, month, day) => `${padded(year, 4)}-${padded(month)}-${padded(day)}`;
/** @param {string} day @returns {[number, number, number]} */
const parts = (day) => [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10))];
/** @param {string} day */
export const ordinal = (day) => number(...parts(day));
/** @param {number} year @param {number} month */
const monthDays = (year, month) => (month === 12 ? 31 : number(year, month + 1, 1) - number(year, month, 1));

/** NUM outside the years 1 to 9999. @param {number} at */
export function iso(at) {
  if (!(at >= 1 && at <= LAST)) throw new Fault("NUM");
  return written(...civil(Math.trunc(at)));
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const clocks = new Map();
/** How far a zone is ahead of UTC at an instant, in microseconds. @param {string} zone @param {number} instant */
function ahead(zone, instant) {
  if (zone === "UTC") return 0;
  let clock = clocks.get(zone);
  if (!clock) {
    clock = new Intl.DateTimeFormat("en-US", {
      timeZone: zone, era: "short", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23",
    });
    clocks.set(zone, clock);
  }
  const second = Math.floor(instant / SECOND), at = Object.fromEntries(clock.formatToParts(second * 1000).map((part) => [part.type, part.value]));
  const year = at.era === "BC" ? 1 - Number(at.year) : Number(at.year);
  const wall = (number(year, Number(at.month), Number(at.day)) - EPOCH) * 86_400 + Number(at.hour) * 3600 + Number(at.minute) * 60 + Number(at.second);
  return (wall - second) * SECOND;
}

/** The wall clock of a zone: [day's number, microseconds into it]; NUM outside the years 1 to 9999. @param {string} zone @param {number} instant @returns {[number, number]} */
function wall(zone, instant) {
  const inside = (/** @type {number} */ micros) => micros >= (1 - EPOCH) * DAY && micros < (LAST + 1 - EPOCH) * DAY;
  if (!inside(instant)) throw new Fault("NUM");
  const local = instant + ahead(zone, instant);
  if (!inside(local)) throw new Fault("NUM");
  const days = Math.floor(local / DAY);
  return [days + EPOCH, local - days * DAY];
}

/** @param {string} zone @param {number} instant */
export const dateAt = (zone, instant) => written(...civil(wall(zone, instant)[0]));

/** @param {number} micros of a day @returns {[number, number, number]} */
function clock(micros) {
  const seconds = Math.floor(micros / SECOND);
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
}

/** The instant of a wall time in a zone: the first of two, the earlier offset where clocks skip it.
 * @param {string} zone @param {number} local microseconds since 1970 on the wall */
export function instantOf(zone, local) {
  const before = local - ahead(zone, local - DAY), after = local - ahead(zone, local + DAY);
  if (before + ahead(zone, before) === local) return before;
  return after + ahead(zone, after) === local ? after : before;
}

/** @param {string} zone @param {string} day */
function midnight(zone, day) {
  const found = instantOf(zone, (ordinal(day) - EPOCH) * DAY);
  if (found < (1 - EPOCH) * DAY) throw new Fault("NUM");
  return found;
}

/** @param {number} days */
const bounded = (days) => Math.floor(Math.max(-4e6, Math.min(4e6, days)));

/** @param {number} year @param {number} month @param {number} day */
function dateOfParts(year, month, day) {
  const [a, b] = [year, month].map((part) => Math.floor(Math.max(-1e6, Math.min(1e6, part))));
  const y = a + Math.floor((b - 1) / 12), m = b - 1 - Math.floor((b - 1) / 12) * 12 + 1;
  if (y < 1 || y > 9999) throw new Fault("NUM");
  return iso(number(y, m, 1) + bounded(day) - 1);
}

/** Past the year 2255 an instant is the nearest that a double tells, 2 to 32 microseconds away.
 * @param {number} instant @param {number} days */
function addTime(instant, days) {
  if (!(Math.abs(days) < 4e6)) throw new Fault("NUM");
  const moved = Math.floor(days * DAY + 0.5), sum = instant + moved;
  return Number.isSafeInteger(sum) ? sum : Number(BigInt(instant) + BigInt(moved));
}

/** Year and month some months on. @param {string} day @param {number} months @returns {[number, number]} */
function shifted(day, months) {
  if (!(Math.abs(months) <= 120_000)) throw new Fault("NUM");
  const [y, m] = parts(day), at = y * 12 + m - 1 + Math.trunc(months), year = Math.floor(at / 12);
  if (year < 1 || year > 9999) throw new Fault("NUM");
  return [year, at - year * 12 + 1];
}

/** @param {string} day @param {number} months */
function edate(day, months) {
  const [year, month] = shifted(day, months);
  return written(year, month, Math.min(parts(day)[2], monthDays(year, month)));
}

/** @param {string} day */
function eomonth(day, months = 0) {
  const [year, month] = shifted(day, months);
  return written(year, month, monthDays(year, month));
}

/** Monday is 1, Sunday 7. @param {string} day */
const isoDay = (day) => ((ordinal(day) + 6) % 7) + 1;

/** @param {string} day */
function weekday(day, kind = 1) {
  const monday = isoDay(day), made = { 1: (monday % 7) + 1, 2: monday, 3: monday - 1 }[kind];
  if (made === undefined) throw new Fault("NUM");
  return made;
}

/** @param {string} day */
function weeknum(day) {
  const [year] = parts(day), first = written(year, 1, 1);
  return Math.floor((ordinal(day) - ordinal(first) + (isoDay(first) % 7)) / 7) + 1;
}

/** The week of its Thursday. @param {string} day */
function isoWeek(day) {
  const thursday = ordinal(day) + 4 - isoDay(day), year = thursday < 1 ? 0 : thursday > LAST ? 10_000 : civil(thursday)[0];
  return Math.floor((thursday - number(year, 1, 1)) / 7) + 1;
}

/** @param {string} day @param {string} unit */
function startOf(day, unit) {
  if (unit === "week") return iso(Math.max(ordinal(day) - isoDay(day) + 1, 1));
  const [year, month] = parts(day);
  return unit === "day" ? day : written(year, { month, quarter: Math.floor((month - 1) / 3) * 3 + 1, year: 1 }[unit] ?? month, 1);
}

/** @param {string} start @param {string} end @param {string} unit */
function datedif(start, end, unit) {
  if (end < start) throw new Fault("NUM");
  const a = parts(start), b = parts(end), months = (b[0] - a[0]) * 12 + b[1] - a[1] - (b[2] < a[2] ? 1 : 0);
  if (unit === "md") return ordinal(end) - ordinal(edate(start, months));
  return { d: ordinal(end) - ordinal(start), m: months, y: Math.floor(months / 12), ym: months % 12 }[unit];
}

/** @param {string} start @param {string} end */
function days360(start, end) {
  const a = parts(start), b = parts(end), first = Math.min(a[2], 30), last = b[2] === 31 && first === 30 ? 30 : b[2];
  return (b[0] - a[0]) * 360 + (b[1] - a[1]) * 30 + last - first;
}

/** @param {string} text */
function datevalue(text) {
  const found = stripped(text).replace(/[/年月]/g, "-").replaceAll("日", "").split("-").map(stripped);
  if (found.length !== 3 || !found.every((part) => /^\+?\p{Nd}+(?:_\p{Nd}+)*$/u.test(part))) throw new Fault("VALUE");
  const [year, month, day] = found.map((part) => Number(ascii(part.replaceAll("_", ""))));
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > monthDays(year, month)) throw new Fault("VALUE");
  return written(year, month, day);
}

/** Weekdays from Monday 0001-01-01 to a day. @param {number} day */
const workdays = (day) => Math.floor(day / 7) * 5 + Math.min(day - Math.floor(day / 7) * 7, 5);

/** @param {string} start @param {string} end */
function networkdays(start, end) {
  const [first, last] = [ordinal(start), ordinal(end)].sort((a, b) => a - b), count = workdays(last) - workdays(first - 1);
  return start <= end ? count : -count;
}

/** @param {string} day @param {number} count */
function workday(day, count) {
  const moves = Math.trunc(Math.max(-4e6, Math.min(4e6, count))), at = ordinal(day);
  if (!moves) return day;
  const rank = (moves > 0 ? workdays(at) : workdays(at - 1) + 1) + moves - 1, weeks = Math.floor(rank / 5);
  return iso(weeks * 7 + rank - weeks * 5 + 1);
}

/** @param {number} fraction of a day */
const seconds = (fraction) => Math.floor((fraction - Math.floor(fraction)) * 86_400 + 0.0005) % 86_400;
/** @param {number} hour @param {number} minute @param {number} second */
function time(hour, minute, second) { const days = (hour * 3600 + minute * 60 + second) / 86_400; return days - Math.floor(days); }

/** @param {string} zone @param {number} instant */
function timeOfDay(zone, instant) {
  const [, micros] = wall(zone, instant), whole = Math.floor(micros / SECOND);
  return (whole + (micros - whole * SECOND) / 1e6) / 86_400;
}

/** @param {string} zone @param {number} instant */
export function datetimeText(zone, instant) {
  const [day, micros] = wall(zone, instant);
  return `${written(...civil(day))} ${clock(micros).map((part) => padded(part)).join(":")}`;
}

/** Functions that get the name of the app's zone first. */
export const ZONED = new Set(["date of", "midnight", "datetime text", "time of day"]);
/** @type {Record<string, (...args: any[]) => any>} */
export const FUNCTIONS = {
  "date of parts": dateOfParts,
  "add days": (day, days) => iso(ordinal(day) + bounded(days)),
  "add time": addTime,
  "time between": (a, b) => (a - b) / DAY,
  "hours between": (a, b) => (a - b) / (DAY / 24),
  "date of": dateAt,
  midnight,
  "datetime text": datetimeText,
  "time of day": timeOfDay,
  YEAR: (day) => parts(day)[0],
  MONTH: (day) => parts(day)[1],
  DAY: (day) => parts(day)[2],
  QUARTER: (day) => Math.floor((parts(day)[1] + 2) / 3),
  DAYS: (a, b) => ordinal(a) - ordinal(b),
  ISOWEEKNUM: isoWeek,
  HOUR: (t) => Math.floor(seconds(t) / 3600),
  MINUTE: (t) => Math.floor((seconds(t) % 3600) / 60),
  SECOND: (t) => seconds(t) % 60,
  TIME: time,
  WEEKDAY: weekday,
  WEEKNUM: weeknum,
  EDATE: edate,
  EOMONTH: eomonth,
  STARTOF: startOf,
  DATEDIF: datedif,
  DAYS360: days360,
  YEARFRAC: (a, b) => Math.abs(a < b ? days360(a, b) : days360(b, a)) / 360,
  DATEVALUE: datevalue,
  NETWORKDAYS: networkdays,
  WORKDAY: workday,
};
