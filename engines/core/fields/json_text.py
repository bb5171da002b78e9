"""What the types of settings share that keep a structure as JSON text."""

from typing import Any

import orjson

from engines.core.kernel.kind import Definition

from .base import FieldType


def structure(text: str) -> Any:
    """What a text says as JSON; one that is no JSON as it is, for `parse` to say what is wrong."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


class JsonText(FieldType):
    """Stored: JSON text; a value of the API and of definitions: the structure."""

    in_palette = False

    def plain(self, stored: Any, field: Definition) -> Any:
        return None if stored is None else orjson.loads(stored)

    def from_text(self, text: str, field: Definition) -> Any:
        return structure(text)

    def to_text(self, stored: Any, field: Definition, language: str) -> Any:
        return stored
