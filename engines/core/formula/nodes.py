"""The syntax tree of a formula: what was written and where, before anything has a type."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Node:
    """`start` and `end` are places in the text; two nodes are equal when they say the same, wherever they stand."""

    start: int = field(default=0, compare=False, kw_only=True)
    end: int = field(default=0, compare=False, kw_only=True)

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


@dataclass(frozen=True)
class Number(Node):
    value: float


@dataclass(frozen=True)
class Text(Node):
    value: str


@dataclass(frozen=True)
class Constant(Node):
    """TRUE, FALSE or BLANK (None)."""

    value: bool | None


@dataclass(frozen=True)
class Name(Node):
    """A field or a path of fields: `amount`, `order.amount`, `{Total spend}`."""

    parts: tuple[str, ...]


@dataclass(frozen=True)
class Call(Node):
    """A function by its canonical name, or by what was written when no function has that name."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True)
class Where(Node):
    """Related records with a condition."""

    value: Node
    condition: Node


@dataclass(frozen=True)
class Sign(Node):
    op: str
    operand: Node


@dataclass(frozen=True)
class Percent(Node):
    operand: Node


@dataclass(frozen=True)
class Chain(Node):
    """Operators of one precedence in a row, from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]
