"""Conditions that people pick on a list, `[{field, op, value}]`, as conditions of a query and nothing else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, exists, false, func, or_

from engines.core.fields import field_types
from engines.core.formula.types import DATETIME, LINK_PERSON, Type
from engines.core.kernel.errors import AppError, NotFound, Rejected
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look

from . import days, imports
from .place import Place
from .query import Where
from .source import Source, Values

SYSTEM: dict[str, Type] = {"created_at": DATETIME, "updated_at": DATETIME, "created_by": LINK_PERSON}
"""What every record has and a list may show, sort and filter by."""
BLANK = ("blank", "filled")
RUN = "_import"
"""The condition `_import is 12`: what the reader's own import 12 created or changed. No field can be called so."""
OPS: dict[str, tuple[str, ...]] = {
    "text": ("contains", "is", "starts", *BLANK),
    "number": ("eq", "gt", "lt", "between", *BLANK),
    "date": ("today", "last", "next", "this_week", "this_month", "month", "before", "after", "on", *BLANK),
    "choice": ("is", "any", "not", *BLANK),
    "list": ("has", "any", "lacks", *BLANK),
    "person": ("me", "is", "not", *BLANK),
    "link": ("is", *BLANK),
    "boolean": ("yes", "no"),
    "blank": BLANK,
}
"""Operators by family of value; the first is the one a person most likely wants."""
WITHOUT_VALUE = {"today", "this_week", "this_month", "month", "me", "yes", "no", *BLANK}


class BadFilter(AppError):
    """A condition that means nothing here; `field` is its id."""

    code = "bad_filter"
    words = {
        "zh": "「{field}」不能按「{op}」筛选，去掉这个条件再试",
        "en": "'{field}' cannot be filtered by '{op}': take that condition away",
    }


@dataclass(frozen=True)
class Condition:
    """One condition with what it needs to become SQL."""

    field: Definition
    op: str
    value: Any
    kind: Type


def family(kind: Type) -> str:
    """Which operators a value has."""
    if kind.kind == "list":
        return "blank" if kind.item and kind.item.kind == "file" else "list"
    if kind.kind == "link":
        return "link" if kind.form else "person"
    return {"datetime": "date", "duration": "number", "file": "blank"}.get(kind.kind, kind.kind)


def filterable(source: Source, look: Look) -> dict[str, Type]:
    """What the reader may filter by: readable fields and the system's."""
    scope = look.rights.scope(source.id)
    own = {
        name: field_types.get(f["type"]).value_type(f)
        for name, f in source.fields.items()
        if scope.compares(name) and (name in source.links or name in source.table.c)
    }
    return own | SYSTEM


def compile_filters(look: Look, source: Source, given: Sequence[Definition], zone: str) -> tuple[Where, ...]:
    """A Where for each condition; BadFilter for a field that is hidden or unknown, an operator that its values do not
    have, or a value that cannot be read."""
    known = filterable(source, look)
    return tuple(
        _brought(look, source, one, n) if one.get("field") == RUN else _where(look, source, one, n, known, zone)
        for n, one in enumerate(given)
    )


def search(source: Source, look: Look, text: str) -> tuple[Where, ...]:
    """Records that have the text in one of their readable lines of text."""
    names = [n for n, kind in filterable(source, look).items() if kind.kind == "text" and n in source.table.c]
    if not text.strip() or not names:
        return (Where(lambda place: false(), "nothing"),) if text.strip() else ()
    return (
        Where(
            lambda place: or_(*(_like(place.column(name), "q") for name in names)),
            ("search", tuple(names)),
            {"q": f"%{_escaped(text.strip())}%"},
        ),
    )


def _where(look: Look, source: Source, given: Definition, n: int, known: dict[str, Type], zone: str) -> Where:
    name, op = str(given.get("field", "")), str(given.get("op", ""))
    if name not in known or op not in OPS.get(family(known[name]), ()):
        raise BadFilter(field=name, op=op)
    field = source.fields.get(name, {"id": name, "type": ""})
    condition = Condition(field, op, given.get("value"), known[name])
    try:
        make, params = MAKERS[family(known[name])](condition, look, zone)
    except (Rejected, ValueError, TypeError, ArithmeticError):
        raise BadFilter(field=name, op=op) from None
    params = {f"f{n}{suffix}": value for suffix, value in params.items()}
    return Where(lambda place: make(place, f"f{n}"), ("filter", n, name, op, tuple(params)), params)


