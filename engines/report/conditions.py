"""Conditions of a definition on records of one form: formula text, or a list of {field, op, value}."""

from typing import Any

from sqlalchemy import ColumnElement

from engines.core.formula.check import Checked
from engines.core.formula.env import Env
from engines.core.formula.sql import to_sql
from engines.core.kernel.work import Look
from engines.core.records.conditions import checked_filter
from engines.core.records.place import Place
from engines.core.records.query import Where
from engines.core.records.source import Source

from .cuts import Binder, Cut, where
from .model import AnyApp
from .paths import Sight, resolve


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
    checked = source.kept(("report filter", text), lambda: checked_filter(source, text))
    _open(checked, source, sight)

    def make(place: Place) -> ColumnElement[bool]:
        return to_sql(checked, sight.place(place.source, place.table), zone=app.zone).where

    late = source.kept(("late", checked.text), lambda: to_sql(checked, Place(source, source.table), zone=app.zone))
    return Where(make, ("formula", checked.text), late.params(Env(look.now, app.zone, look.actor.id)))


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
