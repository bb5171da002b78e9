"""The list of a form: table or kanban, with conditions, order, totals and pages both ways."""

from dataclasses import replace
from typing import Any

from flask import g, render_template, request
from werkzeug.wrappers import Response

from engines.core.fields import field_types
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.core.records import filters, query
from engines.form import lists, read

from .. import render
from ..guard import platform, right
from . import kanban, words
from . import state as states
from .base import Place, at, hang, partial, place_of, records
from .state import State

LIMIT = 50


@records.get("/a/<app>/<form>")
@right("app", action="view")
def listing(app: str, form: str) -> str | Response:
    if request.args.get("ff"):
        return _with_condition(app, form)
    place, page = at(app, form, lambda look, place: _page(look, place))
    return render_template("list.html", place=place, **page)


@records.get("/a/<app>/<form>/footer")
@right("app", action="view")
def footer(app: str, form: str) -> str:
    """Count, sums and averages of everything that the conditions leave."""

    def find(look: Look, place: Place) -> dict[str, Any]:
        state = states.read(look, place, request.args, place_path(place))
        columns = lists.summed(look, place.form, lists.columns_of(look, place.form, state.view))
        ask = lists.ask(look, place.form, state.view, place.form.zone)
        totals = query.totals(look, place.form.source, [f["id"] for f in columns], ask)
        return {"count": totals.count, "figures": figures(columns, totals)}

    place, found = at(app, form, find)
    return render_template("parts/footer.html", place=place, **found)


@records.get("/a/<app>/<form>/counts")
@right("app", action="view")
def counts(app: str, form: str) -> dict[str, Any]:
    """How many records each view of the form holds."""

    def find(look: Look, place: Place) -> dict[str, int]:
        return {v.id: count_of(look, place, v) for v in lists.views_of(look, place.form)}

    return {"views": at(app, form, find)[1]}


@records.get("/a/<app>/<form>/condition")
@right("app", action="view")
def condition(app: str, form: str) -> str:
    """The part of the filter menu that depends on the field and the operator chosen."""

    def find(look: Look, place: Place) -> dict[str, Any]:
        name = request.args.get("ff", "")
        ops = words.operators(look, place, name)
        op = request.args.get("fo", "")
        chosen = op if op in ops else ops[0]
        field = value_field(look, place, name, chosen)
        known = read.known(look, place.form, [])
        return {"ops": ops, "op": chosen, "field": field, "known": known, "words": words.OPS}

    place, found = at(app, form, find)
    return render_template("parts/condition.html", place=place, **found)


def place_path(place: Place) -> str:
    return f"/a/{place.app.id}/{place.form.id}"


def count_of(look: Look, place: Place, view: lists.View) -> int:
    try:
        return query.count(look, place.form.source, lists.ask(look, place.form, view, place.form.zone))
    except filters.BadFilter:
        return 0


def figures(columns: list[Definition], totals: query.Totals) -> list[dict[str, Any]]:
    """{field, sum, mean} in stored units, of columns that hold anything."""
    found = []
    for field in columns:
        total, filled = totals.sums[field["id"]]
        if filled:
            mean = round(total / filled) if lists.shape(field)["type"] == "money" else round(total / filled, 2)
            found.append({"field": field, "sum": total, "mean": mean})
    return found


def value_field(look: Look, place: Place, name: str, op: str) -> Definition | None:
    """The control that asks for a condition's value: the field's own, freed of what it demands of a record."""
    if op in filters.WITHOUT_VALUE:
        return None
    if op in ("last", "next"):
        return {"id": "fv", "type": "number", "label": {"zh": "天数", "en": "Days"}}
    field = lists.shape(lists.fields_of(look, place.form)[name])
    if field_types.get(field["type"]).widget in ("text", "long_text", "phone", "email", "link", "rating"):
        field = {"type": "text", "label": field["label"]}
    if field["type"] == "datetime":
        field = {"type": "date", "label": field["label"]}
    free = {
        k: v for k, v in field.items() if k not in ("required", "help", "min", "max", "max_length", "visible", "must")
    }
    free = free | {"id": "fv", "read_only": False}
    return free | ({"multiple": True} if op in states.SEVERAL and field["type"] not in ("money", "number") else {})


