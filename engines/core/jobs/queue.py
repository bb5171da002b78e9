"""Jobs in and out of the table: enqueued with the change that causes them, leased, finished or tried again."""

from collections.abc import Iterable
from typing import Any

import orjson

from engines.core.database.statements import Session
from engines.core.kernel import clock
from engines.core.kernel.work import Look, UnitOfWork

from . import table
from .base import Job, job_kinds
from .table import prepared

ATTEMPTS = 5
LEASE = 60 * 1_000_000
LONGEST_WAIT = 3600 * 1_000_000
WINDOW = 64
"""How many of the oldest due jobs are looked at for the most urgent ones."""


def enqueue(
    uow: UnitOfWork,
    kind: str,
    payload: dict[str, Any] | None = None,
    *,
    run_at: int | None = None,
    key: str | None = None,
    replace: bool = False,
    subject: str = "",
    priority: int = 0,
) -> int | None:
    """Something to be done at `run_at` (business time; at once without), once this transaction is on disk. A `key` that
    waits already is left alone (None comes back), or moved with `replace`. `subject` groups jobs to be cancelled
    together; less `priority` comes first among what is due."""
    job_kinds.get(kind)
    values = {
        "kind": kind,
        "run_at": uow.now if run_at is None else run_at,
        "priority": priority,
        "dedup_key": key,
        "subject": subject or None,
        "payload": orjson.dumps(payload or {}).decode(),
        "created": uow.now,
    }
    statement = prepared(table.put if replace else table.add, uow.session.dialect)
    row = uow.session.run(statement, values).fetchone()
    ring(uow)
    return int(row[0]) if row else None


def ring(uow: UnitOfWork) -> None:
    """The workers' bell, once, after the commit; it may get lost, a worker looks by itself every second."""
    bell = uow.steps.services.get("bell")
    if bell is not None and bell not in uow.after:
        uow.after.append(bell)


def cancel(uow: UnitOfWork, *, key: str | None = None, subject: str | None = None) -> int:
    """How many waiting jobs of this key or subject were taken away; one that runs right now finds itself gone."""
    dropped = 0
    if key is not None:
        dropped += uow.session.run(prepared(table.drop_key, uow.session.dialect), {"key": key}).rowcount
    if subject is not None:
        dropped += uow.session.run(prepared(table.drop_subject, uow.session.dialect), {"b_subject": subject}).rowcount
    return dropped


def revive(uow: UnitOfWork, number: int) -> bool:
    """A dead job is tried again from the start; False when it is not there any more."""
    statement = prepared(table.revived, uow.session.dialect)
    ring(uow)
    return bool(uow.session.run(statement, {"b_id": number, "now": uow.now}).rowcount)


def discard(uow: UnitOfWork, number: int) -> bool:
    """A dead job is given up for good."""
    return bool(uow.session.run(prepared(table.drop_dead, uow.session.dialect), {"b_id": number}).rowcount)


def next_due(look: Look) -> int | None:
    """The earliest due time of all that waits."""
    row = look.session.run(prepared(table.next_due, look.session.dialect)).fetchone()
    return None if row[0] is None else int(row[0])


def overdue(look: Look) -> int:
    """How many jobs should have been done by now."""
    return int(look.session.run(prepared(table.overdue, look.session.dialect), {"now": look.now}).fetchone()[0])


def claim(session: Session, worker: str, *, now: int, limit: int) -> list[Job]:
    """Up to `limit` due jobs, leased to `worker`; the most urgent of the oldest come first."""
    rows = session.run(prepared(table.due, session.dialect), {"now": now, "limit": max(limit, WINDOW)}).fetchall()
    rows = sorted(rows, key=lambda row: (row[6], row[2], row[0]))[:limit]
    for row in rows:
        values = {"b_id": row[0], "by": worker, "til": clock.wall() + LEASE}
        session.later(prepared(table.lease, session.dialect), values)
    session.flush()
    return [_job(row, now) for row in rows]


def finish(session: Session, job: Job, worker: str) -> bool:
    """The job's row goes, in the transaction that does its work; False when the lease was lost."""
    return bool(session.run(prepared(table.done, session.dialect), {"b_id": job.id, "by": worker}).rowcount)


def hold(session: Session, job: Job, worker: str) -> bool:
    """A full lease from now on; False when it was lost."""
    values = {"b_id": job.id, "by": worker, "til": clock.wall() + LEASE}
    return bool(session.run(prepared(table.held, session.dialect), values).rowcount)


def fail(uow: UnitOfWork, job: Job, worker: str, error: str) -> None:
    """Again after a while that doubles; after the last attempt the job is dead, and its kind says what that means."""
    dead = job.attempt >= ATTEMPTS
    wait = min(2**job.attempt * 1_000_000, LONGEST_WAIT)
    values = {
        "b_id": job.id,
        "by": worker,
        "b_state": table.DEAD if dead else table.READY,
        "at": uow.now + wait,
        "why": error[:2000],
    }
    mine = uow.session.run(prepared(table.failed, uow.session.dialect), values).rowcount
    if dead and mine:
        job_kinds.get(job.kind).gave_up(uow, job, error)


def free_lost(session: Session) -> int:
    """Leases that ran out are ready again."""
    return int(session.run(prepared(table.lost, session.dialect), {"wall": clock.wall()}).rowcount)


def has_lost(session: Session) -> bool:
    return bool(session.run(prepared(table.any_lost, session.dialect), {"wall": clock.wall()}).fetchone()[0])


def holders(session: Session) -> list[str]:
    """Who holds a lease."""
    return [row[0] for row in session.run(prepared(table.holders, session.dialect)).fetchall()]


def free(session: Session, workers: Iterable[str]) -> int:
    """What dead workers held is ready again."""
    statement = prepared(table.freed, session.dialect)
    return sum(session.run(statement, {"by": worker}).rowcount for worker in workers)


def _job(row: Any, now: int) -> Job:
    number, kind, run_at, attempts, subject, payload, _priority = row
    late = max(0, now - run_at)
    return Job(number, kind, run_at, attempts + 1, subject or "", orjson.loads(payload), late)
