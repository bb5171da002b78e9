"""Raw values to stored ones, field by field; blank is handled here and never reaches a type."""

from typing import Any

from engines.core.kernel.errors import Invalid, Rejected
from engines.core.kernel.kind import Definition

from .base import field_types


def parse_one(field: Definition, raw: Any) -> Any:
    """Raw to stored; blank is None, or () for values that live in a table of their own."""
    kind = field_types.get(field["type"])
    blank = raw is None or raw in ([], ()) or (isinstance(raw, str) and not raw.strip())
    if blank and field.get("required"):
        raise Rejected("required")
    if blank:
        return () if kind.links(field) is not None or kind.children(field) is not None else None
    return kind.parse(raw, field)


def parse_all(fields: list[Definition], given: dict[str, Any]) -> dict[str, Any]:
    """Raw to stored; Invalid carries every problem at once. Fields that were not sent are left out."""
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


def json_schema(fields: list[Definition]) -> Definition:
    """The JSON Schema of a record of these fields: for the API, and for a type's own config."""
    return {
        "type": "object",
        "properties": {f["id"]: field_types.get(f["type"]).schema(f) for f in fields},
        "required": [f["id"] for f in fields if f.get("required")],
    }
