"""From what is sent to what is stored, for whole records: blanks, all problems at once, the record's JSON Schema."""

from collections.abc import Callable, Sequence
from typing import Any

from engines.core.kernel.errors import Invalid, Rejected
from engines.core.kernel.kind import Definition, Label

from .base import FieldType, field_types

REASONS: dict[str, Label] = {
    "required": {"zh": "还没填，这一项要填", "en": "Still empty, and it is needed"},
    "computed": {"zh": "由系统填写，不用送来", "en": "The system fills this in: leave it out"},
    "not_valid": {"zh": "{mend}", "en": "{mend}"},
    "not_unique": {"zh": "已有记录用了这个值，换一个", "en": "Another record has this value: choose a different one"},
}
"""Refusals that any field may meet; a type's own are its `reasons`."""

COMMON: list[Definition] = [
    {
        "id": "id",
        "type": "text",
        "label": {"zh": "字段名", "en": "Field id"},
        "help": {
            "zh": "公式和接口用的名字，定了就不再改",
            "en": "The name in formulas and the API; it stays as it is",
        },
        "required": True,
        "max_length": 23,
        "pattern": "[a-z](?:_?[a-z0-9])*_?",
        "message": {
            "zh": "用小写字母开头，只含小写字母、数字和单个下划线",
            "en": "Start with a small letter; then small letters, digits and single underscores",
        },
    },
    {"id": "type", "type": "text", "label": {"zh": "类型", "en": "Type"}, "required": True, "max_length": 32},
    {"id": "label", "type": "labels", "label": {"zh": "标题", "en": "Label"}, "required": True, "max_length": 80},
    {"id": "help", "type": "labels", "label": {"zh": "说明", "en": "Help"}, "max_length": 300},
    {"id": "required", "type": "checkbox", "label": {"zh": "必填", "en": "Required"}},
    {
        "id": "required_if",
        "type": "formula_text",
        "label": {"zh": "什么时候必填", "en": "Required when"},
        "returns": "boolean",
    },
    {"id": "unique", "type": "checkbox", "label": {"zh": "不能重复", "en": "No duplicates"}},
    {"id": "width", "type": "number", "label": {"zh": "宽度", "en": "Width"}, "min": 1, "max": 12, "scale": 0},
    {"id": "default", "type": "formula_text", "label": {"zh": "默认值", "en": "Default"}},
    {
        "id": "visible",
        "type": "formula_text",
        "label": {"zh": "什么时候显示", "en": "Shown when"},
        "returns": "boolean",
    },
    {
        "id": "valid",
        "type": "formula_text",
        "label": {"zh": "填得对的条件", "en": "Right when"},
        "help": {
            "zh": "不成立就不能保存；这一项空着时不问",
            "en": "Nothing is saved while it does not hold; not asked while the field is empty",
        },
        "returns": "boolean",
    },
    {
        "id": "mend",
        "type": "labels",
        "label": {"zh": "不对时怎么说", "en": "What to say when it is not"},
        "help": {"zh": "说清差在哪、怎么改", "en": "Say what is wrong and how to mend it"},
        "max_length": 200,
    },
    {"id": "read_only", "type": "checkbox", "label": {"zh": "只读", "en": "Read-only"}},
    {
        "id": "read_only_if",
        "type": "formula_text",
        "label": {"zh": "什么时候只读", "en": "Read-only when"},
        "help": {
            "zh": "成立时页面上改不了，送来的改动不算",
            "en": "While it holds nobody changes it, and what is sent is left out",
        },
        "returns": "boolean",
    },
    {"id": "searchable", "type": "checkbox", "label": {"zh": "可搜索", "en": "Searchable"}},
    {
        "id": "sensitive",
        "type": "checkbox",
        "label": {"zh": "敏感，显示时打码", "en": "Sensitive: shown masked"},
    },
]
"""What every field has besides its type's own `config`; a panel like any other."""


def writable(field: Definition) -> bool:
    """May anybody send a value? Not for computed fields, nor for those that the store assigns."""
    kind = field_types.get(field["type"])
    return not kind.assigned and kind.computed_by(field) is None


def fits_in_rows(field: Definition) -> bool:
    """May it be a column of child rows? It has to live in columns, and rows have no numbers of their own."""
    kind = field_types.get(field["type"])
    return kind.in_palette and not kind.assigned and bool(kind.columns(field))


