"""Answers to requests that may be sent twice, kept for two days beside what they did."""

from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint, Table, Text, delete, insert, select

from engines.core.database.metadata import Id, system
from engines.core.kernel.work import UnitOfWork

KEPT = 48 * 3600 * 1_000_000

answers = Table(
    "dg_idempotency",
    system,
    Column("actor", Id),
    Column("key", Text),
    Column("at", BigInteger, nullable=False),
    Column("answer", Text, nullable=False),
    PrimaryKeyConstraint("actor", "key"),
)


def recall(uow: UnitOfWork, key: str) -> str | None:
    """The answer given before, as JSON."""
    where = answers.c.actor == uow.actor.id, answers.c.key == key
    found = uow.session.run(select(answers.c.answer).where(*where)).fetchone()
    return found[0] if found else None


def remember(uow: UnitOfWork, key: str, answer: str) -> None:
    uow.session.later(insert(answers).values(actor=uow.actor.id, key=key, at=uow.now, answer=answer))


def forget_old(uow: UnitOfWork) -> int:
    """How many answers were too old to keep."""
    return int(uow.session.run(delete(answers).where(answers.c.at < uow.now - KEPT)).rowcount)
