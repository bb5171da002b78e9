"""A field chosen in a panel, or several: ids, or paths through relations such as shop.city."""

import re
from typing import Any

import orjson

from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition

from ..base import FieldType, field_types
from ..links import MULTIPLE, split

PATTERN = r"_?[a-z][a-z0-9_]{0,22}(?:\._?[a-z][a-z0-9_]{0,22}){0,3}"
SHOW = {"of": "form", "multiple": True}


@field_types.register
class FieldRef(FieldType):
    """Several are kept in the order given, as JSON text."""

    type = "field_ref"
    label = {"zh": "选字段", "en": "Choice of field"}
    icon = "cols"
    widget = "field_ref"
    in_palette = False
    config = [
        MULTIPLE,
        {
            "id": "of",
            "type": "text",
            "label": {"zh": "用哪一项选中的表单的字段", "en": "Fields of the form chosen in"},
            "max_length": 23,
        },
    ]
    examples = [({}, "amount", "amount"), ({}, "shop.city", "shop.city"), (SHOW, ["name", "city"], '["name","city"]')]
    rejects = [({}, "a b", "not_a_field"), ({}, ["a", "b"], "not_a_field"), (SHOW, ["a", 5], "not_a_field")]
    reasons = {"not_a_field": {"zh": "从列表里选字段", "en": "Choose from the list of fields"}}

    def parse(self, raw: Any, field: Definition) -> str:
        given = raw if field.get("multiple") and isinstance(raw, (list, tuple)) else [raw]
        if not all(isinstance(each, str) and re.fullmatch(PATTERN, each) for each in given):
            raise Rejected("not_a_field")
        return orjson.dumps(list(dict.fromkeys(given))).decode() if field.get("multiple") else str(raw)

    def plain(self, stored: Any, field: Definition) -> Any:
        return orjson.loads(stored) if stored is not None and field.get("multiple") else stored

    def schema(self, field: Definition) -> Definition:
        one = {"type": "string", "pattern": f"^{PATTERN}$"}
        return {"type": "array", "items": one, "uniqueItems": True, "maxItems": 100} if field.get("multiple") else one

    def from_text(self, text: str, field: Definition) -> Any:
        return split(text) if field.get("multiple") else text

    def to_text(self, stored: Any, field: Definition, language: str) -> Any:
        plain = self.plain(stored, field)
        return "、".join(plain) if isinstance(plain, list) else plain
