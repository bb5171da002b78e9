"""Dates without a zone, instants with the app's zone: today, parts, distances, moves."""

import calendar
import math
import re
from datetime import date
from typing import TYPE_CHECKING

from ..env import DAY, date_at, local, midnight
from ..faults import FormulaFault
from ..nodes import Call
from ..operators import moved
from ..tree import Term, constant
from ..types import DATE, DATETIME, NUMBER, UNKNOWN
from .base import Param, Shape, function, hidden, special

if TYPE_CHECKING:
    from ..check import Checker

FIRST, LAST = date.min.toordinal(), date.max.toordinal()
FLOOR = "floor(least(greatest({b}, -4000000), 4000000))::int"
LOCAL = "((timestamptz 'epoch' + {a} * interval '1 microsecond') AT TIME ZONE {zone})"


def iso(ordinal: float) -> str:
    if not FIRST <= ordinal <= LAST:
        raise FormulaFault("NUM")
    return date.fromordinal(int(ordinal)).isoformat()


def ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def shifted(day: date, months: float) -> tuple[int, int]:
    """Year and month some months on; NUM outside the years 1 to 9999."""
    if abs(months) > 120_000:
        raise FormulaFault("NUM")
    year, month = divmod(day.year * 12 + day.month - 1 + math.trunc(months), 12)
    if not 1 <= year <= 9999:
        raise FormulaFault("NUM")
    return year, month + 1


def clock(term: Term) -> Shape:
    def shape(checker: "Checker", node: Call) -> Term:
        checker.counted(node, 0, 0)
        return term

    return shape


TODAY = Term("TODAY", DATE)
special("TODAY 今天", zh="今天（应用的时区）", en="Today in the app's zone", example="TODAY() - 30")(clock(TODAY))
special("NOW 现在", zh="此刻", en="This instant", example="NOW()")(clock(Term("NOW", DATETIME)))


@special(
    "DAYS_SINCE 距今天数",
    zh="过去了几天；没有日期则为空",
    en="Days gone by; blank without a date",
    example="DAYS_SINCE(paid_at) > 30",
)
def days_since(checker: "Checker", node: Call) -> Term:
    if not checker.counted(node, 1, 1):
        return Term("const", UNKNOWN)
    day = checker.want(node.args[0], "date")
    return Term("DAYS", NUMBER, (TODAY, day), blank=day.blank)


@special(
    "HOURS_SINCE 距今小时数",
    zh="过去了几小时；没有时间则为空",
    en="Hours gone by; blank without a time",
    example="HOURS_SINCE(paid_at) > 2",
)
def hours_since(checker: "Checker", node: Call) -> Term:
    if not checker.counted(node, 1, 1):
        return Term("const", UNKNOWN)
    moment = checker.want(node.args[0], "datetime")
    return Term("hours between", NUMBER, (Term("NOW", DATETIME), moment), blank=moment.blank)


@special(
    "DATE 日期",
    zh="由年、月、日得日期，或取日期时间的日期",
    en="A date of year, month and day, or of a date with time",
    example="DATE(2026, 11, 22)",
)
def date_(checker: "Checker", node: Call) -> Term:
    if len(node.args) == 1:
        return checker.want(node.args[0], "date")
    if not checker.counted(node, 3, 3):
        return Term("const", UNKNOWN)
    return Term("date of parts", DATE, tuple(checker.want(arg, "number") for arg in node.args))


PARTS = (
    "(SELECT CASE WHEN k BETWEEN 0 AND 3652058 THEN to_char(date '0001-01-01' + k, 'YYYY-MM-DD') END FROM (SELECT"
    " CASE WHEN y * 12 + m BETWEEN 13 AND 119988 THEN ((make_date(1, 1, 1) + make_interval(months => y * 12 + m - 13))::date"
    " - date '0001-01-01') + d - 1 END AS k FROM (SELECT {y} AS y, {m} AS m, {d} AS d) AS p) AS q)"
).replace("{y}", FLOOR.replace("{b}", "{a}").replace("4000000", "20000")).replace(
    "{m}", FLOOR.replace("4000000", "200000")
).replace("{d}", FLOOR.replace("{b}", "{c}"))  # fmt: skip


