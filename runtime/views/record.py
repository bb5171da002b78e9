"""One record: its values, what belongs to it, what happened to it and why, what people say, and its way to the bin."""

from dataclasses import replace
from typing import Any

from flask import flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from engines.core.access import people
from engines.core.kernel.errors import Invalid, NoSuchField
from engines.core.kernel.work import Look
from engines.core.records import comments, filters, history, query
from engines.core.records.source import Values, Way
from engines.form import lists, read, submit, visible
from engines.form.compile import Form

from .. import render, shell
from ..guard import platform, right
from . import listing
from . import state as states
from .base import Place, at, back_to, hang, place_of, records

NEWEST = 10
KEPT_DAYS = 30
DAY = 24 * 3600 * 1_000_000


@records.get("/a/<app>/<form>/<int:record>")
@right("app", action="view")
def detail(app: str, form: str, record: int) -> str:
    place, page = at(app, form, lambda look, place: _page(look, place, record))
    _remember(app, form, record)
    return render_template("detail.html", place=place, **page)


@records.get("/a/<app>/<form>/<int:record>/why")
@right("app", action="history")
def why(app: str, form: str, record: int) -> str:
    """Who or what gave a field its value, and when."""

    def find(look: Look, place: Place) -> dict[str, Any]:
        name = request.args.get("field", "")
        row = query.one(look, place.form.source, record)
        if not place.scope.compares(name):
            raise NoSuchField(field=name)
        field = lists.fields_of(look, place.form).get(name, {})
        known = read.known(look, place.form, [row])
        found = _why(look, place, record, field) if field else []
        return {"field": field, "row": row, "found": found, "known": known, "names": names(look)}

    place, found = at(app, form, find)
    return render_template("parts/why.html", place=place, cause=cause, **found)


def _why(look: Look, place: Place, record: int, field: Values) -> list[tuple[Any, dict[str, Any]]]:
    """(value, event that gave it): one pair, with no value, unless the field holds several that can be told apart."""
    name, source = field["id"], place.form.source
    if field["type"] != "tags":
        event = history.why(look, source, record, name)
        return [(None, event)] if event else []
    each = history.why_each(look, source, record, name)
    return [((value,), event | {"why": {name: event["because"] or {}}}) for value, event in each.items()]


@records.post("/a/<app>/<form>/<int:record>/comments")
@right("app", action="comment")
def comment(app: str, form: str, record: int) -> Response:
    place, _ = at(app, form, lambda look, place: None)
    body = request.form.get("body", "")
    try:
        platform().run(g.actor, lambda uow: comments.add(uow, place.form.source, record, body))
    except Invalid:
        flash({"text": gettext("Write something first"), "tone": "warn"})
    return redirect(url_for(".detail", app=app, form=form, record=record))


@records.post("/a/<app>/<form>/<int:record>/comments/<int:number>/delete")
@right("app", action="comment")
def drop_comment(app: str, form: str, record: int, number: int) -> Response:
    place, _ = at(app, form, lambda look, place: None)
    platform().run(g.actor, lambda uow: comments.remove(uow, place.form.source, record, number))
    return redirect(url_for(".detail", app=app, form=form, record=record))


@records.post("/a/<app>/<form>/<int:record>/delete")
@right("app", action="delete")
def delete(app: str, form: str, record: int) -> Response:
    """Into the bin; the notice on the next page takes it back."""
    place, _ = at(app, form, lambda look, place: None)
    platform().run(g.actor, lambda uow: submit.delete_record(uow, place.form, record))
    undo = {"url": url_for(".restore", app=app, form=form, record=record)}
    flash({"text": gettext("Moved to the bin"), "icon": "trash", "undo": undo})
    return redirect(back_to(url_for(".listing", app=app, form=form)))


@records.post("/a/<app>/<form>/<int:record>/restore")
@right("app", action="restore")
def restore(app: str, form: str, record: int) -> Response:
    place, _ = at(app, form, lambda look, place: None)
    platform().run(g.actor, lambda uow: submit.restore_record(uow, place.form, record))
    flash({"text": gettext("Back from the bin"), "tone": "ok"})
    return redirect(url_for(".detail", app=app, form=form, record=record))


