"""Tags and other several values: kept as link rows, asked by HAS."""

from typing import TYPE_CHECKING, Any

from ..compare import literal
from ..convert import convert
from ..nodes import Call
from ..tree import Term
from ..types import BOOLEAN, NUMBER, TEXT, UNKNOWN, Type, list_of
from .base import Shape, hidden, special
from .related import summary

if TYPE_CHECKING:
    from ..check import Checker
    from ..nodes import Node


def items(checker: "Checker", found: Term, nodes: tuple["Node", ...]) -> list[Term]:
    """What is asked for, as items of the list."""
    kind = found.type.item or TEXT
    made = []
    for node in nodes:
        term = literal(checker, kind, node, checker.term(node))
        fits = term.type.kind in (kind.kind, "unknown")
        made.append(term if fits else convert(checker, node, term, kind.kind))
    return made


def having(op: str, most: int | None) -> Shape:
    def shape(checker: "Checker", node: Call) -> Term:
        if not checker.counted(node, 2, most):
            return Term("const", UNKNOWN)
        checker.subject = checker.said(node.args[0])
        found = checker.want(node.args[0], "list")
        if found.type == UNKNOWN:
            return found
        return Term(op, BOOLEAN, (found, *items(checker, found, node.args[1:])))

    return shape


special("HAS 含标签 含有", zh="标签里有这一个就成立", en="TRUE when the list has it", example='HAS(tags, "VIP")')(
    having("has any", 2)
)
special(
    "HAS_ANY 含任一", zh="有其中一个就成立", en="TRUE when the list has one of them", example='HAS_ANY(tags, "a", "b")'
)(having("has any", None))
special(
    "HAS_ALL 含全部", zh="全都有才成立", en="TRUE when the list has all of them", example='HAS_ALL(tags, "a", "b")'
)(having("has all", None))


@special(
    "COUNT 计数 个数",
    zh="关联记录、标签或几个值里有几个",
    en="How many related records, list items or values that are not blank",
    example='COUNT(orders WHERE status = "paid")',
)
def count(checker: "Checker", node: Call) -> Term:
    found = summary(checker, node, "COUNT")
    if found is not None:
        return found
    if not checker.counted(node, 1, None):
        return Term("const", UNKNOWN)
    terms = [checker.term(arg) for arg in node.args]
    if len(terms) == 1 and terms[0].type.kind == "list":
        return Term("list count", NUMBER, tuple(terms))
    return Term("count of", NUMBER, tuple(terms))


@hidden("count of", "any~*", pg="(SELECT count(x)::float8 FROM (VALUES {all}) AS v(x))")
def count_of(*values: Any) -> float:
    return float(sum(value is not None for value in values))


@hidden("list join", "any~*, text", "text")
def list_join(values: tuple[Any, ...] | None, between: str, *names: str) -> str:
    labels = dict(zip(names[::2], names[1::2], strict=True))
    return between.join(labels.get(str(value), str(value)) for value in values or ())


@special("JOIN 连成文字", zh="把标签连成一段文字", en="The items of a list as one text", example='JOIN(tags, "、")')
def join(checker: "Checker", node: Call) -> Term:
    if not checker.counted(node, 1, 2):
        return Term("const", UNKNOWN)
    found = checker.want(node.args[0], "list")
    between = checker.want(node.args[1], "text") if len(node.args) > 1 else Term("const", TEXT, value=", ")
    kind = found.type.item or TEXT
    names = [Term("const", TEXT, value=word) for key, _ in kind.options for word in (key, kind.shown(key))]
    return Term("list join", TEXT, (found, between, *names))


def picked(at: int) -> Shape:
    def shape(checker: "Checker", node: Call) -> Term:
        if not checker.counted(node, 1, 1):
            return Term("const", UNKNOWN)
        found = checker.want(node.args[0], "list")
        kind: Type = found.type.item or TEXT
        return Term("list first" if at == 0 else "list last", kind, (found,), blank=True)

    return shape


@special("UNIQUE 去重", zh="标签去掉重复的", en="A list without repeats", example="COUNT(UNIQUE(tags))")
def unique(checker: "Checker", node: Call) -> Term:
    if not checker.counted(node, 1, 1):
        return Term("const", UNKNOWN)
    found = checker.want(node.args[0], "list")
    return Term("list unique", found.type, (found,))


hidden("list unique", "any~", "first")(lambda values: tuple(dict.fromkeys(values or ())))


@special(
    "SPLIT 拆分", zh="按符号把文字拆成几个", en="A text as a list, cut at a sign", example='COUNT(SPLIT(remark, ","))'
)
def split(checker: "Checker", node: Call) -> Term:
    if not checker.counted(node, 2, 2):
        return Term("const", UNKNOWN)
    return Term("list split", list_of(TEXT), tuple(checker.want(arg, "text") for arg in node.args))


@hidden("list split", "text, text", "first")
def list_split(text: str, between: str) -> tuple[str, ...]:
    parts = text.split(between) if between else [text]
    return tuple(part.strip() for part in parts if part.strip())


hidden("list first", "any~", "first")(lambda values: values[0] if values else None)
hidden("list last", "any~", "first")(lambda values: values[-1] if values else None)
special("FIRST 第一个", zh="第一个标签", en="The first item of a list", example="FIRST(tags)")(picked(0))
special("LAST 最后一个", zh="最后一个标签", en="The last item of a list", example="LAST(tags)")(picked(-1))
