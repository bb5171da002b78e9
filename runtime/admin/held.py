"""A restored copy that holds everything back, and the switch that lets it work."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engines.apps import restored

from ..guard import right
from .base import admin, look, page, run


@admin.get("/held")
@right("admin")
def held_page() -> Response | tuple[str, int]:
    told = look(restored.told)
    return page("held", "admin.held_page", told=told) if told else redirect(url_for("admin.people_page"))


@admin.post("/held")
@right("admin")
def release() -> Response:
    """`messages`: send, or keep what waits."""
    run(lambda uow: restored.release(uow, send=request.form.get("messages") == "send"))
    flash({"text": gettext("This workspace works again"), "tone": "ok"})
    return redirect(url_for("admin.people_page"), 303)
