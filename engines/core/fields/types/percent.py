"""A share: stored as the fraction that formulas reckon with, shown in percent.

Text is in percent, with or without the sign ("12.5" and "12.5%" are 0.125): that is what people type. A number is the
fraction itself (0.125): that is what programs send, and what a spreadsheet keeps behind a percent format.
"""

from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Double

from engines.core.formula.types import NUMBER, Type
from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition

from ..base import FieldType, field_types
from ..figures import decimal_of, figure_schema, rounded

MOST = 10_000_000


@field_types.register
class Percent(FieldType):
    type = "percent"
    label = {"zh": "百分比", "en": "Percent"}
    icon = "pie"
    widget = "percent"
    live = "percent"
    config = [
        {"id": "scale", "type": "number", "label": {"zh": "小数位", "en": "Decimals"}, "min": 0, "max": 6, "scale": 0},
        {"id": "min", "type": "percent", "label": {"zh": "最小", "en": "Smallest"}, "scale": 6},
        {"id": "max", "type": "percent", "label": {"zh": "最大", "en": "Largest"}, "scale": 6},
    ]
    examples = [
        ({}, "12.5%", 0.125),
        ({}, "12.5", 0.125),
        ({}, 0.125, 0.125),
        ({}, 1, 1.0),
        ({"scale": 0}, "33.5％", 0.34),
        ({"scale": 1, "min": 0, "max": 1}, "0.1", 0.001),
    ]
    rejects = [
        ({}, "half", "not_a_percent"),
        ({}, True, "not_a_percent"),
        ({"max": 1}, 1.01, "too_big"),
        ({"min": 0.1}, 0.09, "too_small"),
    ]
    reasons = {
        "not_a_percent": {"zh": "要填百分比，例如 12.5%", "en": "Must be a percentage, such as 12.5%"},
        "too_small": {"zh": "不能小于 {limit}，现在是 {value}", "en": "At least {limit}, not {value}"},
        "too_big": {"zh": "不能大于 {limit}，现在是 {value}", "en": "At most {limit}, not {value}"},
    }

    def parse(self, raw: Any, field: Definition) -> float:
        given = decimal_of(raw, marks=("%",))
        if given is None:
            raise Rejected("not_a_percent")
        fraction = given / 100 if isinstance(raw, str) else given
        _within(float(fraction), field)
        return float(rounded(fraction, int(field.get("scale", 2)) + 2)) + 0.0  # -0.0 becomes 0.0

    def columns(self, field: Definition) -> list[Column[Any]]:
        return [Column(field["id"], Double)]

    def value_type(self, field: Definition) -> Type:
        return NUMBER

    def schema(self, field: Definition) -> Definition:
        return figure_schema(field, MOST)

    def from_text(self, text: str, field: Definition) -> Any:
        """A bare number in a cell is the fraction behind a percent format."""
        number = decimal_of(text)
        return text if number is None else float(number)

    def to_text(self, stored: Any, field: Definition, language: str) -> Any:
        return None if stored is None else _shown(stored)


def _within(value: float, field: Definition) -> None:
    least = field.get("min", 1e-6 - MOST)
    if value < least:
        raise Rejected("too_small", limit=_shown(least), value=_shown(value))
    most = field.get("max", MOST - 1e-6)
    if value > most:
        raise Rejected("too_big", limit=_shown(most), value=_shown(value))


def _shown(fraction: float) -> str:
    percent = (Decimal(repr(fraction)) * 100).normalize()
    return f"{percent:f}%"
