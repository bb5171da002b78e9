"""The flow designer: the flow drawn by the server, and each step's settings in the panel of its type."""

from typing import Any

from engines.core.actions import action_types
from engines.core.kernel.errors import NotFound
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look
from engines.flow import node_types, trigger_types
from runtime import render

from .base import Designer, Edit, Page, Sent, designer, icon
from .flow_drawing import START, draw
from .panel import controls, sent_value
from .references import choices_of
from .rules import listed, summary

TONES = {"approve": "brand", "handle": "brand", "branch": "warn", "fork": "warn", "join": "grey", "wait": "info",
         "action": "vio", "cc": "vio", "end": "grey", START: "ok"}  # fmt: skip
PORTS: dict[str, Label] = {
    "approve": {"zh": "同意", "en": "Yes"},
    "reject": {"zh": "拒绝", "en": "No"},
    "done": {"zh": "办完", "en": "Done"},
    "else": {"zh": "其他", "en": "Otherwise"},
}
PANEL: list[Definition] = [
    {"id": "label", "type": "labels", "label": {"zh": "名称", "en": "Name"}, "required": True, "max_length": 80},
    {"id": "note", "type": "labels", "label": {"zh": "说明", "en": "Note"}, "max_length": 2000},
    {"id": "form", "type": "form_ref", "label": {"zh": "哪张表单的记录", "en": "Records of form"}},
]
STEP: list[Definition] = [
    {"id": "label", "type": "labels", "label": {"zh": "名称", "en": "Name"}, "max_length": 80},
]
EDGE: Definition = {
    "id": "when",
    "type": "formula_text",
    "label": {"zh": "条件", "en": "Condition"},
    "returns": "boolean",
}


@designer
class Flows(Designer):
    """`sel` is `node/<id>`, `node/start` for the trigger, or "" for the flow itself."""

    kind = "flows"
    folder = "flows"

    def context(self, look: Look, page: Page) -> dict[str, Any]:
        body, name = page.body, _name(page)
        settings, config, _ = _target(page)
        choices = choices_of(page, settings, str(body.get("form", "")))
        return {
            "body": body,
            "name": name,
            "drawing": draw(body),
            "card": lambda node: card(page, node),
            "tones": TONES,
            "port": lambda label, port: render.label(label or PORTS.get(port) or {"en": port or "→"}),
            "node": next((one for one in body["nodes"] if one["id"] == name), None),
            "triggers": list(trigger_types),
            "panel": controls(listed(page, config, settings), settings, choices, page=page),
            "edges": [(n, e) for n, e in enumerate(body["edges"]) if e["from"] == name and _splits(page, name)],
            "wrong": page.part_problems(),
        }

    def edit(self, look: Look, page: Page, op: str, sent: Sent) -> Edit:
        if op not in OPS:
            raise NotFound(op=op)
        edit: Edit = OPS[op](page, sent)
        return edit


def _name(page: Page) -> str:
    """The selected step, when it is there."""
    name = page.sel.removeprefix("node/")
    known = {START} | {node["id"] for node in page.body["nodes"]}
    return name if name in known else ""


def _splits(page: Page, name: str) -> bool:
    node = next((one for one in page.body["nodes"] if one["id"] == name), None)
    return node is not None and node_types.get(node["type"]).splits


def _target(page: Page) -> tuple[Definition, list[Definition], list[str]]:
    """(settings, config, path) of what is selected; an action's settings are those of what it does."""
    at, name = ["flows", page.part], _name(page)
    if not name:
        return page.body, PANEL, at
    if name == START:
        trigger = page.body.get("trigger", {"type": "button"})
        return trigger, trigger_types.get(trigger["type"]).config, [*at, "trigger"]
    node = next(one for one in page.body["nodes"] if one["id"] == name)
    config = [*STEP, *(one for one in node_types.get(node["type"]).config if one["id"] != "do")]
    if isinstance(node.get("do"), dict):
        config += [one for one in action_types.get(node["do"]["type"]).config if one["id"] != "label"]
    return node | node.get("do", {}) | {"type": node["type"]}, config, [*at, "nodes", name]


def card(page: Page, node: Definition) -> dict[str, Any]:
    """What stands on a card: icon, tone, name, one line."""
    if node["id"] == START:
        kind = trigger_types.get(page.body.get("trigger", {"type": "button"})["type"])
        return {"icon": "bolt", "tone": TONES[START], "name": render.label(kind.label), "line": _form(page)}
    made = node_types.get(node["type"])
    name = render.label(node["label"]) if node.get("label") else render.label(made.label)
    line = summary(page, node["do"]) if isinstance(node.get("do"), dict) else render.label(made.label)
    return {"icon": icon(made.icon), "tone": TONES.get(node["type"], "vio"), "name": name, "line": line}


def _form(page: Page) -> str:
    form = next((one for one in page.parts("forms") if one["id"] == page.body.get("form")), None)
    return render.label(form["label"]) if form else ""


def _set(page: Page, sent: Sent) -> Edit:
    """A setting of what is selected; Invalid names its control."""
    settings, config, at = _target(page)
    value = sent_value(config, settings, sent)
    node = next((one for one in page.body["nodes"] if one["id"] == _name(page)), {})
    inside = isinstance(node.get("do"), dict) and sent["name"] != "label"
    return "set", {"at": [*at, *(["do"] if inside else []), sent["name"]], "value": value}, page.sel


def _toggle(page: Page, sent: Sent) -> Edit:
    return "set", {"at": ["flows", page.part, "off"], "value": None if page.body.get("off") else True}, page.sel


def _trigger(page: Page, sent: Sent) -> Edit:
    kind = trigger_types.get(sent["type"])
    start = kind.examples[0][0] if kind.examples and any(one.get("required") for one in kind.config) else {}
    kept = {name: start[name] for name in start if name in {one["id"] for one in kind.config if one.get("required")}}
    return "set", {"at": ["flows", page.part, "trigger"], "value": {"type": kind.type} | kept}, "node/start"


def _when(page: Page, sent: Sent) -> Edit:
    """The condition on a branch."""
    text = sent.get("text", "").strip()
    return "set", {"at": ["flows", page.part, "edges", sent["edge"], "when"], "value": text or None}, page.sel


OPS: dict[str, Any] = {"set": _set, "toggle": _toggle, "trigger": _trigger, "when": _when}
