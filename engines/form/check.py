"""What a form's definition means: titles, layouts, relations and formulas that fit."""

from typing import Any

from engines.core.fields import field_types
from engines.core.formula.types import BOOLEAN
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition
from engines.core.records.spots import Found, formula_problems, missing

from .compile import Form
from .computed import computed_of


def problems(app: Any, form: Definition) -> Found:
    """(path within the form, words) for everything that does not fit."""
    made = app.form(form["id"])
    names = [field["id"] for field in form["fields"]]
    if form.get("title") not in (None, *names):
        yield "/title", missing(form["title"])
    for n, section in enumerate(form.get("layout", ())):
        for name in section["fields"]:
            if name not in names:
                yield f"/layout/{n}/fields", missing(name)
    broken = False
    for n, field in enumerate(form["fields"]):
        for path, words in _field(app, made, field):
            broken = True
            yield f"/fields/{n}{path}", words
    if not broken:
        yield from _ring(made)


def _field(app: Any, form: Form, field: Definition) -> Found:
    kind = field_types.get(field["type"])
    value = kind.value_type(field)
    target = value.item or value
    if (
        target.kind == "link"
        and target.form
        and not target.form.startswith(("_", "."))
        and target.form not in app.forms
    ):
        yield "/form", missing(target.form)
        return
    if (text := kind.computed_by(field)) is not None:
        yield from formula_problems(form.source, text, "")
    conditions = dict.fromkeys(("visible", "valid", "required_if", "read_only_if"), BOOLEAN)
    for name, wants in (conditions | {"default": value}).items():
        if text := field.get(name):
            yield from formula_problems(form.source, text, f"/{name}", wants=wants)


def _ring(form: Form) -> Found:
    try:
        computed_of(form)
    except AppError as ring:
        yield "/fields", {language: ring.say(language) for language in ("zh", "en")}