@records.get("/a/<app>/<form>/bin")
@right("app", action="view")
def binned(app: str, form: str) -> str:
    """What was deleted in the last thirty days."""

    def find(look: Look, place: Place) -> dict[str, Any]:
        ask = query.Ask(sort=(("_updated_at", True),), binned=True, limit=200)
        rows = query.page(look, place.form.source, ask).rows
        left = {r["_id"]: max(0, KEPT_DAYS - (look.now - r["_deleted_at"]) // DAY) for r in rows}
        columns = lists.columns_of(look, place.form, lists.View("all", lists.ALL))[:4]
        known = read.known(look, place.form, rows, columns)
        return {"rows": rows, "left": left, "columns": columns, "known": known, "names": names(look)}

    place, found = at(app, form, find)
    return render_template("bin.html", place=place, **found)


def names(look: Look) -> dict[int, str]:
    return people.names(look.session) | {0: "Dougong"}


def cause(place: Place, event: dict[str, Any], field: str = "") -> dict[str, Any]:
    """What an event came from: {kind, label, reason}; the field's own cause where there is one."""
    own = event["why"].get(field) or {}
    kind, ref = own.get("kind") or event["cause"], own.get("ref") or event["cause_ref"]
    parts = {"rule": "rules", "table": "tables", "flow": "flows"}.get(kind)
    found = next((p for p in place.app.parts(parts) if p["id"] == ref), None) if parts else None
    label = render.label(found["label"]) if found and "label" in found else ref or ""
    if kind == "person" and (field in place.form.source.computed or (not field and _computed_only(place, event))):
        kind = "computed"
    kind = "rule" if kind == "table" else kind
    return {"kind": kind, "label": label, "version": own.get("version"), "reason": own.get("reason") or {}}


def _page(look: Look, place: Place, record: int) -> dict[str, Any]:
    row = listing.system_values(query.one(look, place.form.source, record))
    known = hang(read.known(look, place.form, [row]), place.form, [row])
    writable = set(submit.writable(look, place.form)) if place.may("edit") else set()
    return {
        "row": row,
        "known": known,
        "names": names(look),
        "timeline": _timeline(look, place, record),
        "gone": visible.hidden(look, place.form, row),
        "related": [r for way in place.form.source.ways.values() if (r := _related(look, place, way, record))],
        "writable": writable,
        "cause": cause,
        "readable": {n for n in place.form.fields if place.scope.reads(n)},
        "caused": _caused(look, place, record),
        "state": states.read(look, place, request.args, listing.place_path(place)),
        "beside": _beside(look, place, row),
        **{name: found for part in shell.RECORD for name, found in part(look, place, row).items()},
    }


def _timeline(look: Look, place: Place, record: int) -> list[dict[str, Any]]:
    """History, where the reader may see it, and comments, newest first."""
    events = _folded(place, history.events(look, place.form.source, record)) if place.may("history") else []
    said = comments.of_record(look, place.form.source, record)
    both = [e | {"sort": (e["at"], 0, e["id"])} for e in events] + [c | {"sort": (c["at"], 1, c["id"])} for c in said]
    return sorted(both, key=lambda one: one["sort"], reverse=True)


def _folded(place: Place, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Neighbours that only carry computed values are told as one: what it was before the first, what after the last."""
    found: list[dict[str, Any]] = []
    for event in events:
        last = found[-1] if found else None
        if last and _computed_only(place, last) and _computed_only(place, event):
            for name, (old, new) in event["changes"].items():
                last["changes"][name] = [old, last["changes"].get(name, [old, new])[1]]
        else:
            found.append(event)
    return found


def _computed_only(place: Place, event: dict[str, Any]) -> bool:
    names = event["changes"].keys()
    return bool(names) and names <= place.form.source.computed.keys()


def _caused(look: Look, place: Place, record: int) -> dict[str, str]:
    """Fields whose value a rule, a flow or an import gave: these can be asked why."""
    if not place.may("history"):
        return {}
    found: dict[str, str] = {}
    for event in history.events(look, place.form.source, record):
        for name in {*event["changes"], *event["why"]}:
            field, _, value = name.partition(".")
            kind = (event["why"].get(name) or {}).get("kind") or event["cause"]
            found[field] = kind if value else found.get(field, kind)
    return {name: kind for name, kind in found.items() if kind != "person"}


def _related(look: Look, place: Place, way: Way, record: int) -> dict[str, Any] | None:
    """The newest records at the end of a way back, when the reader may see that form."""
    if not way.back or not way.form:
        return None
    other = place.app.form(way.form)
    if not look.rights.scope(other.source.id).may("view"):
        return None
    field = other.fields[way.field]
    given = {"field": way.field, "op": "has" if way.field in other.source.links else "is", "value": [record]}
    own = given | {"value": given["value"] if given["op"] == "has" else record}
    where = filters.compile_filters(look, other.source, [own], other.zone)
    rows = query.page(look, other.source, query.Ask(where=where, limit=NEWEST)).rows
    view = lists.View("all", lists.ALL)
    columns = [c for c in lists.columns_of(look, other, view) if c["id"] != way.field][:6]
    return {
        "id": way.id,
        "form": other,
        "label": field.get("reverse", {}).get("label") or other.definition["label"],
        "rows": rows,
        "columns": columns,
        "known": read.known(look, other, rows, columns),
        "count": query.count(look, other.source, query.Ask(where=where)) if len(rows) == NEWEST else len(rows),
        "list": f"/a/{place.app.id}/{way.form}?f={states.written(own)}",
        "new": f"/a/{place.app.id}/{way.form}/new?{way.field}={record}" if _creates(look, other) else None,
    }


def _creates(look: Look, other: Form) -> bool:
    return look.rights.scope(other.source.id).may("create")


def _beside(look: Look, place: Place, row: Values) -> dict[str, str | None]:
    """The addresses of the records before and after this one in the list that it was opened from."""
    state = states.read(look, place, request.args, listing.place_path(place))
    try:
        ask = lists.ask(look, place.form, state.view, place.form.zone)
    except filters.BadFilter:
        return {"previous": None, "next": None}
    start = replace(ask, after=query.key_of(row, ask.keys), limit=1)
    found = {
        "previous": query.page(look, place.form.source, replace(start, backward=True)).rows,
        "next": query.page(look, place.form.source, start).rows,
    }
    path = f"/a/{place.app.id}/{place.form.id}"
    return {name: state.url(f"{path}/{rows[0]['_id']}") if rows else None for name, rows in found.items()}


def _remember(app: str, form: str, record: int) -> None:
    """The last eight records that this person opened."""
    here = [app, form, record]
    recent = [one for one in session.get("recent", []) if one != here]
    session["recent"] = [here, *recent][:8]


def recent(look: Look) -> list[dict[str, Any]]:
    """Those of them that are still there and may be seen: {title, icon, href}."""
    found = []
    for app, form, record in session.get("recent", []):
        if app in look.apps.versions and form in look.apps.app(app).forms:
            place = place_of(look, app, form) if look.rights.scope(f"{app}__{form}").may("view") else None
            name = read.titles(look, place.form.source, [record]).get(record) if place else None
            if place and name:
                icon = place.form.definition.get("icon", "form")
                found.append({"title": name, "icon": icon, "href": f"/a/{app}/{form}/{record}"})
    return found
