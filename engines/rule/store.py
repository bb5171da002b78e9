"""What rules remember: which conditions hold for which record, and when time alone may change one."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    PrimaryKeyConstraint,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from engines.core.database.metadata import Id, system
from engines.core.kernel.work import Look, UnitOfWork

holds = Table(
    "dg_rule_hold",
    system,
    Column("form", Text),
    Column("record", Id),
    Column("rule", Text),
    PrimaryKeyConstraint("form", "record", "rule"),
)
"""An event rule's condition that is true for a record."""
due = Table(
    "dg_due",
    system,
    Column("form", Text),
    Column("record", Id),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("form", "record"),
    Index("ix_dg_due", "at"),
)
"""The next instant at which a record has to be looked at although nobody touches it."""


def held(look: Look, form: str, record: int | None, rule: str) -> bool:
    where = holds.c.form == form, holds.c.record == record, holds.c.rule == rule
    return look.session.run(select(holds.c.rule).where(*where)).fetchone() is not None


def remember(uow: UnitOfWork, form: str, record: int | None, rule: str, true: bool) -> None:
    if true:
        uow.session.later(insert(holds).values(form=form, record=record, rule=rule))
    else:
        where = holds.c.form == form, holds.c.record == record, holds.c.rule == rule
        uow.session.later(delete(holds).where(*where))


def forget(uow: UnitOfWork, form: str, record: int | None) -> None:
    """A record went into the bin."""
    for table in (holds, due):
        uow.session.later(delete(table).where(table.c.form == form, table.c.record == record))


def put_due(uow: UnitOfWork, form: str, record: int | None, at: int | None) -> None:
    """Look at the record again at `at` (microseconds UTC); never, when None."""
    if at is None:
        uow.session.later(delete(due).where(due.c.form == form, due.c.record == record))
        return
    statement = upsert(due).values(form=form, record=record, at=at)
    uow.session.later(statement.on_conflict_do_update(index_elements=["form", "record"], set_={"at": at}))


def take_due(uow: UnitOfWork, now: int, *, most: int) -> list[tuple[str, int]]:
    """(form, record) of those that are due, the longest due first; they are off the list."""
    statement = select(due.c.form, due.c.record).where(due.c.at <= now).order_by(due.c.at).limit(bindparam("most"))
    found = [(form, int(record)) for form, record in uow.session.run(statement, {"most": most}).fetchall()]
    for form, record in found:
        uow.session.later(delete(due).where(due.c.form == form, due.c.record == record))
    return found


def next_due(look: Look) -> int | None:
    row = look.session.run(select(due.c.at).order_by(due.c.at).limit(1)).fetchone()
    return int(row[0]) if row else None
