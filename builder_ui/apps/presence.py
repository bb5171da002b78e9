"""Who else is at the designers of an app, and on which part; kept in memory, since nobody asks for it later."""

from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask import current_app, jsonify, request
from werkzeug.wrappers import Response

from engines.apps.draft import Draft
from engines.apps.edits import find, has
from engines.core.access import people
from engines.core.kernel.work import Look
from runtime import render
from runtime.guard import right

from ..base import build, read
from .telling import named

GONE_AFTER = 40_000_000
"""Microseconds without a word."""


@dataclass
class Guest:
    """Somebody's window: when it last spoke, and the part that is open in it."""

    person: int
    at: int
    kind: str
    part: str


_lock = Lock()


def _guests() -> dict[tuple[str, str], Guest]:
    """By (app, window) of this server."""
    found: dict[tuple[str, str], Guest] = current_app.extensions.setdefault("dougong.guests", {})
    return found


@build.post("/<app>/here")
@right("builder")
def here(app: str) -> Response:
    """{rev, others: [{name, initial, tone, where, same}]}; the window says what is open in it, and asks again soon."""
    sent = request.form
    kind, part, window = sent.get("kind", "")[:20], sent.get("part", "")[:40], sent.get("window", "")[:40]

    def met(look: Look, found: Draft) -> dict[str, Any]:
        others = _meet(app, window, Guest(look.actor.id, look.now, kind, part))
        names = people.names(look.session)
        shown = [_card(found, one, str(names.get(one.person, "")), (kind, part)) for one in others]
        return {"rev": found.rev, "others": shown}

    return jsonify(read(app, met))


def _meet(app: str, window: str, me: Guest) -> list[Guest]:
    """The newest window of each other person in this app."""
    guests = _guests()
    with _lock:
        guests[(app, f"{me.person}:{window}")] = me
        for key in [key for key, one in guests.items() if me.at - one.at > GONE_AFTER]:
            del guests[key]
        found = sorted((one for (where, _), one in guests.items() if where == app), key=lambda one: one.at)
    return list({one.person: one for one in found if one.person != me.person}.values())


def _card(found: Draft, one: Guest, name: str, mine: tuple[str, str]) -> dict[str, Any]:
    at = [one.kind, one.part]
    where = named(find(found.definition, at), one.part) if all(at) and has(found.definition, at) else ""
    same = bool(one.part) and (one.kind, one.part) == mine
    tone = render.tone_of(one.person)
    return {"name": name, "initial": render.initial(name), "tone": tone, "where": where, "same": same}
