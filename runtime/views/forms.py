"""Filling in a form: a new record, or one that is there; what somebody else changed meanwhile is laid side by side."""

import secrets
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engines.core.access import people
from engines.core.fields import values as fields_values
from engines.core.kernel.errors import Conflict, Forbidden, Invalid, Rejected
from engines.core.kernel.work import Look, UnitOfWork
from engines.core.records import history, query
from engines.core.records.source import Values
from engines.form import read, submit, visible

from .. import figures, live, posted
from ..guard import platform, right
from .base import Place, at, hang, place_of, records
from .cells import typed
from .looks import readable

Page = str | Response | tuple[str, int]


@dataclass
class Clash:
    """`theirs`: what they made of it, as stored; `fields` both changed, differently; `who` changed last."""

    who: str
    at: int
    fields: dict[str, Any]
    others: list[str]


@records.get("/a/<app>/<form>/new")
@right("app", action="create")
def new(app: str, form: str) -> Page:
    def find(look: Look, place: Place) -> tuple[Values, read.Known]:
        start = visible.defaults(look, place.form) | _prefilled(place)
        return start, read.known(look, place.form, [start])

    place, (start, known) = at(app, form, find, action="create")
    return _page(place, None, start, {}, known=known)


@records.post("/a/<app>/<form>/new")
@right("app", action="create")
def create(app: str, form: str) -> Page:
    try:
        record, sees = platform().once(g.actor, _key(), lambda uow: _create(uow, place_of(uow, app, form, "create")))
    except Invalid as error:
        place, _ = at(app, form, lambda look, place: None, action="create")
        given = posted.given(open_fields(place), request.form)
        return _page(place, None, given, error.problems, known=_known(place, given)), 422
    flash({"text": gettext("Saved"), "tone": "ok"})
    if request.form.get("then") == "new" or not sees:
        return redirect(url_for(".new", app=app, form=form))
    return redirect(url_for(".detail", app=app, form=form, record=record))


@records.route("/a/<app>/<form>/<int:record>/edit", methods=["GET", "POST"])
@right("app", action="edit")
def edit(app: str, form: str, record: int) -> Page:
    place, (row, known) = at(app, form, lambda look, place: _row(look, place, record))
    if not place.may("edit"):
        raise Forbidden(action="edit", form=form)
    if request.method == "GET":
        return _page(place, row, {name: typed(place, row, name) for name in place.form.fields}, {}, known=known)
    given, seen = posted.given(open_fields(place), request.form), request.form.get("_version", 0, type=int)
    kept = {n: value for n, value in given.items() if request.form.get(f"_keep-{n}") != "theirs"}
    try:
        platform().run(g.actor, lambda uow: submit.change_record(uow, place.form, record, kept, seen=seen))
    except Invalid as error:
        return _page(place, row, given, error.problems, known=known), 422
    except Conflict:
        return _conflict(place, record, given, seen), 409
    flash({"text": gettext("Saved"), "tone": "ok"})
    return redirect(_seen_after(place, record))


@records.post("/a/<app>/<form>/shown")
@right("app", action="view")
def shown(app: str, form: str) -> dict[str, Any]:
    """What a page cannot work out itself: {"visible": {field: is it shown}, …, "given": values over relations}, given
    what has been typed so far; `_id` names the record, when it is there already."""

    def find(look: Look, place: Place) -> dict[str, Any]:
        page = _live(look, place, request.form.get("_id", type=int))
        return live.answered(look, page, posted.given(open_fields(place), request.form))

    return at(app, form, find)[1]


def open_fields(place: Place) -> list[dict[str, Any]]:
    """Fields that this person may fill in."""
    return [
        f for n, f in place.form.fields.items() if place.writes(n) and place.scope.reads(n) and not submit.closed(f)
    ]


def _page(place: Place, row: Values | None, values: Values, problems: dict[str, Rejected], **more: Any) -> str:
    key = request.form.get("_key") or secrets.token_urlsafe(12)
    more.setdefault("clash", None)
    number = row["_id"] if row else None
    more["standing"] = platform().look(
        g.actor, lambda look: live.standing(look, _live(look, place, number), _raw(place, values))
    )
    return render_template("edit.html", place=place, row=row, values=values, problems=problems, key=key, **more)


