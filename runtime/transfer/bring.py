"""The import wizard: upload, columns, dry run, progress, result; every step is an address of its own."""

import io
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
from flask import Response, g, redirect, request, send_file, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from engines.apps import import_job
from engines.apps.imports import Import, upload
from engines.core.kernel.errors import Conflict, Invalid, NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork
from engines.core.records import imports
from engines.form import exports, words
from engines.form.imports import Mapping, importable
from engines.form.sheets import BadSheet, Cell

from .. import render
from ..guard import platform, right
from ..views.base import Place
from .base import page, place_for, transfer

LARGEST = 64 << 20
SHOWN = 100
"""Problems on the page; the file has them all."""
ONE = "/a/<app>/<form>/import/<int:number>"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MODES = ("insert", "upsert", "update")
Page = str | AnyResponse | tuple[str, int]


@transfer.get("/a/<app>/<form>/import")
@right("app", action="import")
def start(app: str, form: str) -> Page:
    place = place_for(app, form)
    return _start(place)


@transfer.post("/a/<app>/<form>/import")
@right("app", action="import")
def sent(app: str, form: str) -> Page:
    request.max_content_length = LARGEST
    place, given = place_for(app, form), request.files.get("file")
    if given is None or not given.filename:
        return _start(place, gettext("Choose a file first")), 422
    try:
        found = upload(platform(), g.actor, place.form, given.filename, given.stream)
    except BadSheet as error:
        return _start(place, render.say(error)), 422
    return redirect(url_for(".step", app=app, form=form, number=found.number))


@transfer.get("/a/<app>/<form>/import/template")
@right("app", action="import")
def blank(app: str, form: str) -> Response:
    """An empty workbook whose headings are the fields."""
    place = place_for(app, form)
    names = [render.label(field["label"]) for field in _fields(place)]
    return _workbook([names], f"{render.label(place.form.definition['label'])}.xlsx")


@transfer.get(ONE)
@right("app", action="import")
def step(app: str, form: str, number: int) -> Page:
    """Whichever step the import is at; `columns=1` goes back to the columns."""
    place, found = place_for(app, form), _import(app, form, number)
    state = found.state()
    if state["state"] == "new" or (state["state"] == "checked" and request.args.get("columns")):
        return _columns(place, found)
    if state["state"] in ("checking", "running", "undoing"):
        return page("progress", place, batch=number, state=state)
    if state["state"] == "broken":
        return page("broken", place, state=state, why=_why(state))
    return page("result", place, batch=number, state=state, **_problems(place, found, state))


@transfer.post(f"{ONE}/columns")
@right("app", action="import")
def columns(app: str, form: str, number: int) -> Page:
    place, found = place_for(app, form), _import(app, form, number)
    header = next(found.rows(), [])
    chosen = tuple(request.form.get(f"c{n}") or None for n in range(len(header)))
    mapping = Mapping(chosen, request.form.get("mode", "insert"), request.form.get("key", ""))
    mapping = replace(mapping, key="") if mapping.mode == "insert" else mapping
    if problem := _wrong(place, mapping):
        return _columns(place, found, mapping, problem), 422
    try:
        found.choose(mapping)
    except Invalid:
        return _columns(place, found, mapping, gettext("One of these fields is not yours to fill in")), 422
    return _go(place, found, "check", "checking")


@transfer.post(f"{ONE}/run")
@right("app", action="import")
def run(app: str, form: str, number: int) -> Page:
    place, found = place_for(app, form), _import(app, form, number)
    if found.state()["state"] == "checked":
        return _go(place, found, "run", "running")
    return redirect(url_for(".step", app=app, form=form, number=number))


@transfer.post(f"{ONE}/undo")
@right("app", action="delete")
def undo(app: str, form: str, number: int) -> Page:
    place, found = place_for(app, form), _import(app, form, number)
    if found.state()["state"] != "done":
        raise Conflict(state=found.state()["state"])
    return _go(place, found, "undo", "undoing")


@transfer.get(f"{ONE}/progress")
@right("app", action="import")
def progress(app: str, form: str, number: int) -> str:
    """A piece of the progress page; without it, the page asks for itself again."""
    place, found = place_for(app, form), _import(app, form, number)
    return page("bar", place, batch=number, state=found.state())


@transfer.get(f"{ONE}/failed.xlsx")
@right("app", action="import")
def failed(app: str, form: str, number: int) -> Response:
    """The refused rows as they came, with what to mend in a last column."""
    place, found = place_for(app, form), _import(app, form, number)
    failures = found.failures()
    header = next(found.rows(), [])
    separator = "：" if render.language() == "zh" else ": "

    def say(name: str, problem: Any) -> str:
        label = words.label(place.form, name, render.language())
        return f"{label}{separator}{words.say(place.form, name, problem, render.language())}"

    lines = exports.failed_lines(header, failures, say, gettext("What to mend"))
    stem = Path(found.state()["name"]).stem
    return _workbook(lines, gettext("%(name)s to mend.xlsx", name=stem))


