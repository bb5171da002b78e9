"""What people say about a record, beside its history."""

from typing import Any

from sqlalchemy import BigInteger, Column, Delete, Index, Table, Text, delete, insert, select, update

from engines.core.database.metadata import Id, id_column, system
from engines.core.kernel.errors import Forbidden, Invalid, NotFound, Rejected
from engines.core.kernel.work import Look, UnitOfWork

from . import query
from .source import Source

LONGEST = 4000

comment_table = Table(
    "dg_comment",
    system,
    id_column(),
    Column("form", Text, nullable=False),
    Column("record", Id, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("author", Id, nullable=False),
    Column("body", Text, nullable=False),
    Column("deleted_at", BigInteger),
    Index("ix_dg_comment", "form", "record"),
    sqlite_autoincrement=True,
)


def add(uow: UnitOfWork, source: Source, record: int, body: str) -> int:
    """The comment's id; NotFound for a record that is hidden, Invalid for an empty or endless text."""
    query.one(uow, source, record)
    if not uow.rights.scope(source.id).may("comment"):
        raise Forbidden(action="comment", form=source.form)
    text = body.strip()
    if not text or len(text) > LONGEST:
        over = len(text) - LONGEST
        raise Invalid({"body": Rejected("too_long", most=LONGEST, over=over) if text else Rejected("required")})
    row = insert(comment_table).values(form=source.id, record=record, at=uow.now, author=uow.actor.id, body=text)
    return int(uow.session.run(row.returning(comment_table.c.id)).fetchone()[0])


def of_record(look: Look, source: Source, record: int, *, limit: int = 200) -> list[dict[str, Any]]:
    """Newest first: {id, at, author, body}; of a record that the reader may see."""
    query.one(look, source, record)
    c = comment_table.c
    names = ("id", "at", "author", "body")
    mine = c.form == source.id, c.record == record, c.deleted_at.is_(None)
    statement = select(*(c[name] for name in names)).where(*mine).order_by(c.id.desc()).limit(limit)
    return [dict(zip(names, row, strict=True)) for row in look.session.run(statement).fetchall()]


def remove(uow: UnitOfWork, source: Source, record: int, comment: int) -> None:
    """Only its author takes a comment away."""
    c = comment_table.c
    mine = c.id == comment, c.form == source.id, c.record == record, c.author == uow.actor.id
    done = uow.session.run(update(comment_table).where(*mine, c.deleted_at.is_(None)).values(deleted_at=uow.now))
    if done.rowcount != 1:
        raise NotFound(comment=comment)


def forget(form: str, record: int) -> Delete:
    """With a record that leaves the bin."""
    c = comment_table.c
    return delete(comment_table).where(c.form == form, c.record == record)
