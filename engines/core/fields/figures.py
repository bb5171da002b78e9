"""Figures as people write them: full-width digits, grouping commas, 万 and 亿, a mark before or after them."""

import math
import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from engines.core.kernel.kind import Definition

MOST = 10**15
"""A double and a scaled integer both keep 15 digits exactly, and not one more."""
_FIFTEEN = Context(prec=15, rounding=ROUND_HALF_UP)
_TIMES = {"": 0, "万": 4, "亿": 8}
_WRITTEN = re.compile(
    r"([+-]?(?:\d+|\d{1,3}(?:,\d{3})+|\d{1,4}(?:,\d{4})+)?(?:\.\d+)?\.?(?:[eE][+-]?\d{1,3})?)\s*([万亿]?)", re.ASCII
)


def decimal_of(raw: Any, *, marks: tuple[str, ...] = ()) -> Decimal | None:
    """The number that `raw` (int, float or text) means; None when it means none.

    `marks` may stand before or after the figure: a currency, a unit, a percent sign. A comma only groups: "1,2" is
    nothing, since half the world would read it as 1.2.
    """
    if isinstance(raw, str):
        return _written(raw, marks)
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not math.isfinite(raw):
        return None
    return Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)


def rounded(value: Decimal, scale: int | None) -> Decimal:
    """Half away from zero at `scale` decimals, on the 15 digits that a double keeps; |value| is at most MOST."""
    short = _FIFTEEN.create_decimal(value)
    return short if scale is None else short.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)


def figure_schema(field: Definition, most: int) -> Definition:
    """JSON Schema of a number within the field's `min` and `max`, else below `most` either way."""
    low = {"minimum": field["min"]} if "min" in field else {"exclusiveMinimum": -most}
    high = {"maximum": field["max"]} if "max" in field else {"exclusiveMaximum": most}
    return {"type": "number"} | low | high


def _written(text: str, marks: tuple[str, ...]) -> Decimal | None:
    if len(text) > 64:
        return None
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    found = _WRITTEN.fullmatch(_unmarked(plain, [unicodedata.normalize("NFKC", mark) for mark in marks]))
    if not found or not re.search(r"\d", found[1]):
        return None
    return Decimal(found[1].replace(",", "")).scaleb(_TIMES[found[2]])


def _unmarked(text: str, marks: list[str]) -> str:
    """A sign may stand before the mark: -¥5."""
    sign, body = (text[0], text[1:]) if text[:1] in ("+", "-") else ("", text)
    for mark in marks:
        body = body.strip().removeprefix(mark).removesuffix(mark)
    return sign + body.strip()
