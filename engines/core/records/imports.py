"""What is known of each import: its file, how far it came, and which rows failed why."""

from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    CompoundSelect,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    bindparam,
    insert,
    select,
    union_all,
    update,
)

from engines.core.database.metadata import Id, id_column, system
from engines.core.database.retention import Kept, drop, kept
from engines.core.kernel.errors import NotFound, Rejected
from engines.core.kernel.work import Look, UnitOfWork

from .tables import history

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
"""`state`: new, checking, checked, running, done, undoing, undone, broken. `done`: lines of the file that are dealt
with; while undoing, records that are taken back. `error`: why it is broken, {zh, en}."""

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


def actor_of(look: Look, number: int) -> int:
    """Who uploaded it; NotFound."""
    found = look.session.run(select(imports.c.actor).where(imports.c.id == number)).fetchone()
    if found is None:
        raise NotFound(number=number)
    return int(found[0])


def of_form(look: Look, form: str, *, limit: int = 10) -> list[dict[str, Any]]:
    """This actor's imports into a form, the newest first."""
    mine = imports.c.form == form, imports.c.actor == look.actor.id, imports.c.state != "broken"
    statement = select(imports).where(*mine).order_by(imports.c.id.desc()).limit(limit)
    return [dict(zip(NAMES, row, strict=True)) for row in look.session.run(statement).fetchall()]


def made(look: Look, form: str, number: int) -> list[tuple[int, int]]:
    """(first, last) id of each run of records that an import created."""
    c = history.c
    mine = c.form == form, c.cause == "import", c.cause_ref == str(number), c.what == "create"
    rows = look.session.run(select(c.record, c.until).where(*mine).order_by(c.record)).fetchall()
    return [(first, last or first) for first, last in rows]


def own(look: Look, form: str, number: int) -> int:
    """The number again when it is an import of the reader into this form; NotFound."""
    if one(look, number)["form"] != form:
        raise NotFound(number=number)
    return number


def brought(table: Table, form: str, ref: str) -> CompoundSelect[Any]:
    """Ids of the records of a form's table that an import made or changed; the names of its parameters are given."""
    c, each = history.c, table.alias()
    mine = c.form == bindparam(form), c.cause == "import", c.cause_ref == bindparam(ref)
    singly = select(c.record).where(*mine, (c.what == "create") | (c.what == "update"))
    run = select(each.c["_id"]).join(history, each.c["_id"].between(c.record, c.until))
    return union_all(singly, run.where(*mine, c.what == "create"))


def touched(look: Look, form: str, first: int, last: int) -> set[int]:
    """Records of a run that somebody changed since; what rules and time do counts for nothing."""
    c = history.c
    mine = c.form == form, c.record >= first, c.record <= last, c.until.is_(None)
    others = c.what != "create", c.cause.not_in(("rule", "job"))
    return {row[0] for row in look.session.run(select(c.record).where(*mine, *others).distinct()).fetchall()}


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


@kept.register
class FailedRows(Kept):
    """The import itself stays: records name it as their origin."""

    type = "import_rows"
    label = {"zh": "导入失败的行", "en": "Rows that an import refused"}
    days = 90

    def prune(self, uow: UnitOfWork, before: int, after: Any) -> Any:
        old = select(imports.c.id).where(imports.c.at < before)
        return drop(uow.session, failed_rows, failed_rows.c["import"].in_(old), after)
