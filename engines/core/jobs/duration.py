"""Lengths of time as definitions write them: ISO 8601 such as PT2H, P3D, P1DT12H, -P2D."""

import re
from functools import lru_cache

from engines.core.fields.lengths import PATTERN as LENGTH
from engines.core.kernel.errors import AppError

PATTERN = LENGTH.replace("^", "^-?")
"""A length of time, or one back."""
SECONDS = (7 * 86400, 86400, 0, 3600, 60, 1)


class BadDuration(AppError):
    code = "bad_duration"
    words = {
        "zh": "看不懂时长「{text}」，写成 PT2H（两小时）或 P3D（三天）",
        "en": "'{text}' is no length of time: write PT2H (two hours) or P3D (three days)",
    }


@lru_cache(maxsize=1024)
def micros(text: str) -> int:
    """Microseconds; BadDuration when it cannot be read."""
    found = re.match(PATTERN, text)
    if found is None or not any(sign.isdigit() for sign in text) or text.endswith("T"):
        raise BadDuration(text=text)
    total = sum(int(part[:-1]) * size for part, size in zip(found.groups(), SECONDS, strict=True) if part and size)
    return total * (-1_000_000 if text.startswith("-") else 1_000_000)


def days(text: str) -> int | None:
    """The whole days when it is nothing but days or weeks: those are counted on the calendar."""
    length = micros(text)
    return None if "T" in text else length // 86_400_000_000
