"""Computed values look and are stored like those of the field type that their `result` names."""

from typing import Any

from sqlalchemy import Column

from engines.core.formula.types import Type
from engines.core.kernel.kind import Definition

from .base import FieldType, field_types


def result_of(field: Definition) -> Definition:
    """The ordinary field that a computed one looks like. `result` is a type's name with `scale` and `currency` beside
    it (formula, rollup), or a whole copied definition (lookup)."""
    result = field.get("result", "number")
    if isinstance(result, dict):
        return {**result, "id": field["id"]}
    beside: Definition = {name: field[name] for name in ("scale", "currency", "zone") if name in field}
    return {"id": field["id"], "type": result, **beside}


def many(field: Definition) -> bool:
    """Does it hold a value for each of several related records?"""
    return bool(result_of(field).get("many"))


def stored_result(value: Any, field: Definition) -> Any:
    """A formula's answer as the column keeps it: rounded, scaled. Instants are int microseconds already; blank is None.

    Rejected when the answer does not fit the result type (text of 20,000 characters, a number of 16 digits).
    """
    if value is None or value == "":
        return None
    shape = result_of(field)
    if shape["type"] == "datetime" and isinstance(value, int):
        return value
    return field_types.get(shape["type"]).parse(value, shape)


class Computed(FieldType):
    """What formula, rollup and lookup share; `parse` stays unwritten, nobody may send a value."""

    widget = "computed"

    def plain(self, stored: Any, field: Definition) -> Any:
        kind, shape = _kind(field)
        return [kind.plain(each, shape) for each in stored or ()] if many(field) else kind.plain(stored, shape)

    def columns(self, field: Definition) -> list[Column[Any]]:
        kind, shape = _kind(field)
        return kind.columns(shape)

    def value_type(self, field: Definition) -> Type:
        kind, shape = _kind(field)
        inner = kind.value_type(shape)
        return Type("list", item=inner) if many(field) and inner.kind != "list" else inner

    def schema(self, field: Definition) -> Definition:
        kind, shape = _kind(field)
        return {"type": "array", "items": kind.schema(shape)} if many(field) else kind.schema(shape)

    def to_text(self, stored: Any, field: Definition, language: str) -> Any:
        kind, shape = _kind(field)
        if not many(field):
            return kind.to_text(stored, shape, language)
        return "、".join(str(kind.to_text(each, shape, language)) for each in stored or ())


def _kind(field: Definition) -> tuple[FieldType, Definition]:
    shape = result_of(field)
    return field_types.get(shape["type"]), shape


def result_panel(*types: str) -> list[Definition]:
    """The part of a panel that says what a computed field looks like; `types` are names of field types."""
    return [
        {
            "id": "result",
            "type": "select",
            "label": {"zh": "结果类型", "en": "Result"},
            "options": [{"id": name, "label": LABELS[name]} for name in types],
        },
        {"id": "scale", "type": "number", "label": {"zh": "小数位", "en": "Decimals"}, "min": 0, "max": 9, "scale": 0},
        {"id": "currency", "type": "text", "label": {"zh": "币种", "en": "Currency"}, "pattern": "[A-Z]{3}"},
        PUBLISHED,
    ]


PUBLISHED: Definition = {
    "id": "published",
    "type": "checkbox",
    "label": {"zh": "公开结果", "en": "Published result"},
    "help": {
        "zh": "看不到全部来源记录或字段的人也看得到这个结果；不勾，他们就看不到这一项",
        "en": "Shown also to those who may not see every record or field it is made of; else it is hidden from them",
    },
}
"""The builder's word that a computed value may be seen by who may not see what it is made of."""
LABELS = {
    "text": {"zh": "文本", "en": "Text"},
    "number": {"zh": "数字", "en": "Number"},
    "money": {"zh": "金额", "en": "Money"},
    "percent": {"zh": "百分比", "en": "Percent"},
    "date": {"zh": "日期", "en": "Date"},
    "datetime": {"zh": "日期时间", "en": "Date and time"},
    "checkbox": {"zh": "是或否", "en": "Yes or no"},
}
