"""Spans of whole days as people name them: today, the last seven days, this month; bounds in the app's zone."""

import datetime
import re
from typing import Any
from zoneinfo import ZoneInfo

from engines.core.kernel.errors import Rejected

Day = datetime.date
ONE = datetime.timedelta(days=1)


def today(now: int, zone: str) -> Day:
    """The day that an instant (microseconds UTC) falls on."""
    return datetime.datetime.fromtimestamp(now / 1e6, ZoneInfo(zone)).date()


def instant(day: Day, zone: str) -> int:
    """The first moment of a day, in microseconds UTC."""
    return int(datetime.datetime.combine(day, datetime.time(), ZoneInfo(zone)).timestamp() * 1_000_000)


def iso(day: Day) -> str:
    return day.isoformat()


def span(op: str, value: Any, now: Day) -> tuple[Day | None, Day | None]:
    """(first day, day after the last); None is open. `last` and `next` count days, today among them."""
    if op == "today":
        return now, now + ONE
    if op == "this_week":
        monday = now - now.weekday() * ONE
        return monday, monday + 7 * ONE
    if op == "this_month":
        first = now.replace(day=1)
        return first, (first + 32 * ONE).replace(day=1)
    if op in ("last", "next"):
        return _counted(op, int(value), now)
    day = _day(str(value), now)
    return {"before": (None, day), "after": (day + ONE, None), "on": (day, day + ONE)}[op]


def _day(text: str, now: Day) -> Day:
    """An ISO day, or days from today: `-30d`."""
    relative = re.fullmatch(r"([+-]\d{1,4})d", text)
    return now + int(relative[1]) * ONE if relative else Day.fromisoformat(text)


def _counted(op: str, count: int, now: Day) -> tuple[Day, Day]:
    if not 0 < count <= 3660:
        raise Rejected("too_big", limit=3660)
    return (now - (count - 1) * ONE, now + ONE) if op == "last" else (now, now + count * ONE)
