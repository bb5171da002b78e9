"""A list of tasks with columns and conditions: one's own, those of people below, everybody's for the owner."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import flash, g, redirect, render_template, request
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from engines.core.kernel.errors import Invalid, Rejected
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.core.records import views
from engines.flow import team
from engines.flow.single import TASK

from .. import render
from ..guard import platform, right
from .base import active, first_zone, names, tasks, zone_of

MANY = 50
VIEWS = "_tasks"
"""Where saved filters are kept, as if tasks were a form of no app."""
BUILT_IN: list[tuple[str, Any, dict[str, str]]] = [
    ("open", lazy_gettext("All open"), {}),
    ("overdue", lazy_gettext("Overdue"), {"due": "overdue"}),
    ("today", lazy_gettext("Due today"), {"due": "today"}),
    ("escalated", lazy_gettext("Escalated"), {"escalated": "1"}),
    ("free", lazy_gettext("Nobody has it yet"), {"assignee": "0"}),
    ("done", lazy_gettext("Done"), {"state": "done"}),
]
NAMES = ("assignee", "state", "due", "flow", "q", "escalated")


@dataclass(frozen=True)
class View:
    """A filter by name; `own` ones were saved by the reader and can be taken away."""

    id: str
    label: str
    given: dict[str, str]
    own: bool = False

    @property
    def url(self) -> str:
        return "/tasks/team?" + urlencode({"view": self.id})


@tasks.get("/tasks/team")
@right("signed_in")
def team_page() -> str:
    return render_template("tasks/team.html", **platform().look(g.actor, _page))


@tasks.post("/tasks/team/views")
@right("signed_in")
def keep_view() -> Response:
    """The conditions of the address under a name."""
    name = request.form.get("name", "").strip()[:80]
    if not name:
        raise Invalid({"name": Rejected("required")})
    given = {key: request.form[key] for key in NAMES if request.form.get(key)}
    kept: Definition = {"label": {render.language(): name}, "given": given}
    number = platform().run(g.actor, lambda uow: views.save(uow, "", VIEWS, kept))
    flash({"text": gettext("View saved"), "tone": "ok"})
    return redirect(f"/tasks/team?view={number}", 303)


@tasks.post("/tasks/team/views/<int:number>/delete")
@right("signed_in")
def drop_view(number: int) -> Response:
    platform().run(g.actor, lambda uow: views.remove(uow, "", VIEWS, number))
    flash({"text": gettext("View removed"), "icon": "trash"})
    return redirect("/tasks/team", 303)


def _page(look: Look) -> dict[str, Any]:
    listed = _views(look)
    view = next((one for one in listed if one.id == request.args.get("view")), listed[0])
    own = {name: request.args[name] for name in NAMES if name in request.args}
    given = {name: value for name, value in (view.given | own).items() if value}
    zone, page = first_zone(look), max(0, request.args.get("page", 0, type=int))
    found = team.listing(look, _ask(given), zone, page=page, limit=MANY)
    return {
        "cards": found.rows,
        "next": found.next,
        "page": page,
        "views": listed,
        "view": view,
        "given": given,
        "changed": bool(own),
        "people": _people(look),
        "flows": _flows(look),
        "zones": {card["app"]: zone_of(look, card["app"]) for card in found.rows},
        "now": look.now,
        "zone": zone,
        "named": names(look),
        "url": _url(view, own),
    }


def _ask(given: dict[str, str]) -> team.Ask:
    assignee = given.get("assignee", "")
    return team.Ask(
        assignee=int(assignee) if assignee.isdigit() else None,
        state=given["state"] if given.get("state") in team.STATES else "open",
        due=given.get("due", ""),
        flow=given.get("flow", ""),
        q=given.get("q", "")[:100],
        escalated=bool(given.get("escalated")),
    )


def _url(view: View, own: dict[str, str]) -> Any:
    """Makes the address of the same list with something else."""

    def made(**changes: Any) -> str:
        pairs = {"view": view.id} | own | {name: str(value) for name, value in changes.items() if value is not None}
        return "/tasks/team?" + urlencode(pairs)

    return made


def _views(look: Look) -> list[View]:
    saved = [
        View(str(one["id"]), render.label(one["definition"]["label"]), one["definition"]["given"], own=True)
        for one in views.saved(look, "", VIEWS)
    ]
    return [View(name, str(label), given) for name, label, given in BUILT_IN] + saved


def _people(look: Look) -> list[dict[str, Any]]:
    """Those whose tasks the reader sees."""
    below = team.over(look)
    return [one for one in active(look) if below is None or one["id"] in below or one["id"] == look.actor.id]


def _flows(look: Look) -> list[tuple[str, str]]:
    """(value, label) of every flow that asks people, and of tasks by themselves."""
    found = []
    for app in look.apps.all():
        if not look.rights.may("open", app.id):
            continue
        found += [(f"{app.id}/{part['id']}", render.label(part["label"])) for part in app.parts("flows")]
        found.append((f"{app.id}/{TASK}", gettext("Single task")))
    return found
