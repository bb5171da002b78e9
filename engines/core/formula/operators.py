"""Arithmetic: + - * / ^ on numbers, + and - with dates, & on texts."""

from typing import TYPE_CHECKING

from .convert import NUMERIC, convert, to_datetime
from .nodes import Chain, Node
from .tree import Term, number
from .types import NUMBER, TEXT

if TYPE_CHECKING:
    from .check import Checker

MOMENTS = ("date", "datetime")


def arithmetic(checker: "Checker", node: Chain) -> Term:
    """A chain of one precedence; rows of + or & become one flat term."""
    if node.rest[0][0] == "&":
        parts = (node.first, *(operand for _, operand in node.rest))
        return Term("&", TEXT, tuple(checker.want(part, "text") for part in parts))
    left, left_node = checker.term(node.first), node.first
    for operator, operand in node.rest:
        right = checker.term(operand)
        left = step(checker, operator, (left_node, left), (operand, right))
        left_node = operand
    return left


def step(checker: "Checker", op: str, left: tuple[Node, Term], right: tuple[Node, Term]) -> Term:
    if op in ("+", "-") and (left[1].type.kind in MOMENTS or right[1].type.kind in MOMENTS):
        return dated(checker, op, left, right)
    a, b = (convert(checker, node, term, "number") for node, term in (left, right))
    if op == "^":
        return Term("POWER", NUMBER, (a, b))
    if op not in ("+", "-"):
        return Term(op, NUMBER, (a, b))
    b = Term("neg", NUMBER, (b,)) if op == "-" else b
    return Term("+", NUMBER, (*a.args, b) if a.op == "+" else (a, b))


def dated(checker: "Checker", op: str, left: tuple[Node, Term], right: tuple[Node, Term]) -> Term:
    """date + days, days + date, date - days, date - date (days)."""
    a, b = left[1], right[1]
    if a.type.kind in MOMENTS and b.type.kind in MOMENTS and op == "-":
        return difference(a, b)
    if op == "+" and b.type.kind in MOMENTS and a.type.kind in (*NUMERIC, "boolean", "blank"):
        return moved(b, convert(checker, left[0], a, "number"))
    if a.type.kind in MOMENTS:
        days = convert(checker, right[0], b, "number")
        return moved(a, Term("neg", NUMBER, (days,)) if op == "-" else days)
    convert(checker, left[0], a, "number")
    return convert(checker, right[0], b, "number")


def moved(moment: Term, days: Term) -> Term:
    if days.op == "neg" and days.args[0].op == "const":
        days = number(-days.args[0].value)
    name = "add days" if moment.type.kind == "date" else "add time"
    return Term(name, moment.type, (moment, days), blank=moment.blank)


def difference(a: Term, b: Term) -> Term:
    """Whole days between dates; days with a fraction as soon as one side has a time."""
    if a.type.kind == b.type.kind == "date":
        return Term("DAYS", NUMBER, (a, b), blank=a.blank or b.blank)
    a, b = (to_datetime(side) or side for side in (a, b))
    return Term("time between", NUMBER, (a, b), blank=a.blank or b.blank)
