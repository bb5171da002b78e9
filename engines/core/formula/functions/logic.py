"""Conditions and choices between values; all of them look only at what they need."""

from typing import TYPE_CHECKING

from ..compare import comparison, option
from ..convert import as_type, unify
from ..nodes import Call, Node, Text
from ..tree import Term, constant, number
from ..types import BLANK, BOOLEAN, NUMBER, TEXT, UNKNOWN, Type
from .base import Shape, special

if TYPE_CHECKING:
    from ..check import Checker


def chosen(checker: "Checker", conditions: list[Term], nodes: list[Node], otherwise: Term | None = None) -> Term:
    """The first value whose condition holds; blank when none does and there is no last value."""
    values = [checker.term(node) for node in nodes]
    values, kind = unify(checker, nodes, values)
    if len(values) == len(conditions):
        values.append(otherwise or constant(None, kind))
    blank = any(value.blank for value in values)
    pairs = [term for pair in zip(conditions, values, strict=False) for term in pair]
    return Term("case", kind, (*pairs, values[-1]), blank=blank)


def settle(checker: "Checker", node: Node, term: Term, wanted: Type) -> Term:
    """The term as the type that its place wants; texts in branches become options of a choice."""
    if term.type == wanted or term.type == UNKNOWN:
        return term
    if wanted.kind == "choice" and term.type.kind in ("text", "blank"):
        return options(checker, node, term, wanted)
    return as_type(checker, node, term, wanted)


def options(checker: "Checker", node: Node, term: Term, wanted: Type) -> Term:
    if term.op == "const":
        spot = text_node(node, term.value) or node
        return constant(None, wanted) if term.value is None else option(checker, wanted, spot_text(spot, term.value))
    if term.op == "empty":
        return options(checker, node, term.args[0], wanted)
    if term.op == "case":
        last = len(term.args) - 1
        args = (options(checker, node, a, wanted) if i % 2 or i == last else a for i, a in enumerate(term.args))
        return Term("case", wanted, tuple(args), blank=term.blank)
    if term.op in ("coalesce", "iferror"):
        args = (options(checker, node, a, wanted) for a in term.args)
        return Term(term.op, wanted, tuple(args), blank=term.blank)
    if term.op == "choice text":
        return term.args[0]
    return checker.tell("one_of", node, allowed=", ".join(f'"{key}"' for key, _ in wanted.options))


def text_node(node: Node, value: object) -> Text | None:
    """Where in the formula a text stands."""
    if isinstance(node, Text):
        return node if node.value == value else None
    parts = node.args if isinstance(node, Call) else ()
    return next((found for part in parts if (found := text_node(part, value))), None)


def spot_text(node: Node, value: str) -> Text:
    return node if isinstance(node, Text) else Text(value, start=node.start, end=node.end)


@special(
    "IF 如果",
    zh="条件成立得第一个值，否则得第二个（不写则为空）",
    en="The first value when the condition holds, else the second, else blank",
    example='IF(amount > 100, "big", "small")',
)
def if_(checker: "Checker", node: Call) -> Term:
    if not checker.counted(node, 2, 3):
        return Term("const", UNKNOWN)
    return chosen(checker, [checker.want(node.args[0], "condition")], list(node.args[1:]))


@special(
    "IFS 多条件",
    zh="依次看条件，得第一个成立的条件后面的值",
    en="The value after the first condition that holds",
    example='IFS(score >= 90, "A", score >= 60, "B", TRUE, "C")',
)
def ifs(checker: "Checker", node: Call) -> Term:
    if not checker.counted(node, 2, None):
        return Term("const", UNKNOWN)
    if len(node.args) % 2:
        return checker.tell("pairs", node, name=node.name)
    conditions = [checker.want(arg, "condition") for arg in node.args[::2]]
    return chosen(checker, conditions, list(node.args[1::2]))


