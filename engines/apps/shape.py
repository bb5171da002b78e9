"""What a draft may never be, whatever is still missing in it: of the wrong shape."""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

import orjson
from jsonschema.exceptions import ValidationError

from engines.core.fields import field_types
from engines.core.fields.base import FieldType
from engines.core.fields.schemas import checker
from engines.core.fields.values import definition_schema
from engines.core.kernel.errors import UnknownType
from engines.core.kernel.kind import Definition

from . import schemas
from .catalog import PARTS
from .check import PARTS as SCHEMAS
from .edits import Path, find, has
from .schemas import Problem

WANTED = frozenset({"id", "type", "label", "fields", "name", "nodes", "edges", "then", "rows", "inputs"})
"""Without these nothing can be drawn: they may not even be missing for a while."""
LATER = frozenset({"required", "minItems", "minLength", "minProperties"})
"""Gaps that a draft may have until it is published."""


def broken(definition: Definition, at: Path) -> Iterator[Problem]:
    """What is of the wrong shape in the part at which an edit was made; gaps are let be."""
    if at[0] not in PARTS:
        head = {name: value for name, value in definition.items() if name not in PARTS} | {"forms": [{}]}
        yield from _errors(schemas.validator("app"), head, "")
    elif len(at) < 2 or at[0] not in SCHEMAS or not has(definition, at[:2]):
        yield from _errors(schemas.validator("app"), definition, "")
    else:
        yield from _part(find(definition, at[:2]), at[0], "/".join(["", *at[:2]]))


def _part(part: Definition, kind: str, path: str) -> Iterator[Problem]:
    if schemas.known(SCHEMAS[kind]):
        yield from _gone_wrong(schemas.errors(SCHEMAS[kind], part), path)
    for field in part.get("fields", ()) if kind == "forms" else ():
        where = f"{path}/fields/{field.get('id', '?')}"
        try:
            found = field_types.get(str(field.get("type")))
        except UnknownType as unknown:
            yield f"{where}/type", {language: unknown.say(language) for language in ("zh", "en")}
            continue
        yield from ((where + below, words) for below, words in _settings(found, orjson.dumps(field)))


@lru_cache(maxsize=4096)
def _settings(kind: FieldType, field: bytes) -> tuple[Problem, ...]:
    """What is wrong in a field; one that nobody changed is not looked at again."""
    return tuple(_errors(_field_check(kind), orjson.loads(field), ""))


@cache
def _field_check(kind: FieldType) -> Any:
    return checker(definition_schema(kind))


def _errors(check: Any, value: Any, path: str) -> Iterator[Problem]:
    yield from _gone_wrong(check.iter_errors(value), path)


def _gone_wrong(errors: Iterable[ValidationError], path: str) -> Iterator[Problem]:
    for error in errors:
        if not _gap(error):
            yield path + "".join(f"/{step}" for step in error.absolute_path), schemas.told(error)


def _gap(error: ValidationError) -> bool:
    if error.validator not in LATER:
        return False
    if error.validator == "required":
        return str(error.message).split("'")[1] not in WANTED
    last = str(error.absolute_path[-1]) if error.absolute_path else ""
    return last not in ("label", "name", "fields", "zh", "en")
