"""Dates without a zone, instants with the app's zone: today, parts, distances, moves."""

import math
from datetime import date
from typing import TYPE_CHECKING

from ..env import DAY, date_at, local, midnight
from ..faults import FormulaFault
from ..nodes import Call
from ..tree import Term
from ..types import DATE, DATETIME, NUMBER, UNKNOWN
from .base import Shape, function, hidden, special

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
    (
        "(SELECT CASE WHEN k BETWEEN 0 AND 3652058 THEN to_char(date '0001-01-01' + k, 'YYYY-MM-DD') END FROM (SELECT"
        " CASE WHEN y * 12 + m BETWEEN 13 AND 119988"
        " THEN ((date '0001-01-01' + make_interval(months => y * 12 + m - 13))::date"
        " - date '0001-01-01') + d - 1 END AS k"
        " FROM (SELECT {y} AS y, {m} AS m, {d} AS d OFFSET 0) AS p OFFSET 0) AS q)"
    )
    .replace("{y}", FLOOR.replace("{b}", "{a}").replace("4000000", "20000"))
    .replace("{m}", FLOOR.replace("4000000", "200000"))
    .replace("{d}", FLOOR.replace("{b}", "{c}"))
)


@hidden("date of parts", "number, number, number", "date", pg=PARTS, faults="NUM")
def date_of_parts(year: float, month: float, day: float) -> str:
    y, m = (math.floor(max(-1e6, min(1e6, part))) for part in (year, month))
    y, m = y + (m - 1) // 12, (m - 1) % 12 + 1
    if not 1 <= y <= 9999:
        raise FormulaFault("NUM")
    return iso(date(y, m, 1).toordinal() + math.floor(max(-4e6, min(4e6, day))) - 1)


ADD = (
    "(SELECT CASE WHEN k BETWEEN 0 AND 3652058 THEN to_char(date '0001-01-01' + k, 'YYYY-MM-DD') END"
    " FROM (SELECT ({a}::date - date '0001-01-01') + floor(least(greatest({b}, -4000000), 4000000))::int AS k"
    " OFFSET 0) AS q)"
)


@hidden("add days", "date, number", "date", pg=ADD, faults="NUM")
def add_days(day: str, days: float) -> str:
    return iso(ordinal(day) + math.floor(max(-4e6, min(4e6, days))))


@hidden(
    "add time",
    "any, number",
    "datetime",
    faults="NUM",
    pg="CASE WHEN abs({b}) < 4000000 THEN {a} + floor({b} * 86400000000 + 0.5)::bigint END",
)
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


@hidden(
    "midnight",
    "date",
    "datetime",
    zone=True,
    pg="round(extract(epoch FROM ({a}::timestamp AT TIME ZONE {zone})) * 1000000)::bigint",
)
def midnight_of(zone: str, day: str) -> int:
    return midnight(day, zone)


@hidden("datetime text", "any", "text", zone=True, pg="to_char(" + LOCAL + ", 'YYYY-MM-DD HH24:MI:SS')")
def datetime_text(zone: str, instant: int) -> str:
    return local(instant, zone).replace(tzinfo=None).isoformat(" ", "seconds")


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
function(
    "DAYS 天数差",
    "date, date",
    pg="({a}::date - {b}::date)::float8",
    zh="相差几天：前者减后者",
    en="Days from the second to the first",
    example="DAYS(due, start)",
)(lambda a, b: float(ordinal(a) - ordinal(b)))
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


@function(
    "TIME 时间",
    "number, number, number",
    pg="({a} * 3600 + {b} * 60 + {c}) / 86400 - floor(({a} * 3600 + {b} * 60 + {c}) / 86400)",
    zh="一天的几分之几",
    en="The time as a fraction of a day",
    example="TIME(12, 0, 0)",
)
def time_(hour: float, minute: float, second: float) -> float:
    days = (hour * 3600 + minute * 60 + second) / 86400
    return days - math.floor(days)