def _live(look: Look, place: Place, record: int | None) -> Any:
    return live.record_page(look, place.form, [f["id"] for f in open_fields(place)], readable(place), record)


def _raw(place: Place, values: Values) -> Values:
    """What the controls hold, as they would send it: moments are drawn on the wall of their zone."""
    made = dict(values)
    for name, value in values.items():
        field = place.form.fields.get(name, {})
        if field.get("type") == "datetime" and isinstance(value, int):
            made[name] = figures.full_moment(value, field.get("zone", "UTC"))
    return made


def _seen_after(place: Place, record: int) -> str:
    """The record's page; the list, when an edit took it where its writer does not see it. That is only looked up for
    who sees some records and may give them away."""
    scope, there = place.scope, True
    if scope.rows is not None and "edit" not in scope.fences:
        there = bool(platform().look(g.actor, lambda look: query.many(look, place.form.source, [record])))
    return url_for(".detail", record=record, **place.link) if there else url_for(".listing", **place.link)


def _key() -> str:
    """One page makes one record, however often its button is pressed."""
    return f"new:{request.form.get('_key') or secrets.token_urlsafe(12)}"


def _create(uow: UnitOfWork, place: Place) -> Any:
    """(the new record, whether its maker may look at it)"""
    change = submit.create_record(uow, place.form, posted.given(open_fields(place), request.form))
    return lambda: [change.id, place.may("view")]


def _prefilled(place: Place) -> Values:
    """Values that a link brings along, such as the record that a related list belongs to."""
    found: Values = {}
    for field in open_fields(place):
        name = field["id"]
        if name in request.args:
            sent = request.args.getlist(name)
            found[name] = [int(one) if one.isdigit() else one for one in sent]
            if not field.get("multiple") and name not in place.form.source.links:
                found[name] = found[name][0]
    return found


def _known(place: Place, given: Values) -> read.Known:
    """Names for what was chosen on a page that comes back with problems."""
    row = {name: _numbers(value) for name, value in given.items()}
    return platform().look(g.actor, lambda look: read.known(look, place.form, [row]))


def _numbers(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(int(one) for one in value if isinstance(one, (str, int)) and str(one).isdigit())
    return int(value) if isinstance(value, str) and value.isdigit() and len(value) < 16 else value


def _row(look: Look, place: Place, record: int) -> tuple[Values, read.Known]:
    row = query.one(look, place.form.source, record)
    return row, hang(read.known(look, place.form, [row]), place.form, [row])


def _conflict(place: Place, record: int, given: Values, seen: int) -> str:
    """The page again: what only they changed is theirs, what only I changed is mine, the rest is asked."""

    def find(look: Look) -> tuple[Values, list[dict[str, Any]], dict[int, str], read.Known]:
        row, known = _row(look, place, record)
        events = history.events(look, place.form.source, record)[: max(1, row["_version"] - seen)]
        return row, events, people.names(look.session), known

    row, events, names, known = platform().look(g.actor, find)
    moved = {name: old for event in reversed(events) for name, (old, _new) in event["changes"].items()}
    both = {name: row[name] for name in given if name in moved and _mine(place, name, given, moved, row)}
    merged = {n: typed(place, row, n) if n in moved and n not in both else value for n, value in given.items()}
    clash = Clash(
        names.get(events[0]["actor"], "Dougong") if events else "Dougong",
        events[0]["at"] if events else row["_updated_at"],
        both,
        [name for name in moved if name not in both and name in place.form.fields],
    )
    return _page(place, row, merged, {}, known=known, clash=clash)


def _mine(place: Place, name: str, given: Values, moved: Values, row: Values) -> bool:
    """Did I change it too, to something else than they did?"""
    try:
        mine = fields_values.parse_one(place.form.fields[name], given[name])
    except Rejected:
        return True
    before = tuple(moved[name]) if isinstance(moved[name], list) else moved[name]
    return bool(mine not in (before, row[name]))
