"""A flow's definition made ready: nodes, edges by port in the author's order, and everything that is wrong with it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import orjson

from engines.core.kernel.errors import AppError, UnknownType
from engines.core.kernel.kind import Definition

from .base import COMMON, START, Node, node_types, trigger_types

Problem = tuple[str, str]


class NoWayOn(AppError):
    code = "no_way_on"
    words = {
        "zh": "流程走到「{node}」后没有下一步（出口「{port}」没有连线）",
        "en": "The flow stops after '{node}': nothing leaves by '{port}'",
    }


@dataclass(frozen=True, eq=False)
class Flow:
    """`hash` names this very definition for ever; runs keep theirs."""

    app: str
    definition: Definition
    hash: str
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.definition["id"])

    @property
    def form(self) -> str:
        return str(self.definition.get("form", ""))

    @property
    def label(self) -> dict[str, str]:
        return dict(self.definition["label"])

    @property
    def trigger(self) -> Definition:
        return dict(self.definition.get("trigger", {"type": "button"}))

    @cached_property
    def nodes(self) -> dict[str, Definition]:
        return {node["id"]: node for node in self.definition["nodes"]}

    @cached_property
    def out(self) -> dict[str, list[Definition]]:
        """Edges by where they come from, in the author's order."""
        found: dict[str, list[Definition]] = {}
        for edge in self.definition["edges"]:
            found.setdefault(edge["from"], []).append(edge)
        return found

    @cached_property
    def people(self) -> frozenset[str]:
        """Steps at which somebody is asked."""
        return frozenset(name for name, node in self.nodes.items() if node_types.get(node["type"]).people)

    def kind(self, node: str) -> Node:
        return node_types.get(self.nodes[node]["type"])

    def edges(self, node: str, port: str) -> list[Definition]:
        """What leaves a step by a port; an edge that names none leaves by the usual one."""
        usual = self.kind(node).ports(self.nodes[node])[0] if node != START else ""
        return [edge for edge in self.out.get(node, []) if edge.get("port", usual) == port]

    def follow(self, node: str, port: str) -> str | None:
        """The step at the end of a port; None when nothing is drawn there."""
        found = self.edges(node, port)
        return str(found[0]["to"]) if found else None


def compile_flow(app: str, definition: Definition) -> Flow:
    """`definition` has passed `problems`; the same definition has the same hash as its part in the catalog."""
    body = orjson.dumps(definition, option=orjson.OPT_SORT_KEYS)
    return Flow(app, definition, hashlib.sha256(body).hexdigest())


def problems(app: str, definition: Definition) -> list[Problem]:
    """(path, what to mend) for everything that would keep this flow from running; [] when it is sound."""
    found = [*_unknown(definition)]
    if found:
        return found
    flow = compile_flow(app, definition)
    return [*_graph(flow), *_nodes(flow), *_loops(flow)]


def settings_of(node: Definition) -> Definition:
    """The settings of the node's own type."""
    return {name: value for name, value in node.items() if name not in COMMON}


def _unknown(definition: Definition) -> Iterator[Problem]:
    """Types and ends that do not exist; no further look makes sense with one of these."""
    try:
        trigger_types.get(definition.get("trigger", {"type": "button"})["type"])
    except UnknownType as unknown:
        yield "/trigger/type", unknown.say("en")
    known = {START}
    for i, node in enumerate(definition["nodes"]):
        if node["id"] in known:
            yield f"/nodes/{i}/id", f"'{node['id']}' is there twice"
        known.add(node["id"])
        try:
            node_types.get(node["type"])
        except UnknownType as unknown:
            yield f"/nodes/{i}/type", unknown.say("en")
    for i, edge in enumerate(definition["edges"]):
        for end in ("from", "to"):
            if edge[end] not in known or (end == "to" and edge[end] == START):
                yield f"/edges/{i}/{end}", f"there is no step '{edge[end]}'"


def _graph(flow: Flow) -> Iterator[Problem]:
    if not flow.out.get(START):
        yield "/edges", "nothing leaves the trigger: draw an edge from 'start' to the first step"
    reached = reachable(flow, START)
    for i, node in enumerate(flow.definition["nodes"]):
        if node["id"] not in reached:
            yield f"/nodes/{i}", f"step '{node['id']}' cannot be reached: lead an edge to it or remove it"
    for i, edge in enumerate(flow.definition["edges"]):
        if edge["from"] != START and not _has_port(flow, edge):
            yield f"/edges/{i}/port", f"step '{edge['from']}' has no way out called '{edge['port']}'"


def _has_port(flow: Flow, edge: Definition) -> bool:
    node = flow.nodes[edge["from"]]
    kind = node_types.get(node["type"])
    return "port" not in edge or edge["port"] in kind.ports(node) or (kind.splits and edge["port"] == "else")


def _nodes(flow: Flow) -> Iterator[Problem]:
    for i, node in enumerate(flow.definition["nodes"]):
        kind, path = node_types.get(node["type"]), f"/nodes/{i}"
        ports = kind.ports(node)
        if not ports and flow.out.get(node["id"]):
            yield path, "nothing can follow an end"
        for port in ports if not kind.splits else ():
            if port != "reject" and flow.follow(node["id"], port) is None:
                way = f" by '{port}'" if port != ports[0] else ""
                yield path, f"nothing follows step '{node['id']}'{way}: lead it to a next step or to an end"
        yield from ((path + below, text) for below, text in kind.problems(flow, node))


def _loops(flow: Flow) -> Iterator[Problem]:
    """A way back is fine when somebody or some time passes on it; otherwise it would spin."""
    idle = {name for name, node in flow.nodes.items() if not node_types.get(node["type"]).waits}
    for i, node in enumerate(flow.definition["nodes"]):
        if node["id"] in idle and node["id"] in reachable(flow, node["id"], within=idle):
            yield f"/nodes/{i}", f"step '{node['id']}' leads back to itself without waiting: put a wait on the way"


def reachable(flow: Flow, start: str, *, within: set[str] | None = None) -> set[str]:
    """Steps that can be reached from `start` (itself only over a way back), through steps of `within`."""
    found: set[str] = set()
    todo = [start]
    while todo:
        for edge in flow.out.get(todo.pop(), []):
            target = edge["to"]
            if target not in found and (within is None or target in within):
                found.add(target)
                todo.append(target)
    return found
