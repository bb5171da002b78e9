"""A flow's definition made ready: nodes, edges by port in the author's order, and everything that is wrong with it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import orjson

from engines.core.fields import field_types
from engines.core.fields.schemas import checker
from engines.core.fields.values import REASONS, json_schema, parse_one
from engines.core.kernel.errors import AppError, Rejected, UnknownType
from engines.core.kernel.kind import Definition, Kind, Label

from .base import COMMON, START, Node, node_types, trigger_types

Problem = tuple[str, Label]
"""(path in the flow, what is wrong and how to mend it)."""


class NoWayOn(AppError):
    code = "no_way_on"
    words = {
        "zh": "流程走到「{node}」后没有下一步（出口「{port}」没有连线）",
        "en": "The flow stops after '{node}': nothing leaves by '{port}'",
    }


@dataclass(frozen=True, eq=False)
class Flow:
    """`hash` names the stored definition for ever; runs keep theirs. `own` is what a single run laid over it."""

    app: str
    definition: Definition
    hash: str
    notes: dict[str, Any] = field(default_factory=dict)
    own: Definition | None = None

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


def words(zh: str, en: str, **details: str | Label) -> Label:
    """A pattern in both languages; a detail may be a label itself."""
    texts = {"zh": zh, "en": en}
    return {lang: texts[lang].format(**{n: _in(one, lang) for n, one in details.items()}) for lang in texts}


def _in(detail: str | Label, language: str) -> str:
    return detail if isinstance(detail, str) else detail.get(language) or next(iter(detail.values()), "")


def called(node: Definition) -> Label:
    """What a step is called: by its builder, else by its type, else by its id."""
    if node.get("label"):
        return dict(node["label"])
    try:
        return node_types.get(node["type"]).label
    except UnknownType:
        return words("{a}", "{a}", a=str(node.get("id", "?")))


def panel_problems(path: str, kind: Kind, settings: Definition) -> list[Problem]:
    """What a type's panel finds in its settings; those that nobody changed are not looked at again."""
    return [(path + below, told) for below, told in _panel(kind, orjson.dumps(settings))]


@lru_cache(maxsize=4096)
def _panel(kind: Kind, body: bytes) -> tuple[Problem, ...]:
    settings = orjson.loads(body)
    schema = json_schema(kind.config) | {"additionalProperties": False}
    labels = {one["id"]: one["label"] for one in kind.config}
    found = []
    for error in checker(schema).iter_errors(settings):
        steps = [str(step) for step in error.absolute_path]
        gap = error.validator in GAPS and len(steps) < 2
        name = steps[0] if steps else str(error.message).split("'")[1] if gap else ""
        said = _reason(kind, name, error.instance) if len(steps) == 1 else {}
        told = (
            _gap(kind, labels[name])
            if gap and name in labels
            else _wrong(kind, labels.get(name), said or error.message)
        )
        found.append(("".join(f"/{step}" for step in steps), told))
    return tuple(found)


GAPS = ("required", "minItems", "minLength", "minProperties")


def _gap(kind: Kind, setting: Label) -> Label:
    return words(
        "「{a}」还没填「{b}」：在属性里补上", "'{a}' lacks '{b}': add it in the properties", a=kind.label, b=setting
    )


def _reason(kind: Kind, name: str, value: Any) -> Label:
    """What the type of a setting says to a value; {} when it would take it."""
    setting = next((one for one in kind.config if one["id"] == name), None)
    if setting is None:
        return {}
    try:
        parse_one(setting, value)
    except Rejected as refused:
        reasons = REASONS | field_types.get(setting["type"]).reasons
        texts = reasons.get(refused.code, {})
        return {language: text.format(**refused.details) for language, text in texts.items()}
    return {}


def _wrong(kind: Kind, setting: Label | None, said: str | Label) -> Label:
    said = said[:200] if isinstance(said, str) else said
    return words("「{a}」的{b}不对：{c}", "'{a}', {b} does not fit: {c}", a=kind.label, c=said,
                 b=words("「{s}」", "'{s}'", s=setting) if setting else words("设置", "a setting"))  # fmt: skip


