"""Time buckets: whole numbers in SQL, the same arithmetic on both databases; labels and half-open spans in Python."""

import datetime
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, func, literal_column

from .zones import DAY, HOUR, Segment, shifted

UNITS = ("hour", "day", "week", "month", "quarter", "year")
ZERO = 719_468
"""Days from 0000-03-01 to 1970-01-01."""
MONTHS = {"month": 1, "quarter": 3, "year": 12}
Moment = datetime.datetime


@dataclass(frozen=True)
class Bucket:
    """`first` is the week's first day, 1 Monday to 7 Sunday."""

    unit: str
    first: int = 1

    def of_instant(self, column: ColumnElement[int], parts: tuple[Segment, ...]) -> ColumnElement[int]:
        """The number of the bucket of an instant (microseconds UTC) on the wall clock of `parts`."""
        if self.unit == "hour":
            return (shifted(column, parts) + _n(ZERO * DAY)) // _n(HOUR)
        return self._of_day((shifted(column, parts) + _n(ZERO * DAY)) // _n(DAY))

    def of_date(self, column: ColumnElement[str]) -> ColumnElement[Any]:
        """The same of a date kept as ISO text."""
        year, month, day = (_part(column, *at) for at in ((1, 4), (6, 2), (9, 2)))
        if self.unit in MONTHS:
            return (year * _n(12) + month - _n(1)) // _n(MONTHS[self.unit])
        number = _day_number(year, month, day)
        return number * _n(24) if self.unit == "hour" else self._of_day(number)

    def label(self, number: int) -> str:
        """`2026`, `2026-Q4`, `2026-11`, the first day of a week, a day, or `2026-11-22 13:00`."""
        return self.named(self._start(int(number)))

    def named(self, start: Moment) -> str:
        """The label of the bucket that holds a local moment."""
        start = self.floor(start)
        if self.unit == "year":
            return f"{start.year:04d}"
        if self.unit == "quarter":
            return f"{start.year:04d}-Q{(start.month + 2) // 3}"
        return {"month": f"{start:%Y-%m}", "hour": f"{start:%Y-%m-%d %H:00}"}.get(self.unit, f"{start:%Y-%m-%d}")

    def span(self, label: str) -> tuple[Moment, Moment]:
        """[start, end) on the wall clock; ValueError when it is no label of this unit."""
        start = _parsed(self.unit, label)
        return start, self.shift(start, 1)

    def floor(self, moment: Moment) -> Moment:
        """The start of the bucket that holds it."""
        day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        if self.unit == "hour":
            return moment.replace(minute=0, second=0, microsecond=0)
        if self.unit == "week":
            return day - datetime.timedelta(days=(day.isoweekday() - self.first) % 7)
        if self.unit in MONTHS:
            return day.replace(month=(day.month - 1) // MONTHS[self.unit] * MONTHS[self.unit] + 1, day=1)
        return day

    def shift(self, moment: Moment, count: int) -> Moment:
        """`count` buckets on; months keep the day as far as the month has it."""
        if self.unit in MONTHS:
            return months_on(moment, count * MONTHS[self.unit])
        return moment + count * datetime.timedelta(hours=1 if self.unit == "hour" else 24 * self._days)

    def between(self, start: Moment, end: Moment) -> list[str]:
        """The labels of all buckets that touch [start, end)."""
        found, at = [], self.floor(start)
        while at < end:
            found.append(self.named(at))
            at = self.shift(at, 1)
        return found

    @property
    def _days(self) -> int:
        return 7 if self.unit == "week" else 1

    @property
    def _turn(self) -> int:
        """What makes day numbers divide into weeks: 1970-01-01 was a Thursday."""
        return (3 - ZERO + (8 - self.first) % 7) % 7

    def _of_day(self, day: ColumnElement[int]) -> ColumnElement[int]:
        if self.unit == "day":
            return day
        if self.unit == "week":
            return (day + _n(self._turn)) // _n(7)
        return (_month_number(day)) // _n(MONTHS[self.unit])

    def _start(self, number: int) -> Moment:
        if self.unit in MONTHS:
            months = number * MONTHS[self.unit]
            return Moment(months // 12, months % 12 + 1, 1)
        if self.unit == "hour":
            return Moment(1970, 1, 1) + datetime.timedelta(hours=number - ZERO * 24)
        day = number * 7 - self._turn if self.unit == "week" else number
        return Moment(1970, 1, 1) + datetime.timedelta(days=day - ZERO)


def months_on(moment: Moment, count: int) -> Moment:
    """So many months later, on the last day when the month is shorter."""
    months = moment.year * 12 + moment.month - 1 + count
    year, month = months // 12, months % 12 + 1
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    last = (following - datetime.timedelta(days=1)).day
    return moment.replace(year=year, month=month, day=min(moment.day, last))


def _parsed(unit: str, label: str) -> Moment:
    if unit == "year" and re.fullmatch(r"\d{4}", label):
        return Moment(int(label), 1, 1)
    if unit == "quarter" and re.fullmatch(r"\d{4}-Q[1-4]", label):
        return Moment(int(label[:4]), int(label[6]) * 3 - 2, 1)
    if unit == "month" and re.fullmatch(r"\d{4}-\d\d", label):
        return Moment.fromisoformat(label + "-01")
    if len(label) == {"day": 10, "week": 10, "hour": 16}.get(unit):
        return Moment.fromisoformat(label)
    raise ValueError(label)


def _month_number(day: ColumnElement[int]) -> ColumnElement[int]:
    """Year * 12 + month - 1 of a day counted from 0000-03-01 (Neri and Schneider, Euclidean affine functions)."""
    four = day * _n(4) + _n(3)
    century = four // _n(146_097)
    inner = (four % _n(146_097)) // _n(4) * _n(4) + _n(3)
    scaled = (inner) * _n(2_939_745)
    year = century * _n(100) + scaled // _n(2**32)
    of_year = ((scaled % _n(2**32)) // _n(2_939_745)) // _n(4)
    month = (of_year * _n(2141) + _n(197_913)) // _n(65_536)
    return (year) * _n(12) + month - _n(1)


def _day_number(year: Any, month: Any, day: Any) -> ColumnElement[int]:
    """Days from 0000-03-01, the way back of `_month_number`: January and February belong to the year before."""
    early = (_n(14) - month) // _n(12)
    year = year - early
    month = month + early * _n(12) - _n(3)
    leaps = year // _n(4) - year // _n(100) + year // _n(400)
    days = (month * _n(153) + _n(2)) // _n(5) + day
    found: ColumnElement[int] = year * _n(365) + leaps + days - _n(1)
    return found


def _part(column: ColumnElement[str], start: int, length: int) -> ColumnElement[int]:
    return cast(func.substr(column, _n(start), _n(length)), BigInteger)


def _n(value: int) -> ColumnElement[int]:
    return literal_column(str(value), BigInteger)
