"""Which records are demo data: nothing is ever sent to them, and they can be taken away again."""

from typing import Any, NamedTuple

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    literal,
    select,
    update,
)

from engines.core.database.metadata import Id, id_column, system
from engines.core.database.statements import once
from engines.core.kernel.kind import Definition
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


load_table = Table(
    "dg_demo_load",
    system,
    Column("app", Text, primary_key=True),
    Column("recipe", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("done", Integer, nullable=False),
    Column("of", Integer, nullable=False),
)
"""The recipe that an app's demo data was made by, and how far it is: `done` of `of` records."""


class Load(NamedTuple):
    """`at` in microseconds UTC; `whole`: everything is there."""

    recipe: Definition
    language: str
    at: int
    done: int
    of: int

    @property
    def whole(self) -> bool:
        return self.done >= self.of


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


def begin(uow: UnitOfWork, app: str, recipe: Definition, language: str, of: int) -> None:
    """An app's demo data is being made, `of` records of it."""
    uow.session.run(delete(load_table).where(load_table.c.app == app))
    body = orjson.dumps(recipe).decode()
    values = {"app": app, "recipe": body, "language": language, "at": uow.now, "done": 0, "of": of}
    uow.session.run(insert(load_table).values(values))


def advance(uow: UnitOfWork, app: str, by: int) -> None:
    """So many more records are there."""
    uow.session.run(update(load_table).where(load_table.c.app == app).values(done=load_table.c.done + by))


@once
def _load() -> Any:
    c = load_table.c
    return select(c.recipe, c.language, c.at, c.done, c.of).where(c.app == bindparam("app"))


def load_of(look: Look, app: str) -> Load | None:
    """What an app's demo data was made by; None when it has none."""
    row = look.session.run(_load(look.session.dialect), {"app": app}).fetchone()
    return Load(orjson.loads(row[0]), *row[1:]) if row else None


def end(uow: UnitOfWork, app: str) -> None:
    """The app has no demo data any more."""
    uow.session.run(delete(load_table).where(load_table.c.app == app))