def _start(place: Place, problem: str = "") -> str:
    recent = platform().look(g.actor, lambda look: imports.of_form(look, place.form.source.id))
    return page("upload", place, problem=problem, recent=[one for one in recent if one["state"] != "new"])


def _import(app: str, form: str, number: int) -> Import:
    """NotFound for somebody else's, and for one of another form."""
    found = Import(platform(), g.actor, number)
    if found.state()["form"] != f"{app}__{form}":
        raise NotFound(number=number)
    return found


def _go(place: Place, found: Import, what: str, state: str) -> AnyResponse:
    """The work goes on in a job; the page shows how far it is."""

    def begin(uow: UnitOfWork) -> None:
        import_job.start(uow, found.number, what)
        if what == "undo":
            imports.note(uow, found.number, state=state, done=0)
        else:
            found.begin(uow, state)

    platform().run(g.actor, begin)
    return redirect(url_for(".step", number=found.number, **place.link))


def _columns(place: Place, found: Import, mapping: Mapping | None = None, problem: str = "") -> str:
    state = found.state()
    header, *samples = islice(found.rows(), 4)
    given = state["mapping"]
    chosen = mapping or Mapping(tuple(given["columns"]), given["mode"], given["key"])
    columns = [
        {"heading": str(cell), "samples": [_sample(row, n) for row in samples], "field": _at(chosen.columns, n)}
        for n, cell in enumerate(header)
    ]
    keys = [field for field in _fields(place) if field["id"] in place.form.source.own]
    choice = {"chosen": chosen, "modes": _modes(place), "keys": keys, "missing": _missing(place, chosen)}
    asked = {"columns": columns, "fields": _fields(place), "problem": problem}
    return page("columns", place, batch=found.number, state=state, **asked, **choice)


def _modes(place: Place) -> list[str]:
    """What this person may do with records that exist."""
    needs = {"insert": ("create",), "upsert": ("create", "edit", "view"), "update": ("edit", "view")}
    return [mode for mode in MODES if all(place.may(action) for action in needs[mode])]


def _wrong(place: Place, mapping: Mapping) -> str:
    """What has to be mended before a dry run makes sense; "" when nothing has."""
    used = [name for name in mapping.columns if name]
    if not used:
        return gettext("Say for at least one column which field it is")
    twice = next((name for name in used if used.count(name) > 1), None)
    if twice:
        label = words.label(place.form, twice, _now())
        return gettext("Two columns stand for %(field)s: leave one out", field=label)
    if mapping.mode not in _modes(place):
        return gettext("Choose what happens to records that are there already")
    if mapping.mode != "insert" and mapping.key not in used:
        return gettext("Choose a field to find records by, and have a column stand for it")
    return ""


def _missing(place: Place, mapping: Mapping) -> list[Definition]:
    """Fields that a new record needs and no column stands for."""
    needed = (f for f in _fields(place) if f.get("required") and not f.get("default"))
    return [f for f in needed if f["id"] not in mapping.columns]


def _fields(place: Place) -> list[Definition]:
    names = platform().look(g.actor, lambda look: importable(look, place.form))
    return [place.form.fields[name] for name in names]


def _problems(place: Place, found: Import, state: dict[str, Any]) -> dict[str, Any]:
    """The first problems by row, column, value and reason; `gone` when the file is no longer kept."""
    if not state["failed"]:
        return {"problems": [], "gone": False, "more": 0}
    try:
        failures = found.failures()
        header = next(found.rows(), [])
    except NotFound:
        return {"problems": [], "gone": True, "more": 0}
    where = {name: n for n, name in enumerate(state["mapping"]["columns"]) if name}
    told = [
        {
            "row": row,
            "column": str(header[where[name]]) if name in where else words.label(place.form, name, _now()),
            "value": _sample(cells, where[name]) if name in where else "",
            "reason": words.say(place.form, name, problem, _now()),
        }
        for row, cells, problems in failures
        for name, problem in problems.items()
    ]
    return {"problems": told[:SHOWN], "gone": False, "more": len(told) - SHOWN}


def _why(state: dict[str, Any]) -> str:
    return render.label(orjson.loads(state["error"])) if state["error"] else gettext("This file cannot be read")


def _sample(row: list[Cell], n: int) -> str:
    text = str(_at(row, n) or "")
    return text if len(text) <= 40 else text[:39] + "…"


def _at(row: Any, n: int) -> Any:
    return row[n] if n < len(row) else None


def _now() -> str:
    return render.language()


def _workbook(lines: Any, name: str) -> Response:
    with TemporaryDirectory(prefix="dougong-") as folder:
        path = Path(folder) / "made.xlsx"
        exports.write_xlsx(path, lines)
        content = io.BytesIO(path.read_bytes())
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=name)
