"""An instant: stored as microseconds UTC, written and read in a zone."""

import datetime
import re
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import BigInteger, Column

from engines.core.formula.types import DATETIME, Type
from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition

from ..base import FieldType, field_types
from ..days import DAY, LONGEST, REASONS, day_of, excel_time, existing

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICRO = datetime.timedelta(microseconds=1)
_WRITTEN = re.compile(
    DAY + r"[T\s]*(\d{1,2})[:：时点]\s*(\d{2})分?(?:[:：]?(\d{2})秒?(?:\.(\d{1,9}))?)?\s*(Z|z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
YEARS = (1000, 9998)
"""One year short of what the calendar of the standard library holds: a zone may add some hours."""
CHINA = {"zone": "Asia/Shanghai"}


@field_types.register
class Datetime(FieldType):
    type = "datetime"
    label = {"zh": "日期时间", "en": "Date and time"}
    icon = "clock"
    widget = "datetime"
    live = "datetime"
    config = [
        {
            "id": "zone",
            "type": "text",
            "label": {"zh": "时区", "en": "Time zone"},
            "help": {"zh": "不填就用应用的时区", "en": "The app's own when left empty"},
            "max_length": 64,
            "pattern": "[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)*",
            "message": {"zh": "写成 Asia/Shanghai 这样", "en": "Write it like Asia/Shanghai"},
        }
    ]
    examples = [
        ({}, "2026-11-22T06:00:00Z", 1_795_327_200_000_000),
        (CHINA, "2026-11-22 14:00", 1_795_327_200_000_000),
        (CHINA, "2026/11/22 14:00:00.5", 1_795_327_200_500_000),
        (CHINA, "2026年11月22日14时00分", 1_795_327_200_000_000),
        (CHINA, "2026-11-22", 1_795_276_800_000_000),
        (CHINA, "2026-11-22T06:00+00:00", 1_795_327_200_000_000),
        ({}, "1969-12-31T23:59:59Z", -1_000_000),
    ]
    rejects = [
        ({}, "tomorrow", "not_a_time"),
        ({}, 5, "not_a_time"),
        ({}, "2026-11-22 12:00+99:00", "not_a_time"),
        ({}, "0999-12-31T23:00:00-05:00", "too_far"),
        ({}, "2026-11-22 25:00", "not_a_time"),
        ({}, "2026-02-30 12:00", "no_such_day"),
        ({"zone": "Europe/Berlin"}, "2026-03-29 02:30", "no_such_time"),
        ({"zone": "Mars/Base"}, "2026-03-29 02:30", "no_such_zone"),
    ]
    reasons = REASONS | {
        "not_a_time": {
            "zh": "要填日期和时间，例如 2026-11-22 14:00",
            "en": "Must be a day and a time, such as 2026-11-22 14:00",
        },
        "too_far": {"zh": "年份要在 {first} 到 {last} 之间", "en": "The year has to be from {first} to {last}"},
        "no_such_time": {
            "zh": "{zone} 那天的夏令时跳过了这个时刻，改成前后一小时",
            "en": "Clocks in {zone} skip that time: choose one an hour earlier or later",
        },
        "no_such_zone": {
            "zh": "没有「{zone}」这个时区，到字段设置里改成 Asia/Shanghai 这样",
            "en": "There is no time zone {zone}: set one like Asia/Shanghai in the field",
        },
    }

    def parse(self, raw: Any, field: Definition) -> int:
        if not isinstance(raw, (str, datetime.datetime)):
            raise Rejected("not_a_time")
        time = _time(raw) if isinstance(raw, str) else raw
        if not YEARS[0] <= time.year <= YEARS[1]:
            raise Rejected("too_far", first=YEARS[0], last=YEARS[1])
        aware = time if time.tzinfo else _in_zone(time, field.get("zone", "UTC"))
        return (aware - _EPOCH) // _MICRO

    def plain(self, stored: Any, field: Definition) -> Any:
        return None if stored is None else _instant(stored).isoformat().replace("+00:00", "Z")

    def columns(self, field: Definition) -> list[Column[Any]]:
        return [Column(field["id"], BigInteger)]

    def value_type(self, field: Definition) -> Type:
        return DATETIME

    def schema(self, field: Definition) -> Definition:
        pattern = r"^[1-9]\d{3}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$"
        return {"type": "string", "format": "date-time", "pattern": pattern}

    def from_text(self, text: str, field: Definition) -> Any:
        """A spreadsheet keeps a wall time as a serial number with a fraction."""
        time = excel_time(text)
        return time.isoformat() if time else text

    def to_text(self, stored: Any, field: Definition, language: str) -> Any:
        """The time on the wall of the zone; with its offset where clocks were set back and it happened twice."""
        if stored is None:
            return None
        local = _instant(stored).astimezone(_zone(field.get("zone", "UTC")))
        if local.fold:
            return local.isoformat(" ")
        whole = local.second == local.microsecond == 0
        return local.replace(tzinfo=None).isoformat(" ", "minutes" if whole else "auto")


def _time(text: str) -> datetime.datetime:
    found = _WRITTEN.fullmatch(text.strip()) if len(text) <= LONGEST else None
    if not found:
        return datetime.datetime.combine(_only_day(text), datetime.time())
    day = existing(*(int(part) for part in found.groups()[:3]))
    hour, minute, second = (int(part or 0) for part in found.groups()[3:6])
    if hour > 23 or minute > 59 or second > 59:
        raise Rejected("not_a_time")
    micros = int((found[7] or "").ljust(6, "0")[:6])
    return datetime.datetime.combine(day, datetime.time(hour, minute, second, micros, _offset(found[8])))


def _only_day(text: str) -> datetime.date:
    try:
        return day_of(text)
    except Rejected as wrong:
        if wrong.code == "not_a_date":
            raise Rejected("not_a_time") from None
        raise


def _offset(text: str | None) -> datetime.tzinfo | None:
    if text is None:
        return None
    try:
        return datetime.UTC if text in "Zz" else datetime.datetime.strptime(text, "%z").tzinfo
    except ValueError:
        raise Rejected("not_a_time") from None


def _in_zone(time: datetime.datetime, name: str) -> datetime.datetime:
    zone = _zone(name)
    aware = time.replace(tzinfo=zone)
    if aware.astimezone(datetime.UTC).astimezone(zone).replace(tzinfo=None) != time:
        raise Rejected("no_such_time", zone=name)
    return aware


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Rejected("no_such_zone", zone=name) from None


def _instant(micros: int) -> datetime.datetime:
    return _EPOCH + micros * _MICRO
