"""What a form's definition means: titles, layouts, relations and formulas that fit."""

from collections.abc import Iterator
from typing import Any

from engines.core.fields import field_types
from engines.core.formula.check import check
from engines.core.formula.problems import FormulaError
from engines.core.formula.types import BOOLEAN, Type
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition, Label
from engines.core.records.names import SourceNames

from .compile import Form
from .computed import computed_of

Found = Iterator[tuple[str, Label]]


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
        yield from formula_problems(form, text, "")
    for name, wants in (("visible", BOOLEAN), ("default", value)):
        if text := field.get(name):
            yield from formula_problems(form, text, f"/{name}", wants=wants)


def _ring(form: Form) -> Found:
    try:
        computed_of(form)
    except AppError as ring:
        yield "/fields", {language: ring.say(language) for language in ("zh", "en")}


def formula_problems(
    form: Form,
    text: str,
    path: str,
    *,
    wants: Type | None = None,
    context: frozenset[str] = frozenset({"CURRENT_USER"}),
    pushdown: bool = False,
) -> Found:
    """What is wrong with formula text over a form, with the spot in the text."""
    try:
        check(text, SourceNames(form.source), context=context, wants=wants, pushdown=pushdown)
    except FormulaError as error:
        for one in error.problems:
            yield path, {language: _at(one, language) for language in ("zh", "en")}


def _at(problem: Any, language: str) -> str:
    place = f"第 {problem.start + 1} 字" if language == "zh" else f"at {problem.start + 1}"
    return f"{problem.words[language]} ({place})"


def missing(name: str) -> Label:
    return {"zh": f"没有「{name}」", "en": f"there is no '{name}'"}
