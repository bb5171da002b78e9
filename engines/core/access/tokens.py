"""API tokens: made once, kept as a hash, never more than their owner may at the moment of use."""

import secrets
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import insert, select, update

from engines.core.database.statements import Session
from engines.core.kernel import clock
from engines.core.kernel.errors import AppError, Forbidden, NotFound
from engines.core.kernel.scope import ACTIONS
from engines.core.kernel.work import Actor, Look

from .audit import record
from .people import digest
from .principals import Token
from .tables import person, token

PREFIX = "dg_"
DAY = 86_400 * 1_000_000
LONGEST = 365
USED_EVERY = 60 * 1_000_000


class BadScope(AppError):
    code = "bad_scope"
    words = {
        "zh": "「{scope}」要写成 应用:表单:动作，动作有：{actions}",
        "en": "'{scope}' has to be APP:FORM:ACTION; actions are: {actions}",
    }


class TooLong(AppError):
    code = "too_long"
    words = {"zh": "有效期是 1 到 {most} 天", "en": "A token lives 1 to {most} days"}


def scope(text: str) -> tuple[str, str, list[str]]:
    """`crm:fan:view,create` or `crm:*:*`; BadScope."""
    app, _, rest = text.partition(":")
    form, _, names = rest.partition(":")
    actions = [one.strip() for one in names.split(",")]
    if not app or not form or not all(one in (*ACTIONS, "*") for one in actions):
        raise BadScope(scope=text, actions=", ".join(ACTIONS))
    return app, form, actions


def make(look: Look, number: int, scopes: Sequence[str], days: int, *, label: str = "") -> str:
    """The token in the clear, for the only time. People make their own; an administrator none for others, and a token
    none at all."""
    if (number != look.actor.id and look.actor.id) or look.actor.via or look.actor.behind:
        raise Forbidden(action="token")
    if not 1 <= days <= LONGEST:
        raise TooLong(most=LONGEST)
    wanted = [scope(text) for text in scopes]
    if not wanted:
        raise BadScope(scope="", actions=", ".join(ACTIONS))
    made, now = PREFIX + secrets.token_urlsafe(32), clock.wall()
    row = {"hash": digest(made), "start": made[: len(PREFIX) + 4], "person": number, "label": label[:80]}
    row |= {"scopes": orjson.dumps(wanted).decode(), "created": now, "expires": now + days * DAY}
    found = look.session.run(insert(token).values(row).returning(token.c.id)).fetchone()
    record(look, "token_made", f"token:{found[0]}", {"person": number, "scopes": list(scopes), "days": days})
    return made


def find(session: Session, made: str) -> tuple[Actor, bool] | None:
    """(who acts, is its last use worth writing down); None for a token that is unknown, late, revoked or whose owner
    is suspended."""
    now = clock.wall()
    names = token.c.id, token.c.person, token.c.scopes, token.c.used, person.c.name
    wanted = select(*names).join(person, person.c.id == token.c.person).where(token.c.hash == digest(made))
    alive = token.c.expires > now, token.c.revoked.is_(None), person.c.state == "active"
    row = session.run(wanted.where(*alive)).fetchone()
    if row is None:
        return None
    scopes = tuple((app, form, frozenset(actions)) for app, form, actions in orjson.loads(row[2]))
    return Actor(int(row[1]), row[4], via=Token(int(row[0]), scopes)), row[3] is None or now - row[3] > USED_EVERY


def used(session: Session, number: int) -> None:
    session.run(update(token).where(token.c.id == number).values(used=clock.wall()))


def listed(session: Session, number: int | None = None) -> list[dict[str, Any]]:
    """Of one person or of all, newest first; never the token itself."""
    names = ("id", "start", "person", "label", "scopes", "created", "expires", "used", "revoked")
    wanted = select(*(token.c[name] for name in names)).order_by(token.c.id.desc())
    rows = session.run(wanted if number is None else wanted.where(token.c.person == number)).fetchall()
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return [row | {"scopes": orjson.loads(row["scopes"])} for row in found]


def revoke(look: Look, number: int) -> None:
    """By its owner or an administrator; NotFound for everybody else."""
    row = look.session.run(select(token.c.person).where(token.c.id == number)).fetchone()
    if row is None or (row[0] != look.actor.id and not look.rights.may("admin")):
        raise NotFound(token=number)
    now = clock.wall()
    look.session.run(update(token).where(token.c.id == number, token.c.revoked.is_(None)).values(revoked=now))
    record(look, "token_revoked", f"token:{number}")
