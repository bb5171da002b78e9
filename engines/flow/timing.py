"""When something is due: lengths of time, days in a record, and how late it was."""

import datetime
from typing import Any

from engines.core.actions import formulas
from engines.core.actions.base import Context
from engines.core.jobs import duration, schedule
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look

SECOND = 1_000_000
LATE = 60 * SECOND
"""Less than this is punctual."""


class NoDate(AppError):
    code = "no_date"
    words = {
        "zh": "「{text}」没有算出日期，流程不知道等到什么时候",
        "en": "'{text}' gives no date: the flow does not know how long to wait",
    }


def due_of_wait(look: Look, context: Context, settings: Definition) -> int | None:
    """The instant a wait is over; None while the field it looks at is blank."""
    if text := settings.get("for"):
        return look.now + duration.micros(text)
    if text := settings.get("until"):
        found = formulas.value(look, context, text)
        if found is None:
            raise NoDate(text=text)
        return instant(found, "00:00", context.app.zone)
    return at_field(context, settings["at"])


def at_field(context: Context, at: Definition) -> int | None:
    """`{field, offset, time}`: whole days are counted on the calendar of the app's zone, hours on the clock."""
    held = context.facts.get(at["field"])
    return None if held is None else moved(held, at.get("offset", ""), at.get("time"), context.app.zone)


def moved(held: Any, offset: str, time: str | None, zone: str) -> int:
    """A stored day or instant, moved; a day starts at `time`, 09:00 when none is given."""
    days = duration.days(offset) if offset else 0
    if days is None:
        return instant(held, time or "09:00", zone) + duration.micros(offset)
    local = _local(held, time, zone) + datetime.timedelta(days=days)
    return schedule.to_instant(local, zone)


def yearly(held: Any, offset: str, time: str | None, zone: str, after: int) -> int:
    """The first anniversary of a day, moved, that is later than `after`; 29 February is the 28th in other years."""
    day = _local(held, time, zone)
    first = schedule.to_local(after, zone).year - 1
    for year in range(max(first, day.year), first + 4):
        found = moved(_in_year(day, year).isoformat(), offset, f"{day:%H:%M}", zone)
        if found > after:
            return found
    return moved(_in_year(day, day.year).isoformat(), offset, f"{day:%H:%M}", zone)


def instant(held: Any, time: str, zone: str) -> int:
    """Microseconds of a stored value: an instant is itself, a day starts at `time`."""
    return held if isinstance(held, int) else schedule.to_instant(_local(held, time, zone), zone)


def late_by(due: int, now: int) -> dict[str, int]:
    """`{"late_s": …}` for the log when something came noticeably after its time."""
    return {"late_s": (now - due) // SECOND} if now - due >= LATE else {}


def _local(held: Any, time: str | None, zone: str) -> datetime.datetime:
    if isinstance(held, int):
        local = schedule.to_local(held, zone)
        return local if time is None else _with_time(local, time)
    day = datetime.datetime.fromisoformat(held)
    return day if "T" in held else _with_time(day, time or "09:00")


def _with_time(day: datetime.datetime, time: str) -> datetime.datetime:
    hour, minute = (int(part) for part in time.split(":"))
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def _in_year(day: datetime.datetime, year: int) -> datetime.date:
    try:
        return day.date().replace(year=year)
    except ValueError:
        return datetime.date(year, 2, 28)
