"""When a schedule is due next: a rule and an IANA zone, always computed from the planned instant, never from now."""

import datetime
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition

UTC = datetime.UTC
SHORT = {"MINUTELY": 60, "HOURLY": 3600}
"""Frequencies that count time itself, not hours on a clock face: they do not notice summer time."""
DAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")


class BadSchedule(AppError):
    code = "bad_schedule"
    words = {
        "zh": "看不懂这个时间安排「{text}」：{gap}",
        "en": "This schedule cannot be read: '{text}' ({gap})",
    }


def next_after(schedule: Definition, zone: str, after: int) -> int | None:
    """The first planned instant later than `after`, both microseconds UTC; None when it has ended. `schedule`:
    `{rrule, time?, start?}` or `{cron}`; `start` (local ISO) anchors every-second-week rules."""
    text = rule_of(schedule)
    parts = _parts(text)
    if parts.get("FREQ") in SHORT:
        return _by_time(schedule, parts, zone, after)
    at = to_local(after, zone)
    rule = _parsed(text, _anchor(schedule, parts, at))
    candidate = rule.after(at - datetime.timedelta(hours=3))
    for _ in range(400):
        if candidate is None:
            return None
        if (instant := to_instant(candidate, zone)) > after:
            return instant
        candidate = rule.after(candidate)
    raise BadSchedule(text=text, gap="no date in sight")


def missed(schedule: Definition, zone: str, planned: int, now: int, *, most: int = 100) -> list[int]:
    """The planned instants after `planned` up to `now`, oldest first."""
    found: list[int] = []
    while len(found) < most and (following := next_after(schedule, zone, found[-1] if found else planned)):
        if following > now:
            break
        found.append(following)
    return found


def rule_of(schedule: Definition) -> str:
    """The RRULE text of a schedule; BadSchedule says what is wrong."""
    if cron := schedule.get("cron"):
        return from_cron(str(cron))
    text = str(schedule.get("rrule", "")).removeprefix("RRULE:")
    if not _parts(text).get("FREQ"):
        raise BadSchedule(text=text, gap="FREQ=")
    return text


def from_cron(text: str) -> str:
    """Five fields `minute hour day month weekday`, with lists, ranges and steps, as an RRULE."""
    fields = text.split()
    if len(fields) != 5:
        raise BadSchedule(text=text, gap="5 fields: minute hour day month weekday")
    minute, hour, day, month, weekday = fields
    if day != "*" and weekday != "*":
        raise BadSchedule(text=text, gap="day or weekday, not both")
    days = ",".join(DAYS[n % 7] for n in _numbers(weekday, 0, 7, text)) if weekday != "*" else ""
    named = {
        "BYMONTH": _listed(month, 1, 12, text),
        "BYMONTHDAY": _listed(day, 1, 31, text),
        "BYDAY": days,
        "BYHOUR": ",".join(map(str, _numbers(hour, 0, 23, text))),
        "BYMINUTE": ",".join(map(str, _numbers(minute, 0, 59, text))),
    }
    return "FREQ=DAILY;" + ";".join(f"{name}={value}" for name, value in named.items() if value) + ";BYSECOND=0"


def to_local(instant: int, zone: str) -> datetime.datetime:
    """The wall clock of a zone, without the zone."""
    return datetime.datetime.fromtimestamp(instant // 1_000_000, ZoneInfo(zone)).replace(tzinfo=None)


def to_instant(local: datetime.datetime, zone: str) -> int:
    """Microseconds UTC of a wall-clock time: the first one when it comes twice, the first valid instant after it when
    the clock jumps over it."""
    here = ZoneInfo(zone)
    early, late = (_utc(local.replace(tzinfo=here, fold=fold)) for fold in (0, 1))
    if datetime.datetime.fromtimestamp(early, here).replace(tzinfo=None) == local.replace(microsecond=0):
        return early * 1_000_000 + local.microsecond
    return _jump(late, early, here) * 1_000_000


def _jump(before: int, after: int, zone: ZoneInfo) -> int:
    """The second at which the zone's offset changes, by halving."""
    offset = datetime.datetime.fromtimestamp(before, zone).utcoffset()
    while after - before > 1:
        middle = (before + after) // 2
        same = datetime.datetime.fromtimestamp(middle, zone).utcoffset() == offset
        before, after = (middle, after) if same else (before, middle)
    return after


def _utc(aware: datetime.datetime) -> int:
    return int(aware.replace(microsecond=0).timestamp())


def _parts(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.upper().split(";") if "=" in part)


def _parsed(text: str, anchor: datetime.datetime) -> rrule:
    try:
        found = rrulestr(text, dtstart=anchor)
    except (ValueError, TypeError, KeyError) as wrong:
        raise BadSchedule(text=text, gap=str(wrong)) from None
    if not isinstance(found, rrule):
        raise BadSchedule(text=text, gap="one rule")
    return found


def _anchor(schedule: Definition, parts: dict[str, str], at: datetime.datetime) -> datetime.datetime:
    """Where the rule starts to count: at `start`; without one, at a fixed day some time before `at`, so that the same
    phase comes out whenever it is asked."""
    hour, minute = (int(part) for part in str(schedule.get("time", "00:00")).split(":")[:2])
    if start := schedule.get("start"):
        given = datetime.datetime.fromisoformat(str(start))
        return given if "time" not in schedule else given.replace(hour=hour, minute=minute)
    phased = parts["FREQ"] == "YEARLY" or (parts["FREQ"] == "WEEKLY" and "BYDAY" not in parts)
    if phased or int(parts.get("INTERVAL", "1")) > 1 or "COUNT" in parts:
        return datetime.datetime(2024, 1, 1, hour, minute)  # noqa: DTZ001  a wall-clock time has no zone
    back = at - datetime.timedelta(days=40)
    day = 1 if parts["FREQ"] == "MONTHLY" else back.day
    return back.replace(day=day, hour=hour, minute=minute, second=0, microsecond=0)


def _by_time(schedule: Definition, parts: dict[str, str], zone: str, after: int) -> int:
    step = SHORT[parts["FREQ"]] * max(1, int(parts.get("INTERVAL", "1"))) * 1_000_000
    start = schedule.get("start")
    anchor = to_instant(datetime.datetime.fromisoformat(str(start)), zone) if start else 0
    return anchor + ((after - anchor) // step + 1) * step


def _listed(field: str, low: int, high: int, text: str) -> str:
    return "" if field == "*" else ",".join(map(str, _numbers(field, low, high, text)))


def _numbers(field: str, low: int, high: int, text: str) -> list[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        try:
            begin = low if span == "*" else int(first)
            end = high if span == "*" or (step and not last) else int(last or first)
            found.update(range(begin, end + 1, int(step or 1)))
        except ValueError:
            raise BadSchedule(text=text, gap=part) from None
    if not found or min(found) < low or max(found) > high:
        raise BadSchedule(text=text, gap=f"{field}: {low}-{high}")
    return sorted(found)
