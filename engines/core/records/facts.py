"""What formulas need beside the row itself: summaries of related records and values at the end of a path, in one
statement."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, bindparam, select

from engines.core.formula.check import Checked
from engines.core.formula.env import Env
from engines.core.formula.python import summarise
from engines.core.formula.sql import Sql, to_sql
from engines.core.formula.tree import Aggregate, Term
from engines.core.kernel.work import Look

from . import store
from .change import Change
from .place import Place
from .source import Source, Values

EMPTY = {"COUNT": 0.0, "SUM": 0.0, "COUNT_DISTINCT": 0.0, "EXISTS": 0}
"""What a summary of no records is; any other is blank."""


@dataclass(frozen=True)
class Outside:
    """The summaries and paths of some formulas over one form, compiled once."""

    source: Source
    aggregates: tuple[Aggregate, ...]
    paths: tuple[tuple[str, ...], ...]
    statement: Select[Any] | None
    parts: tuple[Sql, ...]

    @property
    def keys(self) -> list[str]:
        return [a.key for a in self.aggregates] + [".".join(path) for path in self.paths]

    def of_nothing(self) -> Values:
        """For a record that is not stored yet: it has no related records, and leads nowhere."""
        return {a.key: EMPTY.get(a.function) for a in self.aggregates} | {".".join(p): None for p in self.paths}

    def read(self, look: Look, record: int, env: Env) -> Values:
        """Facts by key for one stored record, as the platform sees them: what may be shown is asked elsewhere."""
        if self.statement is None:
            return {}
        prepared = self.source.prepared(
            look.session.dialect,
            ("outside", tuple(self.keys)),
            lambda: self.statement,  # type: ignore[arg-type, return-value]  # it is there
        )
        params: Values = {"record": record}
        for part in self.parts:
            params |= part.params(env)
        row = look.session.run(prepared, params).fetchone()
        return dict(zip(self.keys, row, strict=True)) if row else self.of_nothing()


def outside(source: Source, formulas: Iterable[Checked]) -> Outside:
    """What these formulas need; each summary and path once."""
    aggregates: dict[str, Aggregate] = {}
    paths: dict[tuple[str, ...], None] = {}
    for one in formulas:
        aggregates |= {a.key: a for a in one.aggregates}
        paths |= {tuple(term.value): None for term in one.tree.walk() if term.op == "path"}
    if not aggregates and not paths:
        return Outside(source, (), (), None, ())
    place = Place(source, source.table)
    parts = tuple(to_sql(_alone(a), place, zone=source.zone) for a in aggregates.values())
    values = [part.value for part in parts] + [place.through(path) for path in paths]
    statement = select(*values).where(place.key == bindparam("record"))
    return Outside(source, tuple(aggregates.values()), tuple(paths), statement, parts)


def _alone(aggregate: Aggregate) -> Checked:
    """A formula that is nothing but this summary."""
    tree = Term("aggregate", aggregate.type, value=aggregate.key, blank=aggregate.function not in EMPTY)
    nothing: frozenset[str] = frozenset()
    return Checked(aggregate.key, tree, nothing, nothing, nothing, (aggregate,), True, False, nothing)


def ahead(look: Look, change: Change, needed: Outside, env: Env) -> dict[str, Any]:
    """Summaries and paths for a change: of the stored record, with relations and its own rows as they will be."""
    if not needed.keys:
        return {}
    found = needed.of_nothing() if change.id is None else needed.read(look, change.id, env)
    return found | _paths_ahead(look, change, needed) | own_rows(needed, change.facts, env)


def own_rows(needed: Outside, facts: Values, env: Env) -> Values:
    """Summaries of a record's child rows out of its facts: the stored ones may not be there yet, or be about to go."""
    return {
        aggregate.key: summarise(aggregate, facts[aggregate.relation] or (), facts, env)
        for aggregate in needed.aggregates
        if aggregate.relation in needed.source.children and aggregate.relation in facts
    }


def _paths_ahead(look: Look, change: Change, needed: Outside) -> dict[str, Any]:
    """Values over relations that this very change sets: the stored row does not know them yet."""
    found: dict[str, Any] = {}
    for path in needed.paths:
        if path[0] in change.changed:
            found[".".join(path)] = along(look, change.source, change.facts.get(path[0]), path)
    return found


def along(look: Look, source: Source, target: Any, path: tuple[str, ...]) -> Any:
    """The value at the end of a path whose first step leads to `target`, as the platform sees it; None for a blank."""
    for way, following in pairwise(path):
        source = source.others[source.ways[way].form]
        if target is None:
            return None
        target = store.load(look.as_system("formulas read over relations"), source, target).facts.get(following)
    return target


def system_facts(facts: Values) -> Values:
    """Stored values with the system's own under the names that formulas use."""
    names = ("created_at", "created_by", "updated_at", "updated_by")
    return facts | {name: facts.get(f"_{name}") for name in names if name not in facts}
