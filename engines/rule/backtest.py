"""What a decision table or a rule would change if it went live now: counted in the database over the records as they
are, as far as the reader may see them; nothing is written and nothing is set off."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, literal, or_

from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.core.records import tallies
from engines.core.records.conditions import asked
from engines.core.records.place import Place
from engines.core.records.query import Where
from engines.core.records.source import Source

from .compile import stored
from .tables import condition_of

MOST_LINES = 100
"""Longer tables make a statement that takes longer than anybody waits."""


@dataclass(frozen=True)
class Deciding:
    """A field, the conditions in their order, and the stored value that each gives; the last value stands when none
    of them holds."""

    field: str
    conditions: tuple[Where, ...]
    values: tuple[Any, ...]

    def first(self, place: Place, given: Sequence[int]) -> ColumnElement[int]:
        """Of the numbers given, one a condition and one more, that of the first condition that holds."""
        tried = [(where.make(place), number) for where, number in zip(self.conditions, given, strict=False)]
        return case(*tried, else_=given[-1]) if tried else literal(given[-1])

    @property
    def params(self) -> dict[str, Any]:
        return {name: value for where in self.conditions for name, value in where.params.items()}


@dataclass(frozen=True)
class Moves:
    """`lines`: records by the line that decides them, the last one for none; `cells`: (value now, value then) ->
    records."""

    lines: tuple[int, ...]
    cells: dict[tuple[Any, Any], int]

    @property
    def all(self) -> int:
        return sum(self.lines)

    @property
    def moved(self) -> int:
        return sum(n for (now, then), n in self.cells.items() if now != then)


@dataclass(frozen=True)
class Gains:
    """Records by what becomes of one tag; `by_hand`: those that keep it only because a person gave it."""

    gains: int
    keeps: int
    loses: int
    by_hand: int

    @property
    def now(self) -> int:
        return self.keeps + self.loses

    @property
    def then(self) -> int:
        return self.keeps + self.gains


def deciding(look: Look, source: Source, table: Definition) -> Deciding | None:
    """A table whose first row that holds gives the value; None for one that collects, or that is too long. FormulaError
    for what the database or the reader cannot be asked."""
    if table.get("hit") == "collect" or len(table["rows"]) > MOST_LINES:
        return None
    conditions = [asked(look, source, condition_of(table["inputs"], row["when"])) for row in table["rows"]]
    given = [*(row["then"] for row in table["rows"]), table.get("default")]
    values = [stored(source.fields[table["sets"]], value) for value in given]
    return Deciding(table["sets"], tuple(conditions), tuple(values))


def moves(look: Look, source: Source, made: Deciding) -> Moves:
    """One statement over all records that the reader may see."""

    def columns(place: Place) -> list[ColumnElement[Any]]:
        return [place.column(made.field), made.first(place, range(len(made.values)))]

    lines, cells = [0] * len(made.values), dict[tuple[Any, Any], int]()
    for now, line, number in tallies.alike(look, source, columns, made.params):
        lines[line] += number
        cell = (now, made.values[line])
        cells[cell] = cells.get(cell, 0) + number
    return Moves(tuple(lines), cells)


def moving(made: Deciding, now: Any, then: Any) -> Where:
    """Those that have the stored value `now` and would get `then`."""
    lines = tuple(int(value == then) for value in made.values)

    def make(place: Place) -> ColumnElement[bool]:
        column = place.column(made.field)
        before = column.is_(None) if now is None else column == bindparam("moving_now", type_=column.type)
        return and_(before, made.first(place, lines) == 1)

    key = ("moving", made.field, now is None, lines, tuple(where.key for where in made.conditions))
    return Where(make, key, made.params | ({} if now is None else {"moving_now": now}))


def gains(look: Look, source: Source, field: str, tag: str, conditions: Sequence[str]) -> Gains:
    """What becomes of a tag that is given while any of the conditions holds; what people gave stays. FormulaError."""
    wheres = [asked(look, source, text) for text in conditions]

    def columns(place: Place) -> list[ColumnElement[Any]]:
        place.ask(field)
        link = source.links[field].c
        mine = and_(link.record == place.key, link.value == bindparam("gained_tag"))
        has, ruled = exists().where(mine), exists().where(mine, link.given_by.like("rule:%"))
        return [_bit(one) for one in (has, ruled, or_(*(where.make(place) for where in wheres)))]

    params = {name: value for where in wheres for name, value in where.params.items()}
    rows = tallies.alike(look, source, columns, params | {"gained_tag": tag})
    return Gains(
        gains=sum(n for a, _, c, n in rows if c and not a),
        keeps=sum(n for a, b, c, n in rows if a and (c or not b)),
        loses=sum(n for a, b, c, n in rows if a and b and not c),
        by_hand=sum(n for a, b, c, n in rows if a and not b and not c),
    )


def _bit(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
