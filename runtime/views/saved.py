"""Saving the list as it is now as a view, and taking a view away."""

from typing import Any

from flask import flash, g, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from engines.core.kernel.errors import Invalid, Rejected
from engines.core.kernel.work import Look
from engines.core.records import views

from .. import render
from ..guard import platform, right
from . import listing
from . import state as states
from .base import Place, at, records


@records.post("/a/<app>/<form>/views")
@right("app", action="view")
def save_view(app: str, form: str) -> Response:
    """A new view by name, or `view` overwritten; its state is that of the address in the query."""

    def find(look: Look, place: Place) -> states.State:
        return states.read(look, place, request.args, listing.place_path(place))

    _place, state = at(app, form, find)
    name = request.form.get("name", "").strip()[:80]
    if request.form.get("do") == "overwrite" and state.base.saved:
        kept = state.view.plain()
        platform().run(g.actor, lambda uow: views.change(uow, app, form, int(state.base.id), kept))
        number = int(state.base.id)
    elif name:
        definition: dict[str, Any] = state.view.plain() | {"label": {render.language(): name}}
        shared = request.form.get("shared") == "true"
        number = platform().run(g.actor, lambda uow: views.save(uow, app, form, definition, shared=shared))
    else:
        raise Invalid({"name": Rejected("required")})
    flash({"text": gettext("View saved"), "tone": "ok"})
    return redirect(f"/a/{app}/{form}?view={number}")


@records.post("/a/<app>/<form>/views/<int:view>/delete")
@right("app", action="view")
def drop_view(app: str, form: str, view: int) -> Response:
    at(app, form, lambda look, place: None)
    platform().run(g.actor, lambda uow: views.remove(uow, app, form, view))
    flash({"text": gettext("View removed"), "icon": "trash"})
    return redirect(f"/a/{app}/{form}")
