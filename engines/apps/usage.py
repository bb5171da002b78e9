"""Where is this used: the parts of an app that name a form or a field."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engines.core.actions.texts import HOLE
from engines.core.actions.told import LANGUAGES
from engines.core.kernel.kind import Definition

from .catalog import PARTS

QUIET = frozenset({"label", "help", "about", "note", "name", "message", "type"})
"""Words for people and names of types: a name in them is no use of it."""


@dataclass(frozen=True)
class Use:
    """`kind` and `part` name the part; `path` leads to the text within it."""

    kind: str
    part: str
    path: tuple[str, ...]


def uses_of_field(app: Definition, form: str, field: str) -> list[Use]:
    """Parts that name a field: in formulas, in settings, in rights. A part counts when it is about the form, names it,
    or reaches the field over a relation."""
    word = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(field)}(?![A-Za-z0-9_])")
    found = []
    for kind, part in _parts(app):
        about = kind == "forms" and part.get("id") == form
        if about or _names(part, form):
            hits = (path for path, text in _texts(part) if word.search(_asked(path, text)))
            found += [
                Use(kind, str(part.get("id", kind)), path)
                for path in hits
                if not (about and _itself(part, path, field))
            ]
    return found


def uses_of_form(app: Definition, form: str) -> list[Use]:
    """Parts that name a form, itself left out."""
    return [
        Use(kind, str(part.get("id", kind)), path)
        for kind, part in _parts(app)
        if not (kind == "forms" and part.get("id") == form)
        for path, text in _texts(part)
        if text == form
    ]


def uses_of_message(app: Definition, message: str) -> list[Use]:
    """Parts that send a message template."""
    return [
        Use(kind, str(part.get("id", kind)), path)
        for kind, part in _parts(app)
        for path, text in _texts(part)
        if text == message and path[-1] == "template" and kind != "messages"
    ]


def _parts(app: Definition) -> Iterator[tuple[str, Definition]]:
    for kind in PARTS:
        value = app.get(kind)
        for part in value if isinstance(value, list) else ():
            if isinstance(part, dict):
                yield kind, part


def _names(part: Definition, form: str) -> bool:
    return any(text == form for _, text in _texts(part))


def _asked(path: tuple[str, ...], text: str) -> str:
    """Of words for people only the placeholders: the rest is language."""
    return " ".join(HOLE.findall(text)) if path[-1] in LANGUAGES and text != path[-1] else text


def _itself(form: Definition, path: tuple[str, ...], field: str) -> bool:
    """The field's own definition, and its place in the layout."""
    if path[0] == "layout":
        return True
    return path[0] == "fields" and str(form["fields"][int(path[1])].get("id")) == field


def _texts(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text with its path; keys count as texts, since rights are kept by form and field."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in QUIET:
                yield (*path, key), key
                yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from _texts(inner, (*path, str(n)))
