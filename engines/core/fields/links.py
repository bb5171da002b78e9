"""Values that are ids of something kept elsewhere: one in a column, or several as link rows."""

import re
from typing import Any

from sqlalchemy import BigInteger, Column
from sqlalchemy.types import TypeEngine

from engines.core.formula.types import Type
from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition

from .base import FieldType

MOST = 1000
ID = {"type": "integer", "minimum": 1}
MULTIPLE = {"id": "multiple", "type": "checkbox", "label": {"zh": "可以选多个", "en": "Several"}}


def one_id(raw: Any) -> int:
    """A positive 64-bit id from an int or its digits."""
    digits = isinstance(raw, str) and re.fullmatch(r"\s*[0-9]{1,19}\s*", raw)
    if not digits and (isinstance(raw, bool) or not isinstance(raw, int)):
        raise Rejected("not_an_id")
    if not 0 < int(raw) < 2**63:
        raise Rejected("not_an_id")
    return int(raw)


def many_ids(raw: Any, most: int = MOST) -> tuple[int, ...]:
    """Ids in ascending order, each once: link rows keep no other order."""
    given = list(raw) if isinstance(raw, (list, tuple)) else [raw]
    ids = tuple(sorted({one_id(each) for each in given}))
    if len(ids) > most:
        raise Rejected("too_many", most=most, over=len(ids) - most)
    return ids


def ids_schema(most: int = MOST) -> Definition:
    return {"type": "array", "items": ID, "uniqueItems": True, "maxItems": most}


def split(text: str) -> list[str]:
    """Ids of a spreadsheet cell, however they are separated."""
    return [part for part in re.split(r"[\s,，、;；|]+", text) if part]


class Pointing(FieldType):
    """One id in a column; with `multiple`, a link row each."""

    def parse(self, raw: Any, field: Definition) -> Any:
        ids = many_ids(raw)
        if field.get("multiple"):
            return ids
        if len(ids) != 1:
            raise Rejected("too_many", most=1, over=len(ids) - 1)
        return ids[0]

    def plain(self, stored: Any, field: Definition) -> Any:
        return list(stored or ()) if field.get("multiple") else stored

    def columns(self, field: Definition) -> list[Column[Any]]:
        return [] if field.get("multiple") else [Column(field["id"], BigInteger)]

    def links(self, field: Definition) -> TypeEngine[Any] | None:
        return BigInteger() if field.get("multiple") else None

    def schema(self, field: Definition) -> Definition:
        return ids_schema() if field.get("multiple") else ID

    def from_text(self, text: str, field: Definition) -> Any:
        return split(text) if field.get("multiple") else text

    def to_text(self, stored: Any, field: Definition, language: str) -> Any:
        return "、".join(str(each) for each in stored or ()) if field.get("multiple") else stored


def pointing(field: Definition, to: Type) -> Type:
    """One of `to`, or a list of them."""
    return Type("list", item=to) if field.get("multiple") else to
