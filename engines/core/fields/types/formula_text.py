"""A formula edited in a panel; whether it makes sense is checked where the fields it names are known."""

from typing import Any

from engines.core.kernel.kind import Definition

from ..base import FieldType, field_types
from ..texts import REASONS, fitting, many_lines, text_schema

MOST = 4000
KINDS = {
    "number": {"zh": "数字", "en": "Number"},
    "text": {"zh": "文本", "en": "Text"},
    "boolean": {"zh": "是或否", "en": "Yes or no"},
    "date": {"zh": "日期", "en": "Date"},
    "datetime": {"zh": "日期时间", "en": "Date and time"},
}


@field_types.register
class FormulaText(FieldType):
    type = "formula_text"
    label = {"zh": "公式文本", "en": "Formula text"}
    icon = "spark"
    widget = "formula"
    in_palette = False
    config = [
        {
            "id": "returns",
            "type": "select",
            "label": {"zh": "结果要是", "en": "Has to give"},
            "options": [{"id": kind, "label": label} for kind, label in KINDS.items()],
        },
        {
            "id": "of",
            "type": "text",
            "label": {"zh": "用哪一项选中的表单的字段", "en": "Fields of the form chosen in"},
            "max_length": 23,
        },
    ]
    examples = [
        ({"returns": "boolean"}, "total_spend > 5000", "total_spend > 5000"),
        ({"of": "relation"}, "= a +\n b", "a +\n b"),
    ]
    rejects = [({}, "a" * 4001, "too_long"), ({}, 5, "not_a_text"), ({}, "a\x00", "unseen")]
    reasons = REASONS

    def parse(self, raw: Any, field: Definition) -> str:
        """A leading = , as in a spreadsheet, is dropped."""
        return fitting(many_lines(raw).removeprefix("=").lstrip(), {}, MOST)

    def schema(self, field: Definition) -> Definition:
        return text_schema({}, MOST)
