"""Conditions of a definition on records of one form: formula text, or a list of {field, op, value}."""

from typing import Any

from sqlalchemy import ColumnElement

from engines.core.formula.check import Checked, check
from engines.core.formula.env import Env
from engines.core.formula.sql import Sql, to_sql
from engines.core.formula.types import BOOLEAN
from engines.core.kernel.work import Look
from engines.core.records.place import Place
from engines.core.records.query import Where
from engines.core.records.source import Source

from .cuts import Binder, Cut, where
from .model import AnyApp
from .names import SourceNames
from .paths import Sight, resolve

PERSON = frozenset({"CURRENT_USER"})


def wheres(given: Any, app: AnyApp, source: Source, look: Look, sight: Sight, binder: Binder) -> tuple[Where, ...]:
    """All of which must hold; none when nothing is given. Hidden when the reader may not read what they ask for."""
    if not given:
        return ()
    if isinstance(given, str):
        return (_formula(given, app, source, look, sight),)
    cuts = [Cut(one["field"], one.get("op", "="), one.get("value")) for one in given]
    return tuple(where(cut, source, sight, binder) for cut in cuts)


def _formula(text: str, app: AnyApp, source: Source, look: Look, sight: Sight) -> Where:
    """Names of bound values come from the formula's own parts, so the same part is bound once."""
    checked, made = _ready(text, app, source)
    _open(checked, source, sight)

    def make(place: Place) -> ColumnElement[bool]:
        return to_sql(checked, sight.place(place.source, place.table), zone=app.zone).where

    env = Env(look.now, app.zone, look.actor.id)
    return Where(make, ("formula", checked.text), made.params(env))


def _ready(text: str, app: AnyApp, source: Source) -> tuple[Checked, Sql]:
    """Checked once per version; FormulaError with every mistake."""
    kept = app.notes.setdefault("report_formulas", {})
    key = source.id, text
    if key not in kept:
        checked = check(text, SourceNames(source), context=PERSON, pushdown=True, wants=BOOLEAN)
        kept[key] = checked, to_sql(checked, Place(source, source.table), zone=app.zone)
    found: tuple[Checked, Sql] = kept[key]
    return found


def _open(checked: Checked, source: Source, sight: Sight) -> None:
    """A filter tells values too: every field that it reads must be one that the reader may read."""
    for name in (*checked.fields, *checked.paths):
        if name != "_id":
            sight.open(resolve(source, name))
    for aggregate in checked.aggregates:
        other = source.others[source.ways[aggregate.relation].form]
        sight.scope(other)
        for term in (aggregate.value, aggregate.where, aggregate.order):
            for part in term.walk() if term else ():
                if part.op in ("field", "path") and part.value != "_id":
                    sight.open(resolve(other, part.value if part.op == "field" else ".".join(part.value)))