def blank(field: Definition) -> Any:
    """What is stored when there is nothing: () for links and child rows, None for columns."""
    kind = field_types.get(field["type"])
    return () if _several(kind, field) else None


def parse_one(field: Definition, raw: Any) -> Any:
    """Raw to stored; Rejected when it cannot be, also `required` (blank) and `computed` (nobody may send it)."""
    if not writable(field):
        raise Rejected("computed")
    stored = blank(field) if is_blank(raw) else field_types.get(field["type"]).parse(raw, field)
    if stored is None or stored in ("", ()):
        if field.get("required"):
            raise Rejected("required")
        return blank(field)
    return stored


def parser(field: Definition) -> Callable[[Any], Any]:
    """`parse_one` for one field, made ready for many values."""
    if not writable(field):
        return lambda raw: parse_one(field, raw)
    parse, nothing, required = field_types.get(field["type"]).parse, blank(field), field.get("required")

    def ready(raw: Any) -> Any:
        stored = nothing if is_blank(raw) else parse(raw, field)
        if stored is None or stored == ():
            if required:
                raise Rejected("required")
            return nothing
        return stored

    return ready


def parse_all(fields: Sequence[Definition], given: dict[str, Any]) -> dict[str, Any]:
    """Stored values of the fields that were sent; Invalid carries every problem at once. Others are left out."""
    values: dict[str, Any] = {}
    problems: dict[str, Rejected] = {}
    for field in fields:
        if field["id"] not in given:
            continue
        try:
            values[field["id"]] = parse_one(field, given[field["id"]])
        except Rejected as problem:
            problems[field["id"]] = problem
    if problems:
        raise Invalid(problems)
    return values


def json_schema(fields: Sequence[Definition], *, blanks: bool = False) -> Definition:
    """The JSON Schema of a record of these fields: for the API (`blanks`: null stands for an empty field), and for a
    type's own config, where what is empty is left out."""
    return {
        "type": "object",
        "properties": {f["id"]: _schema(f, blanks) for f in fields},
        "required": [f["id"] for f in fields if f.get("required") and writable(f)],
    }


def definition_schema(kind: FieldType) -> Definition:
    """The JSON Schema of a field of this type: what every field has, the type's own settings, and nothing else."""
    return json_schema([*COMMON, *kind.config]) | {"additionalProperties": False}


def say(field: Definition, problem: Rejected, language: str) -> str:
    """A refusal in words; details that are labels are given in the reader's language, row problems one by one."""
    words = field_types.get(field["type"]).reasons.get(problem.code) or REASONS[problem.code]
    details = {name: _said(detail, language) for name, detail in problem.details.items()}
    if "problems" in problem.details:
        details["problems"] = _say_rows(field, problem.details["problems"], language)
    return words.get(language, words["en"]).format(**details)


def _say_rows(field: Definition, problems: list[tuple[int, str, str, dict[str, Any]]], language: str) -> str:
    children = {child["id"]: child for child in field_types.get(field["type"]).children(field) or []}
    row = {"zh": "第 {n} 行「{name}」{text}", "en": "row {n}, {name}: {text}"}
    told = []
    for n, name, code, details in problems:
        child = children.get(name, field)
        text = say(child, Rejected(code, **details), language)
        told.append(row.get(language, row["en"]).format(n=n, name=_said(child["label"], language), text=text))
    return ("；" if language == "zh" else "; ").join(told)


def _said(detail: Any, language: str) -> Any:
    if not isinstance(detail, dict):
        return detail
    return detail.get(language) or next(iter(detail.values()), "")


def _schema(field: Definition, blanks: bool) -> Definition:
    schema = field_types.get(field["type"]).schema(field)
    if not writable(field):
        return {"anyOf": [schema, {"type": "null"}], "readOnly": True}
    if field.get("required"):
        return _filled(schema)
    return {"anyOf": [schema, {"type": "null"}]} if blanks else schema


def _filled(schema: Definition) -> Definition:
    if schema.get("type") == "array":
        return schema | {"minItems": max(1, schema.get("minItems", 0))}
    if schema.get("type") == "string" and "format" not in schema:
        return schema | {"allOf": [*schema.get("allOf", []), {"pattern": r"\S"}]}
    return schema


def is_blank(raw: Any) -> bool:
    """Nothing was sent: None, an empty list, or only spaces."""
    return raw is None or raw in ([], ()) or (isinstance(raw, str) and not raw.strip())


def _several(kind: FieldType, field: Definition) -> bool:
    return kind.links(field) is not None or kind.children(field) is not None
