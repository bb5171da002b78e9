"""A value worked out from the other fields of the record, and stored."""

from engines.core.kernel.kind import Definition

from ..base import field_types
from ..results import Computed, result_panel

PER_ORDER = {"formula": "total_spend / order_count", "result": "money", "scale": 2, "currency": "CNY"}


@field_types.register
class Formula(Computed):
    type = "formula"
    label = {"zh": "公式", "en": "Formula"}
    icon = "spark"
    group = "advanced"
    config = [
        {"id": "formula", "type": "formula_text", "label": {"zh": "公式", "en": "Formula"}, "required": True},
        *result_panel("number", "text", "money", "percent", "date", "datetime", "checkbox"),
    ]
    examples = [
        (PER_ORDER, 64.25, 6425),
        ({"formula": "1 + 1"}, 2, 2.0),
        ({"formula": "a > b", "result": "checkbox"}, True, 1),
        ({"formula": "first & last", "result": "text"}, "ab", "ab"),
        ({"formula": "NOW()", "result": "datetime"}, "2026-11-22T06:00:00Z", 1_795_327_200_000_000),
    ]
    rejects = [(PER_ORDER, 64.25, "computed")]

    def computed_by(self, field: Definition) -> str | None:
        return str(field["formula"])
