"""Tasks on other pages: one's own on the home page, what runs on a record beside it."""

from typing import Any

from engines.core.actions.base import Context
from engines.core.kernel.work import Cause, Look
from engines.flow import inbox, team

from .. import shell
from ..guard import platform
from ..views.base import Place
from .base import active, first_zone, names, zone_of

HOME = 5


def home(look: Look) -> dict[str, Any]:
    """The most urgent of one's to-dos."""
    me = look.actor.id
    cards = inbox.inbox(look, me, "todo", limit=HOME).rows
    zones = {card["app"]: zone_of(look, card["app"]) for card in cards}
    counts = inbox.counts(look, me)
    return {"cards": cards, "counts": counts, "zones": zones, "zone": first_zone(look), "now": look.now,
            "named": names(look)}  # fmt: skip


def on_record(look: Look, place: Place, row: dict[str, Any]) -> dict[str, Any]:
    """What runs on a record, what may be started on it, whom it can be given to."""
    runs = inbox.live_on(look, place.app.id, place.form.id, row["_id"])
    below = team.over(look)
    return {
        "runs": [
            run | {"tasks": [card | {"mine": _concerns(look, card, below)} for card in run["tasks"]]} for run in runs
        ],
        "startable": _startable(look, place, row["_id"]),
        "team": active(look) if place.may("comment") else [],
        "now": look.now,
    }


def _concerns(look: Look, card: dict[str, Any], below: Any) -> bool:
    """May the reader open it?"""
    me = look.actor.id
    return below is None or me in (card["assignee"], card["starter"]) or card["assignee"] in below


def _startable(look: Look, place: Place, record: int) -> list[dict[str, Any]]:
    """Flows with a button that shows on this record now: {id, label}."""
    app, form = place.app, place.form
    pressed = [
        part
        for part in app.parts("flows")
        if part.get("form") == form.id and part.get("trigger", {}).get("type") == "button"
    ]
    if not any(look.rights.may("flows", app.id, part["id"]) for part in pressed):
        return []
    facts = platform().services["records"].read(look, form, record)
    context = Context(app, Cause("person"), form, record, facts, person=look.actor.id)
    found = platform().flows.buttons(look, context)
    return [{"id": flow.id, "label": flow.label} for flow in found if look.rights.may("flows", app.id, flow.id)]


shell.BLOCKS.append(("tasks/home.html", home))
shell.RECORD.append(on_record)
