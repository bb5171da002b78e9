"""The menu of steps, as the registries know them, and the settings that a new step begins with."""

from dataclasses import dataclass
from typing import Any

from engines.core.actions import action_types
from engines.core.kernel.kind import Definition, Kind, Label
from engines.flow import node_types
from engines.flow.compile import panel_problems

from ..base import Page, icon
from .commands import ALWAYS

GROUPS: dict[str, Label] = {
    "people": {"zh": "人", "en": "People"},
    "ways": {"zh": "走向", "en": "Ways"},
    "data": {"zh": "记录", "en": "Records"},
    "outside": {"zh": "外部", "en": "Outside"},
    "more": {"zh": "更多", "en": "More"},
}
TONES = {"approve": "brand", "handle": "brand", "branch": "warn", "fork": "info", "join": "grey", "wait": "info",
         "action": "vio", "cc": "vio", "end": "grey", "start": "ok"}  # fmt: skip
ICONS = {"approve": "shield", "handle": "user", "wait": "alarm"}
"""Steps whose own icon says another thing on a card."""
DO = "action"


@dataclass(frozen=True)
class Offer:
    """One entry of the menu; `key` names a type of step, or an action as `action:<type>`."""

    key: str
    label: Label
    icon: str
    tone: str
    words: str


def offers() -> list[tuple[Label, list[Offer]]]:
    """Groups of what can be put into a flow; a new type is in here as soon as it is registered."""
    found: dict[str, list[Offer]] = {group: [] for group in GROUPS}
    for kind in node_types:
        if kind.offered and kind.type != DO:
            found[kind.group if kind.group in GROUPS else "more"].append(_offer(kind, kind.type, tone(kind.type)))
    for action in action_types:
        offer = _offer(action, f"{DO}:{action.type}", tone(DO))
        found[action.group if action.group in GROUPS else "more"].append(offer)
    return [(GROUPS[group], rows) for group, rows in found.items() if rows]


def _offer(kind: Kind, key: str, shade: str) -> Offer:
    return Offer(key, kind.label, glyph(kind), shade, " ".join([*kind.label.values(), kind.type]).lower())


def glyph(kind: Kind) -> str:
    """The icon of a type in the sprite."""
    return ICONS.get(kind.type) or icon(kind.icon)


def tone(kind: str) -> str:
    return TONES.get(kind, "vio")


def new_step(page: Page, key: str) -> Definition:
    """A step as it begins: with the name of its type, and settings that its panel finds nothing wrong with."""
    name, _, does = key.partition(":")
    kind = node_types.get(name)
    if name != DO:
        return {"type": name, "label": dict(kind.label)} | starter(page, kind)
    action = action_types.get(does)
    return {"type": name, "label": dict(action.label), "do": {"type": does} | starter(page, action)}


def starter(page: Page, kind: Any) -> Definition:
    """What a type says it begins with, and something fitting for every other setting that it cannot be without."""
    begun: Definition = getattr(kind, "starter", {})
    needed = [one for one in kind.config if one.get("required") and one["id"] not in begun]
    made = begun | {one["id"]: value for one in needed if (value := _fitting(page, kind, one)) is not None}
    if not panel_problems("", kind, made):
        return made
    sound = (one[0] for one in kind.examples if not panel_problems("", kind, one[0]))
    return dict(next(sound, made))


def condition(page: Page) -> str:
    """What a new branch asks: the first choice that the form offers, else whether its records are called anything."""
    form = _form(page)
    choice = next((f for f in form["fields"] if f["type"] == "select" and f.get("options")), None)
    if choice:
        return f'{choice["id"]} = "{choice["options"][0]["id"]}"'
    return f"NOT(ISBLANK({form['title']}))" if form.get("title") else ALWAYS


def _form(page: Page) -> Definition:
    wanted = page.body.get("form")
    return next((one for one in page.parts("forms") if one["id"] == wanted), {"fields": []})


def _fitting(page: Page, kind: Kind, setting: Definition) -> Any:
    """A value that a required setting may have here."""
    fields = _form(page)["fields"]
    if setting["id"] == "assign":
        return [{"starter": True}]
    if setting["id"] == "values":
        return [_set(fields)] if fields else None
    if setting["id"] in ("field", "tag", "value") and {"tag", "value"} & {one["id"] for one in kind.config}:
        chosen = next((f for f in fields if f["type"] == "tags" and f.get("options")), None)
        return (chosen["id"] if setting["id"] == "field" else chosen["options"][0]["id"]) if chosen else None
    if setting["type"] == "form_ref":
        return page.body.get("form") or next((one["id"] for one in page.parts("forms")), None)
    if setting["id"] == "flow":
        return next((one["id"] for one in page.parts("flows") if one["id"] != page.part), page.part)
    return _plain(kind, setting, fields)


def _plain(kind: Kind, setting: Definition, fields: list[Definition]) -> Any:
    if setting["type"] == "labels":
        return dict(kind.label)
    if setting["type"] == "field_ref":
        days = [f["id"] for f in fields if f["type"] in ("date", "datetime")] if kind.type == "date_field" else []
        first = next(iter([*days, *(f["id"] for f in fields)]), None)
        return [first] if first and setting.get("multiple") else first
    if setting.get("options"):
        return setting["options"][0]["id"]
    to = next((f["id"] for f in fields if f["type"] == {"to": "phone"}.get(setting["id"])), None)
    return "{{" + to + "}}" if to else next((one[0].get(setting["id"]) for one in kind.examples), None)


def _set(fields: list[Definition]) -> Definition:
    """A field gets its first choice, else the value that it has."""
    choice = next((f for f in fields if f["type"] == "select" and f.get("options")), None)
    if choice:
        return {"field": choice["id"], "value": choice["options"][0]["id"]}
    return {"field": fields[0]["id"], "formula": fields[0]["id"]}
