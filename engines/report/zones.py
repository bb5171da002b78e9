"""A zone's wall clock: where its offset changes, and the instant of a local moment."""

import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, literal_column

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
HOUR = 3_600_000_000
"""Microseconds."""
DAY = 24 * HOUR
Segment = tuple[int, int]
"""(the instant from which it holds, offset), both in microseconds."""
SPAN = (-2_208_988_800_000_000, 4_102_444_800_000_000)
"""1900 to 2100: what an open period looks at."""


def local(instant: int, zone: str) -> datetime.datetime:
    """The wall clock at an instant, without a zone."""
    moment = EPOCH + datetime.timedelta(microseconds=instant)
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def instant(moment: datetime.datetime, zone: str) -> int:
    """The first instant at which the wall clock shows `moment`."""
    return (moment.replace(tzinfo=ZoneInfo(zone)) - EPOCH) // datetime.timedelta(microseconds=1)


@lru_cache(maxsize=256)
def segments(zone: str, start: int | None, end: int | None) -> tuple[Segment, ...]:
    """Fixed offsets from `start` to `end` (instants; None: open), oldest first."""
    least, most = SPAN[0] if start is None else start, SPAN[1] if end is None else end
    found: list[Segment] = [(SPAN[0], _offset(least, zone))]  # no other start, so that days share a statement
    step, at = 14 * DAY, least
    while at < most:
        ahead = min(at + step, most)
        if _offset(ahead, zone) != found[-1][1]:
            change = _change(at, ahead, zone)
            found.append((change, _offset(change, zone)))
            at = change
        else:
            at = ahead
    return tuple(found)


def shifted(column: ColumnElement[int], parts: tuple[Segment, ...]) -> ColumnElement[int]:
    """The instant moved to its wall clock. The newest segment is asked first, the others by halves."""
    if len(parts) == 1:
        return column + _number(parts[0][1])
    newest = case((column >= _number(parts[-1][0]), column + _number(parts[-1][1])), else_=_halved(column, parts[:-1]))
    return newest


def _halved(column: ColumnElement[int], parts: tuple[Segment, ...]) -> ColumnElement[int]:
    if len(parts) == 1:
        return column + _number(parts[0][1])
    middle = len(parts) // 2
    return case(
        (column >= _number(parts[middle][0]), _halved(column, parts[middle:])), else_=_halved(column, parts[:middle])
    )


def _offset(at: int, zone: str) -> int:
    moment = (EPOCH + datetime.timedelta(microseconds=at)).astimezone(ZoneInfo(zone))
    return (moment.utcoffset() or datetime.timedelta()) // datetime.timedelta(microseconds=1)


def _change(low: int, high: int, zone: str) -> int:
    """The second in (low, high] at which the offset is no longer that of `low`."""
    before = _offset(low, zone)
    low, high = low // 1_000_000, high // 1_000_000
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(middle * 1_000_000, zone) == before else (low, middle)
    return high * 1_000_000


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(value))
