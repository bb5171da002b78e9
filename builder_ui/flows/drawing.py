"""Coordinates of a flow in reading order: cards, wires, names of branches, places for new steps, and jumps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from engines.core.kernel.kind import Definition

from .graph import START, Column, Edge, Graph, Row, Tree, graph_of, splits, unreached

WIDE, HIGH, PILL, PILL_WIDE, PILL_HIGH = 248, 64, 112, 136, 36
GAP, ROUND, BUS, NAMED, LABEL, PLUS = 44, 8, 28, 48, 88, 74
BRANCH_GAP, EMPTY, JUMP_HIGH, BESIDE = 132, 44, 28, 8
LANE, LANE_STEP, LANES = 28, 12, 4
WAY_BACK_ROOM = 80
"""Pixels: the card, the pill of an end and of a meeting, the gap on a wire, its corner; below a branching step its bus,
the name of a branch, its plus and the first card; between two branches, half an empty branch, a jump, where a branch is
added; lanes of ways back."""


@dataclass(frozen=True)
class Item:
    """One thing that stands somewhere: `card` (w, h, its node), `plus` (its edges), `label` (its edge), `branch` (one
    more for `step`) or `jump` (its edges, to `step`). x and y: the corner of a card, else the middle. `deep`: in how
    many branches it stands."""

    what: str
    x: int
    y: int
    step: str = ""
    w: int = 0
    h: int = 0
    node: Definition = field(default_factory=dict)
    edges: tuple[Edge, ...] = ()
    back: bool = False
    deep: int = 0

    @property
    def at(self) -> str:
        return ",".join(edge.id for edge in self.edges)

    @property
    def style(self) -> str:
        """Where it stands, as CSS reads it; the width of a pill, which its name makes."""
        pill = f";--wide:{self.w}" if self.what == "card" and self.h == PILL_HIGH else ""
        return f"--x:{self.x};--y:{self.y};--d:{self.deep}{pill}"


@dataclass(frozen=True)
class Wire:
    """A path of an SVG, and the edges that run along it; none for the lane of a way back."""

    d: str
    edges: tuple[str, ...] = ()


@dataclass
class Drawing:
    items: list[Item] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    w: int = 0
    h: int = 0

    def cards(self) -> list[Item]:
        return [one for one in self.items if one.what == "card"]


def draw(flow: Definition) -> Drawing:
    """Where everything of a flow stands; positions are never stored. Any graph can be drawn."""
    graph = graph_of(flow)
    tree = Tree(graph).whole()
    _measure(graph, tree)
    pen = _Pen(graph)
    bottom = pen.put(tree, tree.left, 0, 0)
    for name in unreached(graph):
        pen.card(name, tree.left, bottom + GAP, 0)
        bottom += GAP + HIGH
    made = pen.made
    made.h = bottom
    made.w = tree.left + tree.right + (WAY_BACK_ROOM if _lanes(made) else 0)
    return made


def size(node: Definition) -> tuple[int, int]:
    if node["type"] == "join":
        return PILL_WIDE, PILL_HIGH
    return (_pill(node), PILL_HIGH) if node["type"] == "end" else (WIDE, HIGH)


def _pill(node: Definition) -> int:
    """As wide as its longest name: a Chinese character is as wide as two others."""
    names = node.get("label", {}).values()
    longest = max((sum(2 if ord(sign) > 0x2E7F else 1 for sign in name) for name in names), default=0)
    return max(PILL, min(WIDE, -(-(longest * 8 + 52) // 4) * 4))


def _measure(graph: Graph, column: Column) -> None:
    """How far a sequence reaches to the left and to the right of its axis."""
    column.left = column.right = WIDE // 2 if column.rows else EMPTY
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
        self.offered: set[str] = set()

    def card(self, name: str, x: int, y: int, deep: int) -> int:
        """Its bottom."""
        node = self.graph.nodes[name]
        w, h = size(node)
        out = tuple(self.graph.out[name])
        self.made.items.append(Item("card", x - w // 2, y, name, w, h, node, out, deep=deep))
        return y + h

    def wire(self, d: str, edges: Iterable[Edge]) -> None:
        self.made.wires.append(Wire(d, tuple(edge.id for edge in edges)))

    def plus(self, x: int, y: int, edges: Sequence[Edge], deep: int) -> None:
        """One for the same lines, where several branches inside each other end together."""
        made = Item("plus", x, y, edges=tuple(edges), deep=deep)
        if made.at not in self.offered:
            self.offered.add(made.at)
            self.made.items.append(made)

    def put(self, column: Column, x: int, y: int, deep: int) -> int:
        """Draw a sequence down from (x, y); the bottom of its last thing."""
        for n, row in enumerate(column.rows):
            if row.kind == "split":
                y = self.split(row, x, y, deep)
                continue
            if n and column.rows[n - 1].kind != "split":
                self.wire(f"M{x} {y}V{y + GAP}", row.edges)
                self.plus(x, y + GAP // 2, row.edges, deep)
                y += GAP
            y = self.jump(row, x, y, deep) if row.kind == "jump" else self.card(row.id, x, y, deep)
        return y

    def jump(self, row: Row, x: int, y: int, deep: int) -> int:
        middle = y + JUMP_HIGH // 2
        self.made.items.append(Item("jump", x, middle, row.id, edges=tuple(row.edges), back=row.back, deep=deep))
        return y + JUMP_HIGH

    def split(self, row: Row, x: int, y: int, deep: int) -> int:
        """Branches side by side; below them the plus of each, and after their meeting one for all."""
        if splits(self.graph.nodes[row.id]):
            self.made.items.append(Item("branch", x + BESIDE, y + BUS // 2, row.id, deep=deep))
        ends = [self.branch(column, x, x + offset, y, deep + 1) for column, offset in _columns(row)]
        bottom = max(ends)
        going = [(c, x + offset, end) for (c, offset), end in zip(_columns(row), ends, strict=True) if c.open]
        if not going:
            return bottom + GAP
        bus = bottom + GAP
        for column, at, end in going:
            self.wire(_elbow(at, end, x, bus=bus, end=bus + GAP), column.tail)
        if len(going) > 1:
            self.plus(x, bus + GAP // 2, [edge for column, _, _ in going for edge in column.tail], deep)
        return bus + GAP

    def branch(self, column: Column, x: int, at: int, y: int, deep: int) -> int:
        edge = column.edge
        if edge is None:
            return y
        self.wire(_elbow(x, y, at, bus=y + BUS, end=y + LABEL), [edge])
        self.made.items.append(Item("label", at, y + NAMED, edge.source, edges=(edge,), deep=deep))
        self.plus(at, y + PLUS, [edge], deep)
        end = self.put(column, at, y + LABEL, deep)
        if column.open and column.rows and column.tail:
            self.plus(at, end + GAP // 2, column.tail, deep)
        return end


def _columns(row: Row) -> list[tuple[Column, int]]:
    return list(zip(row.columns, row.offsets, strict=True))


def _elbow(x: int, y: int, to: int, *, bus: int, end: int) -> str:
    """Down, across at `bus`, down again, with round corners."""
    if x == to:
        return f"M{x} {y}V{end}"
    turn = ROUND if to > x else -ROUND
    first = f"M{x} {y}V{bus - ROUND}Q{x} {bus} {x + turn} {bus}"
    return f"{first}H{to - turn}Q{to} {bus} {to} {bus + ROUND}V{end}"


def _lanes(made: Drawing) -> int:
    """Ways back on the right of everything between, dashed, where no card is in the way; how many were drawn."""
    cards, drawn = {one.step: one for one in made.cards()}, 0
    for jump in [one for one in made.items if one.what == "jump" and one.back]:
        target = cards[jump.step]
        top, right = target.y + target.h // 2, target.x + target.w
        if _in_the_way(cards.values(), jump.x, jump.y) or _in_the_way(cards.values(), right, top):
            continue
        beside = [c.x + c.w for c in cards.values() if target.y - HIGH <= c.y <= jump.y + HIGH]
        lane = max([jump.x + 60, *beside]) + LANE + LANE_STEP * (drawn % LANES)
        up = f"Q{lane} {jump.y} {lane} {jump.y - ROUND}V{top + ROUND}Q{lane} {top} {lane - ROUND} {top}"
        made.wires.append(Wire(f"M{jump.x} {jump.y}H{lane - ROUND}{up}H{right}"))
        drawn += 1
    return drawn


def _in_the_way(cards: Iterable[Item], x: int, y: int) -> bool:
    return any(c.y - 12 < y < c.y + c.h + 12 and c.x + c.w > x for c in cards)


__all__ = ["START", "Drawing", "Item", "draw"]
