"""The flow designer: the flow as the server draws it, commands on it, each step's settings in the panel of its type."""

from functools import partial
from typing import Any

from engines.core.actions import action_types
from engines.core.kernel.errors import AppError, NotFound, UnknownType
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.flow import node_types, trigger_types
from runtime import render

from ..base import Designer, Edit, Page, Sent, designer
from ..conditions import commands as condition_commands
from ..drawn import remembered
from ..panel import controls, sent_value
from ..references import choices_of
from ..rules.designer import listed
from .changes import between
from .commands import COMMANDS
from .drawing import START, draw
from .graph import graph_of, splits
from .starters import condition, new_step, offers, starter
from .words import CARD, Speaker

PANEL: list[Definition] = [
    {"id": "label", "type": "labels", "label": {"zh": "名称", "en": "Name"}, "required": True, "max_length": 80},
    {"id": "note", "type": "labels", "label": {"zh": "说明", "en": "Note"}, "max_length": 2000},
    {"id": "form", "type": "form_ref", "label": {"zh": "哪张表单的记录", "en": "Records of form"}},
]
STEP: list[Definition] = [
    {"id": "label", "type": "labels", "label": {"zh": "名称", "en": "Name"}, "max_length": 80},
]


class NothingMoved(AppError):
    code = "nothing_moved"
    words = {"zh": "这一步已经在那里了", "en": "The step is there already"}


@designer
class Flows(Designer):
    """`sel` is `node/<id>`, `node/start` for the trigger, or "" for the flow itself; the list of problems also names
    `nodes/<n>` and `edges/<n>`."""

    kind = "flows"
    folder = "flows"
    panes = ("flowbar", "canvas", "props")

    def context(self, look: Look, page: Page) -> dict[str, Any]:
        """The drawing is made when a template asks for it: a panel alone is drawn without."""
        name, say = selected(page), Speaker(look, page)
        settings, config, _ = _target(page, name)
        choices = choices_of(page, settings, str(page.body.get("form", "")), say.names.people)
        return {
            "body": page.body,
            "name": name,
            "drawing": partial(draw, page.body),
            "say": say,
            "node": say.nodes.get(name),
            "triggers": list(trigger_types),
            "panel": partial(controls, listed(page, config, settings), settings, choices, page=page),
            "ways": partial(_ways, page, name),
            "splits": splits(say.nodes.get(name)),
            "offers": offers,
            "remembered": partial(remembered, page),
        }

    def edit(self, look: Look, page: Page, op: str, sent: Sent) -> Edit:
        if op in GRAPH:
            return _command(page, op, sent)
        if op == "cond":
            return _card(look, page, sent)
        if op not in OPS:
            raise NotFound(op=op)
        edit: Edit = OPS[op](page, sent)
        return edit


def selected(page: Page) -> str:
    """The selected step, when it is there."""
    where, _, name = page.sel.partition(CARD)[0].partition("/")
    items = page.body.get(where, ()) if where in ("nodes", "edges") else ()
    if name.isdigit() and int(name) < len(items):
        name = items[int(name)].get("id" if where == "nodes" else "from", "")
    known = {START} | {node["id"] for node in page.body["nodes"]}
    return name if name in known else ""


def _ways(page: Page, name: str) -> list[Any]:
    """(edge as drawn, as stored) of a step's ways out."""
    stored = {str(one.get("id", n)): one for n, one in enumerate(page.body["edges"])}
    return [(edge, stored[edge.id]) for edge in graph_of(page.body).out.get(name, ())] if name else []


def _target(page: Page, name: str) -> tuple[Definition, list[Definition], list[str]]:
    """(settings, config, path) of what is selected; an action's settings are those of what it does."""
    at = ["flows", page.part]
    if not name:
        return page.body, PANEL, at
    try:
        if name == START:
            trigger = page.body.get("trigger", {"type": "button"})
            return trigger, trigger_types.get(trigger["type"]).config, [*at, "trigger"]
        node = next(one for one in page.body["nodes"] if one["id"] == name)
        config = [*STEP, *(one for one in node_types.get(node["type"]).config if one["id"] != "do")]
        if isinstance(node.get("do"), dict):
            config += [one for one in action_types.get(node["do"]["type"]).config if one["id"] != "label"]
    except UnknownType:
        return {}, [], at
    return node | node.get("do", {}) | {"type": node["type"]}, config, [*at, "nodes", name]


