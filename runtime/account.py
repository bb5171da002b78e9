"""One's own account: what one is called, language, password, where one is signed in, API tokens; and opening the
workspace as a persona of the demo."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engines.core.access import commands, passwords, people, sessions, tokens
from engines.core.kernel import clock
from engines.core.kernel.errors import AppError, Forbidden, NotFound
from engines.core.kernel.work import Actor, Look

from .guard import actor, platform, right
from .render import LANGUAGES

account = Blueprint("account", __name__)
Personas = Callable[[Look], list[dict[str, Any]]]
"""Whom the owner may open the workspace as: [{person, label {zh, en}}]; empty while there is no demo."""


class NotYours(AppError):
    code = "wrong_old_password"
    words = {"zh": "现在的密码不对", "en": "The current password is not right"}


def enable_personas(app: Flask, personas: Personas) -> None:
    """The demo says who its seller, supervisor and owner are."""
    app.extensions["dougong.personas"] = personas


@account.get("/account")
@right("signed_in")
def page() -> tuple[str, int]:
    return _page()


@account.post("/account")
@right("signed_in")
def save() -> Any:
    display, email, language = (request.form.get(name, "") for name in ("display", "email", "language"))
    language = language if language in LANGUAGES else ""
    platform().run(_myself(), lambda uow: people.rename(uow.session, uow.actor.id, display, email, language))
    response = redirect(url_for("account.page"))
    if language:
        response.set_cookie("language", language, max_age=31_536_000, samesite="Lax", httponly=True)
    return response


@account.post("/account/password")
@right("signed_in")
def password() -> Any:
    """The current one is asked for where there is one; every other session ends."""
    me = _myself()
    try:
        _prove(me, request.form.get("old", ""))
        made = passwords.hashed(request.form.get("new", ""), me.name)
    except AppError as error:
        return _page(error=error)
    platform().run(me, lambda uow: passwords.keep(uow, me.id, made, but=g.signed.key))
    return redirect(url_for("account.page"))


@account.post("/account/sessions/end")
@right("signed_in")
def end_others() -> Any:
    """Signs out everywhere else."""
    me = _myself()
    platform().db.write(lambda session: sessions.end_all(session, me.id, but=g.signed.key))
    return redirect(url_for("account.page"))


@account.post("/account/tokens")
@right("signed_in")
def make_token() -> Any:
    """Answers with the token: it is shown this once."""
    me, scopes = _myself(), request.form.get("scopes", "").split()
    days, label = request.form.get("days", 90, type=int), request.form.get("label", "")
    try:
        made = platform().run(me, lambda uow: tokens.make(uow, me.id, scopes, days, label=label))
    except AppError as error:
        return _page(error=error)
    return _page(made=made)


@account.post("/account/tokens/<int:token>/revoke")
@right("signed_in")
def revoke_token(token: int) -> Any:
    platform().run(_myself(), lambda uow: tokens.revoke(uow, token))
    return redirect(url_for("account.page"))


@account.post("/act-as/<int:person>")
@right("signed_in")
def act_as(person: int) -> Response:
    """As a persona of the demo, on record; `/act-as/0` ends it. What counts is who signed in."""
    behind = Actor(g.signed.person)
    if person and person not in {one["person"] for one in personas()}:
        raise NotFound(person=person)
    platform().run(behind, lambda uow: commands.act_as(uow, g.signed.key, person or None))
    return redirect("/")


def personas() -> list[dict[str, Any]]:
    """For the avatar's menu; empty unless the owner is signed in and the demo is there."""
    found: Personas | None = current_app.extensions.get("dougong.personas")
    if not found or not g.get("signed"):
        return []
    behind = Actor(g.signed.person)
    return platform().look(behind, lambda look: found(look) if look.rights.may("owner") else [])


def install(app: Flask) -> None:
    app.jinja_env.globals.update(personas=personas)


def _myself() -> Actor:
    """Nobody changes an account that he only opened the pages as."""
    if actor().behind is not None:
        raise Forbidden(action="account")
    return actor()


def _prove(me: Actor, old: str) -> None:
    """NotYours unless the old password is right, as often wrong as signing in allows."""
    if not platform().look(me, lambda look: passwords.has_one(look.session, me.id)):
        return
    network = passwords.network_of(request.remote_addr or "")
    _, kept = platform().db.write(lambda session: passwords.admit(session, me.name, network))
    if not passwords.matches(kept, old):
        raise NotYours
    platform().db.write(lambda session: passwords.forgive(session, me.name, network))


def _page(error: AppError | None = None, made: str = "") -> tuple[str, int]:
    def read(look: Look) -> dict[str, Any]:
        session, me = look.session, look.actor.id
        return {
            "person": people.one(session, me),
            "has_password": passwords.has_one(session, me),
            "zone": next((app.zone for app in look.apps.all()), "Asia/Shanghai"),
            "signed_in": sessions.of_person(session, g.signed.person),
            "tokens": [one for one in tokens.listed(session, me) if not one["revoked"]],
        }

    found = platform().look(actor(), read)
    text = render_template(
        "account.html", **found, key=g.signed.key, error=error, made=made, now=clock.wall(), acting=actor().behind
    )
    return text, 422 if error else 200
