"""What the types of settings share that keep a structure as JSON text."""

from typing import Any

import orjson

from engines.core.kernel.kind import Definition

from .base import FieldType


class JsonText(FieldType):
    """Stored: JSON text; a value of the API and of definitions: the structure; a text that is no JSON goes to `parse`
    as it is, which says what is wrong."""

    in_palette = False

    def plain(self, stored: Any, field: Definition) -> Any:
        return None if stored is None else orjson.loads(stored)

    def from_text(self, text: str, field: Definition) -> Any:
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text

    def to_text(self, stored: Any, field: Definition, language: str) -> Any:
        return stored
