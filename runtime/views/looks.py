"""Questions that templates ask: which cell opens, which field is whose, how a card on a phone is laid out."""

from typing import Any

from flask_babel import gettext

from engines.core.fields import field_types
from engines.core.kernel.kind import Definition
from engines.form import lists, submit

from .. import live, render
from . import state
from .base import Place, records

IN_PLACE = {
    "text", "number", "money", "percent", "date", "datetime", "select", "tags", "checkbox", "rating", "phone", "email",
    "link", "person", "department", "relation",
}  # fmt: skip


@records.app_template_global()
def is_open(place: Place, field: Definition) -> bool:
    """May this person fill it in by hand?"""
    return place.writes(field["id"]) and not submit.closed(field)


@records.app_template_global()
def readable(place: Place) -> set[str]:
    return {name for name in place.form.fields if place.scope.reads(name)}


@records.app_template_global()
def can_cell(place: Place, field: Definition) -> bool:
    """Can it be changed in the list itself?"""
    return place.may("edit") and is_open(place, field) and field_types.get(field["type"]).widget in IN_PLACE


@records.app_template_global()
def columns_open(place: Place) -> list[Definition]:
    """Fields that many records can be given at once."""
    return [
        f for n, f in place.form.fields.items() if place.scope.reads(n) and can_cell(place, f) and not f.get("unique")
    ]


@records.app_template_global()
def phone_roles(columns: list[Definition], title: str) -> dict[str, str]:
    """Where a column stands on a phone's card; the rest is left to the record's page."""
    found = {title: "c-title"}
    for field in columns:
        role = _role(field)
        if field["id"] != title and role and role not in found.values():
            found[field["id"]] = role
    return {field["id"]: found.get(field["id"], "c-rest") for field in columns}


@records.app_template_global()
def source_words(place: Place, names: list[str]) -> str:
    """Where the values of a section come from, when nobody fills it in."""
    for name in names:
        way = place.form.source.ways.get(str(place.form.fields[name].get("relation", "")))
        if way and way.form:
            label = render.label(place.app.forms[way.form].definition["label"])
            return str(gettext("Worked out from %(form)s", form=label))
    return str(gettext("Filled in by the system"))


@records.app_template_global()
def new_words(place: Place) -> str:
    """What the button says that makes a record: with its name where the form says what one is called."""
    if place.form.definition.get("one") or render.language() == "zh":
        return str(gettext("New %(what)s", what=render.label(place.one)))
    return str(gettext("New"))


@records.app_template_global()
def facts(place: Place, row: dict[str, Any]) -> list[Definition]:
    """The few values that say most about a record, for the line under its name: computed ones first."""
    known = [f for n, f in place.form.fields.items() if place.scope.reads(n) and row.get(n) is not None]
    own = sorted(known, key=lambda f: f["id"] not in place.form.source.computed)
    found: list[Definition] = []
    for kind, most in (("select", 1), ("money", 2), ("number", 1), ("datetime", 1)):
        fits = [f for f in own if lists.shape(f)["type"] == kind and f.get("style") != "tier"]
        found += fits[:most]
    return found


records.app_template_global("standing_how")(live.how)


@records.app_template_filter("written")
def written(condition: Definition) -> str:
    return state.written(condition)


def _role(field: Definition) -> str:
    kind: dict[str, Any] = {"money": "c-money", "number": "c-money", "datetime": "c-when", "date": "c-when"}
    seen = lists.shape(field)
    if seen["type"] == "select":
        return "c-tier" if field.get("style") == "tier" else "c-sub"
    return str(kind.get(seen["type"], ""))
