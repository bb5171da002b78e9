"""The first page: what is to be done, the apps with their forms, and what was open last."""

from typing import Any

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engines.core.kernel.errors import NotFound
from engines.core.kernel.work import Look
from engines.core.records import query

from ..guard import platform, right
from ..shell import BADGES, BLOCKS, menu, visible_apps
from . import record
from .base import records


@records.get("/")
@right("signed_in")
def home() -> str:
    def find(look: Look) -> dict[str, Any]:
        apps = [(app, menu(look, app)) for app in visible_apps(look)]
        blocks = [(template, fill(look)) for template, fill in BLOCKS]
        return {"apps": apps, "recent": record.recent(look), "blocks": blocks}

    return render_template("home.html", **platform().look(g.actor, find))


@records.get("/a/<app>")
@right("app")
def app_home(app: str) -> Response:
    """An app opens at the first form of its menu."""
    entries = platform().look(g.actor, lambda look: menu(look, look.apps.app(app)))
    if not entries:
        raise NotFound(app=app)
    return redirect(url_for(".listing", app=app, form=entries[0]["id"]))


@records.get("/a/<app>/counts")
@right("app")
def menu_counts(app: str) -> dict[str, Any]:
    """How many records each form of the menu holds, and what waits elsewhere; asked for after a page is there."""

    def find(look: Look) -> dict[str, Any]:
        found = look.apps.app(app)
        forms = {one["id"]: query.count(look, found.form(one["id"]).source) for one in menu(look, found)}
        return {"forms": forms, "badges": {name: count(look) for name, count in BADGES.items()}}

    return platform().look(g.actor, find)
