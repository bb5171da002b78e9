"""Which rows a role reaches: own, the department's, the department's and below, all, or those a formula names."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, false, or_, select

from engines.core.formula.check import Checked, check
from engines.core.formula.sql import Sql, to_sql
from engines.core.formula.types import BOOLEAN
from engines.core.kernel.kind import Definition
from engines.core.records.names import SourceNames
from engines.core.records.place import NAMED, Place
from engines.core.records.source import Source

from .tables import department, path, person_department

Spec = tuple[Any, ...]
"""("all",), (set name, fields that name the owner) or ("formula", text): equal ones are the same rows."""

SETS = ("own", "department", "department_below", "all")
OWNED_BY = ("created_by",)
CONTEXT = frozenset({"CURRENT_USER"})
"""What a role's formula may ask of the person."""


def spec_of(body: Definition) -> Spec:
    """The rows that a role's entry for a form names; none named is "own"."""
    rows = body.get("rows", "own")
    if isinstance(rows, dict):
        return ("formula", rows["formula"])
    return ("all",) if rows == "all" else (rows, tuple(body.get("own_by", OWNED_BY)))


def condition(place: Place, specs: list[Spec]) -> ColumnElement[bool]:
    """Rows that any of the specs reaches; `me` is bound to the reader's id."""
    return or_(*(_one(place, spec) for spec in specs))


def _one(place: Place, spec: Spec) -> ColumnElement[bool]:
    kind, named = spec
    if kind == "formula":
        return _formula(place, named)
    found = [_owned(place, field, kind) for field in named]
    return or_(*found) if found else false()


def _owned(place: Place, field: str, kind: str) -> ColumnElement[bool]:
    """The field names a person, or a department that the record belongs to."""
    if _names_department(place, field):
        return _among(place, field, lambda value: value.in_(departments_of("department" if kind == "own" else kind)))
    if kind == "own":
        return _among(place, field, lambda value: value == _me())
    return _among(place, field, lambda value: or_(value == _me(), value.in_(people_of(kind))))


def _among(place: Place, field: str, test: Callable[[ColumnElement[Any]], ColumnElement[bool]]) -> ColumnElement[bool]:
    if field in place.source.links:
        link, record, value = place.link(field)
        return select(link.c.record).where(record == place.key, test(value)).exists()
    return test(place.raw(NAMED.get(field, field)))


def _names_department(place: Place, field: str) -> bool:
    return bool(place.source.fields.get(field, {}).get("type") == "department")


def _me() -> ColumnElement[Any]:
    return bindparam("me", type_=BigInteger)


def departments_of(kind: str) -> Select[Any]:
    """Those I belong to or lead; with "below", all under them."""
    mine = select(person_department.c.department).where(person_department.c.person == _me())
    led = select(department.c.id).where(department.c.head == _me())
    if kind != "department_below":
        return mine.union(led).subquery().select()
    return select(path.c.descendant).where(or_(path.c.ancestor.in_(mine), path.c.ancestor.in_(led)))


def people_of(kind: str) -> Select[Any]:
    """Everybody who stands in one of those departments."""
    return select(person_department.c.person).where(person_department.c.department.in_(departments_of(kind)))


def row_formula(source: Source, text: str) -> Checked:
    """A role's formula over a form: FormulaError, pointing at the spot, when it is no condition."""
    return source.kept(
        ("rows", text),
        lambda: check(text, SourceNames(source), context=CONTEXT, pushdown=True, wants=BOOLEAN),
    )


def late_parts(source: Source, specs: list[Spec]) -> list[Sql]:
    """The formulas among the specs, for the values that they need of the moment and the person."""
    texts = [spec[1] for spec in specs if spec[0] == "formula"]
    place = Place(source, source.table)
    return [to_sql(row_formula(source, text), place, zone=source.zone) for text in texts]


def _formula(place: Place, text: str) -> ColumnElement[bool]:
    """A record on which the formula has an error or no answer is not reached."""
    return to_sql(row_formula(place.source, text), place, zone=place.source.zone).where
