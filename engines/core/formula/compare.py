"""What = <> < <= > >= mean for each pair of types; every comparison is TRUE or FALSE, never blank."""

from typing import TYPE_CHECKING

from .convert import NUMERIC, iso_date, to_date, to_text
from .nodes import Node, Text
from .problems import kinds, unknown
from .tree import Term, constant
from .types import BOOLEAN, NUMBER, UNKNOWN, Type

if TYPE_CHECKING:
    from .check import Checker

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
MENDS = {
    frozenset({"number", "text"}): ("，文字可用 VALUE(…) 转成数字", ": turn the text into a number with VALUE(…)"),
    frozenset({"list", "text"}): ("，用 HAS(…) 查是否含有", ": ask with HAS(…)"),
    frozenset({"list", "choice"}): ("，用 HAS(…) 查是否含有", ": ask with HAS(…)"),
}


def comparison(checker: "Checker", op: str, left: tuple[Node, Term], right: tuple[Node, Term]) -> Term:
    """The comparison of two checked nodes."""
    (left_node, a), (right_node, b) = left, right
    if UNKNOWN in (a.type, b.type):
        return Term(op, BOOLEAN, (a, b))
    if "blank" in (a.type.kind, b.type.kind):
        return with_blank(op, b if a.type.kind == "blank" else a)
    if isinstance(left_node, Text) and not isinstance(right_node, Text):
        return comparison(checker, FLIPPED[op], right, left)
    b = literal(checker, a.type, right_node, b)
    if b.type == UNKNOWN:
        return Term(op, BOOLEAN, (a, b))
    return pair(checker, op, (left_node, a), (right_node, b))


def with_blank(op: str, other: Term) -> Term:
    asked = Term("isblank", BOOLEAN, (other,))
    if op == "=":
        return asked
    return Term("not", BOOLEAN, (asked,)) if op == "<>" else constant(False, BOOLEAN)


def literal(checker: "Checker", kind: Type, node: Node, term: Term) -> Term:
    """A text in quotes beside a choice is one of its options, beside a date it is a date; a number is a row id."""
    if kind.kind == "link" and term.op == "const" and term.type == NUMBER and term.value.is_integer():
        return constant(int(term.value), kind)
    if not isinstance(node, Text):
        return term
    if kind.kind == "choice":
        return option(checker, kind, node)
    if kind.kind in ("date", "datetime"):
        return iso_date(node) or term
    return term


def option(checker: "Checker", kind: Type, node: Text) -> Term:
    """The option that a text names; a problem with the nearest one when there is none."""
    found = kind.option(node.value)
    if found is None:
        known = [name for key, labels in kind.options for name in (key, *labels)]
        checker.note(unknown("unknown_option", node.span, node.value, known, field=checker.subject))
        return Term("const", UNKNOWN)
    checker.rename(node, (found,), labels=dict(kind.options)[found])
    return constant(found, kind)


def pair(checker: "Checker", op: str, left: tuple[Node, Term], right: tuple[Node, Term]) -> Term:
    (left_node, a), (right_node, b) = left, right
    ordered = op not in ("=", "<>")
    ka, kb = a.type.kind, b.type.kind
    if ka == kb == "choice" and ordered and b.op == "const":
        return Term("among", BOOLEAN, (a,), value=reach(a.type, op, str(b.value)))
    if {ka, kb} == {"choice", "text"}:
        a, b = (to_text(side) or side for side in (a, b))
        return Term(op, BOOLEAN, (a, b))
    if {ka, kb} == {"date", "datetime"}:
        return Term(op, BOOLEAN, (to_date(a) or a, to_date(b) or b))
    if ka == kb == "list":
        alike = Term("same list", BOOLEAN, (a, b))
        return Term("not", BOOLEAN, (alike,)) if op == "<>" else alike
    if ka != kb and not (ka in NUMERIC and kb in NUMERIC):
        return refuse(checker, left, right)
    if ordered and ka in ("boolean", "choice", "link", "list", "file"):
        checker.tell("no_order", (left_node.start, right_node.end), **kinds(left=ka))
        return Term("const", UNKNOWN)
    return Term(op, BOOLEAN, (a, b))


def refuse(checker: "Checker", left: tuple[Node, Term], right: tuple[Node, Term]) -> Term:
    ka, kb = left[1].type.kind, right[1].type.kind
    zh, en = MENDS.get(frozenset({ka, kb}), ("", ""))
    spot = (left[0].start, right[0].end)
    checker.tell("no_compare", spot, mend_zh=zh, mend_en=en, **kinds(left=ka, right=kb))
    return Term("const", UNKNOWN)


def reach(kind: Type, op: str, option_id: str) -> tuple[str, ...]:
    """The options on the asked side of one option, in the order of the form."""
    ids = [key for key, _ in kind.options]
    at = ids.index(option_id)
    return tuple({"<": ids[:at], "<=": ids[: at + 1], ">": ids[at + 1 :], ">=": ids[at:]}[op])
