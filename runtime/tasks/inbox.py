"""The inbox: what is to be done, was done and was started, one task beside it, and what one does with it."""

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from engines.core.kernel.errors import AppError, Conflict, Forbidden, Invalid, NotFound, Rejected
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look, UnitOfWork
from engines.core.messages import notices
from engines.flow import inbox, team
from engines.flow import tasks as flow_tasks

from .. import posted
from ..guard import platform, right
from . import words
from .base import WHICH, first_zone, names, tasks, zone_of
from .pane import PREFIX, asked, changed, pane

DOING = ("approve", "reject", "complete")
MOST = 50


@tasks.get("/tasks")
@right("signed_in")
def listing() -> str:
    """The list, and its first task beside it where there is room."""

    def find(look: Look) -> dict[str, Any]:
        found = _list(look)
        first = next((card for _name, cards in found["groups"] for card in cards), None)
        return found | {"open": pane(look, first["id"]) if first else None, "opened": False}

    return render_template("tasks/inbox.html", **platform().look(g.actor, find))


@tasks.get("/tasks/<int:number>")
@right("signed_in")
def one(number: int) -> str:
    """A task by its address, as mails carry it; the list beside it."""

    def find(look: Look) -> dict[str, Any]:
        return _list(look) | {"open": pane(look, number), "opened": True}

    return render_template("tasks/inbox.html", **platform().look(g.actor, find))


@tasks.get("/tasks/list")
@right("signed_in")
def only_list() -> str | tuple[str, int]:
    """The left column by itself: another tab, a search, the next page. With the `mark` that it was last shown with it
    answers nothing (204) while it would look the same."""
    known = request.args.get("mark")
    if known and known == platform().look(g.actor, lambda look: inbox.mark(look, g.actor.id, _which())):
        return "", 204
    found = platform().look(g.actor, _list)
    return render_template("tasks/list.html", on_task=request.args.get("on", type=int), **found)


@tasks.get("/tasks/<int:number>/pane")
@right("signed_in")
def only_pane(number: int) -> str:
    """The task by itself."""
    open_ = platform().look(g.actor, lambda look: pane(look, number))
    return render_template("tasks/pane.html", open=open_, opened=True, which=_which())


@tasks.post("/tasks/<int:number>")
@right("signed_in")
def act(number: int) -> str | AnyResponse | tuple[str, int]:
    """`do` is one of the task's actions or `comment`. Answers a script with the task that comes next; a problem, with
    the same task and what is wrong."""
    what, before = request.form.get("do", ""), platform().look(g.actor, _list)
    try:
        platform().run(g.actor, lambda uow: _act(uow, number, what))
    except Invalid as error:
        return _again(number, 422, problems=error.problems)
    except (NotFound, Forbidden):
        if not request.headers.get("HX-Request"):
            raise
        return _after(number, "gone", before)
    except Conflict as error:
        return _again(number, 409, error=error) if not _mine(error) else _after(number, what, before)
    except AppError as error:
        return _again(number, 422, error=error)
    return _after(number, what, before)


def _act(uow: UnitOfWork, number: int, what: str) -> None:
    person, sent = g.actor.id, request.form
    card = inbox.one(uow, person, number, over=team.over(uow))
    comment, rev = sent.get("comment", "").strip()[:2000], sent.get("rev", type=int)
    if what in DOING:
        found = asked(uow, card)
        values = changed(*found, sent) if found else {}
        getattr(flow_tasks, what)(uow, person, number, comment=comment, values=values, rev=rev)
    elif what == "transfer":
        to = sent.get("to", type=int)
        if not to:
            raise Invalid({"to": Rejected("required")})
        flow_tasks.transfer(uow, person, number, to, comment=comment, rev=rev)
    elif what in ("claim", "unclaim", "remind"):
        getattr(flow_tasks, what)(uow, person, number)
    elif what == "comment":
        _comment(uow, person, number, comment)
    else:
        raise NotFound(action=what)
    notices.mark_read(uow, person, task=number)


def _comment(uow: UnitOfWork, person: int, number: int, text: str) -> None:
    if not text:
        raise Invalid({"comment": Rejected("required")})
    flow_tasks.comment(uow, person, number, text)


