"""A formula as a condition of a query: checked against the form, evaluated in the database."""

from engines.core.formula.check import Checked, check
from engines.core.formula.env import Env
from engines.core.formula.sql import to_sql
from engines.core.formula.types import BOOLEAN

from .names import SourceNames
from .place import Place
from .query import Where
from .source import Source

CONTEXT = frozenset({"CURRENT_USER"})


def checked_filter(source: Source, text: str) -> Checked:
    """FormulaError, pointing at the spot, when the text is no condition that the database can evaluate."""
    return check(text, SourceNames(source), context=CONTEXT, pushdown=True, wants=BOOLEAN)


def formula_where(source: Source, checked: Checked, env: Env) -> Where:
    """The condition for this instant and person; a row on which it fails is left out."""
    late = source.kept(("late", checked.text), lambda: to_sql(checked, Place(source, source.table), zone=source.zone))
    return Where(
        lambda place: to_sql(checked, place, zone=source.zone).where,
        ("formula", checked.text),
        late.params(env),
    )
