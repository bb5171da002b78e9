"""Several records at once: set a field, add a tag, delete; all of them or none."""

from collections.abc import Callable
from typing import Any

from flask import Response, flash, g, redirect, render_template, request
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from engines.core.kernel.errors import Invalid, NotFound
from engines.core.kernel.work import Look, UnitOfWork
from engines.core.records import query
from engines.form import read, submit

from .. import posted, reading
from ..guard import platform, right
from .base import Place, at, back_to, records

MOST = 500


@records.post("/a/<app>/<form>/bulk")
@right("app", action="view")
def bulk(app: str, form: str) -> AnyResponse:
    """`ids` and `do`: set, tag or delete; the person comes back to the list with what was done, and a way back."""
    place, _ = at(app, form, lambda look, place: None)
    ids = [int(one) for one in request.form.getlist("ids") if one.isdigit()][:MOST]
    act = ACTIONS.get(request.form.get("do", ""))
    if act is None:
        raise NotFound(action=request.form.get("do"))
    try:
        platform().run(g.actor, lambda uow: act(uow, place, ids), bulk=len(ids) > 50)
    except Invalid as error:
        flash({"text": reading.told(place.form.fields, error), "tone": "bad"})
    else:
        flash(_done(place, ids))
    return redirect(back_to(f"/a/{app}/{form}"))


@records.get("/a/<app>/<form>/bulk/<field>")
@right("app", action="edit")
def bulk_field(app: str, form: str, field: str) -> str | Response:
    """The control with which many records get a value."""

    def find(look: Look, place: Place) -> dict[str, Any]:
        if field not in submit.writable(look, place.form):
            raise NotFound(field=field)
        return {"field": place.form.fields[field], "known": read.known(look, place.form, [])}

    place, found = at(app, form, find)
    return render_template("parts/bulk_field.html", place=place, **found)


def _set(uow: UnitOfWork, place: Place, ids: list[int]) -> None:
    name = request.form["field"]
    raw = posted.value(place.form.fields[name], request.form, name)
    for record in ids:
        submit.change_record(uow, place.form, record, {name: raw})


def _tag(uow: UnitOfWork, place: Place, ids: list[int]) -> None:
    """Tags are added to those that a record has."""
    name, added = request.form["field"], request.form.getlist(request.form["field"])
    for row in query.many(uow, place.form.source, ids):
        submit.change_record(uow, place.form, row["_id"], {name: [*row[name], *added]})


def _delete(uow: UnitOfWork, place: Place, ids: list[int]) -> None:
    for record in ids:
        submit.delete_record(uow, place.form, record)


def _restore(uow: UnitOfWork, place: Place, ids: list[int]) -> None:
    for record in ids:
        submit.restore_record(uow, place.form, record)


ACTIONS: dict[str, Callable[[UnitOfWork, Place, list[int]], None]] = {
    "set": _set,
    "tag": _tag,
    "delete": _delete,
    "restore": _restore,
}


def _done(place: Place, ids: list[int]) -> dict[str, Any]:
    """A notice; a deletion carries what undoes it."""
    what = request.form["do"]
    if what == "delete":
        text = ngettext("%(num)s record moved to the bin", "%(num)s records moved to the bin", len(ids))
        path = f"/a/{place.app.id}/{place.form.id}/bulk"
        return {"text": text, "icon": "trash", "undo": {"url": path, "do": "restore", "ids": ids}}
    if what == "restore":
        return {"text": gettext("Back from the bin"), "tone": "ok"}
    return {"text": ngettext("%(num)s record changed", "%(num)s records changed", len(ids)), "tone": "ok"}
