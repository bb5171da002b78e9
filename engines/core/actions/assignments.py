"""Values that an action gives to fields: literals, or formulas over the record it works on."""

from typing import Any

from engines.core.fields import field_types
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork

from . import formulas
from .base import Context
from .services import AnyForm

SHAPE = {
    "type": "array",
    "minItems": 1,
    "maxItems": 100,
    "items": {
        "type": "object",
        "required": ["field"],
        "additionalProperties": False,
        "properties": {
            "field": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,22}$"},
            "value": {},
            "formula": {"type": "string", "minLength": 1, "maxLength": 4000},
        },
        "oneOf": [{"required": ["value"]}, {"required": ["formula"]}],
    },
}
VALUES: Definition = {
    "id": "values",
    "type": "json",
    "label": {"zh": "要填的值", "en": "Values"},
    "required": True,
    "schema": SHAPE,
}
"""The panel's field for `[{field, value | formula}]`."""


def given(uow: UnitOfWork, context: Context, values: list[Definition], target: AnyForm) -> dict[str, Any]:
    """What goes through the form's door: plain values by field of `target`; formulas are over the context's record."""
    return {one["field"]: _value(uow, context, one, target.fields.get(one["field"])) for one in values}


def _value(uow: UnitOfWork, context: Context, one: Definition, field: Definition | None) -> Any:
    if "formula" not in one:
        return one["value"]
    found = formulas.value(uow, context, one["formula"])
    return found if field is None else as_plain(found, field)


def as_plain(value: Any, field: Definition) -> Any:
    """A formula's value as the field takes it from outside: money in whole units, instants as the type writes them."""
    kind = field_types.get(field["type"])
    if value is None or kind.value_type(field).scale:
        return value if value is None else f"{value:.{kind.value_type(field).scale}f}"
    if kind.value_type(field).kind == "datetime":
        return kind.plain(value, field)
    return list(value) if isinstance(value, tuple) else value
