"""Coordinates of a flow: cards, wires, labels of branches and jumps, in reading order."""

from dataclasses import dataclass, field
from typing import Any

from engines.core.kernel.kind import Definition

from .flow_graph import START, Column, Graph, Row, Tree, graph_of, unreached

WIDE, HIGH, PILL, PILL_HIGH, GAP, ROUND = 248, 64, 112, 36, 44, 8
BRANCH_GAP, LABEL_GAP = 132, 88


@dataclass
class Card:
    id: str
    x: int
    y: int
    w: int
    h: int
    node: Definition


@dataclass
class Drawing:
    cards: list[Card] = field(default_factory=list)
    wires: list[str] = field(default_factory=list)
    labels: list[tuple[int, int, Any, str]] = field(default_factory=list)
    jumps: list[tuple[int, int, str, bool]] = field(default_factory=list)
    w: int = 0
    h: int = 0


def draw(flow: Definition) -> Drawing:
    """Where everything of a flow stands; positions are never stored."""
    graph = graph_of(flow)
    tree = Tree(graph).whole()
    _measure(graph, tree)
    pen = _Pen(graph)
    bottom = pen.put(tree, tree.left, 0)
    made = pen.made
    for name in unreached(graph):
        made.cards.append(pen.card(name, tree.left, bottom + GAP))
        bottom += GAP + HIGH
    made.w, made.h = tree.left + tree.right, bottom
    return made


def size(node: Definition) -> tuple[int, int]:
    return (PILL, PILL_HIGH) if node["type"] in ("end", "join") else (WIDE, HIGH)


def _measure(graph: Graph, column: Column) -> None:
    """How far a sequence reaches to the left and to the right of its axis."""
    column.left = column.right = WIDE // 2 if column.rows else GAP
    for row in column.rows:
        if row.kind != "split":
            continue
        for inner in row.columns:
            _measure(graph, inner)
        gap, x = (BRANCH_GAP if len(row.columns) == 2 else GAP), 0
        axes = []
        for inner in row.columns:
            axes.append(x + inner.left)
            x += inner.left + inner.right + gap
        middle = _middle(row, axes)
        row.offsets = [axis - middle for axis in axes]
        column.left, column.right = max(column.left, middle), max(column.right, x - gap - middle)


def _middle(row: Row, axes: list[int]) -> int:
    """The axis stays on the branches that go on, else on the author's main one."""
    going = [n for n, one in enumerate(row.columns) if one.open] or [
        n for n, one in enumerate(row.columns) if one.trunk
    ]
    ends = going or [0, -1]
    return axes[ends[0]] if len(ends) == 1 else (axes[ends[0]] + axes[ends[-1]]) // 2


class _Pen:
    def __init__(self, graph: Graph) -> None:
        self.graph, self.made = graph, Drawing()

    def card(self, name: str, x: int, y: int) -> Card:
        w, h = size(self.graph.nodes[name])
        return Card(name, x - w // 2, y, w, h, self.graph.nodes[name])

    def put(self, column: Column, x: int, y: int) -> int:
        """Draw a sequence down from (x, y); the bottom of its last thing."""
        for n, row in enumerate(column.rows):
            if row.kind == "split":
                y = self.split(row, x, y)
                continue
            if n and column.rows[n - 1].kind != "split":
                self.made.wires.append(f"M{x} {y}V{y + GAP}")
                y += GAP
            y = self.jump(row, x, y) if row.kind == "jump" else self.node(row, x, y)
        return y

    def node(self, row: Row, x: int, y: int) -> int:
        made = self.card(row.id, x, y)
        self.made.cards.append(made)
        return y + made.h

    def jump(self, row: Row, x: int, y: int) -> int:
        self.made.jumps.append((x, y, row.id, row.back))
        return y + 28

    def split(self, row: Row, x: int, y: int) -> int:
        ends = []
        for column, offset in zip(row.columns, row.offsets, strict=True):
            at = x + offset
            self.made.wires.append(_elbow(x, y, at, bus=y + 28, end=y + LABEL_GAP))
            edge = column.edge
            self.made.labels.append((at, y + 48, edge.label if edge else None, edge.port if edge else ""))
            ends.append(self.put(column, at, y + LABEL_GAP))
        going = [(x + o, end) for c, o, end in zip(row.columns, row.offsets, ends, strict=True) if c.open]
        bottom = max(ends)
        if not going:
            return bottom + GAP
        for at, end in going:
            self.made.wires.append(_elbow(at, end, x, bus=bottom + GAP, end=bottom + 2 * GAP))
        return bottom + 2 * GAP


def _elbow(x: int, y: int, to: int, *, bus: int, end: int) -> str:
    """Down, across at `bus`, down again, with round corners."""
    if x == to:
        return f"M{x} {y}V{end}"
    turn = ROUND if to > x else -ROUND
    first = f"M{x} {y}V{bus - ROUND}Q{x} {bus} {x + turn} {bus}"
    return f"{first}H{to - turn}Q{to} {bus} {to} {bus + ROUND}V{end}"


__all__ = ["START", "Drawing", "draw"]
