"""Rows of their own inside a record, such as the lines of an order; kept in a child table."""

from typing import Any

import orjson
from sqlalchemy import Column

from engines.core.formula.types import Type
from engines.core.kernel.errors import Invalid, Rejected
from engines.core.kernel.kind import Definition

from ..base import FieldType, field_types
from ..json_text import structure
from ..links import one_id
from ..values import is_blank, json_schema, parse_all, writable

MOST = 500
FIELDS = {
    "type": "array",
    "minItems": 1,
    "maxItems": 50,
    "items": {"type": "object", "required": ["id", "type", "label"]},
}
LINES = {
    "fields": [
        {"id": "item", "type": "text", "label": {"zh": "品名", "en": "Item"}, "required": True},
        {"id": "qty", "type": "number", "label": {"zh": "数量", "en": "Quantity"}, "min": 1},
    ]
}
Problem = tuple[int, str, str, dict[str, Any]]


@field_types.register
class Subform(FieldType):
    """A row is {"_id": int or None (a new row), child id: stored value}. A row that exists keeps what is not sent."""

    type = "subform"
    label = {"zh": "子表", "en": "Rows"}
    icon = "sub"
    widget = "subform"
    live = "rows"
    group = "related"
    config = [
        {"id": "fields", "type": "json", "label": {"zh": "列", "en": "Columns"}, "required": True, "schema": FIELDS},
        {"id": "min_rows", "type": "number", "label": {"zh": "最少几行", "en": "At least"}, "min": 0, "scale": 0},
        {
            "id": "max_rows",
            "type": "number",
            "label": {"zh": "最多几行", "en": "At most"},
            "min": 1,
            "max": MOST,
            "scale": 0,
        },
    ]
    examples = [
        (LINES, [{"item": "面霜", "qty": "2"}], ({"_id": None, "item": "面霜", "qty": 2.0},)),
        (LINES, [{"item": "面霜"}, {"item": " "}], ({"_id": None, "item": "面霜", "qty": None},)),
        (LINES | {"min_rows": 1}, [{"_id": "4", "qty": 3}], ({"_id": 4, "qty": 3.0},)),
    ]
    rejects = [
        (LINES, "x", "not_rows"),
        (LINES, ["x"], "not_rows"),
        (LINES, [{"item": "面霜", "qty": 0}], "rows"),
        (LINES, [{"_id": -1, "item": "面霜"}], "rows"),
        (LINES | {"min_rows": 2}, [{"item": "a"}], "too_few"),
        (LINES | {"max_rows": 1}, [{"item": "a"}, {"item": "b"}], "too_many"),
    ]
    reasons = {
        "not_rows": {"zh": "要一行一行地填", "en": "Must be rows"},
        "rows": {"zh": "{problems}", "en": "{problems}"},
        "not_a_row": {"zh": "这一行已不在，刷新后再填", "en": "This row is gone: reload, then fill in again"},
        "twice": {"zh": "同一行出现了两次", "en": "The same row is there twice"},
        "too_few": {"zh": "至少 {least} 行，还差 {short} 行", "en": "At least {least} rows, {short} more to go"},
        "too_many": {"zh": "最多 {most} 行，多了 {over} 行", "en": "At most {most} rows, {over} too many"},
    }

    def parse(self, raw: Any, field: Definition) -> tuple[Definition, ...]:
        if not isinstance(raw, (list, tuple)) or not all(isinstance(row, dict) for row in raw):
            raise Rejected("not_rows")
        if len(raw) > 2 * MOST:  # empty ones among them are no excuse for reading a million
            raise Rejected("too_many", most=MOST, over=len(raw) - MOST)
        rows: list[Definition] = []
        problems: list[Problem] = []
        for n, given in enumerate(raw, 1):
            _take(n, given, field, rows, problems)
        if problems:
            raise Rejected("rows", problems=problems)
        _counted(len(rows), field)
        return tuple(rows)

    def plain(self, stored: Any, field: Definition) -> Any:
        return [_plain_row(row, field) for row in stored or ()]

    def columns(self, field: Definition) -> list[Column[Any]]:
        return []

    def children(self, field: Definition) -> list[Definition] | None:
        return list(field["fields"])

    def value_type(self, field: Definition) -> Type:
        return Type("list", item=Type("link", form=f".{field['id']}"))

    def schema(self, field: Definition) -> Definition:
        row = json_schema(field["fields"], blanks=True)
        row["properties"]["_id"] = {"type": ["integer", "null"], "minimum": 1}
        del row["required"]  # a row that exists may send the changed values only
        most = int(field.get("max_rows", MOST))
        return {"type": "array", "items": row, "minItems": int(field.get("min_rows", 0)), "maxItems": most}

    def from_text(self, text: str, field: Definition) -> Any:
        return structure(text)

    def to_text(self, stored: Any, field: Definition, language: str) -> Any:
        return orjson.dumps(self.plain(stored, field)).decode() if stored else ""


def _counted(count: int, field: Definition) -> None:
    least, most = int(field.get("min_rows", 0)), int(field.get("max_rows", MOST))
    if count < least:
        raise Rejected("too_few", least=least, short=least - count)
    if count > most:
        raise Rejected("too_many", most=most, over=count - most)


def _take(n: int, given: Definition, field: Definition, rows: list[Definition], problems: list[Problem]) -> None:
    """One row as sent into `rows`, or what is wrong with it into `problems`; an empty new row is passed over."""
    fields = [child for child in field["fields"] if writable(child)]
    try:
        row_id = _row_id(given.get("_id"), rows)
        if row_id is None and all(is_blank(given.get(child["id"])) for child in fields):
            return
        sent = given if row_id else {child["id"]: given.get(child["id"]) for child in fields}
        rows.append({"_id": row_id, **parse_all(fields, sent)})
    except Rejected as wrong:
        problems.append((n, "_id", wrong.code, wrong.details))
    except Invalid as wrong:
        problems += [(n, name, each.code, each.details) for name, each in wrong.problems.items()]


def _row_id(raw: Any, rows: list[Definition]) -> int | None:
    if raw in (None, ""):
        return None
    try:
        row_id = one_id(raw)
    except Rejected:
        raise Rejected("not_a_row") from None
    if any(row["_id"] == row_id for row in rows):
        raise Rejected("twice")
    return row_id


def _plain_row(row: Definition, field: Definition) -> Definition:
    given = [child for child in field["fields"] if child["id"] in row]
    return {"_id": row.get("_id")} | {c["id"]: field_types.get(c["type"]).plain(row[c["id"]], c) for c in given}
