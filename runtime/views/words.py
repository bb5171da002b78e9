"""Conditions in words: what stands on a filter chip, in the menu of operators, and in an empty list."""

from typing import Any

from flask_babel import gettext, lazy_gettext

from engines.core.fields import field_types
from engines.core.kernel.errors import NoSuchField
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.core.records import filters, imports, query
from engines.form.lists import fields_of, shape
from engines.form.read import Known

from .. import render
from .base import Place

OPS: dict[str, Any] = {
    "contains": lazy_gettext("contains"),
    "is": lazy_gettext("is"),
    "not": lazy_gettext("is not"),
    "starts": lazy_gettext("starts with"),
    "blank": lazy_gettext("is empty"),
    "filled": lazy_gettext("is filled in"),
    "eq": "=",
    "gt": ">",
    "lt": "<",
    "between": lazy_gettext("is between"),
    "today": lazy_gettext("is today"),
    "last": lazy_gettext("in the last days"),
    "next": lazy_gettext("in the next days"),
    "this_week": lazy_gettext("this week"),
    "this_month": lazy_gettext("this month"),
    "month": lazy_gettext("in this month of any year"),
    "before": lazy_gettext("before"),
    "after": lazy_gettext("after"),
    "on": lazy_gettext("on"),
    "any": lazy_gettext("is any of"),
    "has": lazy_gettext("has"),
    "lacks": lazy_gettext("does not have"),
    "me": lazy_gettext("is me"),
    "yes": lazy_gettext("yes"),
    "no": lazy_gettext("no"),
}


def chips(look: Look, place: Place, conditions: tuple[Definition, ...], known: Known) -> list[tuple[str, str]]:
    """(field, the rest) for each condition, in the reader's language."""
    fields = fields_of(look, place.form)
    return [
        _import(look, place, c)
        if c["field"] == filters.RUN
        else (render.label(fields[c["field"]]["label"]), _rest(look, place, fields[c["field"]], c, known))
        for c in conditions
        if c["field"] in fields or c["field"] == filters.RUN
    ]


def _import(look: Look, place: Place, condition: Definition) -> tuple[str, str]:
    """The file and the time of an import."""
    found = imports.one(look, int(condition["value"]))
    moment = render.moment(found["at"], place.form.zone)
    return gettext("Import"), f"{found['name']} · {moment}"


def operators(look: Look, place: Place, name: str) -> list[str]:
    """What a field may be filtered by; NoSuchField, also for one that is hidden."""
    kind = filters.filterable(place.form.source, look).get(name)
    if kind is None:
        raise NoSuchField(field=name)
    return list(filters.OPS[filters.family(kind)])


def _rest(look: Look, place: Place, field: Definition, condition: Definition, known: Known) -> str:
    op, value = condition["op"], condition.get("value")
    if op in ("last", "next"):
        days = {"last": gettext("last %(n)s days", n=value), "next": gettext("next %(n)s days", n=value)}
        return days[op]
    said = str(OPS.get(op, op))
    if op in filters.WITHOUT_VALUE:
        return said
    values = value if isinstance(value, list) else [value]
    joined = ("、" if render.language() == "zh" else ", ").join(
        _value(look, place, field, one, known) for one in values
    )
    if op == "between":
        return f"{joined.replace('、', ' – ').replace(', ', ' – ')}"
    return joined if op in ("is", "on", "any") else f"{said} {joined}"


def _value(look: Look, place: Place, field: Definition, value: Any, known: Known) -> str:
    chosen = render.options(field, str(value))
    if chosen:
        return render.label(chosen[0]["label"])
    kind = field_types.get(field["type"]).value_type(field)
    item = kind.item or kind
    if item.kind == "link" and str(value).isdigit():
        if not item.form:
            return known.people.get(int(value), str(value))
        if item.form in place.form.source.others:
            titles = query.titles(look, place.form.source.others[item.form], [int(value)])
            return str(titles.get(int(value), value))
    if kind.kind in ("date", "datetime"):
        return _day(str(value))
    return f"¥{value}" if shape(field)["type"] == "money" else str(value)


def _day(text: str) -> str:
    if text.startswith("-") and text.endswith("d"):
        return gettext("%(n)s days ago", n=text[1:-1])
    try:
        return render.day(text)
    except ValueError:
        return text
