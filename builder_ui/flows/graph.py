"""The shape of a flow: reading order, ways back, and where branches meet again; nothing here knows of pixels."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from engines.core.kernel.errors import UnknownType
from engines.core.kernel.kind import Definition
from engines.flow import node_types

START = "start"


@dataclass(frozen=True)
class Edge:
    id: str
    source: str
    target: str
    port: str
    label: Any = None


@dataclass
class Graph:
    """`nodes` by id with the trigger as `start`; `out` are the edges of each in the author's order."""

    nodes: dict[str, Definition]
    out: dict[str, list[Edge]]
    order: list[str] = field(default_factory=list)
    back: set[str] = field(default_factory=set)
    meet: dict[str, str | None] = field(default_factory=dict)
    after: dict[str, str | None] = field(default_factory=dict)
    """Where a step goes on once all its branches are through; None where nothing follows."""
    trunk: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Row:
    """One thing below the one before: a `node`, a `split` into columns, or a `jump` to something drawn elsewhere.
    `edges` lead into it from what stands above."""

    kind: str
    id: str = ""
    back: bool = False
    edges: list[Edge] = field(default_factory=list)
    columns: list["Column"] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)


@dataclass
class Column:
    """A sequence of rows. `open`: it goes on below, by the edges of its `tail`; `left` and `right` are its width beside
    its axis."""

    rows: list[Row]
    open: bool = False
    tail: list[Edge] = field(default_factory=list)
    edge: Edge | None = None
    trunk: bool = False
    left: int = 0
    right: int = 0


def splits(node: Definition | None) -> bool:
    """Is it a step with a branch on each edge?"""
    try:
        return node is not None and node_types.get(node["type"]).splits
    except UnknownType:
        return False


def graph_of(flow: Definition) -> Graph:
    """Edges that lead to or from nowhere are left out: the check tells of them. `else` stands last."""
    nodes: dict[str, Definition] = {START: {"id": START, "type": START}} | {n["id"]: n for n in flow["nodes"]}
    out: dict[str, list[Edge]] = {name: [] for name in nodes}
    for n, edge in enumerate(flow["edges"]):
        if edge["from"] in nodes and edge["to"] in nodes:
            made = Edge(str(edge.get("id", n)), edge["from"], edge["to"], str(edge.get("port", "")), edge.get("label"))
            out[edge["from"]].append(made)
    for edges in out.values():
        edges.sort(key=lambda edge: edge.port == "else")
    graph = Graph(nodes, out)
    _walk(graph)
    _meetings(graph)
    return graph


def _walk(graph: Graph) -> None:
    """Depth first: targets before sources in `order`, and the edges that lead back."""
    state: dict[str, int] = {}
    stack = [(START, 0)]
    while stack:
        name, n = stack.pop()
        state[name] = 1
        if n < len(graph.out[name]):
            stack.append((name, n + 1))
            edge = graph.out[name][n]
            if state.get(edge.target) == 1:
                graph.back.add(edge.id)
            elif edge.target not in state:
                stack.append((edge.target, 0))
        else:
            state[name] = 2
            graph.order.append(name)


def _meetings(graph: Graph) -> None:
    """Nearest common post-dominators, ways back and branches that meet nothing left out."""
    reach = _reach(graph)
    dominator: dict[str, str | None] = {}
    depth: dict[str | None, int] = {None: 0}
    for name in graph.order:
        live = _coming_together([e for e in graph.out[name] if e.id not in graph.back], reach)
        graph.trunk[name] = [edge.id for edge in live]
        meet = live[0].target if live else None
        for edge in live[1:]:
            meet = _common(meet, edge.target, dominator, depth)
        dominator[name], depth[name] = meet, depth[meet] + 1
        if len(live) > 1:
            graph.meet[name] = meet
    graph.after = dominator


def _reach(graph: Graph) -> dict[str, int]:
    """What each step leads to over no way back, as a set of bits."""
    bit = {name: 1 << n for n, name in enumerate(graph.order)}
    reach: dict[str, int] = {}
    for name in graph.order:
        reach[name] = bit[name]
        for edge in graph.out[name]:
            if edge.id not in graph.back:
                reach[name] |= reach[edge.target]
    return reach


def _coming_together(live: list[Edge], reach: dict[str, int]) -> list[Edge]:
    """Edges whose branches meet each other; where there are several such groups, the one that leads to the most."""
    groups: list[tuple[int, list[Edge]]] = []
    for edge in live:
        met = [one for one in groups if one[0] & reach[edge.target]]
        bits, edges = reach[edge.target], [edge]
        for one in met:
            bits, edges = bits | one[0], [*one[1], *edges]
        groups = [*(one for one in groups if one not in met), (bits, edges)]
    found = max(groups, key=lambda one: one[0].bit_count(), default=(0, []))[1]
    return [edge for edge in live if edge in found]


def _common(
    one: str | None, other: str | None, dominator: dict[str, str | None], depth: dict[str | None, int]
) -> str | None:
    while one != other:
        if depth[one] >= depth[other]:
            one = dominator[str(one)]
        else:
            other = dominator[str(other)]
    return one


class Tree:
    """Nested sequences: every step once, every edge once, as a wire or as a jump. No graph is refused."""

    def __init__(self, graph: Graph) -> None:
        self.graph, self.placed = graph, set()

    def whole(self) -> Column:
        return self.sequence(Edge("", "", START, ""), None, frozenset())

    def sequence(self, edge: Edge, stop: str | None, pending: frozenset[str]) -> Column:
        rows: list[Row] = []
        name, last = edge.target, [edge]
        while True:
            if name == stop:
                return Column(rows, open=True, tail=last)
            back = any(one.id in self.graph.back for one in last)
            if name in self.placed or name in pending or back:
                return Column([*rows, Row("jump", name, back=back, edges=last)])
            self.placed.add(name)
            rows.append(Row("node", name, edges=[one for one in last if one.id]))
            out = self.graph.out[name]
            if not out:
                return Column(rows)
            if len(out) == 1:
                last, name = out, out[0].target
                continue
            split, meeting = self.split(name, out, stop, pending)
            rows.append(split)
            last = [edge for column in split.columns for edge in column.tail]
            if meeting is None or (not last and (meeting == stop or meeting in self.placed)):
                return Column(rows)
            name = meeting

    def split(self, name: str, out: list[Edge], stop: str | None, pending: frozenset[str]) -> tuple[Row, str | None]:
        """The branches of a step, and where they go on together."""
        meeting = self.graph.meet.get(name)
        if meeting in self.placed or meeting in pending:
            meeting = None
        inner = meeting if meeting is not None else stop
        waiting = (pending | {stop}) - {inner} if stop else pending
        columns = []
        for edge in out:
            column = self.sequence(edge, inner, frozenset(one for one in waiting if one))
            column.edge, column.trunk = edge, edge.id in self.graph.trunk[name]
            columns.append(column)
        columns.sort(key=lambda column: bool(column.rows) and column.rows[0].kind == "jump")
        return Row("split", name, columns=columns), inner


def unreached(graph: Graph) -> Iterator[str]:
    """Steps that nothing leads to: they are drawn below."""
    yield from (name for name in graph.nodes if name not in graph.order)