def both(error: AppError) -> Label:
    """What an error says, in both languages."""
    return {language: error.say(language) for language in ("zh", "en")}


def _unknown(definition: Definition) -> Iterator[Problem]:
    """Types and ends that do not exist; no further look makes sense with one of these."""
    try:
        trigger_types.get(definition.get("trigger", {"type": "button"})["type"])
    except UnknownType as unknown:
        yield "/trigger/type", both(unknown)
    known = {START}
    for i, node in enumerate(definition["nodes"]):
        if node["id"] in known:
            yield f"/nodes/{i}/id", words("「{a}」出现了两次", "'{a}' is there twice", a=node["id"])
        known.add(node["id"])
        try:
            node_types.get(node["type"])
        except UnknownType as unknown:
            yield f"/nodes/{i}/type", both(unknown)
    for i, edge in enumerate(definition["edges"]):
        for end in ("from", "to"):
            if edge[end] not in known or (end == "to" and edge[end] == START):
                yield f"/edges/{i}/{end}", words("没有「{a}」这一步", "there is no step '{a}'", a=edge[end])


def _graph(flow: Flow) -> Iterator[Problem]:
    if not flow.out.get(START):
        yield (
            "/edges",
            words("触发之后没有连线：从 start 连到第一步", "nothing leaves the trigger: lead 'start' to a step"),
        )
    reached = reachable(flow, START)
    for i, node in enumerate(flow.definition["nodes"]):
        if node["id"] not in reached:
            yield (
                f"/nodes/{i}",
                words(
                    "走不到「{a}」：连一条线过来，或删掉它",
                    "step '{a}' cannot be reached: lead an edge to it or remove it",
                    a=called(node),
                ),
            )
    for i, edge in enumerate(flow.definition["edges"]):
        if edge["from"] != START and not _has_port(flow, edge):
            yield (
                f"/edges/{i}/port",
                words(
                    "「{a}」没有叫「{b}」的出口",
                    "step '{a}' has no way out called '{b}'",
                    a=called(flow.nodes[edge["from"]]),
                    b=edge["port"],
                ),
            )


def _has_port(flow: Flow, edge: Definition) -> bool:
    node = flow.nodes[edge["from"]]
    kind = node_types.get(node["type"])
    return "port" not in edge or edge["port"] in kind.ports(node) or (kind.splits and edge["port"] == "else")


def _nodes(flow: Flow) -> Iterator[Problem]:
    for i, node in enumerate(flow.definition["nodes"]):
        kind, path = node_types.get(node["type"]), f"/nodes/{i}"
        ports = kind.ports(node)
        if not ports and flow.out.get(node["id"]):
            yield (
                path,
                words(
                    "「{a}」是结束，后面不能再有步骤：删掉它后面的线",
                    "nothing can follow the end '{a}': remove the lines after it",
                    a=called(node),
                ),
            )
        for port in ports if not kind.splits else ():
            if port != "reject" and flow.follow(node["id"], port) is None:
                yield (
                    path,
                    words(
                        "「{a}」的出口「{b}」没有下一步：连到下一步或结束",
                        "nothing follows step '{a}' by '{b}': lead it to a next step or to an end",
                        a=called(node),
                        b=kind.port_labels.get(port) or port or words("下一步", "next"),
                    ),
                )
        yield from ((path + below, text) for below, text in kind.problems(flow, node))


def _loops(flow: Flow) -> Iterator[Problem]:
    """A way back is fine when somebody or some time passes on it; otherwise it would spin."""
    idle = {name for name, node in flow.nodes.items() if not node_types.get(node["type"]).waits}
    for i, node in enumerate(flow.definition["nodes"]):
        if node["id"] in idle and node["id"] in reachable(flow, node["id"], within=idle):
            yield (
                f"/nodes/{i}",
                words(
                    "「{a}」绕回自己，中间没有等待：加一步等待或待办",
                    "step '{a}' leads back to itself without waiting: put a wait on the way",
                    a=called(node),
                ),
            )


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
