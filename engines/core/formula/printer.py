"""The way back from a syntax tree to text: the canonical one over ids, or one for reading with labels."""

import re
from collections.abc import Callable
from functools import singledispatch

from .functions.base import spoken
from .nodes import Call, Chain, Constant, Name, Node, Number, Percent, Sign, Text, Where
from .scan import IDENTIFIER, KEYWORDS, PRECEDENCE

CHINESE = {"AND": "且", "OR": "或", "WHERE": "其中"}
Naming = Callable[[Node], tuple[str, ...] | None]
"""Other words for a name or a text at its place, None to keep it."""


def text_of(node: Node, naming: Naming = lambda node: None, *, language: str = "") -> str:
    """Formula text that parses to an equal tree; `naming` replaces names, `language` the names of functions."""
    return written(node, naming, language)


@singledispatch
def written(node: Node, naming: Naming, language: str) -> str:
    raise TypeError(node)


@written.register
def _number(node: Number, naming: Naming, language: str) -> str:
    whole = node.value.is_integer() and abs(node.value) < 1e15
    return str(int(node.value)) if whole else repr(node.value)


@written.register
def _text(node: Text, naming: Naming, language: str) -> str:
    value = (naming(node) or (node.value,))[0]
    return '"' + value.replace('"', '""') + '"'


@written.register
def _constant(node: Constant, naming: Naming, language: str) -> str:
    return {True: "TRUE", False: "FALSE", None: "BLANK"}[node.value]


@written.register
def _name(node: Name, naming: Naming, language: str) -> str:
    return ".".join(piece(part) for part in naming(node) or node.parts)


def piece(part: str) -> str:
    bare = re.fullmatch(IDENTIFIER, part) and part.upper() not in KEYWORDS
    return part if bare else "{" + part + "}"


@written.register
def _call(node: Call, naming: Naming, language: str) -> str:
    return f"{spoken(node.name, language)}({', '.join(written(arg, naming, language) for arg in node.args)})"


@written.register
def _where(node: Where, naming: Naming, language: str) -> str:
    between = said("WHERE", language)
    return f"{written(node.value, naming, language)} {between} {written(node.condition, naming, language)}"


@written.register
def _sign(node: Sign, naming: Naming, language: str) -> str:
    return node.op + wrapped(node.operand, naming, language, tight=isinstance(node.operand, Chain))


@written.register
def _percent(node: Percent, naming: Naming, language: str) -> str:
    return wrapped(node.operand, naming, language, tight=isinstance(node.operand, Chain | Sign)) + "%"


@written.register
def _chain(node: Chain, naming: Naming, language: str) -> str:
    strength = PRECEDENCE[node.rest[0][0]]
    parts = [wrapped(node.first, naming, language, tight=strength_of(node.first) <= strength)]
    for operator, operand in node.rest:
        parts.append(said(operator, language))
        parts.append(wrapped(operand, naming, language, tight=strength_of(operand) <= strength))
    return " ".join(parts)


def said(word: str, language: str) -> str:
    """An operator for a reader."""
    return CHINESE.get(word, word) if language == "zh" else word


def strength_of(node: Node) -> int:
    return PRECEDENCE[node.rest[0][0]] if isinstance(node, Chain) else 99


def wrapped(node: Node, naming: Naming, language: str, *, tight: bool) -> str:
    inside = written(node, naming, language)
    return f"({inside})" if tight else inside
