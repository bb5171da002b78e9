"""Which records are demo data: nothing is ever sent to them, and they can be taken away again."""

from typing import Any, NamedTuple

from sqlalchemy import Column, Index, Table, Text, bindparam, delete, insert, literal, select

from engines.core.database.metadata import Id, id_column, system
from engines.core.kernel.work import Look, UnitOfWork

demo = Table(
    "dg_demo",
    system,
    id_column(),
    Column("form", Text, nullable=False),
    Column("first", Id, nullable=False),
    Column("last", Id, nullable=False),
    Index("ix_dg_demo", "form", "first"),
    sqlite_autoincrement=True,
)
"""A row marks the records `first` to `last` of `form` (`<app>__<form>`); ids are never reused, so a mark stays true."""


class Mark(NamedTuple):
    form: str
    first: int
    last: int


def mark(uow: UnitOfWork, form: str, first: int, last: int) -> None:
    """From now on the records `first` to `last` are demo data, those not yet written too."""
    uow.session.run(insert(demo).values(form=form, first=first, last=last))


def unmark(uow: UnitOfWork, found: Mark) -> None:
    c = demo.c
    where = c.form == found.form, c.first == found.first, c.last == found.last
    uow.session.run(delete(demo).where(*where))


def marked(look: Look, app: str) -> list[Mark]:
    """All marks of an app, those made last first."""
    statement = select(demo.c.form, demo.c.first, demo.c.last).order_by(demo.c.id.desc())
    return [Mark(*row) for row in look.session.run(statement).fetchall() if row[0].startswith(f"{app}__")]


def is_demo(look: Look, form: str, record: int) -> bool:
    """Is this record of `form` (`<app>__<form>`) demo data? Asked before anything leaves the house."""
    return look.session.run(_covering(), {"form": form, "record": record}).fetchone() is not None


def _covering() -> Any:
    c, record = demo.c, bindparam("record", type_=Id)
    return select(literal(1)).where(c.form == bindparam("form"), c.first <= record, c.last >= record).limit(1)
