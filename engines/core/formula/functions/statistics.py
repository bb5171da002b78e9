"""Sums, averages, extremes and spreads: of related records, or of a few values with blanks left out."""

import math
import statistics
from typing import TYPE_CHECKING, Any

from ..convert import kept, unify
from ..faults import FormulaFault
from ..nodes import Call
from ..rounding import finite
from ..tree import Term
from ..types import NUMBER, UNKNOWN
from .base import Shape, function, hidden, special
from .related import summary

if TYPE_CHECKING:
    from ..check import Checker


function(
    "SUMSQ 平方和",
    "number*",
    pg="(SELECT sum(x * x) FROM (VALUES {all}) AS v(x))",
    zh="平方和",
    en="The sum of squares",
    example="SUMSQ(3, 4)",
)(lambda *values: math.fsum(v * v for v in values))


@function("PRODUCT 乘积", "number*", zh="连乘", en="All of them multiplied", example="PRODUCT(2, 3, 4)")
def product(*values: float) -> float:
    return finite(math.prod(values))


@function(
    "STDEV 标准差",
    "number~*",
    pg="(SELECT stddev_samp(x) FROM (VALUES {all}) AS v(x))",
    faults="DIV0",
    zh="样本标准差",
    en="The standard deviation of a sample",
    example="STDEV(1, 2, 3)",
)
def stdev(*values: float | None) -> float:
    return statistics.stdev(sample(values))


@function(
    "VAR 方差",
    "number~*",
    pg="(SELECT var_samp(x) FROM (VALUES {all}) AS v(x))",
    faults="DIV0",
    zh="样本方差",
    en="The variance of a sample",
    example="VAR(1, 2, 3)",
)
def var(*values: float | None) -> float:
    return statistics.variance(sample(values))


def sample(values: tuple[float | None, ...]) -> list[float]:
    real = listed(values)
    if len(real) < 2:
        raise FormulaFault("DIV0")
    return real


@function(
    "MEDIAN 中位数",
    "number~*",
    pg="(SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY x) FROM (VALUES {all}) AS v(x))",
    zh="中位数",
    en="The median",
    example="MEDIAN(1, 5, 3)",
)
def median(*values: float | None) -> float | None:
    real = listed(values)
    return float(statistics.median(real)) if real else None


@function(
    "LARGE 第几大",
    "number*",
    faults="NUM",
    zh="几个数里第几大的，最后一个参数是名次",
    en="The k-th largest; k comes last",
    example="LARGE(4, 9, 1)",
)
def large(*values: float) -> float:
    *rest, place = values
    if not 1 <= place <= len(rest):
        raise FormulaFault("NUM")
    return sorted(rest, reverse=True)[int(place) - 1]


def several(name: str, op: str) -> Shape:
    """SUM and the like: over related records, or over a few values with blanks left out."""

    def shape(checker: "Checker", node: Call) -> Term:
        found = summary(checker, node, name)
        if found is not None:
            return found
        if not checker.counted(node, 1, None):
            return Term("const", UNKNOWN)
        terms = [kept(checker, arg, checker.term(arg), "number") for arg in node.args]
        blank = op != "sum of" and all(term.blank for term in terms)
        return Term(op, NUMBER, tuple(terms), blank=blank)

    return shape


def extreme(name: str, op: str) -> Shape:
    """MIN and MAX: also of dates and texts."""

    def shape(checker: "Checker", node: Call) -> Term:
        found = summary(checker, node, name)
        if found is not None:
            return found
        if not checker.counted(node, 1, None):
            return Term("const", UNKNOWN)
        terms = [checker.term(arg) for arg in node.args]
        if all(term.type.kind in ("date", "datetime", "blank", "unknown") for term in terms):
            terms, kind = unify(checker, node.args, terms)
        else:
            terms, kind = (
                [kept(checker, arg, term, "number") for arg, term in zip(node.args, terms, strict=True)],
                NUMBER,
            )
        return Term(op, kind, tuple(terms), blank=all(term.blank for term in terms))

    return shape


special(
    "SUM 求和 合计",
    zh="求和：SUM(订单.金额 WHERE 条件)，或几个数",
    en="The sum of a field of related records, or of a few numbers",
    example='SUM(orders.amount WHERE status = "paid")',
)(several("SUM", "sum of"))
special(
    "AVERAGE 平均值 平均", zh="平均：空的不算", en="The average, blanks left out", example="AVERAGE(orders.amount)"
)(several("AVERAGE", "average of"))
special(
    "MIN 最小值 最小",
    zh="最小的：数字或日期，空的不算",
    en="The least number or date, blanks left out",
    example="MIN(orders.amount)",
)(extreme("MIN", "least of"))
special(
    "MAX 最大值 最大",
    zh="最大的：数字或日期，空的不算",
    en="The greatest number or date, blanks left out",
    example="MAX(orders.paid_at)",
)(extreme("MAX", "greatest of"))


def listed(values: tuple[Any, ...]) -> list[Any]:
    return [v for v in values if v is not None]


VALUES = "(SELECT {}(x) FROM (VALUES {{all}}) AS v(x))"
hidden("sum of", "number~*", pg="(SELECT coalesce(sum(x), 0) FROM (VALUES {all}) AS v(x))")(
    lambda *values: sum(listed(values), 0.0)
)


@hidden("average of", "number~*", pg=VALUES.format("avg"))
def average_of(*values: float | None) -> float | None:
    real = listed(values)
    return sum(real) / len(real) if real else None


@hidden("least of", "any~*", "first", pg=VALUES.format("min"))
def least_of(*values: Any) -> Any:
    return min(listed(values), default=None)


@hidden("greatest of", "any~*", "first", pg=VALUES.format("max"))
def greatest_of(*values: Any) -> Any:
    return max(listed(values), default=None)
