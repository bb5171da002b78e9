"""Running numbers such as DD-20261122-0007: the text of one, and which counter it takes."""

import datetime
import re

from engines.core.kernel.kind import Definition

DEFAULT = "{0000}"
_DATES = {
    "yyyy": "%Y",
    "yy": "%y",
    "mm": "%m",
    "yyyymm": "%Y%m",
    "yymm": "%y%m",
    "yyyymmdd": "%Y%m%d",
    "yymmdd": "%y%m%d",
}
PATTERN = r"[^{}]*(?:\{(?:" + "|".join(_DATES) + r")\}[^{}]*)*\{0+\}[^{}]*"
"""Text with any dates in braces, and exactly one run of zeros in braces after them."""


def counter(field: Definition, day: datetime.date) -> str:
    """The key of the counter to take the next number from: it starts again when the date in the text changes."""
    return re.sub(r"\{([a-z]+)\}", lambda part: day.strftime(_DATES[part[1]]), str(field.get("format", DEFAULT)))


def numbered(field: Definition, day: datetime.date, n: int) -> str:
    """The text of number `n`, with as many digits as the format has zeros, or more when they run out."""
    return re.sub(r"\{(0+)\}", lambda zeros: str(n).zfill(len(zeros[1])), counter(field, day))
