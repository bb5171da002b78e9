"""Yes or no."""

from typing import Any

from sqlalchemy import Column, SmallInteger

from engines.core.formula.types import BOOLEAN, Type
from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition

from ..base import FieldType, field_types

YES = {"true", "yes", "y", "on", "1", "1.0", "是", "对", "有", "✓", "✔", "√"}
NO = {"false", "no", "n", "off", "0", "0.0", "否", "不是", "无", "✗", "✘", "×"}


@field_types.register
class Checkbox(FieldType):
    type = "checkbox"
    label = {"zh": "勾选", "en": "Checkbox"}
    icon = "chk"
    widget = "checkbox"
    live = "checkbox"
    config = [
        {
            "id": "must",
            "type": "checkbox",
            "label": {"zh": "要勾上才能提交", "en": "Has to be ticked"},
            "help": {"zh": "例如「我已阅读并同意」", "en": "Such as: I have read this and agree"},
        }
    ]
    examples = [
        ({}, True, 1),
        ({}, False, 0),
        ({}, 1, 1),
        ({}, "是", 1),
        ({}, "否", 0),
        ({}, "Yes", 1),
        ({}, "off", 0),
        ({}, "✓", 1),
        ({"must": True}, "on", 1),
    ]
    rejects = [
        ({}, "maybe", "not_yes_or_no"),
        ({}, 2, "not_yes_or_no"),
        ({}, {}, "not_yes_or_no"),
        ({"must": True}, False, "not_ticked"),
    ]
    reasons = {
        "not_yes_or_no": {"zh": "要填是或否", "en": "Must be yes or no"},
        "not_ticked": {"zh": "要勾上才能提交", "en": "Tick this to go on"},
    }

    def parse(self, raw: Any, field: Definition) -> int:
        told = str(raw).strip().lower() if isinstance(raw, (str, int, float)) else ""
        if told not in YES | NO:
            raise Rejected("not_yes_or_no")
        if field.get("must") and told in NO:
            raise Rejected("not_ticked")
        return int(told in YES)

    def plain(self, stored: Any, field: Definition) -> Any:
        return None if stored is None else bool(stored)

    def columns(self, field: Definition) -> list[Column[Any]]:
        return [Column(field["id"], SmallInteger)]

    def value_type(self, field: Definition) -> Type:
        return BOOLEAN

    def schema(self, field: Definition) -> Definition:
        return {"const": True} if field.get("must") else {"type": "boolean"}

    def to_text(self, stored: Any, field: Definition, language: str) -> Any:
        words = ("否", "是") if language == "zh" else ("No", "Yes")
        return None if stored is None else words[bool(stored)]
