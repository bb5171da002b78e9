"""What can be asked of a value in a condition card: each operator is a formula with holes, read both ways."""

from dataclasses import dataclass, replace
from functools import cache

from engines.core.formula.functions import base as functions
from engines.core.formula.grammar import parse
from engines.core.formula.nodes import Call, Chain, Constant, Name, Node, Number, Percent, Sign, Text, Where
from engines.core.formula.types import Type
from engines.core.kernel.kind import Label
from engines.core.records.filters import family

Bound = dict[str, Node]
"""What stands in the holes of a pattern: `_S` the subject, `_A` and `_B` values."""
LISTED = "_L"
"""The hole that takes one or more values, the last of a call."""


@dataclass(frozen=True)
class Op:
    """`pattern` is formula text over the holes; `takes` is the control of its values: `own` (the field's), `days`,
    `many` (several of the field's), or nothing. `said` is a phrase with {s} and {a}, when "subject words value" reads
    badly. Operators with `spare` are read from a formula but not offered."""

    id: str
    words: Label
    pattern: str
    takes: str = ""
    said: Label | None = None
    spare: bool = False

    @property
    def holes(self) -> tuple[str, ...]:
        return tuple(hole for hole in ("_A", "_B") if hole in self.pattern)


def _op(name: str, zh: str, en: str, pattern: str, takes: str = "", said: str = "", *, spare: bool = False) -> Op:
    phrase = dict(zip(("zh", "en"), said.split(" | "), strict=True)) if said else None
    return Op(name, {"zh": zh, "en": en}, pattern, takes, phrase, spare)


