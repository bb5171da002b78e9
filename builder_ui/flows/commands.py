"""What a builder can do to a flow: pure functions from a flow to a flow and the step that is to be selected then."""

from collections.abc import Callable, Iterable

from engines.core.kernel.errors import AppError, NotFound, UnknownType
from engines.core.kernel.kind import Definition, Label
from engines.flow import Node, node_types
from engines.flow.compile import called

from ..base import fresh
from .graph import START, Graph, graph_of

Made = tuple[Definition, str]
ALWAYS = "TRUE"
OPTIONAL = ("reject",)
"""Ways out that may lead nowhere: the run ends there."""
UNKNOWN = Node()


class CannotGo(AppError):
    """A command that would leave a flow which cannot run; `why` says what to do instead."""

    code = "cannot_go"
    words = {"zh": "{why_zh}", "en": "{why_en}"}

    def __init__(self, step: Label, zh: str, en: str) -> None:
        name = {"zh": step.get("zh") or next(iter(step.values())), "en": step.get("en") or next(iter(step.values()))}
        super().__init__(why_zh=zh.format(step=name["zh"]), why_en=en.format(step=name["en"]))


class Sheet:
    """A flow's steps and lines while a command changes them; the flow itself stays as it is."""

    def __init__(self, flow: Definition) -> None:
        self.flow = flow
        self.nodes: dict[str, Definition] = {node["id"]: node for node in flow["nodes"]}
        self.edges: list[Definition] = [{"id": f"e{n}", **edge} for n, edge in enumerate(flow["edges"], 1)]
        self._reached = self.reach(START)

    def outs(self, step: str) -> list[Definition]:
        """Lines that leave a step, the usual one first, `else` last."""
        return sorted((e for e in self.edges if e["from"] == step), key=lambda e: e.get("port") == "else")

    def ins(self, step: str) -> list[Definition]:
        return [edge for edge in self.edges if edge["to"] == step]

    def line(self, name: str) -> Definition:
        found = next((edge for edge in self.edges if edge["id"] == name), None)
        if found is None:
            raise NotFound(edge=name)
        return found

    def lines(self, names: Iterable[str]) -> list[Definition]:
        """Lines that lead to one place together."""
        found = [self.line(name) for name in names]
        if not found or len({edge["to"] for edge in found}) > 1:
            raise NotFound(edge=",".join(names))
        return found

    def node(self, step: str) -> Definition:
        if step not in self.nodes:
            raise NotFound(step=step)
        return self.nodes[step]

    def kind(self, step: str) -> Node:
        """The type of a step; one that this release does not know goes on like any other."""
        try:
            return node_types.get(self.node(step)["type"])
        except UnknownType:
            return UNKNOWN

    def add(self, node: Definition) -> str:
        """A new step, under an id of its own."""
        name = fresh(str(node["type"])[:24], self.nodes.keys() | {START})
        self.nodes[name] = {"id": name} | {key: value for key, value in node.items() if key != "id"}
        return name

    def lead(self, source: str, target: str, *, before: Definition | None = None, **more: str) -> Definition:
        """A new line, at the end or before another one."""
        taken = {edge["id"] for edge in self.edges}
        number = next(n for n in range(len(taken) + 1, 10_000) if f"e{n}" not in taken)
        made = {"id": f"e{number}", "from": source, "to": target} | more
        place = next((n for n, edge in enumerate(self.edges) if edge is before), len(self.edges))
        self.edges.insert(place, made)
        return made

    def drop(self, step: str) -> None:
        """A step with all its lines."""
        del self.nodes[step]
        self.edges = [edge for edge in self.edges if step not in (edge["from"], edge["to"])]

    def reach(self, start: str, without: str | None = None) -> set[str]:
        """Steps that can be reached, by ways that do not enter `without`; `start` is among them."""
        follow: dict[str, list[str]] = {}
        for edge in self.edges:
            follow.setdefault(edge["from"], []).append(edge["to"])
        found, todo = {start}, [start]
        while todo:
            new = [one for one in follow.get(todo.pop(), ()) if one not in found and one != without]
            found.update(new)
            todo += new
        return found

    def graph(self) -> Graph:
        return graph_of(self.whole())

    def whole(self) -> Definition:
        return self.flow | {"nodes": list(self.nodes.values()), "edges": self.edges}

    def done(self, step: str) -> Made:
        """What nothing leads to any more is gone; what was an island before stays."""
        lost = self._reached - self.reach(START)
        for name in lost & self.nodes.keys():
            self.drop(name)
        return self.whole(), step if step in self.nodes or step == START else ""


