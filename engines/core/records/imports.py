"""What is known of each import: its file, how far it came, and which rows failed why."""

from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Integer, PrimaryKeyConstraint, Table, Text, insert, select, update

from engines.core.database.metadata import Id, id_column, system
from engines.core.kernel.errors import NotFound, Rejected
from engines.core.kernel.work import Look, UnitOfWork

imports = Table(
    "dg_import",
    system,
    id_column(),
    Column("form", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("mapping", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("created", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("actor", Id, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("error", Text),
    sqlite_autoincrement=True,
)
"""`state`: new, checked, running, done, undone, broken. `done`: lines of the file that are dealt with."""

failed_rows = Table(
    "dg_import_row",
    system,
    Column("import", Id),
    Column("row", Integer),
    Column("problems", Text, nullable=False),
    PrimaryKeyConstraint("import", "row"),
)
COUNTS = ("total", "done", "created", "updated", "failed")
NAMES = [str(c.name) for c in imports.columns]


def start(uow: UnitOfWork, form: str, name: str, mapping: dict[str, Any]) -> int:
    """A new import of an uploaded file called `name`."""
    values = dict.fromkeys(COUNTS, 0) | {"form": form, "name": name, "mapping": orjson.dumps(mapping).decode()}
    values |= {"state": "new", "actor": uow.actor.id, "at": uow.now}
    return int(uow.session.run(insert(imports).values(values).returning(imports.c.id)).fetchone()[0])


def one(look: Look, number: int) -> dict[str, Any]:
    """An import of this actor; NotFound for anybody else's."""
    mine = imports.c.id == number, imports.c.actor == look.actor.id
    found = look.session.run(select(imports).where(*mine)).fetchone()
    if found is None:
        raise NotFound(number=number)
    row = dict(zip(NAMES, found, strict=True))
    return row | {"mapping": orjson.loads(row["mapping"])}


def note(uow: UnitOfWork, number: int, **values: Any) -> None:
    """Progress, in the transaction of the rows it counts."""
    uow.session.run(update(imports).where(imports.c.id == number).values(values))


def note_failed(uow: UnitOfWork, number: int, row: int, problems: dict[str, Rejected]) -> None:
    plain = {name: [problem.code, problem.details] for name, problem in problems.items()}
    body = orjson.dumps(plain, default=str).decode()
    uow.session.later(insert(failed_rows).values({"import": number, "row": row, "problems": body}))


def forget_failed(uow: UnitOfWork, number: int) -> None:
    uow.session.run(failed_rows.delete().where(failed_rows.c["import"] == number))


def failures(look: Look, number: int) -> dict[int, dict[str, Rejected]]:
    """Problems by row number of the file, by field."""
    one(look, number)
    c = failed_rows.c
    statement = select(c.row, c.problems).where(c["import"] == number).order_by(c.row)
    return {
        row: {name: Rejected(code, **details) for name, (code, details) in orjson.loads(body).items()}
        for row, body in look.session.run(statement).fetchall()
    }
