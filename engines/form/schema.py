"""The JSON Schema of a form's records, as one caller may send and get them."""

from typing import Any

from engines.core.fields.values import json_schema
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look

from . import submit
from .compile import Form

TIME = {"type": "string", "format": "date-time"}
SYSTEM: dict[str, Any] = {
    "_id": {"type": "integer"},
    "_version": {"type": "integer"},
    "_created_at": TIME,
    "_created_by": {"type": ["integer", "null"]},
    "_updated_at": TIME,
    "_updated_by": {"type": ["integer", "null"]},
}


def record_schema(look: Look, form: Form) -> Definition:
    """What POST takes: fields that the caller may fill in; those that it may only read are marked so."""
    scope = look.rights.scope(form.source.id)
    open_fields = submit.writable(look, form)
    seen = [f for name, f in form.fields.items() if scope.reads(name) or name in open_fields]
    made = json_schema(seen, blanks=True)
    for name, part in made["properties"].items():
        closed = {} if name in open_fields else {"readOnly": True}
        made["properties"][name] = part | {"title": next(iter(form.fields[name]["label"].values()))} | closed
    made["required"] = [name for name in made["required"] if name in open_fields]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": _title(form)}
    return head | made | {"additionalProperties": False}


def answer_schema(look: Look, form: Form) -> Definition:
    """What the API gives: readable fields beside the system's own; nothing is required, since `fields=` picks."""
    scope = look.rights.scope(form.source.id)
    made = json_schema([f for name, f in form.fields.items() if scope.reads(name)], blanks=True)
    return {"type": "object", "title": _title(form), "properties": SYSTEM | made["properties"], "required": ["_id"]}


def _title(form: Form) -> str:
    return str(next(iter(form.definition["label"].values())))
