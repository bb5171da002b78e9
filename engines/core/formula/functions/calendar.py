"""Weeks, months, years and working days: moving a date along the calendar and measuring along it."""

import calendar
import math
import re
from datetime import date
from typing import TYPE_CHECKING

from ..faults import FormulaFault
from ..nodes import Call
from ..operators import moved
from ..tree import Term, constant
from ..types import DATE, DATETIME, NUMBER, UNKNOWN
from .base import Param, function, special
from .dates import FIRST, iso, ordinal

if TYPE_CHECKING:
    from ..check import Checker


def shifted(day: date, months: float) -> tuple[int, int]:
    """Year and month some months on; NUM outside the years 1 to 9999."""
    if abs(months) > 120_000:
        raise FormulaFault("NUM")
    year, month = divmod(day.year * 12 + day.month - 1 + math.trunc(months), 12)
    if not 1 <= year <= 9999:
        raise FormulaFault("NUM")
    return year, month + 1


@function(
    "WEEKDAY 星期几",
    "date, number=1",
    pg="CASE {b} WHEN 1 THEN extract(dow FROM {a}::date) + 1 WHEN 2 THEN extract(isodow FROM {a}::date)"
    " WHEN 3 THEN extract(isodow FROM {a}::date) - 1 END::float8",
    faults="NUM",
    zh="星期几：1 星期日为 1，2 星期一为 1",
    en="The day of the week: kind 1 starts on Sunday, 2 on Monday",
    example="WEEKDAY(due, 2)",
)
def weekday(day: str, kind: float = 1.0) -> float:
    monday = date.fromisoformat(day).isoweekday()
    made = {1.0: monday % 7 + 1, 2.0: monday, 3.0: monday - 1}.get(kind)
    if made is None:
        raise FormulaFault("NUM")
    return float(made)


@function(
    "WEEKNUM 年内周数",
    "date",
    pg="floor((extract(doy FROM {a}::date) - 1 + extract(dow FROM date_trunc('year', {a}::date)::date)) / 7)::float8"
    " + 1",
    zh="一年里的第几周，星期日起",
    en="The week of the year, from Sunday",
    example="WEEKNUM(due)",
)
def weeknum(day: str) -> float:
    at = date.fromisoformat(day)
    return float((at.timetuple().tm_yday - 1 + date(at.year, 1, 1).isoweekday() % 7) // 7 + 1)


MONTHS = (
    "(SELECT CASE WHEN k BETWEEN 12 AND 119987 THEN {out} END FROM (SELECT {a}::date AS d,"
    " extract(year FROM {a}::date) * 12 + extract(month FROM {a}::date) - 1 + n AS k, n FROM (SELECT"
    " trunc(least(greatest({b}, -200000), 200000))::int AS n OFFSET 0) AS r OFFSET 0) AS q)"
)


@function(
    "EDATE 月份推移",
    "date, number",
    "date",
    faults="NUM",
    pg=MONTHS.replace("{out}", "to_char(d + make_interval(months => n), 'YYYY-MM-DD')"),
    zh="几个月后的同一天，月底不越月",
    en="The same day some months on, held at the month's end",
    example="EDATE(start, 1)",
)
def edate(day: str, months: float) -> str:
    at = date.fromisoformat(day)
    year, month = shifted(at, months)
    return date(year, month, min(at.day, calendar.monthrange(year, month)[1])).isoformat()


@function(
    "EOMONTH 月末",
    "date, number=0",
    "date",
    faults="NUM",
    pg=MONTHS.replace(
        "{out}",
        "to_char(date_trunc('month', d + make_interval(months => n)) + interval '1 month - 1 day', 'YYYY-MM-DD')",
    ),
    zh="几个月后的月末",
    en="The end of the month some months on",
    example="EOMONTH(start, 0)",
)
def eomonth(day: str, months: float = 0.0) -> str:
    year, month = shifted(date.fromisoformat(day), months)
    return date(year, month, calendar.monthrange(year, month)[1]).isoformat()


UNITS = Param("text", words=("day", "week", "month", "quarter", "year", "hour", "minute"))


@special(
    "DATEADD 日期推移",
    zh="推移几天、周、月、季、年、时、分",
    en="Moved by some days, weeks, months, quarters, years, hours or minutes",
    example='DATEADD(start, 2, "week")',
)
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


@function(
    "STARTOF 期初",
    "date, day|week|month|quarter|year",
    "date",
    pg="to_char(date_trunc({b}, {a}::date), 'YYYY-MM-DD')",
    zh="所在周、月、季、年的第一天",
    en="The first day of its week, month, quarter or year",
    example='STARTOF(paid_on, "month")',
)
def startof(day: str, unit: str) -> str:
    at = date.fromisoformat(day)
    if unit == "week":
        return iso(max(at.toordinal() - at.weekday(), FIRST))
    month = {"month": at.month, "quarter": (at.month - 1) // 3 * 3 + 1, "year": 1}.get(unit, at.month)
    return at.isoformat() if unit == "day" else date(at.year, month, 1).isoformat()


@function(
    "DATEDIF 日期间隔",
    "date, date, y|m|d|ym|md",
    faults="NUM",
    pg="(SELECT CASE WHEN e >= s THEN CASE u WHEN 'd' THEN (e - s)::float8 WHEN 'm' THEN m::float8"
    " WHEN 'y' THEN floor(m / 12)::float8"
    " WHEN 'ym' THEN mod(m::numeric, 12)::float8"
    " ELSE (e - (s + make_interval(months => m::int))::date)::float8 END END FROM"
    " (SELECT s, e, u, (extract(year FROM e) - extract(year FROM s)) * 12"
    " + extract(month FROM e) - extract(month FROM s)"
    " - CASE WHEN extract(day FROM e) < extract(day FROM s) THEN 1 ELSE 0 END AS m"
    " FROM (SELECT {a}::date AS s, {b}::date AS e, {c} AS u OFFSET 0) AS q OFFSET 0) AS r)",
    zh="满几年（y）、几月（m）、几天（d）",
    en="Whole years (y), months (m) or days (d) between",
    example='DATEDIF(birthday, TODAY(), "y")',
)
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
    " substr({b}, 1, 4)::float8 AS y2, substr({b}, 6, 2)::float8 AS m2, substr({b}, 9, 2)::float8 AS d2 OFFSET 0) AS q)"
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


@function(
    "YEARFRAC 年数",
    "date, date",
    pg="CASE WHEN {a} IS NOT NULL AND {b} IS NOT NULL THEN " + IN_ORDER + " / 360 END",
    zh="相差的年数，按每年 360 天",
    en="Years between, in years of 360 days",
    example="YEARFRAC(start, due)",
)
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