@hidden("date of parts", "number, number, number", "date", pg=PARTS, faults="NUM")
def date_of_parts(year: float, month: float, day: float) -> str:
    y, m = (math.floor(max(-1e6, min(1e6, part))) for part in (year, month))
    y, m = y + (m - 1) // 12, (m - 1) % 12 + 1
    if not 1 <= y <= 9999:
        raise FormulaFault("NUM")
    return iso(date(y, m, 1).toordinal() + math.floor(max(-4e6, min(4e6, day))) - 1)


ADD = (
    "(SELECT CASE WHEN k BETWEEN 0 AND 3652058 THEN to_char(date '0001-01-01' + k, 'YYYY-MM-DD') END"
    " FROM (SELECT ({a}::date - date '0001-01-01') + " + FLOOR + " AS k) AS q)"
)


@hidden("add days", "date, number", "date", pg=ADD, faults="NUM")
def add_days(day: str, days: float) -> str:
    return iso(ordinal(day) + math.floor(max(-4e6, min(4e6, days))))


@hidden("add time", "any, number", "datetime", faults="NUM",
        pg="CASE WHEN abs({b}) < 4000000 THEN {a} + floor({b} * 86400000000 + 0.5)::bigint END")  # fmt: skip
def add_time(instant: int, days: float) -> int:
    if abs(days) >= 4e6:
        raise FormulaFault("NUM")
    return instant + math.floor(days * DAY + 0.5)


@hidden("time between", "any, any", "number", pg="({a} - {b}) / 86400000000::float8")
def time_between(a: int, b: int) -> float:
    return (a - b) / DAY


@hidden("hours between", "any, any", "number", pg="({a} - {b}) / 3600000000::float8")
def hours_between(a: int, b: int) -> float:
    return (a - b) / (DAY / 24)


@hidden("date of", "any", "date", zone=True, pg="to_char(" + LOCAL + ", 'YYYY-MM-DD')")
def date_of(zone: str, instant: int) -> str:
    return date_at(instant, zone)


@hidden("midnight", "date", "datetime", zone=True,
        pg="round(extract(epoch FROM ({a}::timestamp AT TIME ZONE {zone})) * 1000000)::bigint")  # fmt: skip
def midnight_of(zone: str, day: str) -> int:
    return midnight(day, zone)


@hidden("datetime text", "any~", "text", zone=True, pg="to_char(" + LOCAL + ", 'YYYY-MM-DD HH24:MI:SS')")
def datetime_text(zone: str, instant: int) -> str:
    return local(instant, zone).strftime("%Y-%m-%d %H:%M:%S")


@hidden("time of day", "any", "number", zone=True, pg="extract(epoch FROM " + LOCAL + "::time)::float8 / 86400")
def time_of_day(zone: str, instant: int) -> float:
    wall = local(instant, zone)
    return (wall.hour * 3600 + wall.minute * 60 + wall.second + wall.microsecond / 1e6) / 86400


