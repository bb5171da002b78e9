"""One value, changed in place: the control for a field, and the row as it is afterwards."""

from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from engines.core.fields import field_types
from engines.core.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Rejected
from engines.core.kernel.work import Look
from engines.core.records import query
from engines.form import lists, read, submit

from .. import posted
from ..guard import platform, right
from ..rows import rows_html
from . import listing
from . import state as states
from .base import Place, at, hang, records


@records.get("/a/<app>/<form>/<int:record>/cell/<field>")
@right("app", action="edit")
def cell(app: str, form: str, record: int, field: str) -> str:
    """The control of one field, in a small form of its own."""
    place, found = at(app, form, lambda look, place: _cell(look, place, record, field))
    return render_template("parts/cell.html", place=place, **found, problem=None)


@records.post("/a/<app>/<form>/<int:record>/cell/<field>")
@right("app", action="edit")
def save_cell(app: str, form: str, record: int, field: str) -> Any:
    """The row again when it was saved; the control with what is wrong otherwise."""
    place, found = at(app, form, lambda look, place: _cell(look, place, record, field))
    raw, seen = posted.value(found["field"], request.form, field), request.form.get("_version", type=int)
    try:
        platform().run(g.actor, lambda uow: submit.change_record(uow, place.form, record, {field: raw}, seen=seen))
    except Invalid as error:
        return _again(place, found, raw, problem=error.problems.get(field) or next(iter(error.problems.values())))
    except Conflict:
        return _again(place, found, raw, conflict=True)
    if request.form.get("where") == "record":
        return redirect(url_for(".detail", app=app, form=form, record=record))
    try:
        return _row(app, form, record)
    except NotFound:
        return ""  # given away: the row is gone from this person's list


def row_parts(look: Look, place: Place, record: int) -> dict[str, Any]:
    """What one row of a table shows."""
    view = states.read(look, place, request.args, listing.place_path(place)).view
    columns = lists.columns_of(look, place.form, view)
    rows = [listing.system_values(query.one(look, place.form.source, record))]
    known = hang(read.known(look, place.form, rows, columns), place.form, rows)
    return {"row": rows[0], "columns": columns, "known": known}


def typed(place: Place, row: dict[str, Any], name: str) -> Any:
    """A stored value as its control shows it."""
    field = place.form.fields[name]
    kind = field_types.get(field["type"])
    return row.get(name) if kind.widget == "datetime" else kind.plain(row.get(name), field)


def _cell(look: Look, place: Place, record: int, name: str) -> dict[str, Any]:
    if name not in submit.writable(look, place.form) or not place.may("edit"):
        raise Forbidden(action="edit", form=place.form.id)
    row = query.one(look, place.form.source, record)
    known = hang(read.known(look, place.form, [row]), place.form, [row])
    return {"row": row, "field": place.form.fields[name], "known": known, "value": typed(place, row, name)}


def _again(
    place: Place, found: dict[str, Any], raw: Any, *, problem: Rejected | None = None, conflict: bool = False
) -> AnyResponse:
    page = render_template("parts/cell.html", place=place, **(found | {"value": raw}), problem=problem,
                           conflict=conflict, now=found["value"])  # fmt: skip
    where = {"HX-Retarget": f"#cell-{found['row']['_id']}-{found['field']['id']}", "HX-Reswap": "innerHTML"}
    return Response(page, 409 if conflict else 422, where)


def _row(app: str, form: str, record: int) -> str:
    place, found = at(app, form, lambda look, place: row_parts(look, place, record))
    return rows_html(place, found["columns"], [found["row"]], found["known"])
