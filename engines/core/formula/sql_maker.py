"""The walk that turns typed terms into SQL pairs; what each operation becomes stands in sql_terms and sql_related."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    null,
    or_,
    true,
)  # fmt: skip

from .check import pushable
from .env import Env
from .faults import FormulaFault
from .functions.base import FUNCTIONS
from .native import call, sql_type
from .python import compile_term, kept_flags, may_fault
from .tree import Term, tree_to_json
from .types import Type

Expression = ColumnElement[Any]
OF_ROW = frozenset({"field", "path", "aggregate", "outer", "OLD", "CHANGED", "fault"})
OF_ENV = frozenset({"TODAY", "NOW", "CURRENT_USER", "CURRENT_ROLE", "HAS_ROLE", "IN_DEPARTMENT"})
MAKERS: dict[str, "Making"] = {}


class NotPushable(Exception):
    """This formula cannot run in the database; the caller finishes in Python."""


class Place(Protocol):
    """Where the fields of a form stand in SQL; made by whoever owns the tables and the rights."""

    @property
    def key(self) -> Expression:
        """The row id."""
        ...

    def column(self, field_id: str) -> Expression: ...

    def link(self, field_id: str) -> tuple[FromClause, Expression, Expression]:
        """Of a list: the link table, its record column, its value column."""
        ...

    def related(self, relation_id: str) -> tuple[FromClause, "Place", ColumnElement[bool]]:
        """The related table under an alias of its own, its place, and the join with what may be seen."""
        ...


@dataclass(frozen=True)
class Late:
    """A part that depends on the instant or the person but not on the row: bound each time by `name`."""

    name: str
    term: Term
    fails: bool

    @cached_property
    def run(self) -> Callable[[Any, Env], Any]:
        return compile_term(self.term)


@dataclass(frozen=True)
class Sql:
    """`value` and, where it can fail, `error`; `codes` are the faults that it can mean. `loose`: NULL means FALSE.

    `bare` is the value for a WHERE clause, in which NULL is as good as FALSE and an index can serve a comparison.
    """

    value: Expression
    error: ColumnElement[bool] | None = None
    codes: frozenset[str] = frozenset()
    loose: bool = False
    late: tuple[Late, ...] = ()
    bare: Expression | None = None

    @property
    def where(self) -> ColumnElement[bool]:
        """For WHERE: a row with an error is left out."""
        bare = self.value if self.bare is None else self.bare
        return bare if self.error is None else and_(not_(self.error), bare)

    def params(self, env: Env) -> dict[str, Any]:
        """What to bind for this instant and person."""
        bound: dict[str, Any] = {}
        for late in self.late:
            try:
                bound[late.name], failed = late.run({}, env), False
            except FormulaFault:
                bound[late.name], failed = None, True
            if late.fails:
                bound[late.name + "_fault"] = failed
        return bound


def either(*errors: ColumnElement[bool] | None) -> ColumnElement[bool] | None:
    real = [error for error in errors if error is not None]
    return None if not real else real[0] if len(real) == 1 else or_(*real)


def row_free(term: Term) -> bool:
    return not any(part.op in OF_ROW for part in term.walk())


def flag(value: Expression) -> Expression:
    """A boolean as 1, 0 or NULL, for comparing."""
    return case((value, 1), (not_(value), 0))


@dataclass
class Maker:
    """One statement part being written; `outer` is the maker of the record that asks, inside an aggregate."""

    place: Place
    zone: str
    aggregates: dict[str, Any]
    outer: "Maker | None" = None
    late: dict[str, Late] = field(default_factory=dict)

    def make(self, term: Term) -> Sql:
        if term.op == "const":
            return Sql(self.literal(term.value, term.type))
        if term.op != "fault" and row_free(term):
            folded = self.folded(term)
            if folded is not None:
                return folded
        if not pushable(term.op):
            raise NotPushable(term.op)
        maker = MAKERS.get(term.op)
        return maker(self, term) if maker else self.called(term)

    def makes(self, terms: Sequence[Term]) -> list[Sql]:
        return [self.make(term) for term in terms]

    def literal(self, value: Any, kind: Type) -> Expression:
        type_ = sql_type(kind.kind)
        if value is None:
            return cast(null(), type_)
        if kind.kind == "boolean":
            return true() if value else false()
        return literal(value, type_)

    def folded(self, term: Term) -> Sql | None:
        """What does not depend on the row: a constant now, or a parameter bound later."""
        if any(part.op in OF_ENV for part in term.walk()):
            return self.bound(term)
        try:
            value = compile_term(term)({}, Env(0, self.zone))
        except FormulaFault:
            return None
        return Sql(self.literal(value, term.type))

    def bound(self, term: Term) -> Sql:
        plain = json.dumps(tree_to_json(term), sort_keys=True).encode()
        name = "dg_" + hashlib.sha256(plain).hexdigest()[:12]
        late = self.late.setdefault(name, Late(name, term, may_fault(term)))
        error = bindparam(name + "_fault", type_=sql_type("boolean")) if late.fails else None
        bound = bindparam(name, type_=sql_type(term.type.kind))
        value = cast(bound, sql_type("number")) if term.type.kind == "number" else bound  # a NULL needs its type
        return Sql(value, error, frozenset({"NUM"}) if late.fails else frozenset())

    def called(self, term: Term) -> Sql:
        """A registered function; its own fault shows as NULL where no operand is."""
        made = FUNCTIONS[term.op]
        parts = self.makes(term.args)
        zone = [literal(self.zone, sql_type("text"))] if made.zone else []
        value = call(made.name, term.type.kind, *zone, *(part.value for part in parts))
        error = either(*(part.error for part in parts))
        if made.faults and not (term.op == "MOD" and term.args[1].op == "const" and term.args[1].value):
            strict = [p.value.is_not(None) for p, a, kept in zip(parts, term.args, kept_flags(term), strict=True)
                      if a.blank and not kept]  # fmt: skip
            error = either(error, and_(*strict, value.is_(None)))
        codes = frozenset(made.faults).union(*(part.codes for part in parts))
        return Sql(value, error, codes, loose=False)


Making = Callable[[Maker, Term], Sql]


def making(*ops: str) -> Callable[[Making], Making]:
    """Decorator of what an operation becomes in SQL."""

    def register(make: Making) -> Making:
        MAKERS.update(dict.fromkeys(ops, make))
        return make

    return register


def solid(made: Sql) -> Expression:
    """The value of a condition, never NULL."""
    return func.coalesce(made.value, false()) if made.loose else made.value


def codes_of(parts: Iterable[Sql]) -> frozenset[str]:
    return frozenset[str]().union(*(part.codes for part in parts))