def insert(flow: Definition, at: list[str], node: Definition, *, when: str = ALWAYS) -> Made:
    """A new step on a line; after a meeting of branches on several at once. `when`: the condition that a first branch
    begins with."""
    sheet = Sheet(flow)
    lines = sheet.lines(at)
    target = lines[0]["to"]
    name = sheet.add(node)
    for line in lines:
        line["to"] = name
    _lead_on(sheet, name, target, when)
    return sheet.done(name)


def _lead_on(sheet: Sheet, name: str, target: str, when: str) -> None:
    """The ways out of a new step: its ports, or two branches to begin with."""
    kind = sheet.kind(name)
    if kind.meets:
        meeting = sheet.add({"type": kind.meets, "label": dict(node_types.get(kind.meets).label)})
        for _ in range(2):
            sheet.lead(name, meeting)
        sheet.lead(meeting, target)
    elif kind.splits:
        sheet.lead(name, target, when=when)
        sheet.lead(name, target, port="else")
    else:
        usual, *others = kind.ports(sheet.node(name)) or (None,)
        if usual is not None:
            sheet.lead(name, target, **({"port": usual} if usual else {}))
        for port in others:
            if port not in OPTIONAL:
                sheet.lead(name, target, port=port)


def delete(flow: Definition, step: str) -> Made:
    """The first branch of a step stays in its place, the others go with it; so does the meeting of a fork."""
    sheet = Sheet(flow)
    kind, graph = sheet.kind(step), sheet.graph()
    meeting = graph.after.get(step)
    before = next((edge["from"] for edge in sheet.ins(step) if edge["from"] != step), "")
    _bridge(sheet, step)
    if kind.meets and meeting in sheet.nodes and sheet.node(str(meeting))["type"] == kind.meets:
        _bridge(sheet, str(meeting))
    return sheet.done(before)


def _bridge(sheet: Sheet, step: str) -> None:
    """Takes a step away; what led to it leads to what came after it."""
    target = next((edge["to"] for edge in sheet.outs(step) if edge["to"] != step), None)
    if target is None:
        target = next((n for n, one in sheet.nodes.items() if n != step and not sheet.kind(n).ports(one)), None)
    node = sheet.node(step)
    for edge in sheet.ins(step):
        if not sheet.outs(step) and edge.get("port") in OPTIONAL:
            sheet.edges.remove(edge)
        elif target is None:
            raise CannotGo(
                called(node),
                "「{step}」是最后一步，删掉它流程就没有结束：先加一个结束",
                "'{step}' is the last step, without it the flow has no end: add an end first",
            )
        else:
            edge["to"] = target
    sheet.drop(step)


def block(flow: Definition, step: str) -> tuple[set[str], str | None]:
    """A step with all that only its branches lead to, and where it goes on after them."""
    sheet = Sheet(flow)
    sheet.node(step)
    after, out = sheet.graph().after.get(step), sheet.outs(step)
    if after is None and len(out) == 1 and out[0]["to"] != step:
        after = out[0]["to"]
    outside = sheet.reach(START, without=step)
    inside = {name for name in sheet.reach(step, without=after) if name not in outside} | {step}
    return inside, after


def move(flow: Definition, step: str, at: list[str]) -> Made:
    """A step, or a branching one with everything in it, to another line."""
    sheet = Sheet(flow)
    inside, after = block(flow, step)
    lines = sheet.lines(at)
    if after is None:
        raise CannotGo(
            called(sheet.node(step)),
            "「{step}」后面没有步骤，移走它前面就断了：在新的地方另加一个",
            "nothing follows '{step}', moving it would cut the way that leads there: add another one instead",
        )
    if any(line["from"] in inside for line in lines):
        raise CannotGo(
            called(sheet.node(step)),
            "不能把「{step}」移到它自己的分支里：选它外面的加号",
            "'{step}' cannot go into its own branches: choose a plus outside of it",
        )
    for edge in sheet.ins(step):
        if edge["from"] not in inside and edge not in lines:
            edge["to"] = after
    target = after if lines[0]["to"] == step else lines[0]["to"]
    for edge in sheet.edges:
        if edge["from"] in inside and edge["to"] == after:
            edge["to"] = target
    for line in lines:
        line["to"] = step
    return sheet.done(step)


