"""What people set off by hand on a record: a flow that has a button, and a task for somebody."""

import datetime
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engines.core.actions.base import Context
from engines.core.jobs import schedule
from engines.core.kernel.errors import AppError, Forbidden, NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Cause, UnitOfWork
from engines.core.records import query

from ..guard import platform, right
from ..render import say
from ..views.base import at, place_of
from .base import tasks

SECOND = 1_000_000
MOST_LEFT = 999_999
"""Seconds that a duration can name; a due time further away is written in hours."""


class NeedsTitle(AppError):
    code = "needs_title"
    words = {"zh": "写一句要做什么，再交给一个人", "en": "Say what is to be done, and give it to somebody"}


class DuePast(AppError):
    code = "due_past"
    words = {"zh": "到期时间已经过去了，选晚一点的", "en": "That time has passed: choose a later one"}


@tasks.post("/a/<app>/<form>/<int:record>/flows/<flow>")
@right("app", action="view")
def press(app: str, form: str, record: int, flow: str) -> Response:
    """The button of a flow."""
    at(app, form, lambda look, place: query.one(look, place.form.source, record))
    platform().run(g.actor, lambda uow: _press(uow, app, form, flow, record))
    flash({"text": gettext("The flow has started"), "tone": "ok", "icon": "flow"})
    return redirect(url_for("records.detail", app=app, form=form, record=record), 303)


@tasks.post("/a/<app>/<form>/<int:record>/tasks")
@right("app", action="comment")
def give(app: str, form: str, record: int) -> Response:
    """A task about a record: `title`, `to` and, if it has one, `due` on the clock of the app."""
    try:
        platform().run(g.actor, lambda uow: _give(uow, app, form, record))
        flash({"text": gettext("Task given"), "tone": "ok"})
    except (NeedsTitle, DuePast) as error:
        flash({"text": say(error), "tone": "warn"})
    return redirect(url_for("records.detail", app=app, form=form, record=record), 303)


def _press(uow: UnitOfWork, app: str, form: str, flow: str, record: int) -> None:
    """NotFound for a flow of another form: its record of that number is not the one that was looked at."""
    if not uow.rights.may("flows", app, flow):
        raise Forbidden(action="flow")
    if uow.apps.app(app).part("flows", flow).get("form") != form:
        raise NotFound(flow=flow)
    platform().flows.press(uow, uow.apps.app(app), flow, record)


def _give(uow: UnitOfWork, app: str, form: str, record: int) -> None:
    place = place_of(uow, app, form)
    row = query.one(uow, place.form.source, record)
    settings = _settings(uow.now, place.form.zone)
    context = Context(place.app, Cause("person"), place.form, record, dict(row), person=g.actor.id)
    platform().flows.start_task(uow, context, settings)


def _settings(now: int, zone: str) -> Definition:
    """Like those of the action `create_task`. Braces in the title are text: it fills in nothing."""
    title, to = request.form.get("title", "").strip()[:200].replace("{{", "{ {"), request.form.get("to", type=int)
    if not title or not to:
        raise NeedsTitle
    made: dict[str, Any] = {"title": {"zh": title, "en": title}, "assign": [{"users": [to]}]}
    if due := request.form.get("due", "").strip():
        left = (_instant(due, zone) - now) // SECOND
        if left <= 0:
            raise DuePast
        made["due"] = f"PT{left}S" if left <= MOST_LEFT else f"P{left // 86400}DT{left % 86400}S"
        made["deadlines"] = [{"after": made["due"], "do": "remind"}]
    return made


def _instant(text: str, zone: str) -> int:
    try:
        local = datetime.datetime.fromisoformat(text.replace(" ", "T"))
    except ValueError:
        raise NeedsTitle from None
    return schedule.to_instant(local.replace(tzinfo=None), zone)
