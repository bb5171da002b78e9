"""Structured conditions `{field, op, value}`: what parameters, cross filters and marks are made of; each can be laid
on any form that has the field."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, literal_column, not_, or_, select, true

from engines.core.formula.env import Env
from engines.core.formula.types import Type
from engines.core.records.place import Place
from engines.core.records.query import Where
from engines.core.records.source import Source

from .buckets import Bucket, Moment
from .errors import BadParam
from .paths import Path, Sight, Test, reach, resolve
from .zones import instant

Cell = ColumnElement[Any]
COMPARE: dict[str, Callable[[Cell, Cell], Cell]] = {
    "=": lambda c, v: c == v,
    "<": lambda c, v: c < v,
    "<=": lambda c, v: c <= v,
    ">": lambda c, v: c > v,
    ">=": lambda c, v: c >= v,
}
OPS = (*COMPARE, "!=", "in", "not_in", "others", "empty", "filled", "contains", "period", "bucket")


@dataclass(frozen=True)
class Cut:
    """`value`: plain values; a list for in, not_in and others (None among them means blank); for period (start, end)
    as local moments; for bucket {unit, first, label}. `!=` and `not_in` keep blank ones."""

    field: str
    op: str
    value: Any = None

    def to(self, field: str) -> "Cut":
        return replace(self, field=field)


@dataclass
class Binder:
    """Names for the values of one run, in the order in which they come."""

    zone: str
    count: int = 0
    prefix: str = "r"

    def name(self) -> str:
        self.count += 1
        return f"{self.prefix}_{self.count}"


def where(cut: Cut, source: Source, sight: Sight, binder: Binder) -> Where:
    """The condition on records of `source`; Hidden when the reader may not read what it asks for."""
    path = sight.open(resolve(source, cut.field))
    made = _Made(path, binder, sight.env)
    test, blank = made.test(cut)
    params = made.params
    key = ("cut", path.text, cut.op, made.shape, tuple(params))

    def make(place: Place) -> ColumnElement[bool]:
        return reach(sight.place(place.source, place.table), path.ways, test, blank=blank)

    return Where(make, key, params)


class _Made:
    """One cut on its way to SQL: the values it binds and their number."""

    def __init__(self, path: Path, binder: Binder, env: Env) -> None:
        self.path, self.binder = path, binder
        self.params: dict[str, Any] = dict(path.params(env))
        self.shape: Any = None

    def test(self, cut: Cut) -> tuple[Test, bool]:
        """The test at the end of the path, and whether a blank passes it."""
        op, value = cut.op, cut.value
        if op in ("period", "bucket"):
            return self._span(cut), False
        if op in ("empty", "filled"):
            return self._any(lambda c: true(), blank=op == "empty"), op == "empty"
        if op == "others":
            return self._others(value)
        if op in ("in", "not_in"):
            return self._among(value if isinstance(value, (list, tuple)) else [value], op)
        if op in ("=", "!=") and value is None:
            return self.test(Cut(cut.field, "empty" if op == "=" else "filled"))
        if op == "!=":
            return self._among([value], "not_in")
        if op == "contains":
            return self._contains(value), False
        if op not in COMPARE:
            raise BadParam(param=cut.field, value=op)
        bound, compare = self._bind(value), COMPARE[op]
        return self._any(lambda c: compare(c, bound)), False

    def _among(self, values: Any, op: str) -> tuple[Test, bool]:
        bound = [self._bind(v) for v in values if v is not None]
        blank, self.shape = None in values, (len(bound), None in values)
        meets = (lambda c: c.in_(bound)) if bound else (lambda c: literal_column("1") == literal_column("0"))
        inside = self._any(meets)
        nothing = self._any(lambda c: true(), blank=True)

        def within(place: Place) -> ColumnElement[bool]:
            return or_(inside(place), nothing(place)) if blank else inside(place)

        if op == "in":
            return within, blank
        return (lambda p: not_(within(p))), not blank

    def _others(self, values: Any) -> tuple[Test, bool]:
        """What stands beside the first few: a list counts when it holds one of the others, or nothing at all."""
        if not self.path.listed:
            return self._among(values, "not_in")
        bound = [self._bind(v) for v in values if v is not None]
        blank, self.shape = None not in values, (len(bound), None in values)
        another, nothing = self._any(lambda c: c.not_in(bound)), self._any(lambda c: true(), blank=True)
        return (lambda p: or_(another(p), nothing(p)) if blank else another(p)), blank

    def _span(self, cut: Cut) -> Test:
        if self.path.type.kind not in ("date", "datetime"):
            raise BadParam(param=cut.field, value=cut.op)
        start, end = (self._bind(moment) for moment in self._moments(cut))
        return self._any(lambda c: and_(c >= start, c < end))

    def _moments(self, cut: Cut) -> tuple[Moment, Moment]:
        if cut.op == "period":
            start, end = cut.value
            return start, end
        try:
            return Bucket(cut.value["unit"], cut.value.get("first", 1)).span(cut.value["label"])
        except (ValueError, KeyError, TypeError):
            raise BadParam(param=cut.field, value=cut.value) from None

    def _contains(self, value: Any) -> Test:
        name = self.binder.name()
        escaped = str(value).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        self.params[name] = f"%{escaped}%"
        return self._any(lambda c: c.like(bindparam(name), escape="\\"))

    def _any(self, meets: Callable[[Cell], ColumnElement[bool]], *, blank: bool = False) -> Test:
        """On the column, or on any of the values of a list field; `blank`: that there is no value."""
        path = self.path

        def test(place: Place) -> ColumnElement[bool]:
            if not path.listed:
                column = path.at(place)
                return column.is_(None) if blank else and_(column.is_not(None), meets(column))
            link, record, value = place.link(path.field)
            found: Select[Any] = (
                select(literal_column("1")).select_from(link).correlate(place.table).where(record == place.key)
            )
            return not_(found.exists()) if blank else found.where(meets(value)).exists()

        return test

    def _bind(self, value: Any) -> Cell:
        name = self.binder.name()
        kind = self.path.type.item or self.path.type
        try:
            self.params[name] = stored(kind, value, self.binder.zone)
        except (ValueError, ArithmeticError, TypeError):
            raise BadParam(param=self.path.text, value=value) from None
        return bindparam(name)


def stored(kind: Type, value: Any, zone: str) -> Any:
    """A plain value as its column holds it; local moments become instants where the column has instants."""
    if isinstance(value, Moment):
        return instant(value, zone) if kind.kind == "datetime" else value.date().isoformat()
    if kind.kind == "number" and kind.scale:
        return int(Decimal(str(value)).scaleb(kind.scale).to_integral_value())
    if kind.kind in ("number", "duration"):
        return float(value)
    if kind.kind == "boolean":
        return int(value in (True, 1, "1", "true"))
    if kind.kind == "link":
        return int(value)
    if kind.kind == "datetime" and isinstance(value, str):
        return instant(Moment.fromisoformat(value), zone)
    return value if kind.kind == "datetime" else str(value)