@special(
    "SWITCH 匹配",
    zh="值等于哪一个，就得它后面的结果；都不等得最后一个",
    en="The result after the value that is equal, else the last one",
    example='SWITCH(level, "a", 1, "b", 2, 0)',
)
def switch(checker: "Checker", node: Call) -> Term:
    if not checker.counted(node, 3, None):
        return Term("const", UNKNOWN)
    subject, rest = checker.term(node.args[0]), node.args[1:]
    checker.subject = checker.said(node.args[0])
    cases, values = rest[: len(rest) // 2 * 2 : 2], list(rest[1::2])
    conditions = [comparison(checker, "=", (node.args[0], subject), (case, checker.term(case))) for case in cases]
    return chosen(checker, conditions, values + ([rest[-1]] if len(rest) % 2 else []))


@special(
    "CHOOSE 按序号取",
    zh="第几个就得第几个值",
    en="The value at that place",
    example='CHOOSE(2, "low", "middle", "high")',
)
def choose(checker: "Checker", node: Call) -> Term:
    if not checker.counted(node, 2, None):
        return Term("const", UNKNOWN)
    place = Term("TRUNC", NUMBER, (checker.want(node.args[0], "number"), number(0)))
    conditions = [Term("=", BOOLEAN, (place, number(at))) for at in range(1, len(node.args))]
    made = chosen(checker, conditions, list(node.args[1:]))
    fault = Term("fault", made.type, value="VALUE")
    return Term("case", made.type, (*made.args[:-1], fault), blank=made.blank)


def joined(op: str, least: int = 1) -> Shape:
    def shape(checker: "Checker", node: Call) -> Term:
        checker.counted(node, least, None)
        parts = tuple(checker.want(arg, "condition") for arg in node.args)
        return Term(op, BOOLEAN, parts) if len(parts) > 1 else (parts or (constant(False, BOOLEAN),))[0]

    return shape


special("AND 且 并且", zh="全部成立才成立", en="TRUE when all of them hold", example="AND(a > 1, b < 2)")(joined("and"))
special("OR 或 或者", zh="有一个成立就成立", en="TRUE when one of them holds", example="OR(a > 1, b < 2)")(joined("or"))
special(
    "XOR 异或", zh="成立的个数是单数就成立", en="TRUE when an odd number of them hold", example="XOR(a > 1, b < 2)"
)(joined("xor"))


@special("NOT 非", zh="成立变不成立", en="TRUE when it does not hold", example="NOT(ISBLANK(phone))")
def not_(checker: "Checker", node: Call) -> Term:
    if not checker.counted(node, 1, 1):
        return Term("const", UNKNOWN)
    return Term("not", BOOLEAN, (checker.want(node.args[0], "condition"),))


@special(
    "IFERROR 出错时",
    zh="算得出得结果，算不出得第二个值",
    en="The value, or the second one when it has an error",
    example="IFERROR(a / b, 0)",
)
def iferror(checker: "Checker", node: Call) -> Term:
    if not checker.counted(node, 2, 2):
        return Term("const", UNKNOWN)
    (value, other), kind = unify(checker, node.args, [checker.term(arg) for arg in node.args])
    return Term("iferror", kind, (value, other), blank=value.blank or other.blank)


@special(
    "COALESCE 取非空",
    zh="得第一个不为空的值",
    en="The first value that is not blank",
    example='COALESCE(nickname, name, "?")',
)
def coalesce(checker: "Checker", node: Call) -> Term:
    if not checker.counted(node, 1, None):
        return Term("const", UNKNOWN)
    terms, kind = unify(checker, node.args, [checker.term(arg) for arg in node.args])
    blank = terms[-1].blank if kind == TEXT else all(term.blank for term in terms)
    return Term("coalesce", kind, tuple(terms), blank=blank)


def asking(op: str) -> Shape:
    def shape(checker: "Checker", node: Call) -> Term:
        if not checker.counted(node, 1, 1):
            return Term("const", UNKNOWN)
        return Term(op, BOOLEAN, (checker.term(node.args[0]),))

    return shape


special(
    "ISBLANK 为空",
    zh="没有填就成立；空文字也算空",
    en="TRUE for a blank; an empty text is blank",
    example="ISBLANK(phone)",
)(asking("isblank"))
special("ISERROR 是错误", zh="算不出就成立", en="TRUE when it has an error", example="ISERROR(a / b)")(
    asking("iserror")
)


def of_kind(*kinds: str) -> Shape:
    """TRUE for a value of these kinds that is neither blank nor an error."""

    def shape(checker: "Checker", node: Call) -> Term:
        if not checker.counted(node, 1, 1):
            return Term("const", UNKNOWN)
        inside = checker.term(node.args[0])
        return Term("isvalue", BOOLEAN, (inside,)) if inside.type.kind in kinds else constant(False, BOOLEAN)

    return shape


special("ISNUMBER 是数字", zh="是数字就成立", en="TRUE for a number", example="ISNUMBER(amount)")(
    of_kind("number", "duration")
)
special("ISTEXT 是文字", zh="是文字就成立", en="TRUE for a text", example="ISTEXT(name)")(of_kind("text"))
special("ISLOGICAL 是真假", zh="是真假值就成立", en="TRUE for a yes/no value", example="ISLOGICAL(a > 1)")(
    of_kind("boolean")
)


def word(value: bool | None, kind: Type) -> Shape:
    def shape(checker: "Checker", node: Call) -> Term:
        checker.counted(node, 0, 0)
        return constant(value, kind)

    return shape


special("TRUE 真", zh="真", en="TRUE", example="TRUE()")(word(True, BOOLEAN))
special("FALSE 假", zh="假", en="FALSE", example="FALSE()")(word(False, BOOLEAN))
special("BLANK 空 空值", zh="空", en="No value", example="BLANK()")(word(None, BLANK))


@special("T", zh="是文字得文字，否则得空文字", en="The text, or an empty text for anything else", example="T(name)")
def only_text(checker: "Checker", node: Call) -> Term:
    if not checker.counted(node, 1, 1):
        return Term("const", UNKNOWN)
    inside = checker.term(node.args[0])
    return checker.want(node.args[0], "text") if inside.type == TEXT else constant("", TEXT)


@special("N", zh="是数字得数字，真为 1，否则得 0", en="The number, 1 for TRUE, 0 for anything else", example="N(paid)")
def only_number(checker: "Checker", node: Call) -> Term:
    if not checker.counted(node, 1, 1):
        return Term("const", UNKNOWN)
    numeric = checker.term(node.args[0]).type.kind in ("number", "duration", "boolean")
    return checker.want(node.args[0], "number") if numeric else number(0)
