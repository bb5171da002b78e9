"""One figure over related records or child rows: how many, how much, the first, the last."""

from engines.core.kernel.kind import Definition

from ..base import field_types
from ..results import Computed, result_panel

AGGREGATES = {
    "count": {"zh": "计数", "en": "Count"},
    "sum": {"zh": "求和", "en": "Sum"},
    "average": {"zh": "平均", "en": "Average"},
    "min": {"zh": "最小", "en": "Smallest"},
    "max": {"zh": "最大", "en": "Largest"},
    "count_distinct": {"zh": "不重复计数", "en": "Count of different values"},
    "latest": {"zh": "最近一条的值", "en": "Of the latest record"},
}
PAID = {
    "relation": "orders",
    "aggregate": "sum",
    "field": "amount",
    "where": 'status = "paid"',
    "result": "money",
}


@field_types.register
class Rollup(Computed):
    type = "rollup"
    label = {"zh": "汇总", "en": "Rollup"}
    icon = "sum"
    group = "related"
    config = [
        {
            "id": "relation",
            "type": "field_ref",
            "label": {"zh": "汇总哪些记录", "en": "Which records"},
            "required": True,
        },
        {
            "id": "aggregate",
            "type": "select",
            "label": {"zh": "怎么算", "en": "How"},
            "options": [{"id": name, "label": label} for name, label in AGGREGATES.items()],
            "required": True,
        },
        {
            "id": "field",
            "type": "field_ref",
            "label": {"zh": "汇总哪个字段", "en": "Which field"},
            "of": "relation",
            "visible": 'aggregate <> "count"',
        },
        {
            "id": "where",
            "type": "formula_text",
            "label": {"zh": "只算哪些", "en": "Only those where"},
            "of": "relation",
            "returns": "boolean",
        },
        *result_panel("number", "money", "percent", "date", "datetime", "text"),
    ]
    examples = [
        (PAID, 128.5, 12850),
        ({"relation": "orders", "aggregate": "count"}, 3, 3.0),
        ({"relation": "orders", "aggregate": "max", "field": "day", "result": "date"}, "2026-11-22", "2026-11-22"),
    ]
    rejects = [(PAID, 128.5, "computed")]

    def computed_by(self, field: Definition) -> str | None:
        over = field["relation"]
        if field["aggregate"] != "count":
            over = f"{over}.{field.get('field', '')}"
        where = f" WHERE {field['where']}" if field.get("where") else ""
        return f"{str(field['aggregate']).upper()}({over}{where})"
