"""Notices inside the platform: what a person finds behind the bell."""

from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Index, Table, Text, bindparam, delete, func, insert, select, text, update
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement

from engines.core.database.metadata import Id, id_column, system
from engines.core.database.retention import Kept, drop, kept
from engines.core.jobs.table import prepared
from engines.core.kernel.kind import Label
from engines.core.kernel.work import Look, UnitOfWork

notice = Table(
    "dg_notification",
    system,
    id_column(),
    Column("person", Id, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("app", Text),
    Column("form", Text),
    Column("record", Id),
    Column("task", Id),
    Column("read_at", BigInteger),
    Index("ix_dg_notification_person", "person", "id"),
    Index(
        "ix_dg_notification_unread",
        "person",
        sqlite_where=text("read_at IS NULL"),
        postgresql_where=text("read_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)
"""`kind`: note, task, remind, escalate, done. `text`: {zh, en} as JSON."""

NAMES = [str(c.name) for c in notice.columns]


def tell(
    uow: UnitOfWork,
    people: list[int],
    words: Label,
    *,
    kind: str = "note",
    app: str = "",
    form: str = "",
    record: int | None = None,
    task: int | None = None,
) -> None:
    """One notice for each person; 0, the platform, is told nothing."""
    values = {
        "at": uow.now,
        "kind": kind,
        "text": orjson.dumps(words).decode(),
        "app": app or None,
        "form": form or None,
        "record": record,
        "task": task,
    }
    for person in dict.fromkeys(people):
        if person:
            uow.session.later(prepared(_insert, uow.session.dialect), values | {"person": person})


def unread(look: Look, person: int) -> int:
    """How many a person has not read."""
    return int(look.session.run(prepared(_unread, look.session.dialect), {"p": person}).fetchone()[0])


def listed(look: Look, person: int, *, before: int | None = None, limit: int = 30) -> list[dict[str, Any]]:
    """A person's notices, newest first; page on with the last id as `before`."""
    statement = select(notice).where(notice.c.person == person).order_by(notice.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(notice.c.id < before)
    rows = [dict(zip(NAMES, row, strict=True)) for row in look.session.run(statement).fetchall()]
    return [row | {"text": orjson.loads(row["text"])} for row in rows]


def everybodys(look: Look, *, limit: int = 500) -> list[dict[str, Any]]:
    """Every notice there is, oldest first: for a rehearsal's throw-away workspace."""
    rows = look.session.run(select(notice).order_by(notice.c.id).limit(limit)).fetchall()
    found = [dict(zip(NAMES, row, strict=True)) for row in rows]
    return [row | {"text": orjson.loads(row["text"])} for row in found]


def forget(uow: UnitOfWork, app: str, form: str, first: int, last: int) -> None:
    """Notices about the records `first` to `last`, which are erased for good."""
    c = notice.c
    uow.session.run(delete(notice).where(c.app == app, c.form == form, c.record >= first, c.record <= last))


def mark_read(
    uow: UnitOfWork, person: int, *, until: int | None = None, only: int | None = None, task: int | None = None
) -> int:
    """How many were marked: all of a person's, those up to the id `until`, the one with the id `only`, or those about
    a task."""
    mine = [notice.c.person == person, notice.c.read_at.is_(None)]
    if until is not None:
        mine.append(notice.c.id <= until)
    if only is not None:
        mine.append(notice.c.id == only)
    if task is not None:
        mine.append(notice.c.task == task)
    return int(uow.session.run(update(notice).where(*mine).values(read_at=uow.now)).rowcount)


def _unread(_dialect: Dialect) -> ClauseElement:
    mine = notice.c.person == bindparam("p"), notice.c.read_at.is_(None)
    return select(func.count()).select_from(notice).where(*mine)


def _insert(_dialect: Dialect) -> ClauseElement:
    names = NAMES[1:9]
    return insert(notice).values({n: bindparam(n, type_=notice.c[n].type) for n in names})


@kept.register
class OldNotices(Kept):
    """A notice points at something; that stays, in its inbox or its record."""

    type = "notices"
    label = {"zh": "站内通知", "en": "Notices behind the bell"}
    days = 180

    def prune(self, uow: UnitOfWork, before: int, after: Any) -> Any:
        return drop(uow.session, notice, notice.c.at < before, after)
