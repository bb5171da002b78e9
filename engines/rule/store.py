"""What rules remember: which conditions hold for which record, and when time alone may change one."""

from functools import cache
from typing import Any

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
from sqlalchemy.engine import Dialect

from engines.core.database.metadata import Id, system
from engines.core.database.statements import Prepared
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
    key = {"f": form, "r": record, "u": rule}
    return look.session.run(_prepared("held", look.session.dialect), key).fetchone() is not None


def remember(uow: UnitOfWork, form: str, record: int | None, rule: str, true: bool) -> None:
    what = "hold" if true else "let go"
    uow.session.later(_prepared(what, uow.session.dialect), {"f": form, "r": record, "u": rule})


def forget(uow: UnitOfWork, form: str, record: int | None) -> None:
    """A record went into the bin."""
    for table in (holds, due):
        uow.session.later(delete(table).where(table.c.form == form, table.c.record == record))


def forget_all(uow: UnitOfWork, form: str, first: int, last: int) -> None:
    """The records `first` to `last` are gone for good."""
    for table in (holds, due):
        mine = table.c.form == form, table.c.record >= first, table.c.record <= last
        uow.session.later(delete(table).where(*mine))


def put_due(uow: UnitOfWork, form: str, record: int | None, at: int | None) -> None:
    """Look at the record again at `at` (microseconds UTC); never, when None."""
    key = {"f": form, "r": record}
    if at is None:
        uow.session.later(_prepared("never", uow.session.dialect), key)
    else:
        uow.session.later(_prepared("due", uow.session.dialect), key | {"at": at})


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


@cache
def _prepared(name: str, dialect: Dialect) -> Prepared:
    """The statements of every save, compiled once."""
    form, rule = (bindparam(n, type_=Text()) for n in ("f", "u"))
    record, at = (bindparam(n, type_=BigInteger()) for n in ("r", "at"))
    hold = holds.c.form == form, holds.c.record == record, holds.c.rule == rule
    soon = upsert(due).values(form=form, record=record, at=at)
    made: dict[str, Any] = {
        "held": lambda: select(holds.c.rule).where(*hold),
        "hold": lambda: insert(holds).values(form=form, record=record, rule=rule),
        "let go": lambda: delete(holds).where(*hold),
        "never": lambda: delete(due).where(due.c.form == form, due.c.record == record),
        "due": lambda: soon.on_conflict_do_update(index_elements=["form", "record"], set_={"at": soon.excluded.at}),
    }
    return Prepared(made[name](), dialect)
