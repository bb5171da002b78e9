"""What a formula may know besides the record: the instant, the app's zone, who acts, what was before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from .faults import FormulaFault

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 86_400_000_000
"""Microseconds of a day."""


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local(instant: int, zone: str) -> datetime:
    """The wall clock of a zone at an instant (microseconds UTC); NUM outside the years 1 to 9999."""
    try:
        return (EPOCH + timedelta(microseconds=instant)).astimezone(zone_of(zone))
    except OverflowError:
        raise FormulaFault("NUM") from None


def date_at(instant: int, zone: str) -> str:
    """The calendar date of a zone at an instant."""
    return local(instant, zone).date().isoformat()


def midnight(day: str, zone: str) -> int:
    """The instant at which a calendar date starts in a zone."""
    start = datetime.combine(date.fromisoformat(day), datetime.min.time(), zone_of(zone))
    try:
        return micros(start)
    except OverflowError:
        raise FormulaFault("NUM") from None


def micros(moment: datetime) -> int:
    """An aware datetime as microseconds UTC."""
    return (moment.astimezone(UTC) - EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True)
class Env:
    """`now` in microseconds UTC; `user` the acting person's id; `old` and `changed` only where a rule triggers."""

    now: int
    zone: str = "UTC"
    user: int | None = None
    roles: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    old: Mapping[str, Any] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()

    @cached_property
    def today(self) -> str:
        return date_at(self.now, self.zone)
