"""What a page has to know beside its rows: names of people, titles of related records, files, looked-up values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from engines.core.access import departments, people
from engines.core.fields import field_types
from engines.core.formula.types import Type
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.core.records import files, query
from engines.core.records.source import Source, Values

from .compile import Form


@dataclass
class Known:
    """People and departments by id, titles of records of the app's forms by form and id, files by id."""

    app: str = ""
    people: dict[int, str] = field(default_factory=dict)
    departments: dict[int, str] = field(default_factory=dict)
    titles: dict[str, dict[int, Any]] = field(default_factory=dict)
    files: dict[int, dict[str, Any]] = field(default_factory=dict)


def known(look: Look, form: Form, rows: Sequence[Values], fields: Iterable[Definition] | None = None) -> Known:
    """Everything that showing these fields of these rows needs, in one statement a kind; looked-up values are put
    into the rows."""
    wanted = list(fields if fields is not None else form.fields.values())
    for one in wanted:
        if one["type"] == "lookup":
            look_up(look, form, rows, one)
    places = {d["id"]: d["name"] for d in departments.all_of(look.session)}
    found = Known(form.app, people.names(look.session), places)
    linked: dict[str, set[int]] = {}
    for one in _with_columns(wanted):
        kind = _item(field_types.get(one["type"]).value_type(one))
        ids = {i for row in rows for i in _ids(row, one)}
        if kind.kind == "file":
            found.files |= files.known(look, ids)
        elif kind.kind == "link" and kind.form in form.source.others:
            linked.setdefault(kind.form, set()).update(ids)
    for name, numbers in linked.items():
        found.titles[name] = titles(look, form.source.others[name], numbers)
    return found


def titles(look: Look, source: Source, records: Iterable[int]) -> dict[int, Any]:
    """What visible records are called, in words; a form whose title is a relation is called by what it points at."""
    raw = query.titles(look, source, sorted(set(records)))
    field, way = source.fields[source.title], source.ways.get(source.title)
    if way and not way.back and way.form and not way.many:
        ids = {value for value in raw.values() if isinstance(value, int)}
        names = query.titles(look, source.others[way.form], sorted(ids))
        return {record: names.get(value, "") for record, value in raw.items()}
    return {record: field_types.get(field["type"]).to_text(value, field, "zh") for record, value in raw.items()}


def look_up(look: Look, form: Form, rows: Sequence[Values], one: Definition) -> None:
    """The value of a related record's field, for each row; nothing where the reader may not see it, unless it is a
    published result."""
    way = form.source.ways.get(one["relation"])
    if one.get("published"):
        look = look.as_system("a published lookup is shown to who may see the field, whoever may see the other record")
    if way is None or way.back or not way.form or not look.rights.scope(_other(form, way.form).id).reads(one["field"]):
        return
    ids = {i for row in rows for i in _numbers(row.get(way.field))}
    other = _other(form, way.form)
    found = {r["_id"]: r for r in query.many(look, other, sorted(ids))}
    for row in rows:
        values = [found[i].get(one["field"]) for i in _numbers(row.get(way.field)) if i in found]
        row[one["id"]] = tuple(values) if way.many else next(iter(values), None)


def _other(form: Form, name: str) -> Source:
    return form.source.others[name]


def _with_columns(fields: Sequence[Definition]) -> list[Definition]:
    """Fields, and the columns of their child rows."""
    return [*fields, *(c | {"_in": f["id"]} for f in fields for c in field_types.get(f["type"]).children(f) or ())]


def _ids(row: Values, one: Definition) -> list[int]:
    if "_in" in one:
        return [i for child in row.get(one["_in"]) or () for i in _numbers(child.get(one["id"]))]
    return _numbers(row.get(one["id"]))


def _numbers(value: Any) -> list[int]:
    return [i for i in (value if isinstance(value, (tuple, list)) else [value]) if isinstance(i, int)]


def _item(kind: Type) -> Type:
    return kind.item or kind
