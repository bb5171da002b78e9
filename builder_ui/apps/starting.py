"""A new app: from nothing, from a spreadsheet, or from a sample; and fields for a form from a spreadsheet."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from engines.apps import draft, exchange, publish
from engines.apps.catalog import App
from engines.apps.exchange import acting
from engines.apps.folder import read_folder
from engines.apps.imports import upload
from engines.core.kernel.errors import AppError, NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look, UnitOfWork
from engines.form import guess, sheets
from engines.form.guess import Column
from engines.form.imports import Mapping
from runtime import render
from runtime.commands.demo import SAMPLES
from runtime.guard import platform, right

from ..base import Page, Sent, build, fresh
from ..forms.edits import fields_at, taken

LARGEST = 64 << 20
SHOWN = 3
ZONE = "Asia/Shanghai"
Answer = str | AnyResponse | tuple[str, int]


class NoColumns(AppError):
    code = "no_columns"
    words = {
        "zh": "文件里没有可用的列：第一行放标题，下面放内容",
        "en": "There is no column to take: put headings in the first row, and content below",
    }


class NoFile(AppError):
    code = "no_file"
    words = {"zh": "先选一个 Excel 或 CSV 文件", "en": "Choose an Excel or CSV file first"}


@build.get("/new")
@right("builder")
def starting() -> str:
    """The three ways to begin, and the samples that come with the platform."""
    return _starting()


@build.post("/new/blank")
@right("builder")
def from_blank() -> Answer:
    """An app with one form that has one field, live at once, opened in its designer."""
    name = request.form.get("name", "").strip()[:80] or gettext("New app")
    title = {"id": "title", "type": "text", "label": {"zh": "名称", "en": "Name"}, "required": True, "width": 12}
    form = {"id": "form", "label": {"zh": "新表单", "en": "New form"}, "icon": "form", "title": "title",
            "fields": [title]}  # fmt: skip
    made = _install(name, form)
    return redirect(url_for(".page", app=made.id, kind="forms", part="form"))


@build.post("/new/sheet/look")
@right("builder")
def look_at_sheet() -> Answer:
    """What the columns of a file would become, to be looked over before anything is made."""
    try:
        found = _columns()
    except AppError as error:
        return render_template("build/sheet_columns.html", columns=[], error=error, types=(), shown=SHOWN), 422
    return render_template("build/sheet_columns.html", columns=found, error=None, types=guess.TYPES, shown=SHOWN)


@build.post("/new/sheet")
@right("builder")
def from_sheet() -> Answer:
    """An app with one form of the file's columns; then the import of its rows, checked before it is run."""
    try:
        found = _columns()
        fields = [(one.number, _chosen(one, request.form)) for one in found if _wanted(one, request.form)]
        if not fields:
            raise NoColumns
    except AppError as error:
        return _starting(error), 422
    sent = request.files["file"]
    name = request.form.get("name", "").strip()[:80] or Path(sent.filename or "").stem[:80] or gettext("New app")
    only = [field for _, field in fields]
    form = {"id": "form", "label": {render.language(): name}, "icon": "sheet", "title": guess.title_of(only),
            "fields": only}  # fmt: skip
    made = _install(name, form)
    return _bring(made, sent, {number: field["id"] for number, field in fields}, max(one.number for one in found))


@build.post("/new/sample/<name>")
@right("builder")
def from_sample(name: str) -> AnyResponse:
    """A sample with its data; what acts by itself is on, since nothing in it reaches outside."""
    definition = next((one for one in samples() if one["id"] == name), None)
    if definition is None:
        raise NotFound(sample=name)
    on = [one.key for one in acting(definition)]
    made = platform().run(g.actor, lambda uow: exchange.take_in(uow, platform().catalog, definition, on=on), bulk=True)
    current_app.extensions["dougong.demo"].load(made.id, SAMPLES / name)
    flash({"text": gettext("%(name)s is here, its data is on the way", name=render.label(definition["name"]))})
    return redirect(f"/a/{made.id}/{definition['forms'][0]['id']}")


