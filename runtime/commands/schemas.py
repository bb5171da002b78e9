"""`schemas`: the JSON Schema of each field type's definition, for editors and for people who write apps by hand."""

import json
from pathlib import Path
from typing import Any

from engines.core.fields import field_types
from engines.core.fields.values import definition_schema

from .base import Call, argument, command

FOLDER = Path(__file__).parents[2] / "schemas" / "generated"


@command("schemas", argument("--out", default=str(FOLDER)), workspace=False)
def schemas(call: Call) -> None:
    """write schemas/generated"""
    folder = Path(call.args.out)
    folder.mkdir(parents=True, exist_ok=True)
    made = everything()
    for path in folder.glob("*.json"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    call.say({"folder": str(folder), "schemas": len(made)})


def everything() -> dict[str, str]:
    """The text of each file by its name."""
    return {f"field.{kind.type}.json": _text(kind) for kind in field_types if kind.in_palette}


def _text(kind: Any) -> str:
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"dougong:field.{kind.type}",
        "title": f"A field of type {kind.type}: {kind.label['en']}",
    }
    schema = definition_schema(kind)
    properties = schema["properties"] | {"type": {"const": kind.type}}
    return json.dumps(head | schema | {"properties": properties}, ensure_ascii=False, indent=2) + "\n"
