"""Counters behind running numbers: one row each, taken in the transaction that uses the number."""

import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Integer, PrimaryKeyConstraint, Table, Text
from sqlalchemy.dialects.postgresql import insert as upsert

from engines.core.database.metadata import system
from engines.core.fields.numbering import counter, numbered
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork

from .source import Source

counters = Table(
    "dg_counter",
    system,
    Column("field", Text),
    Column("counter", Text),
    Column("last", Integer, nullable=False),
    PrimaryKeyConstraint("field", "counter"),
)


def following(uow: UnitOfWork, source: Source, field: Definition, *, count: int = 1) -> str:
    """The next number's text; with `count`, that many are taken and the last one is given."""
    zone = ZoneInfo(source.zone)
    day = datetime.datetime.fromtimestamp(uow.now / 1e6, zone).date()
    key = {"field": f"{source.id}.{field['id']}", "counter": counter(field, day)}
    take = upsert(counters).values(**key, last=count)
    grown = take.on_conflict_do_update(index_elements=["field", "counter"], set_={"last": counters.c.last + count})
    return numbered(field, day, int(uow.session.run(grown.returning(counters.c.last)).fetchone()[0]))