function("YEAR 年 年份", "date", pg="substr({a}, 1, 4)::float8", zh="年份", en="The year", example="YEAR(birthday)")(
    lambda d: float(d[:4])
)
function("MONTH 月 月份", "date", pg="substr({a}, 6, 2)::float8", zh="月份", en="The month", example="MONTH(birthday)")(
    lambda d: float(d[5:7])
)
function(
    "DAY 日", "date", pg="substr({a}, 9, 2)::float8", zh="几号", en="The day of the month", example="DAY(birthday)"
)(lambda d: float(d[8:10]))
function(
    "QUARTER 季度",
    "date",
    pg="ceil(substr({a}, 6, 2)::float8 / 3)",
    zh="第几季度",
    en="The quarter",
    example="QUARTER(paid_on)",
)(lambda d: float((int(d[5:7]) + 2) // 3))
function("DAYS 天数差", "date, date", pg="({a}::date - {b}::date)::float8", zh="相差几天：前者减后者", en="Days from the second to the first",
         example="DAYS(due, start)")(lambda a, b: float(ordinal(a) - ordinal(b)))  # fmt: skip
function(
    "ISOWEEKNUM 周数",
    "date",
    pg="extract(week FROM {a}::date)::float8",
    zh="ISO 周数",
    en="The ISO week",
    example="ISOWEEKNUM(due)",
)(lambda d: float(date.fromisoformat(d).isocalendar()[1]))
SECONDS = "mod(floor((({a}) - floor({a})) * 86400 + 0.0005)::numeric, 86400)"
function(
    "HOUR 时", "time", pg="floor(" + SECONDS + " / 3600)::float8", zh="几点", en="The hour", example="HOUR(paid_at)"
)(lambda t: float(seconds(t) // 3600))
function(
    "MINUTE 分",
    "time",
    pg="floor(mod(" + SECONDS + ", 3600) / 60)::float8",
    zh="几分",
    en="The minute",
    example="MINUTE(paid_at)",
)(lambda t: float(seconds(t) % 3600 // 60))
function(
    "SECOND 秒", "time", pg="mod(" + SECONDS + ", 60)::float8", zh="几秒", en="The second", example="SECOND(paid_at)"
)(lambda t: float(seconds(t) % 60))


def seconds(fraction: float) -> int:
    return math.floor((fraction - math.floor(fraction)) * 86400 + 0.0005) % 86400


@function("TIME 时间", "number, number, number", pg="({a} * 3600 + {b} * 60 + {c}) / 86400 - floor(({a} * 3600 + {b} * 60 + {c}) / 86400)",
          zh="一天的几分之几", en="The time as a fraction of a day", example="TIME(12, 0, 0)")  # fmt: skip
def time_(hour: float, minute: float, second: float) -> float:
    days = (hour * 3600 + minute * 60 + second) / 86400
    return days - math.floor(days)


@function("WEEKDAY 星期几", "date, number=1",
          pg="CASE {b} WHEN 1 THEN extract(dow FROM {a}::date) + 1 WHEN 2 THEN extract(isodow FROM {a}::date)"
             " WHEN 3 THEN extract(isodow FROM {a}::date) - 1 END::float8",
          faults="NUM", zh="星期几：1 星期日为 1，2 星期一为 1", en="The day of the week: kind 1 starts on Sunday, 2 on Monday", example="WEEKDAY(due, 2)")  # fmt: skip
def weekday(day: str, kind: float = 1.0) -> float:
    monday = date.fromisoformat(day).isoweekday()
    made = {1: monday % 7 + 1, 2: monday, 3: monday - 1}.get(kind)
    if made is None:
        raise FormulaFault("NUM")
    return float(made)


@function("WEEKNUM 年内周数", "date", pg="floor((extract(doy FROM {a}::date) - 1 + extract(dow FROM date_trunc('year', {a}::date)::date)) / 7)::float8 + 1",
          zh="一年里的第几周，星期日起", en="The week of the year, from Sunday", example="WEEKNUM(due)")  # fmt: skip
def weeknum(day: str) -> float:
    at = date.fromisoformat(day)
    return float((at.timetuple().tm_yday - 1 + date(at.year, 1, 1).isoweekday() % 7) // 7 + 1)


MONTHS = (
    "(SELECT CASE WHEN k BETWEEN 12 AND 119987 THEN {out} END FROM (SELECT {a}::date AS d,"
    " extract(year FROM {a}::date) * 12 + extract(month FROM {a}::date) - 1 + n AS k, n FROM (SELECT"
    " trunc(least(greatest({b}, -200000), 200000))::int AS n) AS r) AS q)"
)


@function("EDATE 月份推移", "date, number", "date", faults="NUM",
          pg=MONTHS.replace("{out}", "to_char(d + make_interval(months => n), 'YYYY-MM-DD')"),
          zh="几个月后的同一天，月底不越月", en="The same day some months on, held at the month's end", example="EDATE(start, 1)")  # fmt: skip
def edate(day: str, months: float) -> str:
    at = date.fromisoformat(day)
    year, month = shifted(at, months)
    return date(year, month, min(at.day, calendar.monthrange(year, month)[1])).isoformat()


@function("EOMONTH 月末", "date, number=0", "date", faults="NUM",
          pg=MONTHS.replace("{out}", "to_char(date_trunc('month', d + make_interval(months => n)) + interval '1 month - 1 day', 'YYYY-MM-DD')"),
          zh="几个月后的月末", en="The end of the month some months on", example="EOMONTH(start, 0)")  # fmt: skip
def eomonth(day: str, months: float = 0.0) -> str:
    year, month = shifted(date.fromisoformat(day), months)
    return date(year, month, calendar.monthrange(year, month)[1]).isoformat()


UNITS = Param("text", words=("day", "week", "month", "quarter", "year", "hour", "minute"))


@special("DATEADD 日期推移", zh="推移几天、周、月、季、年、时、分", en="Moved by some days, weeks, months, quarters, years, hours or minutes",
         example='DATEADD(start, 2, "week")')  # fmt: skip
def dateadd(checker: "Checker", node: Call) -> Term:
    if not checker.counted(node, 3, 3):
        return Term("const", UNKNOWN)
    moment, count = checker.want(node.args[0], "moment"), checker.want(node.args[1], "number")
    unit = str(checker.worded(UNITS, node.args[2]).value)
    times = {"week": 7.0, "month": 1.0, "quarter": 3.0, "year": 12.0, "hour": 1 / 24, "minute": 1 / 1440}.get(unit, 1.0)
    scaled = count if times == 1 else Term("*", NUMBER, (count, constant(times, NUMBER)))
    if unit in ("month", "quarter", "year"):
        day = checker.want(node.args[0], "date")
        return Term("EDATE", DATE, (day, scaled), blank=day.blank)
    if unit in ("hour", "minute") and moment.type == DATE:
        moment = Term("midnight", DATETIME, (moment,), blank=moment.blank)
    return moved(moment, scaled)


@function("STARTOF 期初", "date, day|week|month|quarter|year", "date", pg="to_char(date_trunc({b}, {a}::date), 'YYYY-MM-DD')",
          zh="所在周、月、季、年的第一天", en="The first day of its week, month, quarter or year", example='STARTOF(paid_on, "month")')  # fmt: skip
def startof(day: str, unit: str) -> str:
    at = date.fromisoformat(day)
    if unit == "week":
        return iso(max(at.toordinal() - at.weekday(), FIRST))
    month = {"month": at.month, "quarter": (at.month - 1) // 3 * 3 + 1, "year": 1}.get(unit, at.month)
    return at.isoformat() if unit == "day" else date(at.year, month, 1).isoformat()


@function("DATEDIF 日期间隔", "date, date, y|m|d|ym|md", faults="NUM",
          pg="(SELECT CASE WHEN e >= s THEN CASE u WHEN 'd' THEN (e - s)::float8 WHEN 'm' THEN m::float8 WHEN 'y' THEN floor(m / 12)::float8"
             " WHEN 'ym' THEN mod(m::numeric, 12)::float8 ELSE (e - (s + make_interval(months => m::int))::date)::float8 END END FROM"
             " (SELECT s, e, u, (extract(year FROM e) - extract(year FROM s)) * 12 + extract(month FROM e) - extract(month FROM s)"
             " - CASE WHEN extract(day FROM e) < extract(day FROM s) THEN 1 ELSE 0 END AS m"
             " FROM (SELECT {a}::date AS s, {b}::date AS e, {c} AS u) AS q) AS r)",
          zh="满几年（y）、几月（m）、几天（d）", en="Whole years (y), months (m) or days (d) between", example='DATEDIF(birthday, TODAY(), "y")')  # fmt: skip
def datedif(start: str, end: str, unit: str) -> float:
    a, b = date.fromisoformat(start), date.fromisoformat(end)
    if b < a:
        raise FormulaFault("NUM")
    months = (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day)
    if unit == "md":
        return float((b - date.fromisoformat(edate(start, months))).days)
    return float({"d": (b - a).days, "m": months, "y": months // 12, "ym": months % 12}[unit])


DAYS_360 = (
    "(SELECT (y2 - y1) * 360 + (m2 - m1) * 30 + (CASE WHEN d2 = 31 AND e1 = 30 THEN 30 ELSE d2 END - e1) FROM (SELECT"
    " substr({a}, 1, 4)::float8 AS y1, substr({a}, 6, 2)::float8 AS m1, least(substr({a}, 9, 2)::float8, 30) AS e1,"
    " substr({b}, 1, 4)::float8 AS y2, substr({b}, 6, 2)::float8 AS m2, substr({b}, 9, 2)::float8 AS d2) AS q)"
)


@function(
    "DAYS360 天数360",
    "date, date",
    pg=DAYS_360,
    zh="按每月 30 天算的天数",
    en="Days in a year of 360",
    example="DAYS360(start, due)",
)
def days360(start: str, end: str) -> float:
    a, b = date.fromisoformat(start), date.fromisoformat(end)
    first = min(a.day, 30)
    last = 30 if b.day == 31 and first == 30 else b.day
    return float((b.year - a.year) * 360 + (b.month - a.month) * 30 + last - first)


ORDERED = {"a": "least({a}, {b})", "b": "greatest({a}, {b})"}
IN_ORDER = re.sub(r"\{([ab])\}", lambda m: ORDERED[m[1]], DAYS_360)


@function("YEARFRAC 年数", "date, date", pg=IN_ORDER + " / 360", zh="相差的年数，按每年 360 天", en="Years between, in years of 360 days",
          example="YEARFRAC(start, due)")  # fmt: skip
def yearfrac(start: str, end: str) -> float:
    return abs(days360(min(start, end), max(start, end))) / 360


@function(
    "DATEVALUE 转日期",
    "text",
    "date",
    faults="VALUE",
    zh="把文字读成日期",
    en="The date that a text says",
    example='DATEVALUE("2024-02-29")',
)
def datevalue(text: str) -> str:
    parts = text.strip().replace("/", "-").replace("年", "-").replace("月", "-").replace("日", "").split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day).isoformat()
    except ValueError:
        raise FormulaFault("VALUE") from None


@function(
    "NETWORKDAYS 工作日数",
    "date, date",
    zh="星期一到五有几天，含两端",
    en="Days from Monday to Friday, both ends counted",
    example="NETWORKDAYS(start, due)",
)
def networkdays(start: str, end: str) -> float:
    first, last = sorted((ordinal(start), ordinal(end)))
    count = workdays(last) - workdays(first - 1)
    return float(count if start <= end else -count)


def workdays(day: int) -> int:
    """Weekdays from Monday 0001-01-01 to a day."""
    return day // 7 * 5 + min(day % 7, 5)


@function(
    "WORKDAY 工作日推移",
    "date, number",
    "date",
    faults="NUM",
    zh="几个工作日之后",
    en="The date some working days on",
    example="WORKDAY(start, 5)",
)
def workday(day: str, count: float) -> str:
    moves = math.trunc(max(-4e6, min(4e6, count)))
    if not moves:
        return day
    at = ordinal(day)
    rank = workdays(at) + moves if moves > 0 else workdays(at - 1) + moves + 1
    return iso((rank - 1) // 5 * 7 + (rank - 1) % 5 + 1)
