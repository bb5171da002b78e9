"""What each operation of a typed tree becomes in SQL."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, case, cast, exists, false, func, literal, not_, or_, true
from sqlalchemy.sql.elements import False_

from .compare import FLIPPED
from .native import CodePoints, call, joined, sql_type
from .sql_maker import Expression, Maker, NotPushable, Sql, codes_of, either, making, row_free, solid
from .tree import Term, number
from .types import BOOLEAN, DATE, DATETIME

NUMBER, TEXT = sql_type("number"), sql_type("text")
EXACT = frozenset({"const", "field", "path", "outer"})
ZERO, EMPTY = literal(0.0, NUMBER), literal("", TEXT)


@making("field")
def field(maker: Maker, term: Term) -> Sql:
    if term.value == "_id":
        return Sql(maker.place.key)
    if term.type.kind == "list":
        raise NotPushable("a list as a value")
    return Sql(shown(maker.place.column(term.value), term), loose=term.type.kind == "boolean")


def shown(column: Expression, term: Term) -> Expression:
    """A stored column as the formula sees it: scaled integers as true numbers, 1 and 0 as booleans."""
    if term.type.scale:
        return joined("/", "number", cast(column, NUMBER), literal(float(10**term.type.scale), NUMBER))
    return column == 1 if term.type.kind == "boolean" else column


@making("outer")
def outer(maker: Maker, term: Term) -> Sql:
    assert maker.outer is not None  # noqa: S101  # the checker allows `this` inside aggregates only
    return maker.outer.make(term.args[0])


@making("zero")
def zero(maker: Maker, term: Term) -> Sql:
    made = maker.make(term.args[0])
    return Sql(func.coalesce(made.value, ZERO, type_=NUMBER), made.error, made.codes)


@making("empty")
def empty(maker: Maker, term: Term) -> Sql:
    made = maker.make(term.args[0])
    return Sql(func.coalesce(made.value, EMPTY, type_=TEXT), made.error, made.codes)


@making("truth", "retype")
def same(maker: Maker, term: Term) -> Sql:
    return maker.make(term.args[0])


@making("boolean number")
def boolean_number(maker: Maker, term: Term) -> Sql:
    made = maker.make(term.args[0])
    return Sql(case((made.value, literal(1.0, NUMBER)), else_=ZERO), made.error, made.codes)


@making("choice text")
def choice_text(maker: Maker, term: Term) -> Sql:
    made, kind = maker.make(term.args[0]), term.args[0].type
    names = {key: literal(kind.shown(key), TEXT) for key, _ in kind.options}
    value = case(names, value=made.value) if names else made.value
    return Sql(value, made.error, made.codes)


@making("neg")
def negative(maker: Maker, term: Term) -> Sql:
    made = maker.make(term.args[0])
    return Sql(joined("-", "number", ZERO, made.value), made.error, made.codes)


@making("+", "*", "&")
def row_of(maker: Maker, term: Term) -> Sql:
    parts = maker.makes(term.args)
    if len(parts) == 1:
        return parts[0]
    sign = "||" if term.op == "&" else term.op
    value = joined(sign, term.type.kind, *(part.value for part in parts))
    return Sql(value, either(*(part.error for part in parts)), codes_of(parts))


@making("/")
def divided(maker: Maker, term: Term) -> Sql:
    a, b = maker.makes(term.args)
    if term.args[1].op == "const" and term.args[1].value:
        return Sql(joined("/", "number", a.value, b.value), a.error, a.codes)
    value = joined("/", "number", a.value, func.nullif(b.value, ZERO))
    return Sql(value, either(a.error, b.error, b.value == ZERO), codes_of((a, b)) | {"DIV0"})


@making("and", "or")
def logic(maker: Maker, term: Term) -> Sql:
    """An error counts only where nothing before it has decided."""
    parts = maker.makes(term.args)
    value = (and_ if term.op == "and" else or_)(*(part.value for part in parts))
    steps: list[tuple[Any, Any]] = []
    for part in parts:
        if part.error is not None:
            steps.append((part.error, true()))
        steps.append((not_(solid(part)) if term.op == "and" else solid(part), false()))
    loose = any(part.loose for part in parts)
    return Sql(value, first(parts, steps), codes_of(parts), loose)


def first(parts: Sequence[Sql], steps: list[tuple[Any, Any]], last: Any = None) -> ColumnElement[bool] | None:
    """The error of the first step that decides; None when no part can fail."""
    if all(part.error is None for part in parts):
        return None
    while steps and last is None and isinstance(steps[-1][1], False_):
        steps.pop()
    return case(*steps, else_=false() if last is None else last)


@making("xor")
def odd(maker: Maker, term: Term) -> Sql:
    parts = maker.makes(term.args)
    ones = joined("+", "number", *(case((part.value, 1), else_=0) for part in parts))
    return Sql(call("MOD", "number", ones, literal(2)) == 1, either(*(part.error for part in parts)), codes_of(parts))


@making("not")
def negation(maker: Maker, term: Term) -> Sql:
    made = maker.make(term.args[0])
    return Sql(not_(solid(made)), made.error, made.codes)


@making("case")
def cases(maker: Maker, term: Term) -> Sql:
    parts = maker.makes(term.args)
    pairs = [(parts[i], parts[i + 1]) for i in range(0, len(parts) - 1, 2)]
    results = [exact(arg, part) for arg, part in zip(term.args, parts, strict=True)]
    value = case(*((parts[i].value, results[i + 1]) for i in range(0, len(parts) - 1, 2)), else_=results[-1])
    steps: list[tuple[Any, Any]] = []
    for when, then in pairs:
        if when.error is not None:
            steps.append((when.error, true()))
        steps.append((when.value, false() if then.error is None else then.error))
    error = first(parts, steps, parts[-1].error)
    return Sql(value, error, codes_of(parts), term.type.kind == "boolean" and term.blank)


def exact(term: Term, made: Sql) -> Expression:
    """The value as it is, in which a NULL is a blank and nothing else."""
    return made.value if term.blank else solid(made)


@making("iferror")
def iferror(maker: Maker, term: Term) -> Sql:
    a, b = maker.makes(term.args)
    if a.error is None:
        return a
    error = None if b.error is None else and_(a.error, b.error)
    value = case((a.error, exact(term.args[1], b)), else_=exact(term.args[0], a))
    return Sql(value, error, b.codes, term.type.kind == "boolean" and term.blank)


@making("iserror")
def iserror(maker: Maker, term: Term) -> Sql:
    made = maker.make(term.args[0])
    return Sql(false() if made.error is None else made.error)


@making("isvalue")
def isvalue(maker: Maker, term: Term) -> Sql:
    made = maker.make(term.args[0])
    there = not_(blank_test(term.args[0], made))
    return Sql(there if made.error is None else and_(not_(made.error), there))


@making("isblank")
def isblank(maker: Maker, term: Term) -> Sql:
    inside = term.args[0]
    if inside.type.kind == "list":
        return Sql(not_(having(maker, inside, None)))
    made = maker.make(inside)
    return Sql(blank_test(inside, made), made.error, made.codes)


def blank_test(term: Term, made: Sql) -> ColumnElement[bool]:
    if term.type.kind == "text" and term.op not in ("field", "path", "outer"):
        return func.nullif(made.value, EMPTY).is_(None)
    if made.loose and not term.blank:
        return false()
    if made.loose:
        return case((made.value, 1), (not_(made.value), 1), else_=0) == 0
    return made.value.is_(None)


@making("coalesce")
def coalesce(maker: Maker, term: Term) -> Sql:
    parts = maker.makes(term.args)
    text = term.type.kind == "text"
    *values, last = (exact(arg, part) for arg, part in zip(term.args, parts, strict=True))
    values = [func.nullif(value, EMPTY) if text else value for value in values]
    steps: list[tuple[Any, Any]] = []
    for part, inside in zip(parts, term.args, strict=True):
        if part.error is not None:
            steps.append((part.error, true()))
        steps.append((not_(blank_test(inside, part)), false()))
    value = func.coalesce(*values, last, type_=sql_type(term.type.kind))
    return Sql(value, first(parts, steps), codes_of(parts), term.type.kind == "boolean" and term.blank)


@making("fault")
def fault(maker: Maker, term: Term) -> Sql:
    return Sql(maker.literal(None, term.type), true(), frozenset({str(term.value)}))


@making("among")
def among(maker: Maker, term: Term) -> Sql:
    made = maker.make(term.args[0])
    value = made.value.in_([literal(one, TEXT) for one in term.value]) if term.value else false()
    return Sql(value, made.error, made.codes, loose=True)


@making("count of")
def count_of(maker: Maker, term: Term) -> Sql:
    parts = maker.makes(term.args)
    blanks = [exact(arg, part).is_(None) for arg, part in zip(term.args, parts, strict=True)]
    ones = [case((blank, ZERO), else_=literal(1.0, NUMBER)) for blank in blanks]
    value = joined("+", "number", *ones) if len(ones) > 1 else ones[0]
    return Sql(value, either(*(part.error for part in parts)), codes_of(parts))


@making("has any", "has all")
def has(maker: Maker, term: Term) -> Sql:
    parts = maker.makes(term.args[1:])
    values = [part.value for part in parts]
    if term.op == "has any":
        value = having(maker, term.args[0], values)
    else:
        value = and_(*(having(maker, term.args[0], [one]) for one in values))
    return Sql(value, either(*(part.error for part in parts)), codes_of(parts))


def having(maker: Maker, term: Term, values: list[Expression] | None) -> ColumnElement[bool]:
    """Whether the list of a record has one of the values, or any item at all."""
    source, record, item = link_of(maker, term)
    tests = [record == maker_of(maker, term).place.key] + ([] if values is None else [item.in_(values)])
    return exists().select_from(source).where(*tests).correlate_except(source)


@making("list count")
def list_count(maker: Maker, term: Term) -> Sql:
    source, record, _ = link_of(maker, term.args[0])
    here = record == maker_of(maker, term.args[0]).place.key
    counted = func.count().select().select_from(source).where(here).correlate_except(source)
    return Sql(cast(counted.scalar_subquery(), NUMBER))


def link_of(maker: Maker, term: Term) -> tuple[FromClause, Expression, Expression]:
    inside = term.args[0] if term.op == "outer" else term
    if inside.op != "field":
        raise NotPushable("a list that is no field")
    return maker_of(maker, term).place.link(str(inside.value))


def maker_of(maker: Maker, term: Term) -> Maker:
    return maker.outer if term.op == "outer" and maker.outer else maker


@making("=", "<>", "<", "<=", ">", ">=")
def comparing(maker: Maker, term: Term) -> Sql:
    a, b = term.args
    if row_free(a) and not row_free(b):
        a, b = b, a
        term = Term(FLIPPED[term.op], BOOLEAN, (a, b))
    moved = bare(term) if row_free(b) else None
    if moved is not None:
        return maker.make(moved)
    if a.op == "field" and a.type.scale and b.op == "const" and b.value is not None:
        return stored(maker, term.op, a, float(b.value))
    left, right = maker.make(a), maker.make(b)
    x, y = sides(a, left, b, right)
    if a.type.kind == "text" and term.op not in ("=", "<>"):
        x, y = text_order(a, x), text_order(b, y)
    error = either(left.error, right.error)
    value = equal(term.op, (a, x), (b, y)) if term.op in ("=", "<>") else ordered(term.op, x, y)
    loose = term.op not in ("=", "<>") or (term.op == "=" and plain_equal(a, b))
    return Sql(value, error, codes_of((left, right)), loose)


def sides(a: Term, left: Sql, b: Term, right: Sql) -> tuple[Expression, Expression]:
    """Both operands as they are compared: numbers in 15 digits unless both are exact, texts by code point."""
    kind = a.type.kind
    if kind in ("number", "duration") and not all(side.op in EXACT or row_free(side) for side in (a, b)):
        return call("digits", "number", left.value), call("digits", "number", right.value)
    if kind == "boolean":
        return truth(a, left), truth(b, right)
    return left.value, right.value


def text_order(term: Term, value: Expression) -> Expression:
    """By code point; an empty text is a blank, which has no order."""
    return CodePoints(value if term.op in ("field", "path", "outer") else func.nullif(value, EMPTY))


def truth(term: Term, made: Sql) -> Expression:
    """A boolean as 1, 0 or NULL for blank."""
    if term.blank:
        return case((made.value, 1), (not_(made.value), 0))
    return case((made.value, 1), else_=0)


def plain_equal(a: Term, b: Term) -> bool:
    return b.op == "const" and b.value not in (None, "")


def equal(op: str, left: tuple[Term, Expression], right: tuple[Term, Expression]) -> ColumnElement[bool]:
    (a, x), (b, y) = left, right
    if op == "=" and plain_equal(a, b):
        return x == y
    if a.type.kind == "text":
        x, y = (func.coalesce(v, EMPTY) if t.blank else v for t, v in ((a, x), (b, y)))
    if not a.blank and not b.blank:
        return x == y if op == "=" else x != y
    return x.is_not_distinct_from(y) if op == "=" else x.is_distinct_from(y)


def ordered(op: str, x: Expression, y: Expression) -> ColumnElement[bool]:
    return {"<": x < y, "<=": x <= y, ">": x > y, ">=": x >= y}[op]


def stored(maker: Maker, op: str, field: Term, value: float) -> Sql:
    """A scaled column against a constant, in stored integers."""
    exact = Decimal(f"{value:.15g}").scaleb(field.type.scale)
    column, whole = maker.place.column(field.value), int(exact.to_integral_value("ROUND_FLOOR"))
    if exact != whole:
        if op in ("=", "<>"):
            return Sql(false() if op == "=" else true())
        op = {"<": "<=", ">=": ">"}.get(op, op)
    number_ = literal(whole, sql_type("link"))
    if op == "<>":
        return Sql(column.is_distinct_from(number_))
    return Sql(column == number_ if op == "=" else ordered(op, column, number_), loose=True)


def bare(term: Term) -> Term | None:
    """The same comparison with the column alone on its side, where days or hours since it are compared."""
    a, b = term.args
    if a.op == "date of" and b.type == DATE:
        return by_midnight(term.op, a.args[0], b)
    if a.op in ("DAYS", "hours between", "time between") and row_free(a.args[0]) and b.op == "const":
        return by_moment(term.op, a, b)
    return None


def by_midnight(op: str, moment: Term, day: Term) -> Term | None:
    """A calendar date of an instant against a date, as instants: from its midnight to the next."""
    if day.op == "const" and day.value is None:
        return None
    start = Term("midnight", DATETIME, (day,), blank=day.blank)
    after = Term("midnight", DATETIME, (Term("add days", DATE, (day, number(1)), blank=day.blank),), blank=day.blank)
    test = {
        ">=": (">=", start), "<": ("<", start), ">": (">=", after), "<=": ("<", after),
    }.get(op)  # fmt: skip
    if test:
        return Term(test[0], BOOLEAN, (moment, test[1]))
    inside = Term("and", BOOLEAN, (Term(">=", BOOLEAN, (moment, start)), Term("<", BOOLEAN, (moment, after))))
    return None if day.blank else inside if op == "=" else Term("not", BOOLEAN, (inside,))


def by_moment(op: str, distance: Term, limit: Term) -> Term | None:
    """now - column > n says column < now - n."""
    here, column = distance.args
    if limit.value is None or abs(limit.value) > 1e5 or op in ("=", "<>"):
        return None
    if distance.op == "DAYS":
        n = float(math.ceil(limit.value) if op in ("<", ">=") else math.floor(limit.value))
        return Term(FLIPPED[op], BOOLEAN, (column, Term("add days", DATE, (here, number(-n)), blank=here.blank)))
    days = limit.value / 24 if distance.op == "hours between" else limit.value
    return Term(FLIPPED[op], BOOLEAN, (column, Term("add time", DATETIME, (here, number(-days)), blank=here.blank)))