def _brought(look: Look, source: Source, given: Definition, n: int) -> Where:
    """By provenance: each record that the history names with this import, one by one or as a run of new ones."""
    try:
        number = imports.own(look, source.id, int(given.get("value") or 0))
    except (NotFound, ValueError, TypeError):
        raise BadFilter(field=RUN, op=str(given.get("op", ""))) from None

    def make(place: Place) -> ColumnElement[bool]:
        return place.key.in_(imports.brought(place.source.table, f"f{n}form", f"f{n}ref"))

    return Where(make, ("filter", n, RUN), {f"f{n}form": source.id, f"f{n}ref": str(number)})


Made = tuple[Callable[[Place, str], ColumnElement[bool]], Values]


def _blank(condition: Condition) -> Made:
    name, blank = condition.field["id"], condition.op == "blank"

    def make(place: Place, prefix: str) -> ColumnElement[bool]:
        if name in place.source.links:
            link, record, _value = place.link(name)
            some = exists().select_from(link).where(record == place.key)
            return ~some if blank else some
        column = place.column(name)
        return column.is_(None) if blank else column.is_not(None)

    return make, {}


def _text(condition: Condition, look: Look, zone: str) -> Made:
    if condition.op in BLANK:
        return _blank(condition)
    name, text = condition.field["id"], str(condition.value or "").strip()
    if not text:
        raise Rejected("required")
    if condition.op == "is":
        return lambda place, prefix: _equal(place, name, prefix), {"": text}
    pattern = f"{_escaped(text)}%" if condition.op == "starts" else f"%{_escaped(text)}%"
    return lambda place, prefix: _like(place.column(name), prefix), {"": pattern}


def _number(condition: Condition, look: Look, zone: str) -> Made:
    name, op = condition.field["id"], condition.op
    if op in BLANK:
        return _blank(condition)
    if op == "between":
        low, high = (_figure(condition, one) for one in condition.value)
        return lambda place, prefix: _between(place.column(name), prefix), {"a": low, "b": high}
    signs: dict[str, Callable[[Any, Any], Any]] = {
        "eq": lambda a, b: a == b,
        "gt": lambda a, b: a > b,
        "lt": lambda a, b: a < b,
    }
    return lambda place, prefix: signs[op](place.column(name), _bound(place, name, prefix)), {
        "": _figure(condition, condition.value)
    }


def _date(condition: Condition, look: Look, zone: str) -> Made:
    """Days as the app's zone has them, from the first one on and up to the one after the last."""
    name = condition.field["id"]
    if condition.op in BLANK:
        return _blank(condition)
    now = days.today(look.now, zone)
    if condition.op == "month":
        return _birthdays(name, condition, f"{now:%m}")
    start, end = days.span(condition.op, condition.value, now)
    stored = days.iso if condition.kind.kind == "date" else lambda day: days.instant(day, zone)
    params = {k: stored(day) for k, day in (("a", start), ("b", end)) if day is not None}

    def make(place: Place, prefix: str) -> ColumnElement[bool]:
        column = place.column(name)
        low = column >= bindparam(f"{prefix}a", type_=column.type) if "a" in params else column.is_not(None)
        return low & (column < bindparam(f"{prefix}b", type_=column.type)) if "b" in params else low

    return make, params


def _birthdays(name: str, condition: Condition, month: str) -> Made:
    """Days of this month, whatever the year."""
    if condition.kind.kind != "date":
        raise Rejected("not_a_date")
    return lambda place, prefix: func.substr(place.column(name), 6, 2) == bindparam(prefix, type_=Text()), {"": month}