@build.post("/<app>/forms/<part>/from-sheet")
@right("builder")
def fields_from_sheet(app: str, part: str) -> AnyResponse:
    """Fields for the columns of a file at the end of a form; one step to undo."""
    found, sent = _columns(), request.form

    def work(uow: UnitOfWork) -> None:
        page = Page(draft.current(uow, app), "forms", part)
        used, value = taken(uow, page), list(page.body["fields"])
        for one in found:
            if _wanted(one, sent):
                field = _chosen(one, sent)
                value.append(field | {"id": fresh(field["id"], used)})
                used.add(value[-1]["id"])
        if len(value) == len(page.body["fields"]):
            raise NoColumns
        draft.edit(uow, app, "set", {"at": fields_at(page), "value": value})

    platform().run(g.actor, work)
    return redirect(url_for(".page", app=app, kind="forms", part=part))


def samples() -> list[Definition]:
    """Apps that come with the platform, as they would be installed."""
    return [read_folder(folder) for folder in sorted(SAMPLES.iterdir()) if (folder / "app.json").exists()]


def _starting(error: AppError | None = None) -> str:
    there = platform().look(g.actor, lambda look: set(look.apps.versions))
    return render_template("build/starting.html", samples=samples(), there=there, error=error)


def _install(name: str, form: Definition) -> App:
    """A new app of one form under a free id, live at once."""

    def work(uow: UnitOfWork) -> App:
        app_id = fresh(guess.slug(name)[:12] if guess.slug(name) != "field" else "app", uow.apps.versions)
        definition = {"id": app_id, "version": "1.0.0", "name": {render.language(): name}, "icon": form["icon"],
                      "languages": [render.language()], "zone": ZONE, "forms": [form]}  # fmt: skip
        exchange.may_import(uow, app_id)
        return publish.put(uow, platform().catalog, definition, what="app.create")

    made: App = platform().run(g.actor, work, bulk=True)
    return made


def _bring(made: App, sent: Any, fields: dict[int, str], last: int) -> AnyResponse:
    """The rows of the file on their way into the only form, as far as this person may bring them in."""
    sent.stream.seek(0)
    form = made.form("form")
    may = platform().look(g.actor, lambda look: _may_bring(look, form))
    if not may:
        return redirect(url_for(".page", app=made.id, kind="forms", part="form"))
    found = upload(platform(), g.actor, form, sent.filename, sent.stream)
    found.choose(Mapping(tuple(fields.get(n) for n in range(last + 1))))
    return redirect(f"/a/{made.id}/form/import/{found.number}")


def _may_bring(look: Look, form: Any) -> bool:
    scope = look.rights.scope(form.source.id)
    return bool(scope.may("import") and scope.may("create"))


def _columns() -> list[Column]:
    """The columns of the file that was sent; BadSheet, NoFile, NoColumns."""
    request.max_content_length = LARGEST
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise NoFile
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet"
        with path.open("wb") as target:
            shutil.copyfileobj(sent.stream, target)
        rows = sheets.read(path, sent.filename)
        head = next(rows, [])
        first = [row for row, _ in zip(rows, range(guess.LOOKED_AT), strict=False)]
        rows.close()
    found = guess.columns(head, first, language=render.language())
    if not found:
        raise NoColumns
    return found


def _wanted(one: Column, sent: Sent) -> bool:
    """Every column when nobody looked them over."""
    return "looked" not in sent or f"on-{one.number}" in sent


def _chosen(one: Column, sent: Sent) -> Definition:
    """The field of a column, with the name and the type that were given to it."""
    kind = sent.get(f"type-{one.number}", one.field["type"])
    text = sent.get(f"label-{one.number}", "").strip()[:80]
    label = {render.language(): text} if text else one.field["label"]
    if kind not in guess.TYPES:
        raise NotFound(type=kind)
    return guess.shaped(one.field["id"], kind, label, one.cells, render.language())
