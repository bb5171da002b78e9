"""Answers to requests that may be sent twice, kept for some days beside what they did."""

from typing import Any

from sqlalchemy import BigInteger, Column, PrimaryKeyConstraint, Table, Text, bindparam, insert, select

from engines.core.database.metadata import Id, system
from engines.core.database.retention import Kept, drop, kept
from engines.core.database.statements import once
from engines.core.kernel.work import UnitOfWork

answers = Table(
    "dg_idempotency",
    system,
    Column("actor", Id),
    Column("key", Text),
    Column("at", BigInteger, nullable=False),
    Column("answer", Text, nullable=False),
    PrimaryKeyConstraint("actor", "key"),
)


@once
def _find() -> Any:
    return select(answers.c.answer).where(answers.c.actor == bindparam("who"), answers.c.key == bindparam("named"))


@once
def _keep() -> Any:
    return insert(answers).values({str(c.name): bindparam(c.name, type_=c.type) for c in answers.columns}).inline()


def recall(uow: UnitOfWork, key: str) -> str | None:
    """The answer given before, as JSON."""
    found = uow.session.run(_find(uow.session.dialect), {"who": uow.actor.id, "named": key}).fetchone()
    return found[0] if found else None


def remember(uow: UnitOfWork, key: str, answer: str) -> None:
    row = {"actor": uow.actor.id, "key": key, "at": uow.now, "answer": answer}
    uow.session.later(_keep(uow.session.dialect), row)


@kept.register
class Answers(Kept):
    type = "answers"
    label = {"zh": "重复请求的答复", "en": "Answers to requests sent twice"}
    days = 7

    def prune(self, uow: UnitOfWork, before: int, after: Any) -> Any:
        return drop(uow.session, answers, answers.c.at < before, after)
