"""Roles that an app counts on and nobody holds: what would fall to an administrator until somebody does."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engines.core.access import people
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look

from .catalog import App

KINDS = ("flows", "rules", "tables")


@dataclass(frozen=True)
class Vacant:
    """`needed` are the parts that give its holders something to do: (kind, id, label)."""

    id: str
    label: Label
    needed: tuple[tuple[str, str, Label], ...]


def vacant(look: Look, app: App) -> list[Vacant]:
    """Roles without an active holder, those that a flow or rule needs first."""
    found = [
        Vacant(role["id"], role["label"], tuple(_needed(app.definition, role["id"])))
        for role in app.parts("roles")
        if not people.members(look.session, app.id, role["id"])
    ]
    return sorted(found, key=lambda one: not one.needed)


def _needed(app: Definition, role: str) -> Iterator[tuple[str, str, Label]]:
    for kind in KINDS:
        for part in app.get(kind, ()):
            if role in _roles(part):
                yield kind, str(part["id"]), part.get("label") or {"en": str(part["id"])}


def _roles(value: Any) -> Iterator[str]:
    """Every `{"role": …}` in a part, however deep: in `assign`, `to`, deadlines and actions."""
    if isinstance(value, dict):
        if isinstance(name := value.get("role"), str):
            yield name
        for inner in value.values():
            yield from _roles(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _roles(inner)
