"""A value read from a related record whenever it is shown; nothing is stored."""

from typing import Any

from sqlalchemy import Column

from engines.core.kernel.kind import Definition

from ..base import field_types
from ..results import PUBLISHED, Computed

RESULT = {
    "type": "object",
    "required": ["type"],
    "properties": {"type": {"type": "string"}, "many": {"type": "boolean"}},
}
CITY = {"relation": "shop", "field": "city", "result": {"type": "text"}}
PRICE = {"relation": "product", "field": "price", "result": {"type": "money", "scale": 2}}


@field_types.register
class Lookup(Computed):
    type = "lookup"
    label = {"zh": "查找引用", "en": "Lookup"}
    icon = "search"
    group = "related"
    config = [
        {
            "id": "relation",
            "type": "field_ref",
            "label": {"zh": "经过哪个关联", "en": "Through which relation"},
            "required": True,
        },
        {
            "id": "field",
            "type": "field_ref",
            "label": {"zh": "取哪个字段", "en": "Which field"},
            "of": "relation",
            "required": True,
        },
        {
            "id": "result",
            "type": "json",
            "label": {"zh": "结果的样子", "en": "What it looks like"},
            "help": {"zh": "发布时从对方字段抄来", "en": "Copied from the other field when published"},
            "schema": RESULT,
            "visible": "FALSE",
        },
        PUBLISHED,
    ]
    examples = [
        (CITY, "杭州", "杭州"),
        (PRICE, 12.5, 1250),
        (PRICE | {"result": {"type": "money", "many": True}}, [1, 2.5], (100, 250)),
    ]
    rejects = [(CITY, "杭州", "computed")]

    def columns(self, field: Definition) -> list[Column[Any]]:
        return []

    def computed_by(self, field: Definition) -> str | None:
        return f"{field['relation']}.{field['field']}"
