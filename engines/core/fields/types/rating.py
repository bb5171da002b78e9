"""A whole number on a short scale: stars, or 0 to 10 of a survey."""

from typing import Any

from sqlalchemy import Column, Double

from engines.core.formula.types import NUMBER, Type
from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition

from ..base import FieldType, field_types
from ..figures import decimal_of


@field_types.register
class Rating(FieldType):
    type = "rating"
    label = {"zh": "评分", "en": "Rating"}
    icon = "star"
    widget = "rating"
    live = "number"
    group = "advanced"
    config = [
        {"id": "max", "type": "number", "label": {"zh": "最高", "en": "Highest"}, "min": 3, "max": 10, "scale": 0},
        {"id": "from_zero", "type": "checkbox", "label": {"zh": "从 0 开始", "en": "Starts at 0"}},
    ]
    examples = [({}, "4", 4), ({}, 5, 5), ({"max": 10, "from_zero": True}, 0, 0), ({"max": 10}, 10.0, 10)]
    rejects = [
        ({}, 0, "out_of_range"),
        ({}, 6, "out_of_range"),
        ({}, 4.5, "not_whole"),
        ({}, "good", "not_whole"),
        ({}, True, "not_whole"),
    ]
    reasons = {
        "not_whole": {"zh": "要填 {least} 到 {most} 的整数", "en": "Must be a whole number from {least} to {most}"},
        "out_of_range": {"zh": "只能从 {least} 到 {most}", "en": "Only from {least} to {most}"},
    }

    def parse(self, raw: Any, field: Definition) -> int:
        given, (least, most) = decimal_of(raw), _range(field)
        if given is not None and not least <= given <= most:
            raise Rejected("out_of_range", least=least, most=most)
        if given is None or given % 1:
            raise Rejected("not_whole", least=least, most=most)
        return int(given)

    def plain(self, stored: Any, field: Definition) -> Any:
        return None if stored is None else int(stored)

    def columns(self, field: Definition) -> list[Column[Any]]:
        return [Column(field["id"], Double)]

    def value_type(self, field: Definition) -> Type:
        return NUMBER

    def schema(self, field: Definition) -> Definition:
        least, most = _range(field)
        return {"type": "integer", "minimum": least, "maximum": most}


def _range(field: Definition) -> tuple[int, int]:
    return (0 if field.get("from_zero") else 1), int(field.get("max", 5))
