"""Public links as rows: an unguessable id, what for, until when, how often; and how often one place used it."""

import hashlib
import secrets
from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, delete, func, insert, select, update

from engines.core.database.metadata import Id, id_column, system
from engines.core.database.statements import Session
from engines.core.kernel import clock
from engines.core.kernel.errors import TooMany
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look

WINDOW = 10 * 60 * 1_000_000
MOST = 30
"""Entries from one network in ten minutes; a team at one desk stays below it, a script does not."""

public_link = Table(
    "dg_public_link",
    system,
    Column("id", Text, primary_key=True),
    Column("app", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("part", Text),
    Column("definition", Text, nullable=False),
    Column("made_by", Id, nullable=False),
    Column("created", BigInteger, nullable=False),
    Column("expires", BigInteger),
    Column("password", Text),
    Column("most", Integer),
    Column("used", Integer, nullable=False),
    Column("closed", BigInteger),
    Index("ix_dg_public_link", "app", "form"),
)
"""`part`: the id of the app's own link, whose definition then counts; else `definition` holds it. `closed`: revoked."""

hit = Table(
    "dg_public_link_hit",
    system,
    id_column(),
    Column("key", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_dg_public_link_hit", "key", "at"),
    sqlite_autoincrement=True,
)
"""Entries by link and network; `key` is a hash of both."""
NAMES = [str(c.name) for c in public_link.columns]


class TooOften(TooMany):
    code = "too_often"
    words = {
        "zh": "这里提交得太频繁，{minutes} 分钟后再试",
        "en": "Too many entries from here: wait {minutes} min, then try again",
    }


def make(
    look: Look,
    app: str,
    form: str,
    definition: Definition,
    *,
    part: str | None = None,
    expires: int | None = None,
    password: str | None = None,
    most: int | None = None,
) -> str:
    """The id of a new link: 128 bits, in letters, digits, - and _. `password` is a hash; `expires` is on the wall."""
    made = secrets.token_urlsafe(16)
    row: dict[str, Any] = {
        "id": made,
        "app": app,
        "form": form,
        "part": part,
        "definition": orjson.dumps(definition).decode(),
    }
    row |= {"made_by": look.actor.id, "created": clock.wall(), "expires": expires, "password": password}
    look.session.run(insert(public_link).values(row | {"most": most, "used": 0}))
    return made


def one(session: Session, link: str) -> dict[str, Any] | None:
    """The row of a link with its definition opened; None when there is none."""
    found = session.run(select(public_link).where(public_link.c.id == link)).fetchone()
    return _opened(found) if found else None


def of_form(session: Session, app: str, form: str) -> list[dict[str, Any]]:
    """Every link of a form, the newest first, closed ones last."""
    mine = public_link.c.app == app, public_link.c.form == form
    order = public_link.c.closed.is_not(None), public_link.c.created.desc()
    return [_opened(row) for row in session.run(select(public_link).where(*mine).order_by(*order)).fetchall()]


def of_parts(session: Session, app: str) -> set[str]:
    """The app's own links that were opened once, even if they are closed by now."""
    wanted = select(public_link.c.part).where(public_link.c.app == app, public_link.c.part.is_not(None))
    return {row[0] for row in session.run(wanted).fetchall()}


def close(session: Session, link: str) -> None:
    """For good: another one has another id."""
    mine = public_link.c.id == link, public_link.c.closed.is_(None)
    session.run(update(public_link).where(*mine).values(closed=clock.wall()))


def count(session: Session, link: str) -> bool:
    """One more entry, in its transaction; False when the link is closed, late or used up by now."""
    c = public_link.c
    alive = c.closed.is_(None), (c.expires.is_(None)) | (c.expires > clock.wall())
    left = (c.most.is_(None)) | (c.used < c.most)
    return bool(session.run(update(public_link).where(c.id == link, *alive, left).values(used=c.used + 1)).rowcount)


def admit(session: Session, link: str, network: str) -> None:
    """Counts this try first, so that tries at the same moment count too; TooOften."""
    now, key = clock.wall(), hashlib.sha256(f"{link}\0{network}".encode()).hexdigest()
    session.run(delete(hit).where(hit.c.at < now - WINDOW))
    tries, first = session.run(select(func.count(), func.min(hit.c.at)).where(hit.c.key == key)).fetchone()
    if tries >= MOST:
        raise TooOften(max(1, (first + WINDOW - now) // 1_000_000))
    session.run(insert(hit).values(key=key, at=now))


def _opened(row: Any) -> dict[str, Any]:
    found = dict(zip(NAMES, row, strict=True))
    return found | {"definition": orjson.loads(found["definition"])}
