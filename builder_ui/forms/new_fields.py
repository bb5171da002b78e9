"""A new field of each type, complete enough to be published as it is where that can be."""

from collections.abc import Callable
from typing import Any

from engines.core.fields import field_types
from engines.core.kernel.kind import Definition
from engines.core.records.source import Way
from engines.form.compile import ways_of

from ..base import Page, fresh

WIDE = ("long_text", "tags", "subform", "file", "image")
COPIED = ("type", "options", "scale", "currency", "unit", "form", "multiple", "result", "max", "from_zero", "zone")
"""What a lookup copies from the field that it shows."""
ADDS_UP = ("number", "money", "percent")


def new_field(page: Page, kind: str, taken: set[str]) -> Definition:
    """Under a fresh id, labelled like its type; UnknownType when there is no such type."""
    found = field_types.get(kind)
    name = fresh(kind, taken)
    n = name.removeprefix(kind).lstrip("_")
    label = {language: f"{text} {n}".strip() for language, text in found.label.items()}
    field = {"id": name, "type": kind, "label": label, "width": 12 if kind in WIDE else 6}
    return field | (STARTS[kind](page, field) if kind in STARTS else {})


def _options(page: Page, field: Definition) -> Definition:
    return {
        "options": [
            {"id": "one", "label": {"zh": "选项一", "en": "Option 1"}, "tone": "brand"},
            {"id": "two", "label": {"zh": "选项二", "en": "Option 2"}, "tone": "ok"},
        ]
    }


def _relation(page: Page, field: Definition) -> Definition:
    """To the first other form; the way back is called like this form."""
    forms = [form for form in page.parts("forms") if form["id"] != page.part] or [page.body]
    back = fresh(f"{page.part[:16]}s", {f["id"] for f in forms[0]["fields"]} | _backs(page, forms[0]["id"]))
    return {"form": forms[0]["id"], "reverse": {"id": back, "label": page.body["label"]}}


def _backs(page: Page, form: str) -> set[str]:
    """Names that ways back into a form already have."""
    fields = [f for one in page.parts("forms") for f in one["fields"] if f.get("form") == form]
    return {f["reverse"]["id"] for f in fields if isinstance(f.get("reverse"), dict)}


def _subform(page: Page, field: Definition) -> Definition:
    return {"fields": [{"id": "item", "type": "text", "label": {"zh": "内容", "en": "Item"}}]}


def _formula(page: Page, field: Definition) -> Definition:
    return {"formula": "0", "result": "number"}


def _lookup(page: Page, field: Definition) -> Definition:
    way = next((one for one in ways(page) if not one.many and not one.back), None)
    return looked_up(page, field | {"relation": way.id, "field": _title(page, way.form)}) if way else {}


def _rollup(page: Page, field: Definition) -> Definition:
    way = next((one for one in ways(page) if one.many), None)
    return {"relation": way.id, "aggregate": "count"} if way else {}


STARTS: dict[str, Callable[[Page, Definition], Definition]] = {
    "select": _options,
    "tags": _options,
    "relation": _relation,
    "subform": _subform,
    "formula": _formula,
    "lookup": _lookup,
    "rollup": _rollup,
}


def ways(page: Page) -> list[Way]:
    """How one gets from the open form to others and to its child rows; what is half defined is left out."""
    return list(ways_of(page.parts("forms")).get(page.part, {}).values())


def looked_up(page: Page, field: Definition) -> Definition:
    """A lookup with the look of the field that it shows."""
    seen = _end(page, field)
    return field | ({"result": {name: seen[name] for name in COPIED if name in seen}} if seen else {})


def rolled_up(page: Page, field: Definition) -> Definition:
    """A rollup whose result is of the kind that it adds up."""
    if field.get("aggregate") in ("count", "count_distinct"):
        kept = {name: value for name, value in field.items() if name not in ("result", "scale", "currency")}
        return {n: v for n, v in kept.items() if n != "field" or field["aggregate"] == "count_distinct"}
    seen = _end(page, field)
    kind = seen["type"] if seen and seen["type"] in (*ADDS_UP, "date", "datetime", "text") else "number"
    beside = {name: seen[name] for name in ("scale", "currency") if seen and name in seen}
    return field | {"result": kind} | beside


def _end(page: Page, field: Definition) -> Definition | None:
    """The field at the end of `relation` and `field`."""
    way = next((one for one in ways(page) if one.id == field.get("relation")), None)
    if way is None:
        return None
    if not way.form:
        inner: Any = next(f for f in page.body["fields"] if f["id"] == way.field).get("fields", [])
    else:
        inner = next(form for form in page.parts("forms") if form["id"] == way.form)["fields"]
    return next((f for f in inner if f["id"] == field.get("field")), None)


def _title(page: Page, form: str) -> str:
    found = next(one for one in page.parts("forms") if one["id"] == form)
    return str(found.get("title") or found["fields"][0]["id"])
