"""A restored copy holds back: what the original did meanwhile must not be done twice, nor mails sent again."""

from typing import Any

import orjson

from engines.core.access import audit
from engines.core.database import meta
from engines.core.database.statements import Session
from engines.core.jobs import queue
from engines.core.kernel.work import Look, UnitOfWork
from engines.core.messages import outbox

HELD = "held"


def hold(session: Session, taken: int, now: int) -> None:
    """From now on nothing due is done; `taken` is the instant of the backup."""
    meta.put(session, HELD, orjson.dumps({"taken": taken, "restored": now}).decode())


def since(session: Session) -> dict[str, int] | None:
    """{taken, restored} in microseconds UTC; None for a workspace that works."""
    found = meta.get(session, HELD)
    return orjson.loads(found) if found else None


def told(look: Look) -> dict[str, Any] | None:
    """What an administrator decides on: {taken, restored, messages, jobs}; None for a workspace that works."""
    found = since(look.session)
    return found and {**found, "messages": outbox.waiting(look), "jobs": queue.overdue(look)}


def release(uow: UnitOfWork, *, send: bool) -> int:
    """The copy works from now on, on record. Without `send`, messages that wait since the backup stay for good; how
    many they were."""
    if since(uow.session) is None:
        return 0
    meta.put(uow.session, HELD, None)
    dropped = 0 if send else outbox.keep_waiting(uow, "restored")
    audit.record(uow, "copy_released", "workspace:", {"dropped": dropped})
    queue.ring(uow)
    return dropped
