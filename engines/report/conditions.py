"""Conditions of a definition on records of one form: formula text, or a list of {field, op, value}."""

from typing import Any

from sqlalchemy import ColumnElement

from engines.core.formula.sql import to_sql
from engines.core.records.conditions import checked_filter
from engines.core.records.place import Place
from engines.core.records.query import Where
from engines.core.records.source import Source

from .cuts import Binder, Cut, where
from .made import late
from .paths import Sight


def wheres(given: Any, source: Source, sight: Sight, binder: Binder) -> tuple[Where, ...]:
    """All of which must hold; none when nothing is given. Hidden when the reader may not read what they ask for."""
    if not given:
        return ()
    if isinstance(given, str):
        return (_formula(given, source, sight),)
    cuts = [Cut(one["field"], one.get("op", "="), one.get("value")) for one in given]
    return tuple(where(cut, source, sight, binder) for cut in cuts)


def _formula(text: str, source: Source, sight: Sight) -> Where:
    """Names of bound values come from the formula's own parts, so the same part is bound once."""
    checked = source.kept(("report filter", text), lambda: checked_filter(source, text))
    sight.open_all(source, checked)

    def make(place: Place) -> ColumnElement[bool]:
        return to_sql(checked, sight.place(place.source, place.table), zone=source.zone).where

    return Where(make, ("formula", checked.text), late(source, checked).params(sight.env))
