"""The export page: which records, which columns, which kind of file."""

import io

from flask import Response, g, request, send_file

from engines.apps.exports import FORMATS, exported
from engines.core.kernel.work import Look
from engines.core.records import conditions, query
from engines.form import lists, read
from engines.form.compile import Form

from .. import render
from ..guard import platform, right
from ..views import state as states
from ..views.words import chips
from .base import page, place_for, transfer

MOST = 1000
"""Records that may be picked by hand."""


@transfer.get("/a/<app>/<form>/export")
@right("app", action="export")
def choose(app: str, form: str) -> str:
    """The conditions of the list that one comes from stay in the address."""
    place = place_for(app, form)
    ids = request.args.getlist("ids", type=int)

    def find(look: Look) -> dict[str, object]:
        state = states.read(look, place, request.args, f"/a/{app}/{form}")
        ask = _ask(look, place.form, state, ids)
        shown = {f["id"] for f in lists.columns_of(look, place.form, state.view)}
        fields = [f for name, f in place.form.fields.items() if place.scope.reads(name)]
        told = chips(look, place, state.view.filter, read.known(look, place.form, []))
        count = query.count(look.doing("export"), place.form.source, ask)
        return {"state": state, "fields": fields, "shown": shown, "chips": told, "count": count, "ids": ids}

    return page("export", place, formats=FORMATS, **platform().look(g.actor, find))


@transfer.get("/a/<app>/<form>/export/file")
@right("app", action="export")
def file(app: str, form: str) -> Response:
    place = place_for(app, form)
    ids, fields = request.args.getlist("ids", type=int), request.args.getlist("field")
    format = request.args.get("format", "xlsx")

    def ask(look: Look, made: Form) -> query.Ask:
        return _ask(look, made, states.read(look, place, request.args, f"/a/{app}/{form}"), ids)

    made = exported(
        platform(), g.actor, place.form, ask, format=format, fields=fields or None, language=render.language()
    )
    with made as (path, _):
        content = io.BytesIO(path.read_bytes())
    name = f"{render.label(place.form.definition['label'])}.{format}"
    return send_file(content, mimetype=FORMATS[format], as_attachment=True, download_name=name)


def _ask(look: Look, form: Form, state: states.State, ids: list[int]) -> query.Ask:
    """What the list shows, or the records that were picked in it."""
    ask = lists.ask(look, form, state.view, form.zone)
    return query.Ask(where=(conditions.among(ids[:MOST]),), sort=ask.sort) if ids else ask
