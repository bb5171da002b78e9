"""Related records in SQL: a path as a scalar sub-query, a summary as one or as a grouped statement."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from .native import CodePoints, joined, sql_type
from .sql_maker import Expression, Maker, Place, Sql, codes_of, making
from .sql_terms import shown
from .tree import Aggregate, Term

NUMBER = sql_type("number")
PICKS = ("LATEST", "EARLIEST", "LOOKUP")


@making("path")
def path(maker: Maker, term: Term) -> Sql:
    """A field of the record at the end of some links."""
    *relations, last = term.value
    sources: list[FromClause] = []
    joins: list[ColumnElement[bool]] = []
    place = maker.place
    for relation in relations:
        source, place, join = place.related(relation)
        sources.append(source)
        joins.append(join)
    column = select(shown(place.column(last), term)).select_from(*sources).where(*joins)
    return Sql(column.correlate_except(*sources).scalar_subquery(), loose=term.type.kind == "boolean")


@making("aggregate")
def aggregate(maker: Maker, term: Term) -> Sql:
    """A summary of related records for one record."""
    made = maker.aggregates[term.value]
    inside = Inside(maker, made)
    found = inside.statement().correlate_except(inside.source)
    value: Expression = found.scalar_subquery()
    if made.function == "EXISTS":
        value = exists(found)
    return Sql(value, inside.error(), inside.codes, loose=term.type.kind == "boolean" and term.blank)


def grouped(aggregate: Aggregate, place: Place, *, zone: str = "UTC") -> Select[Any]:
    """(key, value) for every record of the place at once; add `.where(place.key.in_(…))` to narrow it.

    Late parts are bound as in `Sql.params`: take `params` of the formula that the aggregate belongs to.
    """
    inside = Inside(Maker(place, zone, {}), aggregate)
    if aggregate.function in PICKS:
        picked = inside.statement().correlate_except(inside.source).scalar_subquery()
        return select(place.key.label("key"), picked.label("value"))
    value = inside.summed(inside.value)
    outer = place.key.table
    rows = outer.outerjoin(inside.source, and_(inside.join, inside.where))
    return select(place.key.label("key"), value.label("value")).select_from(rows).group_by(place.key)


class Inside:
    """The related rows of one aggregate, as parts of a statement."""

    def __init__(self, maker: Maker, made: Aggregate) -> None:
        self.made = made
        self.source, place, self.join = maker.place.related(made.relation)
        inner = Maker(place, maker.zone, {}, outer=maker, late=maker.late)
        self.there = place.key
        self.where_part = inner.make(made.where) if made.where else Sql(true())
        self.where = self.where_part.value
        self.value_part = inner.make(made.value) if made.value else None
        self.money = made.value if made.value and made.value.op == "field" and made.value.type.scale else None
        self.value = self.column(place)
        default = place.key if made.function == "LOOKUP" else None
        self.order = inner.make(made.order).value if made.order else default
        if self.order is None and made.function in PICKS:
            self.order = place.column("created_at")
        self.codes = codes_of([part for part in (self.where_part, self.value_part) if part])

    def column(self, place: Place) -> Expression | None:
        """What is summed: the stored integer of a scaled field, else the value; empty texts are blank."""
        if self.made.value is None or self.value_part is None:
            return None
        if self.money is not None and self.made.function not in PICKS:
            return place.column(self.money.value)
        if self.made.value.type.kind == "text":
            return CodePoints(func.nullif(self.value_part.value, literal("", sql_type("text"))))
        return self.value_part.value

    def statement(self) -> Select[Any]:
        if self.made.function == "EXISTS":
            return select(literal(1)).select_from(self.source).where(self.join, self.where)
        if self.made.function in PICKS:
            return self.picked()
        return select(self.summed(self.value)).select_from(self.source).where(self.join, self.where)

    def picked(self) -> Select[Any]:
        assert self.order is not None  # noqa: S101  # set above for the functions that pick
        assert self.value is not None  # noqa: S101  # the checker asks for a field
        blank_last = case((self.order.is_(None), 1), else_=0)
        by: Sequence[Any] = (self.order, self.there)
        if self.made.function == "LATEST":
            by = (self.order.desc(), self.there.desc())
        rows = select(self.value).select_from(self.source).where(self.join, self.where)
        return rows.order_by(blank_last, *by).limit(1)

    def summed(self, value: Expression | None) -> Expression:
        name = self.made.function
        if name == "EXISTS":
            return func.count(self.there) > 0
        if name == "COUNT" or value is None:
            return cast(func.count(self.there if value is None else value), NUMBER)
        if name == "COUNT_DISTINCT":
            return cast(func.count(value.distinct()), NUMBER)
        total = getattr(func, {"AVERAGE": "avg"}.get(name, name.lower()))(value)
        return self.scaled(func.coalesce(total, 0) if name == "SUM" else total)

    def scaled(self, total: Expression) -> Expression:
        """Stored integers are summed as they are and scaled once."""
        if self.made.type.kind != "number":
            return total
        as_number = cast(total, NUMBER)
        if self.money is None:
            return as_number
        return joined("/", "number", as_number, literal(float(10**self.money.type.scale), NUMBER))

    def error(self) -> ColumnElement[bool] | None:
        """Whether one of the rows has an error."""
        where, value = self.where_part, self.value_part
        tests = [] if where.error is None else [where.error]
        if value is not None and value.error is not None:
            tests.append(
                and_(where.value if where.error is None else and_(not_(where.error), where.value), value.error)
            )
        if not tests:
            return None
        return exists().select_from(self.source).where(self.join, or_(*tests)).correlate_except(self.source)
