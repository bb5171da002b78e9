"""Days and times as people and spreadsheets write them."""

import datetime
import re
from calendar import monthrange

from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Label

DAY = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
LONGEST = 64
"""Nobody writes a time longer than this; what is longer is no time, and is not searched."""
_DAY = re.compile(DAY, re.ASCII)
_SERIAL = re.compile(r"\d{1,7}(\.\d+)?", re.ASCII)
_EXCEL_DAYS = 2_958_466  # the serial number after 9999-12-31

REASONS: dict[str, Label] = {
    "not_a_date": {"zh": "要填日期，例如 2026-11-22", "en": "Must be a day, such as 2026-11-22"},
    "no_such_day": {
        "zh": "{year} 年 {month} 月只有 {last} 天，没有 {day} 日",
        "en": "Month {month} of {year} has {last} days: there is no day {day}",
    },
}


def day_of(text: str) -> datetime.date:
    """2026-11-22, 2026/11/22, 2026.11.22, 2026年11月22日 and 20261122; never day or month first, which is a guess."""
    text = text.strip() if len(text) <= LONGEST else ""
    if re.fullmatch(r"\d{8}", text, re.ASCII):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    found = _DAY.fullmatch(text)
    if not found:
        raise Rejected("not_a_date")
    return existing(*(int(part) for part in found.groups()))


def existing(year: int, month: int, day: int) -> datetime.date:
    """That day of the calendar, or why there is none."""
    if year == 0 or not 1 <= month <= 12:
        raise Rejected("not_a_date")
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise Rejected("no_such_day", year=year, month=month, day=day, last=last)
    return datetime.date(year, month, day)


def excel_time(text: str) -> datetime.datetime | None:
    """The wall time of a spreadsheet's serial number (1900 system), to the second; None when it is no such number."""
    if not _SERIAL.fullmatch(text.strip()):
        return None
    serial = float(text)
    if not 1 <= serial < _EXCEL_DAYS:
        return None
    # Excel believes that 1900 was a leap year: serials before its 29 February count from a day later.
    start = datetime.datetime(1899, 12, 30 if serial >= 60 else 31)  # noqa: DTZ001  a wall time has no zone
    return start + datetime.timedelta(seconds=round(serial * 86400))