def _command(page: Page, op: str, sent: Sent) -> Edit:
    """A command on the graph as the small changes it comes to."""
    made, focus = COMMANDS[op](page.body, **GRAPH[op](page, sent))
    at = ["flows", page.part]
    changes = between(page.body, made, at)
    if not changes:
        raise NothingMoved
    return "several", {"at": at, "changes": changes}, f"node/{focus}" if focus else ""


def _inserted(page: Page, sent: Sent) -> dict[str, Any]:
    return {"at": _lines(sent), "node": new_step(page, sent["kind"]), "when": condition(page)}


def _lines(sent: Sent) -> list[str]:
    return [name for name in sent["at"].split(",") if name]


GRAPH: dict[str, Any] = {
    "insert": _inserted,
    "delete": lambda page, sent: {"step": sent["step"]},
    "move": lambda page, sent: {"step": sent["step"], "at": _lines(sent)},
    "branch": lambda page, sent: {"step": sent["step"], "when": condition(page)},
    "unbranch": lambda page, sent: {"edge": sent["edge"]},
    "order": lambda page, sent: {"edge": sent["edge"], "by": sent.get("by", 1, type=int)},
    "jump": lambda page, sent: {"edge": sent["edge"], "to": sent["to"]},
    "duplicate": lambda page, sent: {"step": sent["step"]},
}
"""What each command of flow_commands.py gets from what was sent."""


def _set(page: Page, sent: Sent) -> Edit:
    """A setting of what is selected; Invalid names its control."""
    name = selected(page)
    settings, config, at = _target(page, name)
    value = sent_value(config, settings, sent)
    node = next((one for one in page.body["nodes"] if one["id"] == name), {})
    inside = isinstance(node.get("do"), dict) and sent["name"] != "label"
    return "set", {"at": [*at, *(["do"] if inside else []), sent["name"]], "value": value}, page.sel


def _rename(page: Page, sent: Sent) -> Edit:
    """A step's name in the reader's language, typed on its card."""
    node = next((one for one in page.body["nodes"] if one["id"] == sent["step"]), None)
    text = sent.get("text", "").strip()[:80]
    if node is None or not text:
        raise NotFound(step=sent["step"])
    label = {**node.get("label", {}), render.language(): text}
    return "set", {"at": ["flows", page.part, "nodes", node["id"], "label"], "value": label}, f"node/{node['id']}"


def _toggle(page: Page, sent: Sent) -> Edit:
    return "set", {"at": ["flows", page.part, "off"], "value": None if page.body.get("off") else True}, page.sel


def _trigger(page: Page, sent: Sent) -> Edit:
    kind = trigger_types.get(sent["type"])
    value = {"type": kind.type} | starter(page, kind)
    return "set", {"at": ["flows", page.part, "trigger"], "value": value}, "node/start"


def _way(page: Page, sent: Sent) -> Edit:
    """The condition on a branch, or what it is called in the reader's language."""
    at, text = ["flows", page.part, "edges", sent["edge"]], sent.get("text", "").strip()
    if sent.get("name") != "label":
        return "set", {"at": [*at, "when"], "value": text or None}, page.sel
    edge = next((one for one in page.body["edges"] if one.get("id") == sent["edge"]), {})
    label = {**edge.get("label", {}), render.language(): text[:80]}
    return "set", {"at": [*at, "label"], "value": {lang: one for lang, one in label.items() if one} or None}, page.sel


def _card(look: Look, page: Page, sent: Sent) -> Edit:
    """Something was done to a card of a branch's condition."""
    edge = next((one for one in page.body["edges"] if one.get("id") == sent.get("slot")), None)
    board = Speaker(look, page).board(edge["id"], str(edge.get("when", ""))) if edge else None
    if edge is None or board is None:
        raise NotFound(edge=sent.get("slot"))
    text, at = condition_commands.edited(board, sent)
    path = ["flows", page.part, "edges", edge["id"], "when"]
    return "set", {"at": path, "value": text or None}, f"node/{selected(page)}{CARD}{edge['id']}:{at}"


OPS: dict[str, Any] = {"set": _set, "rename": _rename, "toggle": _toggle, "trigger": _trigger, "way": _way}
