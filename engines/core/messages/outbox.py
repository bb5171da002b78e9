"""Every message that leaves or would leave: written with its cause, sent after the commit, readable for ever."""

from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Index, Table, Text, bindparam, func, insert, select, update
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement

from engines.core.database.metadata import Id, id_column, system
from engines.core.database.retention import Kept, drop, kept
from engines.core.jobs import incidents, queue
from engines.core.jobs.base import Job, JobKind, Services, job_kinds
from engines.core.jobs.table import prepared
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look, UnitOfWork

from .base import Message, channel_types

outbox = Table(
    "dg_outbox",
    system,
    id_column(),
    Column("at", BigInteger, nullable=False),
    Column("channel", Text, nullable=False),
    Column("to", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("app", Text),
    Column("form", Text),
    Column("record", Id),
    Column("cause", Text),
    Column("state", Text, nullable=False),
    Column("why", Text),
    Column("sent_at", BigInteger),
    Column("answer", Text),
    Index("ix_dg_outbox_record", "form", "record"),
    sqlite_autoincrement=True,
)
"""`state`: queued, sent, failed, kept (it stays here, `why` says why). `cause`: `flow:welcome`, `rule:vip`."""

NAMES = [str(c.name) for c in outbox.columns]


def post(uow: UnitOfWork, message: Message, *, app: str = "", form: str = "", record: int | None = None) -> int:
    """The outbox id of a message about a record; it leaves after the commit unless something holds it."""
    why = _held(uow, message, form, record)
    cause = f"{uow.cause.kind}:{uow.cause.ref}" if uow.cause.ref else uow.cause.kind
    values = {
        "at": uow.now,
        "channel": message.channel,
        "to": message.to,
        "subject": message.subject,
        "body": message.body,
        "data": orjson.dumps(message.data).decode(),
        "app": app or None,
        "form": form or None,
        "record": record,
        "cause": cause,
        "state": "kept" if why else "queued",
        "why": why or None,
    }
    number = int(uow.session.run(prepared(_insert, uow.session.dialect), values).fetchone()[0])
    if not why:
        queue.enqueue(uow, "message", {"outbox": number, **_packed(message)}, subject=f"outbox:{number}")
    return number


def listed(
    look: Look, *, app: str = "", state: str = "", before: int | None = None, limit: int = 50
) -> list[Definition]:
    """Messages, newest first; page on with the last id as `before`. The state `unsent` is all that are not sent."""
    statement = select(outbox).order_by(outbox.c.id.desc()).limit(limit)
    if state == "unsent":
        statement, state = statement.where(outbox.c.state != "sent"), ""
    for column, value in (("app", app), ("state", state)):
        statement = statement.where(outbox.c[column] == value) if value else statement
    if before is not None:
        statement = statement.where(outbox.c.id < before)
    return [_plain(row) for row in look.session.run(statement).fetchall()]


def about(look: Look, form: str, record: int) -> list[Definition]:
    """Messages about a record (`form` is `<app>__<form>`), newest first."""
    mine = outbox.c.form == form, outbox.c.record == record
    return [
        _plain(row) for row in look.session.run(select(outbox).where(*mine).order_by(outbox.c.id.desc())).fetchall()
    ]


def waiting(look: Look) -> int:
    """How many messages would leave."""
    mine = select(func.count()).where(outbox.c.state == "queued")
    return int(look.session.run(mine).fetchone()[0])


def keep_waiting(uow: UnitOfWork, why: str) -> int:
    """What waits to be sent stays here instead, for a stated reason; how many messages."""
    mine = update(outbox).where(outbox.c.state == "queued").values(state="kept", why=why).returning(outbox.c.id)
    numbers = [row[0] for row in uow.session.run(mine).fetchall()]
    for number in numbers:
        queue.cancel(uow, subject=f"outbox:{number}")
    return len(numbers)


@job_kinds.register
class Sending(JobKind):
    type = "message"
    label = {"zh": "发送消息", "en": "Send a message"}
    icon = "mail"
    outside = True

    def call(self, job: Job, services: Services) -> Any:
        packed = {name: value for name, value in job.payload.items() if name != "outbox"}
        message = Message(**packed, key=job.key)
        return channel_types.get(message.channel).send(message, services)

    def handle(self, uow: UnitOfWork, job: Job, result: Any) -> None:
        _mark(uow, job.payload["outbox"], "sent", str(result)[:500])

    def gave_up(self, uow: UnitOfWork, job: Job, error: str) -> None:
        number = job.payload["outbox"]
        _mark(uow, number, "failed", error[:500])
        row = uow.session.run(select(outbox).where(outbox.c.id == number)).fetchone()
        found = dict(zip(NAMES, row, strict=True))
        incidents.open_one(
            uow,
            "message",
            error,
            app=found["app"] or "",
            part=found["cause"] or "",
            form=found["form"] or "",
            record=found["record"],
            job=job.id,
            details={"outbox": number, "to": found["to"], "channel": found["channel"]},
        )


@kept.register
class SentMessages(Kept):
    """What was not sent stays, whatever its age: somebody has yet to read why."""

    type = "outbox"
    label = {"zh": "已发出的消息", "en": "Messages that were sent"}
    days = 90

    def prune(self, uow: UnitOfWork, before: int, after: Any) -> Any:
        return drop(uow.session, outbox, (outbox.c.state == "sent") & (outbox.c.sent_at < before), after)


def _held(uow: UnitOfWork, message: Message, form: str, record: int | None) -> str:
    if uow.steps.services.get("rehearsal"):
        return "rehearsal"
    is_demo = uow.steps.services.get("is_demo")
    if record is not None and is_demo is not None and is_demo(uow, form, record):
        return "demo"
    return channel_types.get(message.channel).held(message, uow.steps.services)


def _packed(message: Message) -> dict[str, Any]:
    names = ("channel", "to", "subject", "body", "data")
    return {name: getattr(message, name) for name in names}


def _insert(_dialect: Dialect) -> ClauseElement:
    names = NAMES[1:13]
    return insert(outbox).values({n: bindparam(n, type_=outbox.c[n].type) for n in names}).returning(outbox.c.id)


def _mark(uow: UnitOfWork, number: int, state: str, answer: str) -> None:
    values = {"state": state, "answer": answer, "sent_at": uow.now if state == "sent" else None}
    uow.session.run(update(outbox).where(outbox.c.id == number).values(values))


def _plain(row: Any) -> Definition:
    found = dict(zip(NAMES, row, strict=True))
    return found | {"data": orjson.loads(found["data"])}