def _mine(error: Conflict) -> bool:
    """Did this very person do it a moment ago? A double click is no conflict."""
    if not isinstance(error, flow_tasks.AlreadyDone):
        return False
    rows = platform().look(g.actor, lambda look: inbox.one(look, g.actor.id, error.details["task"]))
    return bool(rows["acted_by"] == g.actor.id)


def _again(number: int, status: int, **told: Any) -> str | tuple[str, int]:
    """The same task with what is wrong; what was typed stays."""

    def find(look: Look) -> dict[str, Any]:
        open_ = pane(look, number)
        typed = posted.given(open_["asked"], request.form, PREFIX)
        sent = {"sent": request.form, "values": open_.get("values", {}) | typed}
        return _list(look) | {"open": open_ | sent | told, "opened": True}

    found = platform().look(g.actor, find)
    if request.headers.get("HX-Request"):
        return render_template("tasks/pane.html", fresh_list=status == 409, on_task=number, **found), status
    return render_template("tasks/inbox.html", **found), status


def _after(number: int, what: str, before: Definition) -> str | AnyResponse:
    """What comes next: the following task when this one is done with, else the task as it is now."""
    stays = what in ("claim", "remind", "comment")
    told = str(SAID.get(what, ""))
    if not request.headers.get("HX-Request"):
        flash({"text": told, "tone": "ok"})
        return redirect(url_for(".one", number=number) if stays else url_for(".listing"), 303)

    def find(look: Look) -> dict[str, Any]:
        found = _list(look)
        next_ = number if stays else _following(found, before, number)
        return found | {"open": pane(look, next_) if next_ else None, "opened": stays, "on_task": next_}

    found = platform().look(g.actor, find)
    page = render_template("tasks/pane.html", fresh_list=True, toast=told, **found)
    address = url_for(".one", number=found["on_task"]) if found["on_task"] else url_for(".listing")
    return Response(page, 200, {"HX-Push-Url": address})


SAID = {
    "approve": lazy_gettext("Approved"),
    "reject": lazy_gettext("Declined"),
    "complete": lazy_gettext("Finished"),
    "transfer": lazy_gettext("Handed over"),
    "claim": lazy_gettext("It is yours now"),
    "unclaim": lazy_gettext("Put back for others"),
    "remind": lazy_gettext("They were asked for it"),
    "comment": lazy_gettext("Comment added"),
    "gone": lazy_gettext("This task is no longer yours"),
}


def _following(found: Definition, before: Definition, number: int) -> int | None:
    """The task below it in the list as it was, else the first."""
    now = [card["id"] for _name, cards in found["groups"] for card in cards]
    old = [card["id"] for _name, cards in before["groups"] for card in cards]
    later = old[old.index(number) + 1 :] if number in old else []
    return next((one for one in later if one in now), next(iter(now), None))


def _which() -> str:
    wanted = request.values.get("which", "todo")
    return wanted if wanted in WHICH else "todo"


def _list(look: Look) -> dict[str, Any]:
    """The left column: cards in groups by urgency, counts of the tabs, search and page."""
    which, q = _which(), request.values.get("q", "").strip()[:100]
    page = max(0, request.values.get("page", 0, type=int))
    me, zone = g.actor.id, first_zone(look)
    found = inbox.inbox(look, me, which, q=q, page=page, limit=MOST)
    return {
        "groups": _groups(look, found.rows, which),
        "next": found.next,
        "page": page,
        "which": which,
        "q": q,
        "todo": inbox.waiting(look, me),
        "mark": inbox.mark(look, me, which),
        "leads": team.over(look) is None or bool(team.over(look)),
        "now": look.now,
        "zone": zone,
        "zones": {card["app"]: zone_of(look, card["app"]) for card in found.rows},
        "named": names(look),
    }


def _groups(look: Look, cards: list[Definition], which: str) -> list[tuple[str, list[Definition]]]:
    if which != "todo":
        return [("", cards)] if cards else []
    found: dict[str, list[Definition]] = {"overdue": [], "today": [], "later": []}
    for card in cards:
        found[words.group(card, look.now, zone_of(look, card["app"]))].append(card)
    return [(name, inside) for name, inside in found.items() if inside]
