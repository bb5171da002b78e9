"""Values that a formula makes of a record: dimensions such as an age band, and what measures add up."""

from typing import Any

from sqlalchemy import ColumnElement, case, not_, null

from engines.core.formula.check import Checked, check
from engines.core.formula.sql import Sql, to_sql
from engines.core.records.conditions import CONTEXT
from engines.core.records.names import SourceNames
from engines.core.records.place import Place
from engines.core.records.source import Source

MARK = "="
"""What stands before the text of a formula where a field could stand."""


def checked_value(source: Source, text: str) -> Checked:
    """FormulaError, pointing at the spot, when the database cannot make the value."""
    return source.kept(("report value", text), lambda: check(text, SourceNames(source), context=CONTEXT, pushdown=True))


def value_of(checked: Checked, place: Place) -> ColumnElement[Any]:
    """The value over a place, blank where it cannot be worked out; yes and no as 1 and 0."""
    made = to_sql(checked, place, zone=place.source.zone)
    value = made.value
    if checked.type.kind == "boolean":
        value = case((value, 1), (not_(value), 0))
    return value if made.error is None else case((made.error, null()), else_=value)


def late(source: Source, checked: Checked) -> Sql:
    """Carries what is bound for each instant and person."""
    return source.kept(("late", checked.text), lambda: to_sql(checked, Place(source, source.table), zone=source.zone))
