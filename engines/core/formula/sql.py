"""Typed trees to SQL for SQLite and PostgreSQL: a value and a predicate that tells where it has an error.

A boolean is two-valued wherever it matters; a bare column against a constant stays what an index serves.
"""

from sqlalchemy import Dialect, case, null
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from . import sql_terms
from .check import Checked, measure
from .native import register_sqlite
from .sql_maker import Late, Maker, NotPushable, Place, Sql, solid
from .sql_related import grouped

__all__ = ["Late", "NotPushable", "Place", "Sql", "grouped", "register_sqlite", "sql_terms", "to_sql"]
MOST_BYTES = 65_536
MOST_HEIGHT = 60
POSTGRESQL: Dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped


def to_sql(checked: Checked, place: Place, *, zone: str = "UTC") -> Sql:
    """The SQL of a formula over a place: select `value` and `error`, or filter by `where`; execute with `params(env)`.

    `zone` is the app's; NotPushable for what only the application evaluates, and above 64 KB.
    """
    if measure(checked.tree, {})[1] > MOST_HEIGHT:
        raise NotPushable("nested too deep")
    maker = Maker(place, zone, {aggregate.key: aggregate for aggregate in checked.aggregates})
    try:
        made = maker.make(checked.tree)
        value = made.value if checked.tree.blank else solid(made)
        shown = case((made.error, null()), else_=value) if made.error is not None else value
        size = len(str(shown.compile(dialect=POSTGRESQL)))
    except RecursionError:
        raise NotPushable("nested too deep") from None
    if size > MOST_BYTES:
        raise NotPushable("above 64 KB")
    return Sql(value, made.error, made.codes, late=tuple(maker.late.values()), bare=made.value)
