"""Paging by key: where a page starts, as a condition that an index can follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_

from .place import Place
from .source import Values

Keys = Sequence[tuple[str, bool]]
"""(field, descending), the last one `_id`."""


def sorting(names: Sequence[Any]) -> tuple[tuple[str, bool], ...]:
    """(field, descending) of an order as it is written: `-amount` is amount, the largest first; a definition may also
    say ["amount", "desc"]."""
    pairs = [n if isinstance(n, str) else f"{'-' if n[1] == 'desc' else ''}{n[0]}" for n in names]
    return tuple((name.removeprefix("-"), name.startswith("-")) for name in pairs if name)


@dataclass(frozen=True)
class Start:
    """`valued`: the rows with a value, from the first; `range`: those of them after a key; `blank`: the rows without
    one; `after`: both in one condition; `before`: what stands before a key."""

    kind: str
    values: tuple[Any, ...] = ()

    @property
    def shape(self) -> tuple[str, tuple[bool, ...]]:
        return self.kind, tuple(value is None for value in self.values)

    @property
    def params(self) -> Values:
        return {f"k{n}": value for n, value in enumerate(self.values) if value is not None}


def starts(after: tuple[Any, ...] | None, keys: Keys, *, backward: bool = False) -> list[Start | None]:
    """With one sort field the rows with a value come first, then the blank ones: each a plain range of the index.
    Upwards that holds for the first page too, as SQLite's indexes begin with what is blank."""
    if after is not None and backward:
        return [Start("before", after)]
    if after is None:
        return [Start("valued"), Start("blank")] if len(keys) == 2 and not (keys[0][1] or backward) else [None]
    if len(keys) == 2 and after[0] is not None:
        return [Start("range", after), Start("blank")]
    return [Start("after", after)]


def condition(place: Place, keys: Keys, start: Start) -> ColumnElement[bool]:
    """Less in the first field, or equal there and less in the next, and so on; blank is last in every direction."""
    if start.kind in ("blank", "valued"):
        column = place.raw(keys[0][0])
        return column.is_(None) if start.kind == "blank" else column.is_not(None)
    if start.kind == "before":
        return _before(place, keys, start)
    ways: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for n, ((name, down), value) in enumerate(zip(keys, start.values, strict=True)):
        column = place.raw(name)
        bound = bindparam(f"k{n}", type_=column.type)
        if value is not None:
            further = column < bound if down else column > bound
            blank_too = start.kind == "after" and name != "_id"
            ways.append(and_(*same, or_(further, column.is_(None)) if blank_too else further))
        same.append(column.is_(None) if value is None else column == bound)
    return or_(*ways)


def order(place: Place, keys: Keys, start: Start | None, *, backward: bool = False) -> list[ColumnElement[Any]]:
    """What a page is sorted by; `backward` reads from the end, blank ones first. Where a start leaves no blank ones,
    an ascending order does not speak of them: to SQLite that would be another order than the index has."""
    full = start is not None and start.kind in ("valued", "range")
    found: list[ColumnElement[Any]] = []
    for name, down in keys:
        column = place.raw(name)
        direction = column.desc() if down != backward else column.asc()
        if name != "_id" and not (full and not down):
            direction = direction.nulls_first() if backward else direction.nulls_last()
        found.append(direction)
    return found


def _before(place: Place, keys: Keys, start: Start) -> ColumnElement[bool]:
    """The mirror image: what stands before a key. Every value stands before a blank, no blank before a value."""
    ways: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for n, ((name, down), value) in enumerate(zip(keys, start.values, strict=True)):
        column = place.raw(name)
        bound = bindparam(f"k{n}", type_=column.type)
        nearer = column.is_not(None) if value is None else (column > bound if down else column < bound)
        ways.append(and_(*same, nearer))
        same.append(column.is_(None) if value is None else column == bound)
    return or_(*ways)
