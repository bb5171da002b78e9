"""People: invite, place, give and take roles, suspend, another link."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from engines.core.access import commands, people
from engines.core.kernel.errors import AppError, NotFound
from engines.core.kernel.work import Look

from ..guard import right
from .base import admin, link_page, look, number, page, run

HOURS = people.INVITE_LIVES // (3600 * 1_000_000)


@admin.get("")
@right("admin")
def people_page() -> tuple[str, int]:
    return _list()


@admin.post("/people")
@right("admin")
def invite() -> Any:
    """Answers with the invitation's link: it is shown this once."""
    sent = request.form
    place = number("department")
    try:
        token = run(lambda uow: _invite(uow, place))
    except AppError as error:
        return _list(error=error, given=sent)
    return link_page(f"/invite/{token}", sent.get("display") or sent.get("name", ""), HOURS)


@admin.get("/people/<int:person>")
@right("admin")
def person_page(person: int) -> tuple[str, int]:
    return _one(person)


@admin.post("/people/<int:person>/place")
@right("admin")
def place(person: int) -> Any:
    places = request.form.getlist("departments", type=int)
    return _then(person, lambda uow: commands.place(uow, person, places))


@admin.post("/people/<int:person>/role")
@right("admin")
def role(person: int) -> Any:
    """`do`: give or take; `role`: `app:role`, with nothing before the colon for the workspace."""
    app, _, name = request.form.get("role", "").partition(":")
    act = commands.give if request.form.get("do") == "give" else commands.take
    return _then(person, lambda uow: act(uow, person, app, name))


@admin.post("/people/<int:person>/state")
@right("admin")
def state(person: int) -> Any:
    act = commands.suspend if request.form.get("do") == "suspend" else commands.resume
    return _then(person, lambda uow: act(uow, person))


@admin.post("/people/<int:person>/link")
@right("admin")
def new_link(person: int) -> Any:
    try:
        token, called = run(lambda uow: (commands.new_link(uow, person), people.names(uow.session).get(person, "")))
    except NotFound:
        raise
    except AppError as error:
        return _one(person, error=error)
    return link_page(f"/invite/{token}", called, HOURS)


def _invite(uow: Any, place: int | None) -> str:
    sent = request.form
    found, token = commands.invite(
        uow,
        sent.get("name", ""),
        display=sent.get("display", ""),
        email=sent.get("email", ""),
        role=sent.get("role", "member"),
        places=[place] if place else [],
    )
    for wanted in sent.getlist("roles"):
        app, _, name = wanted.partition(":")
        commands.give(uow, found, app, name)
    return token


def _then(person: int, fn: Any) -> Response | tuple[str, int]:
    try:
        run(fn)
    except NotFound:
        raise
    except AppError as error:
        return _one(person, error=error)
    return redirect(url_for("admin.person_page", person=person))


def _list(**given: Any) -> tuple[str, int]:
    found, roles = look(lambda here: (people.everyone(here.session), app_roles(here)))
    return page("people", "admin.people_page", everyone=found, app_roles=roles, **{"given": {}} | given)


def _one(person: int, **given: Any) -> tuple[str, int]:
    found, roles = look(lambda here: (people.one(here.session, person), app_roles(here)))
    supervisor = look(lambda here: people.supervisor_of(here.session, person))
    return page(
        "person",
        "admin.people_page",
        person=found,
        app_roles=roles,
        supervisor=supervisor,
        **given,
    )


def app_roles(here: Look) -> list[tuple[Any, list[dict[str, Any]]]]:
    """Every app with the roles that it defines."""
    return [(app, app.parts("roles")) for app in here.apps.all() if app.parts("roles")]
