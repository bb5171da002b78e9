"""Periods of time by name: half-open [start, end) on the app's wall clock, and the periods to compare them with."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from .buckets import Bucket, Moment, months_on

DAYS = datetime.timedelta(days=1)
NAMES = ("today", "yesterday", "this week", "last week", "this month", "last month", "this quarter", "last quarter",
         "this year", "last year")  # fmt: skip
ROLLING = re.compile(r"last (\d{1,4}) (day|week|month|quarter|year)s?")
WORDS = {
    "today": {"zh": "今天", "en": "Today"},
    "yesterday": {"zh": "昨天", "en": "Yesterday"},
    "this week": {"zh": "本周", "en": "This week"},
    "last week": {"zh": "上周", "en": "Last week"},
    "this month": {"zh": "本月", "en": "This month"},
    "last month": {"zh": "上月", "en": "Last month"},
    "this quarter": {"zh": "本季", "en": "This quarter"},
    "last quarter": {"zh": "上季", "en": "Last quarter"},
    "this year": {"zh": "今年", "en": "This year"},
    "last year": {"zh": "去年", "en": "Last year"},
    "all": {"zh": "全部时间", "en": "All time"},
}
UNIT_WORDS = {
    "day": ("天", "days"),
    "week": ("周", "weeks"),
    "month": ("个月", "months"),
    "quarter": ("季", "quarters"),
    "year": ("年", "years"),
}

UNIT_LABELS = {
    "hour": {"zh": "小时", "en": "hour"},
    "day": {"zh": "天", "en": "day"},
    "week": {"zh": "周", "en": "week"},
    "month": {"zh": "月", "en": "month"},
    "quarter": {"zh": "季度", "en": "quarter"},
    "year": {"zh": "年", "en": "year"},
}


@dataclass(frozen=True)
class Period:
    """[start, end) as naive local moments; `unit` and `count` are its length when it is a whole number of units.
    `until`: how far a running period has come, to compare like with like."""

    start: Moment
    end: Moment
    unit: str = "day"
    count: int = 1
    until: Moment | None = None

    def previous(self) -> "Period":
        """The one just before; a running period is compared up to the same day."""
        return self._moved(-self.count, self.unit)

    def back(self, count: int, unit: str) -> "Period":
        """The same span so many units earlier."""
        return self._moved(-count, unit)

    def _moved(self, count: int, unit: str) -> "Period":
        start, end = move(self.start, count, unit), move(self.end, count, unit)
        if self.until is not None:
            end = min(end, move(self.until, count, unit))
        return Period(start, end, self.unit, self.count)


def move(moment: Moment, count: int, unit: str) -> Moment:
    """So many units on; the last day of a month stays the last when months are counted."""
    if unit in ("day", "week"):
        return moment + count * DAYS * (7 if unit == "week" else 1)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    return months_on(moment, count * months)


def period(value: Any, now: Moment, first: int = 1) -> Period | None:
    """A name (`this month`, `last 30 days`), `{from, to}` as ISO days (both kept, `to` included), or a label such as
    `2026-11`. None for all time; ValueError for what is none of these. `now` is local, `first` the week's first day."""
    if value in (None, "", "all"):
        return None
    if isinstance(value, dict):
        return _given(value)
    name = str(value).strip().lower().replace("_", " ")
    if name in NAMES:
        return _named(name, now, first)
    if found := ROLLING.fullmatch(name):
        return _rolling(int(found[1]), found[2], now, first)
    return _labelled(str(value))


def _given(value: dict[str, Any]) -> Period:
    start = Moment.fromisoformat(value["from"]) if value.get("from") else Moment(1900, 1, 1)
    end = Moment.fromisoformat(value["to"]) + DAYS if value.get("to") else Moment(2100, 1, 1)
    if end <= start:
        raise ValueError(value)
    return Period(start, end, "day", (end - start).days)


def _named(name: str, now: Moment, first: int) -> Period:
    if name in ("today", "yesterday"):
        start = Bucket("day").floor(now) - (DAYS if name == "yesterday" else 0 * DAYS)
        return Period(start, start + DAYS)
    which, unit = name.split()
    bucket = Bucket(unit, first)
    start = bucket.shift(bucket.floor(now), 0 if which == "this" else -1)
    until = Bucket("day").floor(now) + DAYS if which == "this" else None
    return Period(start, bucket.shift(start, 1), unit, 1, until)


def _rolling(count: int, unit: str, now: Moment, first: int) -> Period:
    """`last 30 days` ends with today, `last 12 months` with this month."""
    if count < 1:
        raise ValueError(count)
    bucket = Bucket(unit, first)
    start = bucket.shift(bucket.floor(now), 1 - count)
    running = Bucket("day").floor(now) + DAYS if unit != "day" else None
    return Period(start, bucket.shift(start, count), unit, count, running)


def _labelled(label: str) -> Period:
    for unit in ("year", "quarter", "month", "day"):
        try:
            start, end = Bucket(unit).span(label)
        except ValueError:
            continue
        return Period(start, end, unit, 1)
    raise ValueError(label)


def words(value: Any) -> dict[str, str]:
    """What people call a period."""
    if isinstance(value, dict):
        span = f"{value.get('from') or '…'} – {value.get('to') or '…'}"
        return {"zh": span, "en": span}
    name = str(value or "all").replace("_", " ")
    if name in WORDS:
        return WORDS[name]
    if found := ROLLING.fullmatch(name):
        zh, en = UNIT_WORDS[found[2]]
        return {"zh": f"近 {found[1]} {zh}", "en": f"Last {found[1]} {en}"}
    return {"zh": name, "en": name}


def before(value: Any, offset: str = "previous") -> dict[str, str]:
    """What stands before a period, for `12 % up on …`."""
    found = ROLLING.fullmatch(str(value or "").replace("_", " "))
    if offset != "previous":
        count, unit = offset.split()
        zh, en = UNIT_WORDS[unit.rstrip("s")]
        return {"zh": f"较 {count} {zh}前", "en": f"vs {count} {en.rstrip('s') if count == '1' else en} ago"}
    if found:
        zh, en = UNIT_WORDS[found[2]]
        return {"zh": f"较前 {found[1]} {zh}", "en": f"vs the {found[1]} {en} before"}
    return {"zh": "较上期", "en": "vs the period before"}
