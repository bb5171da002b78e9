"""A form as a board: a lane for each option of a choice, cards that are dragged or moved by menu."""

from dataclasses import replace
from typing import Any

from flask import g, redirect, request
from werkzeug.wrappers import Response

from engines.core.fields import field_types
from engines.core.kernel.errors import AppError, Invalid
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.core.records import query
from engines.form import lists, read, submit

from .. import reading, render
from ..guard import platform, right
from .base import Place, back_to, hang, partial, place_of, records
from .state import State

CARDS = 20


@records.post("/a/<app>/<form>/<int:record>/move")
@right("app", action="edit")
def move(app: str, form: str, record: int) -> Response | tuple[dict[str, Any], int]:
    """Another lane for a card; a card that somebody changed meanwhile is refused with the reason."""
    place = platform().look(g.actor, lambda look: place_of(look, app, form))
    change = {request.form["field"]: request.form.get("value", "")}
    seen = request.form.get("version", type=int)
    try:
        done = platform().run(g.actor, lambda uow: submit.change_record(uow, place.form, record, change, seen=seen))
    except AppError as error:
        if not partial():
            raise
        said = reading.told(place.form.fields, error) if isinstance(error, Invalid) else render.say(error)
        return {"message": said}, 409
    return Response(str(done.version)) if partial() else redirect(back_to(f"/a/{app}/{form}"))


def groups(place: Place) -> list[Definition]:
    """Fields whose options can be lanes."""
    return [f for n, f in place.form.fields.items() if widget(f) == "select" and place.scope.reads(n)]


def widget(field: Definition) -> str:
    return field_types.get(field["type"]).widget


def lanes(look: Look, place: Place, state: State) -> dict[str, Any]:
    """Each lane: {option, rows, count, sum}; the lane of records without a value comes first, when it has any."""
    fields = groups(place)
    group = next((f for f in fields if f["id"] == state.view.group), fields[0] if fields else None)
    if group is None:
        return {"lanes": [], "rows": [], "known": read.known(look, place.form, []), "group": None, "cards": []}
    cards = [
        f for f in lists.columns_of(look, place.form, state.view) if f["id"] not in (group["id"], place.form.title)
    ]
    found = [_lane(look, place, state, group, option) for option in [None, *group.get("options", ())]]
    kept = [lane for lane in found if lane["option"] or lane["count"]]
    rows = [row for lane in kept for row in lane["rows"]]
    known = hang(read.known(look, place.form, rows), place.form, rows)
    return {"lanes": kept, "rows": rows, "known": known, "group": group, "cards": cards[:5],
            "movable": place.may("edit") and place.writes(group["id"]) and not submit.closed(group)}  # fmt: skip


def _lane(look: Look, place: Place, state: State, group: Definition, option: Definition | None) -> dict[str, Any]:
    own = {"field": group["id"], "op": "is" if option else "blank", "value": option["id"] if option else None}
    view = replace(state.view, filter=(*state.view.filter, own))
    ask = replace(lists.ask(look, place.form, view, place.form.zone), limit=CARDS)
    money = [
        f for f in lists.summed(look, place.form, list(place.form.fields.values())) if lists.shape(f)["type"] == "money"
    ]
    shown = [f for f in money if place.scope.reads(f["id"])][:1]
    totals = query.totals(look, place.form.source, [f["id"] for f in shown], ask)
    rows = query.page(look, place.form.source, ask).rows if totals.count else []
    total = totals.sums[shown[0]["id"]][0] if shown else 0
    return {"option": option, "rows": rows, "count": totals.count, "sum": total, "field": shown[0] if shown else None}