BLANK = (
    _op("blank", "为空", "is empty", "ISBLANK(_S)"),
    _op("filled", "已填", "is filled in", "NOT ISBLANK(_S)"),
    _op("equals_blank", "为空", "is empty", "_S = BLANK", spare=True),
    _op("not_blank", "已填", "is filled in", "_S <> BLANK", spare=True),
)
SAME = (_op("is", "是", "is", "_S = _A", "own"), _op("not", "不是", "is not", "_S <> _A", "own"))
EITHER = _op("any", "是其中之一", "is any of", "_S = _L", "many")
OPS: dict[str, tuple[Op, ...]] = {
    "text": (
        _op("contains", "包含", "contains", "CONTAINS(_S, _A)", "own"),
        _op("lacks", "不包含", "does not contain", "NOT CONTAINS(_S, _A)", "own"),
        *SAME,
        _op("starts", "开头是", "starts with", "STARTSWITH(_S, _A)", "own"),
        _op("ends", "结尾是", "ends with", "ENDSWITH(_S, _A)", "own"),
        *BLANK,
    ),
    "number": (
        _op("gt", "大于", "is more than", "_S > _A", "own"),
        _op("ge", "大于等于", "is at least", "_S >= _A", "own"),
        _op("lt", "小于", "is less than", "_S < _A", "own"),
        _op("le", "小于等于", "is at most", "_S <= _A", "own"),
        _op("eq", "等于", "is", "_S = _A", "own"),
        _op("ne", "不等于", "is not", "_S <> _A", "own"),
        _op("between", "在范围内", "is between", "_S >= _A AND _S <= _B", "own",
            "{s} 在 {a} 到 {b} 之间 | {s} is between {a} and {b}"),
        *BLANK,
    ),
    "date": (
        _op("days_ge", "已过去至少（天）", "days gone by, at least", "DAYS_SINCE(_S) >= _A", "days",
            "{s} 距今至少 {a} 天 | {s} was at least {a} days ago"),
        _op("days_gt", "已过去超过（天）", "days gone by, more than", "DAYS_SINCE(_S) > _A", "days",
            "{s} 距今超过 {a} 天 | {s} was more than {a} days ago"),
        _op("days_lt", "已过去不到（天）", "days gone by, fewer than", "DAYS_SINCE(_S) < _A", "days",
            "{s} 距今不到 {a} 天 | {s} was fewer than {a} days ago"),
        _op("days_le", "已过去至多（天）", "days gone by, at most", "DAYS_SINCE(_S) <= _A", "days",
            "{s} 距今至多 {a} 天 | {s} was at most {a} days ago"),
        _op("since", "不早于（几天前）", "not earlier than (days ago)", "_S >= TODAY() - _A", "days",
            "{s} 不早于 {a} 天前 | {s} is within the last {a} days or later"),
        _op("earlier", "早于（几天前）", "earlier than (days ago)", "_S < TODAY() - _A", "days",
            "{s} 早于 {a} 天前 | {s} is more than {a} days past"),
        _op("within", "不晚于（几天后）", "not later than (days ahead)", "_S <= TODAY() + _A", "days",
            "{s} 不晚于 {a} 天后 | {s} is no later than {a} days from now"),
        _op("today", "是今天", "is today", "_S = TODAY()"),
        _op("before", "早于（日期）", "is before", "_S < _A", "own"),
        _op("after", "晚于（日期）", "is after", "_S > _A", "own"),
        _op("upto", "不晚于（日期）", "is on or before", "_S <= _A", "own"),
        _op("from", "不早于（日期）", "is on or after", "_S >= _A", "own"),
        _op("on", "是（日期）", "is on", "_S = _A", "own"),
        *BLANK,
    ),
    "choice": (*SAME, EITHER, *BLANK),
    "list": (
        _op("has", "含有", "has", "HAS(_S, _A)", "own"),
        _op("lacks", "没有", "does not have", "NOT HAS(_S, _A)", "own"),
        _op("any", "含任一", "has any of", "HAS_ANY(_S, _L)", "many"),
        _op("every", "含全部", "has all of", "HAS_ALL(_S, _L)", "many"),
        *BLANK,
    ),
    "person": (_op("me", "是操作的人", "is whoever acts", "_S = CURRENT_USER()"), *SAME, *BLANK),
    "link": (*SAME, *BLANK),
    "boolean": (
        _op("yes", "是", "is yes", "_S", said="{s} | {s}"),
        _op("no", "否", "is no", "NOT _S", said="不是「{s}」 | not {s}"),
        _op("is_true", "是", "is yes", "_S = TRUE", said="{s} | {s}", spare=True),
        _op("is_false", "否", "is no", "_S = FALSE", said="不是「{s}」 | not {s}", spare=True),
    ),
    "exists": (
        _op("some", "有", "there is one", "_S", said="有 {s} | there are {s}"),
        _op("none", "没有", "there is none", "NOT _S", said="没有 {s} | there are no {s}"),
    ),
    "blank": BLANK,
}  # fmt: skip
"""By family of value; the first is the one a person most likely wants."""


def ops_of(kind: Type, function: str = "") -> tuple[Op, ...]:
    """What can be asked of values of a type; of related records that there are any."""
    return OPS.get("exists" if function == "EXISTS" else family(kind), ())


def pattern_of(op: Op) -> Node:
    return _parsed(op.pattern)


_parsed = cache(parse)


@cache
def every() -> tuple[Op, ...]:
    """All operators, those with more in their pattern first: the most telling reading of a formula wins."""
    found = {op.id + op.pattern: op for ops in OPS.values() for op in ops}
    return tuple(sorted(found.values(), key=lambda op: -_size(pattern_of(op))))


def _size(node: Node) -> int:
    """A word that has to be there tells more than a hole."""
    hole = isinstance(node, Name)
    return (1 if hole else 2) + sum(map(_size, _parts(node)))


def _parts(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Call):
        return node.args
    if isinstance(node, Chain):
        return (node.first, *(operand for _, operand in node.rest))
    if isinstance(node, Where):
        return node.value, node.condition
    return (node.operand,) if isinstance(node, Sign | Percent) else ()


def fits(op: Op, node: Node) -> tuple[Node, tuple[Node, ...]] | None:
    """(subject, values) when the formula is this operator's."""
    if op is EITHER:
        return _either(node)
    bound: Bound = {}
    listed: list[Node] = []
    if not _meets(pattern_of(op), node, bound, listed):
        return None
    values = tuple(listed) if LISTED in op.pattern else tuple(bound[hole] for hole in op.holes)
    return bound["_S"], values