def branch(flow: Definition, step: str, *, when: str = ALWAYS) -> Made:
    """One more way out of a step: a branch before the last one, or the next of its ports that leads nowhere yet."""
    sheet = Sheet(flow)
    node, kind, out = sheet.node(step), sheet.kind(step), sheet.outs(step)
    if kind.splits:
        after = sheet.graph().after.get(step) or (out[-1]["to"] if out else None) or _an_end(sheet)
        otherwise = next((edge for edge in out if edge.get("port") == "else"), None)
        sheet.lead(step, after, before=otherwise, **({} if kind.meets else {"when": when}))
        return sheet.done(step)
    used = {edge.get("port", kind.ports(node)[0]) for edge in out}
    free = next((port for port in kind.ports(node) if port not in used), None)
    if free is None:
        raise CannotGo(
            called(node),
            "「{step}」的出口都已连上：要按条件走不同的路，在它后面加一步条件分支",
            "every way out of '{step}' leads somewhere already: for ways by condition add a branch after it",
        )
    end = {"type": "end", "label": {"zh": "结束", "en": "End"}} | ({"state": "rejected"} if free in OPTIONAL else {})
    sheet.lead(step, sheet.add(end), **({"port": free} if free else {}))
    return sheet.done(step)


def _an_end(sheet: Sheet) -> str:
    return next(name for name, node in sheet.nodes.items() if not sheet.kind(name).ports(node))


def unbranch(flow: Definition, edge: str) -> Made:
    """Takes one way out away, with the steps that only it leads to."""
    sheet = Sheet(flow)
    line = sheet.line(edge)
    step = line["from"]
    others = [one for one in sheet.outs(step) if one is not line]
    if not others or not (step in sheet.nodes and (sheet.kind(step).splits or line.get("port") in OPTIONAL)):
        name = called(sheet.nodes[step]) if step in sheet.nodes else {"zh": "触发", "en": "the trigger"}
        raise CannotGo(
            name,
            "「{step}」至少要有一条路走下去：把这条线连到别的步骤，或删掉整步",
            "'{step}' needs a way on: lead this line to another step, or delete the whole step",
        )
    sheet.edges.remove(line)
    return sheet.done(step)


def order(flow: Definition, edge: str, by: int) -> Made:
    """A branch one place to the front or to the back among those of its step; conditions are tried in this order."""
    sheet = Sheet(flow)
    line = sheet.line(edge)
    out = sheet.outs(line["from"])
    place = out.index(line)
    other = out[max(0, min(len(out) - 1, place + by))]
    one, two = sheet.edges.index(line), sheet.edges.index(other)
    sheet.edges[one], sheet.edges[two] = sheet.edges[two], sheet.edges[one]
    return sheet.done(line["from"])


def jump(flow: Definition, edge: str, to: str) -> Made:
    """A line goes to a step elsewhere, usually back."""
    sheet = Sheet(flow)
    sheet.node(to)
    sheet.line(edge)["to"] = to
    return sheet.done(to)


def duplicate(flow: Definition, step: str) -> Made:
    """The same step once more, after the first and all its branches; before it where nothing follows."""
    sheet = Sheet(flow)
    node = sheet.node(step)
    inside, after = block(flow, step)
    at = [edge["id"] for edge in sheet.edges if edge["to"] == after and edge["from"] in inside]
    at = at or [edge["id"] for edge in sheet.ins(step)]
    when = next((edge["when"] for edge in sheet.outs(step) if edge.get("when")), ALWAYS)
    return insert(flow, at, {key: value for key, value in node.items() if key != "id"}, when=when)


COMMANDS: dict[str, Callable[..., Made]] = {
    "insert": insert,
    "delete": delete,
    "move": move,
    "branch": branch,
    "unbranch": unbranch,
    "order": order,
    "jump": jump,
    "duplicate": duplicate,
}