def _choice(condition: Condition, look: Look, zone: str) -> Made:
    name, op = condition.field["id"], condition.op
    if op in BLANK:
        return _blank(condition)
    wanted = _ids(condition)
    params = {f"v{n}": value for n, value in enumerate(wanted)}

    def make(place: Place, prefix: str) -> ColumnElement[bool]:
        column = place.column(name)
        inside = column.in_([bindparam(f"{prefix}{key}", type_=column.type) for key in params])
        return or_(~inside, column.is_(None)) if op == "not" else inside

    return make, params


def _list(condition: Condition, look: Look, zone: str) -> Made:
    """`has`: every one of them; `any`: at least one; `lacks`: none."""
    name, op = condition.field["id"], condition.op
    if op in BLANK:
        return _blank(condition)
    params = {f"v{n}": value for n, value in enumerate(_ids(condition))}

    def held(place: Place, keys: list[str]) -> ColumnElement[bool]:
        link, record, value = place.link(name)
        inside = value.in_([bindparam(key, type_=value.type) for key in keys])
        return exists().select_from(link).where(record == place.key, inside)

    def make(place: Place, prefix: str) -> ColumnElement[bool]:
        keys = [f"{prefix}{key}" for key in params]
        if op == "has":
            every = [held(place, [key]) for key in keys]
            return every[0].self_group() if len(every) == 1 else _all(every)
        return ~held(place, keys) if op == "lacks" else held(place, keys)

    return make, params


def _person(condition: Condition, look: Look, zone: str) -> Made:
    mine = Condition(condition.field, "is", look.actor.id, condition.kind)
    return _choice(mine if condition.op == "me" else condition, look, zone)


def _boolean(condition: Condition, look: Look, zone: str) -> Made:
    name, yes = condition.field["id"], condition.op == "yes"
    return lambda place, prefix: func.coalesce(place.column(name), 0) == int(yes), {}


MAKERS: dict[str, Callable[[Condition, Look, str], Made]] = {
    "text": _text,
    "number": _number,
    "date": _date,
    "choice": _choice,
    "list": _list,
    "person": _person,
    "link": _choice,
    "boolean": _boolean,
    "blank": lambda condition, look, zone: _blank(condition),
}


def _all(parts: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    whole = parts[0]
    for part in parts[1:]:
        whole = whole & part
    return whole


def _ids(condition: Condition) -> list[Any]:
    """Option ids, or record and person ids as numbers."""
    given = condition.value if isinstance(condition.value, list) else [condition.value]
    item = condition.kind.item or condition.kind
    found = [int(one) if item.kind == "link" else str(one) for one in given if one not in (None, "")]
    if not found or len(found) > 100:
        raise Rejected("required")
    return found


def _figure(condition: Condition, raw: Any) -> Any:
    """A number as it is stored: the field's own type reads it where people may write it."""
    kind = field_types.get(condition.field["type"])
    free = {name: value for name, value in condition.field.items() if name not in ("min", "max")}
    if str(raw or "").strip() == "":
        raise Rejected("required")
    if kind.computed_by(condition.field) is None:
        return kind.parse(raw, free)
    amount = float(str(raw).replace(",", ""))
    return round(amount * 10**condition.kind.scale) if condition.kind.scale else amount


def _between(column: ColumnElement[Any], prefix: str) -> ColumnElement[bool]:
    low, high = (bindparam(f"{prefix}{end}", type_=column.type) for end in "ab")
    return column.between(low, high)


def _equal(place: Place, name: str, prefix: str) -> ColumnElement[bool]:
    return place.column(name) == _bound(place, name, prefix)


def _bound(place: Place, name: str, key: str) -> ColumnElement[Any]:
    return bindparam(key, type_=place.column(name).type)


def _like(column: ColumnElement[Any], key: str) -> ColumnElement[bool]:
    """Letters of the Latin alphabet are taken alike, great or small, on both databases."""
    return func.lower(column).like(bindparam(key, type_=Text()), escape="\\")


def _escaped(text: str) -> str:
    lowered = "".join(c.lower() if c.isascii() else c for c in text)
    return lowered.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