def _meets(pattern: Node, node: Node, bound: Bound, listed: list[Node]) -> bool:
    """Is the node what the pattern says, with the same thing in the same hole everywhere?"""
    if isinstance(pattern, Name) and pattern.parts[0].startswith("_"):
        return bound.setdefault(pattern.parts[0], node) == node
    if type(pattern) is not type(node):
        return False
    if isinstance(pattern, Call) and isinstance(node, Call):
        return pattern.name == node.name and _arguments(pattern.args, node.args, bound, listed)
    if isinstance(pattern, Chain) and isinstance(node, Chain):
        signs = [op for op, _ in pattern.rest] == [op for op, _ in node.rest]
        return signs and all(_meets(p, n, bound, listed) for p, n in zip(_parts(pattern), _parts(node), strict=True))
    return pattern == node


def _arguments(wanted: tuple[Node, ...], given: tuple[Node, ...], bound: Bound, listed: list[Node]) -> bool:
    if wanted and wanted[-1] == Name((LISTED,)) and len(given) >= len(wanted):
        listed.extend(given[len(wanted) - 1 :])
        wanted, given = wanted[:-1], given[: len(wanted) - 1]
    return len(wanted) == len(given) and all(_meets(p, n, bound, listed) for p, n in zip(wanted, given, strict=True))


def _either(node: Node) -> tuple[Node, tuple[Node, ...]] | None:
    """`a = 1 OR a = 2`: one subject and several texts."""
    if not isinstance(node, Chain) or node.rest[0][0] != "OR":
        return None
    found = [fits(SAME[0], part) for part in _parts(node)]
    pairs = [one for one in found if one is not None and isinstance(one[1][0], Text)]
    if len(pairs) < len(found) or len({one[0] for one in pairs}) != 1:
        return None
    return pairs[0][0], tuple(value for _, (value,) in pairs)


def formula_of(op: Op, subject: Node, values: tuple[Node, ...]) -> Node:
    """The way back of `fits`."""
    if op is EITHER:
        parts = tuple(formula_of(SAME[0], subject, (value,)) for value in values)
        return Chain(parts[0], tuple(("OR", part) for part in parts[1:])) if len(parts) > 1 else parts[0]
    bound = {"_S": subject} | dict(zip(op.holes, values, strict=False))
    return _filled(pattern_of(op), bound, values)


def _filled(pattern: Node, bound: Bound, values: tuple[Node, ...]) -> Node:
    if isinstance(pattern, Name):
        return bound.get(pattern.parts[0], pattern)
    if isinstance(pattern, Call):
        args = [arg for part in pattern.args
                for arg in (values if part == Name((LISTED,)) else (_filled(part, bound, values),))]  # fmt: skip
        return replace(pattern, args=tuple(args))
    if isinstance(pattern, Chain):
        rest = tuple((op, _filled(part, bound, values)) for op, part in pattern.rest)
        return replace(pattern, first=_filled(pattern.first, bound, values), rest=rest)
    return pattern


def literal(node: Node) -> bool:
    """A value that stands there itself: a number, a text, yes or no."""
    if isinstance(node, Sign):
        return isinstance(node.operand, Number)
    return isinstance(node, Number | Text) or (isinstance(node, Constant) and node.value is not None)


AGGREGATES: dict[str, Label] = {
    "COUNT": {"zh": "的条数", "en": "number of"},
    "EXISTS": {"zh": "有没有", "en": "is there any"},
    "SUM": {"zh": "的合计", "en": "sum of"},
    "AVERAGE": {"zh": "的平均", "en": "average of"},
    "MIN": {"zh": "的最小值", "en": "smallest of"},
    "MAX": {"zh": "的最大值", "en": "largest of"},
    "LATEST": {"zh": "最近一条的", "en": "latest"},
}
"""Summaries of related records that a card can ask about; LATEST takes the newest record."""


def known_function(name: str) -> bool:
    return name in AGGREGATES and name in functions.FUNCTIONS
