"""What was done to rights: rows that are only added, each carrying the hash of the one before."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import func, insert, select

from engines.core.database.statements import Session
from engines.core.kernel import clock
from engines.core.kernel.work import Look

from .tables import audit

NAMES = ("at", "actor", "on_behalf", "what", "object", "details", "previous")
LOCK = 0x6475_6175
"""PostgreSQL: one writer of the chain at a time; SQLite has only one."""


def record(look: Look, what: str, about: str, details: Mapping[str, Any] | None = None) -> None:
    """In the transaction of the deed. `about` names the object, such as `person:7` or `app:crm`; `details` are plain
    values without secrets."""
    session = look.session
    if session.postgresql:
        session.run(select(func.pg_advisory_xact_lock(LOCK)))
    body = orjson.dumps(dict(details or {}), option=orjson.OPT_SORT_KEYS).decode()
    last = session.run(select(audit.c.hash).order_by(audit.c.id.desc()).limit(1)).fetchone()
    row = {"at": clock.wall(), "actor": look.actor.id, "on_behalf": look.actor.behind, "what": what, "object": about}
    row |= {"details": body, "previous": last[0] if last else ""}
    session.run(insert(audit).values(**row, hash=_hash(row)))


def entries(session: Session, *, limit: int = 200, before: int | None = None) -> list[dict[str, Any]]:
    """Newest first, with `details` opened."""
    wanted = select(audit.c.id, *(audit.c[name] for name in NAMES)).order_by(audit.c.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(audit.c.id < before)
    rows = [dict(zip(("id", *NAMES), row, strict=True)) for row in session.run(wanted).fetchall()]
    return [row | {"details": orjson.loads(row["details"])} for row in rows]


def verify(session: Session) -> tuple[int, int | None]:
    """(rows that hold, id of the first that does not): a row changed, taken away or put in breaks the chain."""
    previous, good = "", 0
    wanted = select(audit.c.id, audit.c.hash, *(audit.c[name] for name in NAMES)).order_by(audit.c.id)
    for number, found, *values in session.run(wanted).fetchall():
        row = dict(zip(NAMES, values, strict=True))
        if row["previous"] != previous or found != _hash(row):
            return good, int(number)
        previous, good = found, good + 1
    return good, None


def head(session: Session, known: str = "") -> tuple[str, bool]:
    """(the last hash, is `known` in the chain): a hash kept elsewhere tells when the end was cut off."""
    last = session.run(select(audit.c.hash).order_by(audit.c.id.desc()).limit(1)).fetchone()
    found = session.run(select(audit.c.id).where(audit.c.hash == known)).fetchone()
    return (last[0] if last else ""), not known or found is not None


def _hash(row: Mapping[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps([row[name] for name in NAMES])).hexdigest()
