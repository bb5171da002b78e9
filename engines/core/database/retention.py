"""What the platform writes down and does not keep for ever: each table that grows says how long, and is pruned at night
in small batches."""

from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Table, bindparam, delete, select

from engines.core.kernel.kind import Kind
from engines.core.kernel.registry import Registry
from engines.core.kernel.work import UnitOfWork

from .statements import Prepared, Session

BATCH = 500


class Kept(Kind):
    """`days`: how long when the settings say nothing. History and audit have none: they are never pruned."""

    icon: ClassVar[str] = "clock"
    days: ClassVar[int]

    def prune(self, uow: UnitOfWork, before: int, after: Any) -> Any:
        """Takes a batch away of what ended before the instant `before`, going on behind `after` (None: at the start);
        where to go on, or None when nothing is left."""


kept: Registry[Kept] = Registry("kept")


def drop(session: Session, table: Table, where: ColumnElement[bool], after: Any, *, most: int = BATCH) -> Any:
    """Deletes up to `most` rows in the order of their key; the last key when there may be more, else None."""
    keys = list(table.primary_key.columns)
    wanted = select(*keys).where(where).order_by(*keys).limit(most)
    if after is not None and len(keys) == 1:
        wanted = wanted.where(keys[0] > after[0])
    rows = session.run(wanted).fetchall()
    mine = [key == bindparam(f"k{n}", type_=key.type) for n, key in enumerate(keys)]
    gone = Prepared(delete(table).where(*mine), session.dialect)
    for row in rows:
        session.later(gone, {f"k{n}": value for n, value in enumerate(row)})
    return list(rows[-1]) if len(rows) == most else None
