"""Roles made ready: what the holders of a set of roles may do on one form of an app, compiled to a Scope once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, and_, false

from engines.core.kernel.kind import Definition
from engines.core.kernel.scope import ACTIONS, Scope
from engines.core.records.place import Place
from engines.core.records.source import Source

from .dependencies import made_of
from .fences import fence_of
from .rows import Spec, condition, spec_of

LEVELS = ("hidden", "masked", "read", "write_once", "write")
"""What a role may do with a field, from nothing to everything."""


@dataclass(frozen=True)
class Entry:
    """What one role says about one form."""

    actions: frozenset[str]
    rows: Spec
    fields: Mapping[str, str]
    hands_over: bool = False

    def level(self, field: str) -> int:
        usual = "write" if self.actions & {"create", "edit", "import"} else "read"
        return LEVELS.index(self.fields.get(field) or self.fields.get("*") or usual)


def entries(roles: Iterable[Definition], form: str) -> list[Entry]:
    """What these roles say about a form; `*` is a role's word for every form it does not name."""
    found = []
    for role in roles:
        said = role.get("forms", {})
        if (body := said.get(form, said.get("*"))) is not None:
            found.append(Entry(_actions(body), spec_of(body), body.get("fields", {}), bool(body.get("hand_over"))))
    return found


def compile_scope(roles: list[Definition], source: Source, key: Any) -> Scope:
    """Actions of several roles add up, their rows are joined by OR, the widest right to a field wins. An action never
    reaches rows that only another action's role gave. Nothing said is nothing given."""
    mine = entries(roles, source.form)
    actions = frozenset(action for entry in mine for action in entry.actions)
    if not actions:
        return Scope.nothing()
    viewing, writing = _with(mine, "view"), _with(mine, "create", "edit", "import")
    readable, seen = _readable(roles, source), _specs(mine, "view")
    return Scope(
        actions=actions,
        rows=_rows(seen),
        readable=readable,
        writable=frozenset(n for n in source.fields if _level(writing, n) >= LEVELS.index("write_once")),
        once=frozenset(n for n in source.fields if _level(writing, n) == LEVELS.index("write_once")),
        masked=frozenset(n for n in readable if _level(viewing, n) == LEVELS.index("masked")),
        narrower={a: _both(seen, _specs(mine, a)) for a in actions - {"view", "create", "import"} if _fewer(mine, a)},
        fences=_fences(mine, source, actions),
        key=key,
    )


def _fences(mine: list[Entry], source: Source, actions: frozenset[str]) -> dict[str, Any]:
    """What may be left behind; who may hand over may edit a record out of the own rows."""
    found = {action: fence_of(source, _specs(mine, action), action) for action in actions & {"create", "edit"}}
    if any(entry.hands_over for entry in _with(mine, "edit")):
        found.pop("edit", None)
    return {action: fence for action, fence in found.items() if fence is not None}


def _with(mine: list[Entry], *actions: str) -> list[Entry]:
    return [entry for entry in mine if entry.actions & set(actions)]


def _actions(body: Definition) -> frozenset[str]:
    given = body.get("actions", ())
    return frozenset(ACTIONS if given == "*" else given)


def _level(mine: list[Entry], field: str) -> int:
    return max((entry.level(field) for entry in mine), default=0)


def _readable(roles: list[Definition], source: Source) -> frozenset[str]:
    mine = _with(entries(roles, source.form), "view")
    plain = frozenset(name for name in source.fields if _shows(mine, source, name))
    return frozenset(n for n in plain if n not in source.computed or _sees_all(roles, source, n))


def _shows(mine: list[Entry], source: Source, name: str) -> bool:
    """Only text can be masked; anything else that should be is hidden."""
    level = _level(mine, name)
    if level == LEVELS.index("masked"):
        return name in source.table.c and isinstance(source.table.c[name].type, Text)
    return level > 0


def _sees_all(roles: list[Definition], source: Source, name: str) -> bool:
    """Does the reader see everything that a computed field is made of, in every record of the forms it looks at? A
    published result is shown without; one that is read through a relation is so over records that the reader sees."""
    if source.fields[name].get("published"):
        return True
    made = made_of(source, name)
    if any(_level(_with(entries(roles, form), "view"), part) < LEVELS.index("read") for form, part in made.spots):
        return False
    if name in source.virtual:
        return _ends_readable(roles, source, name)
    return all(("all",) in _specs(entries(roles, form), "view") for form in made.forms)


def _ends_readable(roles: list[Definition], source: Source, name: str) -> bool:
    """May the value at the end of the path be read where it stands?"""
    *ways, end = source.virtual[name]
    for way in ways:
        source = source.others[source.ways[way].form]
    return end not in source.computed or _sees_all(roles, source, end)


def _specs(mine: list[Entry], action: str) -> frozenset[Spec]:
    return frozenset(entry.rows for entry in mine if action in entry.actions)


def _fewer(mine: list[Entry], action: str) -> bool:
    """May the action be done on fewer rows than are seen?"""
    specs = _specs(mine, action)
    return ("all",) not in specs and not _specs(mine, "view") <= specs


def _rows(specs: frozenset[Spec]) -> Any:
    if ("all",) in specs:
        return None
    ordered = sorted(specs, key=str)
    return lambda place: condition(place, ordered) if ordered else false()


def _both(seen: frozenset[Spec], specs: frozenset[Spec]) -> Any:
    first, second = _rows(seen), _rows(specs)

    def rows(place: Place) -> Any:
        return and_(*(one(place) for one in (first, second) if one is not None))

    return rows