def _page(look: Look, place: Place) -> dict[str, Any]:
    state = states.read(look, place, request.args, place_path(place))
    columns = lists.columns_of(look, place.form, state.view)
    shared = {"state": state, "columns": columns, "sortable": {f["id"] for f in lists.sortable(look, place.form)},
              "fields": lists.fields_of(look, place.form), "conditions": _filterable(look, place),
              "groups": kanban.groups(place),
              "counted": count_of(look, place, state.view) if state.behind else None}  # fmt: skip
    try:
        found = kanban.lanes(look, place, state) if state.view.kind == "kanban" else table(look, place, state, columns)
    except filters.BadFilter as error:
        return shared | {"bad": error, "rows": [], "chips": [], "known": read.Known(), "page": query.Page([], None)}
    chips = words.chips(look, place, state.view.filter, found["known"])
    hint = _hint(look, place, state) if not found["rows"] and (chips or state.view.q) else None
    return shared | found | {"chips": chips, "hint": hint, "any": bool(found["rows"]) or _any(look, place)}


def table(look: Look, place: Place, state: State, columns: list[Definition]) -> dict[str, Any]:
    """One page of rows with what is needed to show them."""
    ask = replace(lists.ask(look, place.form, state.view, place.form.zone), limit=LIMIT)
    if text := state.after or state.before:
        key = states.key_of(text, place.form.source, ask.keys)
        ask = replace(ask, after=key, backward=bool(state.before and key))
    page = query.page(look, place.form.source, ask)
    rows = [system_values(row) for row in page.rows]
    known = hang(read.known(look, place.form, rows, columns), place.form, rows)
    skipped = state.skipped if ask.after else 0
    whole = len(rows) if page.after is None and page.before is None else None
    totals = None
    if whole is not None:
        names = [f["id"] for f in lists.summed(look, place.form, columns)]
        sums = {n: (sum(r[n] or 0 for r in rows), sum(r[n] is not None for r in rows)) for n in names}
        totals = figures(lists.summed(look, place.form, columns), query.Totals(whole, sums))
    return {
        "rows": rows,
        "page": page,
        "known": known,
        "whole": whole,
        "figures": totals,
        "first": skipped + 1,
        "older": state.url(after=states.cursor(page.after), n=skipped + len(rows)) if page.after else None,
        "newer": state.url(before=states.cursor(page.before), n=max(0, skipped - LIMIT)) if page.before else None,
    }


def system_values(row: dict[str, Any]) -> dict[str, Any]:
    """System columns under the names that lists know them by."""
    for name in filters.SYSTEM:
        row.setdefault(name, row[f"_{name}"])
    return row


def _filterable(look: Look, place: Place) -> list[Definition]:
    known = lists.fields_of(look, place.form)
    return [known[name] for name in filters.filterable(place.form.source, look) if name in known]


def _any(look: Look, place: Place) -> bool:
    return bool(query.page(look, place.form.source, query.Ask(limit=1)).rows)


def _hint(look: Look, place: Place, state: State) -> dict[str, Any] | None:
    """Which condition stands in the way: the one whose going brings most back."""
    best: dict[str, Any] | None = None
    for n in range(len(state.view.filter)):
        rest = tuple(one for i, one in enumerate(state.view.filter) if i != n)
        count = count_of(look, place, replace(state.view, filter=rest))
        if count and (best is None or count > best["count"]):
            best = {"n": n, "count": count, "url": state.without(n)}
    return best


def _with_condition(app: str, form: str) -> Response:
    """The filter menu was sent: its condition joins the address."""
    place = platform().look(g.actor, lambda look: place_of(look, app, form))
    state = platform().look(g.actor, lambda look: states.read(look, place, request.args, place_path(place)))
    name, op = request.args["ff"], request.args.get("fo", "")
    sent = [one for one in request.args.getlist("fv") if one != ""]
    value: Any = sent if op in states.SEVERAL else next(iter(sent), None)
    if value in (None, []) and op not in filters.WITHOUT_VALUE:
        return _redirect(state.here)
    added = states.written({"field": name, "op": op, "value": value})
    return _redirect(state.url(f=[*(states.written(one) for one in state.view.filter), added]))


def _redirect(url: str) -> Response:
    response = Response(status=302)
    response.headers["Location"] = url
    return response


__all__ = ["AppError", "listing", "partial", "render", "table"]
