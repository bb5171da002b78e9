"""Sessions are rows: signing out, a new password, a suspension or a lost role ends them at once."""

import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.engine import Dialect

from engines.core.database.retention import Kept, drop, kept
from engines.core.database.statements import Prepared, Session
from engines.core.kernel import clock
from engines.core.kernel.work import Actor, UnitOfWork

from .people import by_id, digest
from .tables import person
from .tables import session as table

LIVES = 30 * 86_400 * 1_000_000
IDLE = 7 * 86_400 * 1_000_000
SEEN_EVERY = 5 * 60 * 1_000_000
_found: dict[str, Prepared] = {}


@dataclass(frozen=True)
class Signed:
    """Who is at the desk: `person` signed in, `actor` is who the pages are for (another person when the app was opened
    as that one). `key` is the session's hash; `stale`: its last visit should be written down."""

    key: str
    person: int
    actor: Actor
    language: str | None
    display: str
    stale: bool


def open_for(session: Session, number: int, agent: str = "") -> str:
    """A new session's token, for the cookie; only its hash is kept."""
    token, now = secrets.token_urlsafe(32), clock.wall()
    values = {"hash": digest(token), "person": number, "agent": agent[:200], "created": now, "seen": now}
    session.run(insert(table).values(**values, expires=now + LIVES))
    return token


def find(session: Session, token: str) -> Signed | None:
    """Whose session it is; None when it ended, stood idle for a week, or the person is suspended."""
    now, key = clock.wall(), digest(token)
    row = session.run(_finder(session.dialect), {"hash": key, "now": now, "idle": now - IDLE}).fetchone()
    if row is None:
        return None
    number, acts_as, seen, name, display, language = row
    actor = Actor(number, name)
    if acts_as is not None and (other := by_id(session, acts_as)):
        actor = Actor(other.id, other.name, behind=number)
    return Signed(key, number, actor, language, display or name, now - seen > SEEN_EVERY)


def touch(session: Session, key: str) -> None:
    """It was used just now."""
    session.run(update(table).where(table.c.hash == key).values(seen=clock.wall()))


def of_person(session: Session, number: int) -> list[dict[str, Any]]:
    """Newest visit first: {hash, agent, created, seen}."""
    names = ("hash", "agent", "created", "seen")
    mine = table.c.person == number, table.c.expires > clock.wall()
    rows = session.run(select(*(table.c[n] for n in names)).where(*mine).order_by(table.c.seen.desc())).fetchall()
    return [dict(zip(names, row, strict=True)) for row in rows]


def end(session: Session, key: str) -> None:
    session.run(delete(table).where(table.c.hash == key))


def end_all(session: Session, number: int, *, but: str = "") -> int:
    """Everywhere, or everywhere else; how many there were."""
    return int(session.run(delete(table).where(table.c.person == number, table.c.hash != but)).rowcount)


def act_as(session: Session, key: str, number: int | None) -> None:
    """Whom the pages are for from now on; None: the person who signed in."""
    session.run(update(table).where(table.c.hash == key).values(acts_as=number))


def _finder(dialect: Dialect) -> Prepared:
    if dialect.name not in _found:
        c, p = table.c, person.c
        wanted = select(c.person, c.acts_as, c.seen, p.name, p.display, p.language).join(person, p.id == c.person)
        alive = c.expires > bindparam("now"), c.seen > bindparam("idle"), p.state == "active"
        _found[dialect.name] = Prepared(wanted.where(c.hash == bindparam("hash"), *alive), dialect)
    return _found[dialect.name]


@kept.register
class EndedSessions(Kept):
    type = "sessions"
    label = {"zh": "已结束的登录", "en": "Sessions that ended"}
    days = 30

    def prune(self, uow: UnitOfWork, before: int, after: Any) -> Any:
        return drop(uow.session, table, (table.c.expires < before) | (table.c.seen < before - IDLE), after)
