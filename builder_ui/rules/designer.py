"""The rule designer: a sentence, the condition as a formula with a live check, and actions with their own panels."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from markupsafe import Markup, escape

from engines.apps.edits import find
from engines.core.access import people
from engines.core.actions import action_types
from engines.core.formula.env import date_at
from engines.core.formula.problems import FormulaError
from engines.core.kernel.errors import AppError, NotFound, UnknownType
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look
from engines.core.records import query
from engines.core.records.conditions import asked
from engines.core.records.names import SourceNames
from engines.core.records.source import Source
from engines.form.read import titles
from engines.rule.backtest import Gains, gains
from engines.rule.compile import TRIGGERED
from runtime import render

from ..base import Designer, Edit, Page, Sent, designer
from ..conditions import board as condition_cards
from ..conditions import commands as condition_commands
from ..conditions import words as condition_words
from ..conditions.board import Board
from ..conditions.cards import read
from ..conditions.sentences import known
from ..panel import controls, draw, sent_value
from ..references import choices_of
from ..unknown import is_known

EVENTS = [
    {"id": "created", "label": {"zh": "新建时", "en": "When created"}},
    {"id": "changed", "label": {"zh": "修改时", "en": "When changed"}},
]
KINDS = [
    {"id": "state", "label": {"zh": "一直有效：成立就给，不成立就收回", "en": "While it holds: given, and taken back"}},
    {"id": "event", "label": {"zh": "发生时做一次", "en": "Once, when it comes true"}},
]
PANEL: list[Definition] = [
    {"id": "label", "type": "labels", "label": {"zh": "名称", "en": "Name"}, "required": True, "max_length": 80},
    {"id": "form", "type": "form_ref", "label": {"zh": "看哪张表单", "en": "Form"}, "required": True},
    {
        "id": "kind",
        "type": "select",
        "label": {"zh": "怎么起作用", "en": "How it works"},
        "options": KINDS,
        "style": "radio",
    },
]
EVENT_PANEL: list[Definition] = [
    {"id": "events", "type": "tags", "label": {"zh": "什么时候", "en": "When"}, "options": EVENTS},
    {
        "id": "watch",
        "type": "field_ref",
        "label": {"zh": "只看这些字段的改动", "en": "Only changes of"},
        "multiple": True,
    },
    {"id": "each_time", "type": "checkbox", "label": {"zh": "每次保存都做", "en": "Each time it is saved"}},
]
WHEN: Definition = {
    "id": "when",
    "type": "formula_text",
    "label": {"zh": "条件", "en": "Condition"},
    "returns": "boolean",
}
GIVES = ("add_tag", "set_field")
"""What a rule that holds can do."""
GROUPS: dict[str, Label] = {
    "data": {"zh": "记录", "en": "Records"},
    "people": {"zh": "人", "en": "People"},
    "outside": {"zh": "外部", "en": "Outside"},
}


@designer
class Rules(Designer):
    """`sel` is `then/<n>`, or "" for the rule itself."""

    kind = "rules"
    folder = "rules"
    panes = ("side", "canvas", "props", "hits")

    def context(self, look: Look, page: Page) -> dict[str, Any]:
        body, step = page.body, _step(page)
        config = PANEL + (EVENT_PANEL if body.get("kind", "event") == "event" else [])
        settings = body | body.get("on", {})
        _, panel_of, own = _panel(page) if step is not None else (None, settings, config)
        choices = choices_of(page, panel_of, str(body["form"]), people.names(look.session))
        return {
            "body": body,
            "step": step,
            "kinds": {kind.type: kind for kind in action_types},
            "choices_of_step": offered(body),
            "sentence": sentence(look, page),
            "steps": [summary(page, one) for one in body["then"]],
            "when": draw(WHEN, body.get("when"), choices, page),
            "cards": condition_cards.draw(made) if (made := board(look, page)) else None,
            "panel": controls(listed(page, own, panel_of), panel_of, choices, page=page),
            "wrong": page.part_problems(),
            "hits": hits(look, page),
        }

    def edit(self, look: Look, page: Page, op: str, sent: Sent) -> Edit:
        if op == "cond":
            return _card(look, page, sent)
        if op not in OPS:
            raise NotFound(op=op)
        edit: Edit = OPS[op](page, sent)
        return edit


def offered(rule: Definition) -> list[tuple[Label, list[Any]]]:
    """Actions that may be added, by group."""
    state = rule.get("kind", "event") == "state"
    kinds = [kind for kind in action_types if not state or kind.type in GIVES]
    found = [(label, [kind for kind in kinds if kind.group == group]) for group, label in GROUPS.items()]
    return [one for one in found if one[1]]


def _step(page: Page) -> int | None:
    """The action that is selected."""
    where, _, number = page.sel.partition("/")
    n = int(number) if where == "then" and number.isdigit() else -1
    return n if 0 <= n < len(page.body["then"]) else None


def _panel(page: Page) -> tuple[list[str], Definition, list[Definition]]:
    """(path, settings, config) of the selected action."""
    number = _step(page)
    at = ["rules", page.part, "then", str(number)]
    settings: Definition = find(page.definition, at)
    return at, settings, action_types.get(settings["type"]).config if is_known("action", settings) else []


def listed(page: Page, config: list[Definition], settings: Definition) -> list[Definition]:
    """A config in which a tag, a flow or a message template is chosen from those there are."""
    form = next((one for one in page.parts("forms") if one["id"] == page.body.get("form")), {"fields": []})
    field = next((f for f in form["fields"] if f["id"] == settings.get("field")), {})
    lists = {
        "tag": [{"id": o["id"], "label": o["label"]} for o in field.get("options", ())],
        "flow": [{"id": one["id"], "label": one["label"]} for one in page.parts("flows")],
    }
    made = [one | {"type": "select", "options": lists[one["id"]]} if lists.get(one["id"]) else one for one in config]
    return [_templates(page, one) if one["id"] == "template" else one for one in made]


OWN_WORDS: Label = {"zh": "不用模板，写自己的内容", "en": "None, words of its own"}


def _templates(page: Page, setting: Definition) -> Definition:
    """The templates that speak of the records at hand, or of none."""
    fitting = [one for one in page.parts("messages") if one.get("form") in (None, page.body.get("form"))]
    options = [{"id": one["id"], "label": one["label"]} for one in fitting]
    return setting | {"type": "select", "options": options, "blank": OWN_WORDS}


CARD = "when/"
"""Begins the selection of a card of the condition."""


def board(look: Look, page: Page) -> Board | None:
    """The condition with what its cards need; None where the form is not there or cannot be read."""
    body = page.body
    try:
        source = page.draft.compiled.form(body["form"]).source
    except (AppError, LookupError):
        return None
    state = body.get("kind", "event") == "state"
    text, names = str(body.get("when", "")), SourceNames(source)
    return Board(
        text,
        names,
        context=frozenset() if state else TRIGGERED,
        known=known(look, page.draft, read(text, names)),
        today=date_at(look.now, source.zone),
        chosen=page.sel.removeprefix(CARD) if page.sel.startswith(CARD) else "",
        problems=page.problems,
        typed=page.typed,
    )


def sentence(look: Look, page: Page) -> Markup:
    """The rule as one would say it."""
    body, language, made = page.body, render.language(), board(look, page)
    form = next((one for one in page.parts("forms") if one["id"] == body["form"]), None)
    name = render.label(form["label"]) if form else body["form"]
    does = ("、" if language == "zh" else ", ").join(summary(page, one).rstrip("。. ") for one in body["then"]) or "…"
    when = condition_words.sentence(made) if made else escape(body.get("when", ""))
    if language == "zh":
        words = "「{0}」{1} 时，{2}。" if when else "「{0}」每次发生时，{2}。"
    else:
        words = "{0}: when {1}, {2}." if when else "{0}: each time, {2}."
    return Markup(words).format(name, when, does)  # noqa: S704  # our own words around escaped ones


def summary(page: Page, step: Definition) -> str:
    """One action in a few words."""
    try:
        name = render.label(action_types.get(str(step.get("type"))).label)
    except UnknownType:
        return gettext("Unknown type “%(type)s”", type=step.get("type"))
    return f"{name} {_about(page, step)}".strip()


def _quoted(name: str) -> str:
    return f"「{name}」" if render.language() == "zh" else f'"{name}"'


def _about(page: Page, step: Definition) -> str:
    form = next((one for one in page.parts("forms") if one["id"] == page.body.get("form")), {"fields": []})
    fields = {f["id"]: f for f in form["fields"]}
    if step["type"] in ("add_tag", "remove_tag"):
        options = {o["id"]: o for o in fields.get(step.get("field"), {}).get("options", ())}
        tag = step.get("tag")
        return _quoted(render.label(options[tag]["label"]) if tag in options else tag or "?")
    if step["type"] == "create_record":
        target = next((one for one in page.parts("forms") if one["id"] == step.get("form")), None)
        return _quoted(render.label(target["label"])) if target else "?"
    if step.get("template"):
        found = next((one for one in page.parts("messages") if one["id"] == step["template"]), None)
        return _quoted(render.label(found["label"]) if found else step["template"])
    for key in ("title", "subject", "text"):
        if isinstance(step.get(key), dict) and step[key]:
            return render.label(step[key])
    given = [one.get("field") for one in step.get("values", ())] or [
        step.get("field") or step.get("flow") or step.get("form")
    ]
    names = [render.label(fields[name]["label"]) if name in fields else str(name) for name in given if name]
    return "、".join(names)


@dataclass(frozen=True)
class Hits:
    """Records that the condition holds for now, of all, and the newest of them, (id, title); what becomes of the tag
    that it gives."""

    found: int
    all: int
    rows: list[tuple[int, str]]
    tag: Gains | None = None


def hits(look: Look, page: Page) -> Hits | None:
    """As far as the reader may see the records and the live form knows the condition; None where it does not."""
    text, app = page.body.get("when"), page.draft.live
    if not text or page.body["form"] not in app.forms:
        return None
    source = app.form(page.body["form"]).source
    try:
        ask = query.Ask(where=(asked(look, source, text),), limit=4)
        rows = [row["_id"] for row in query.page(look, source, ask).rows]
        named = titles(look, source, rows)
        shown = [(one, str(named.get(one) or "–")) for one in rows]
        return Hits(query.count(look, source, ask), query.count(look, source), shown, _gains(look, page, source))
    except (FormulaError, AppError, LookupError):
        return None


def _gains(look: Look, page: Page, source: Source) -> Gains | None:
    """For a rule that gives a tag while it holds, with the other rules that give it."""
    steps = [one for one in page.body["then"] if one["type"] == "add_tag" and one.get("tag")]
    if page.body.get("kind", "event") != "state" or not steps:
        return None
    field, tag = steps[0]["field"], steps[0]["tag"]
    others = [
        rule["when"]
        for rule in page.parts("rules")
        if rule["id"] != page.part and rule["form"] == page.body["form"] and rule.get("enabled", True)
        if rule.get("kind", "event") == "state" and (field, tag) in _given(rule)
    ]
    return gains(look, source, field, tag, [page.body["when"], *others])


def _given(rule: Definition) -> set[tuple[Any, Any]]:
    return {(step.get("field"), step.get("tag")) for step in rule["then"] if step["type"] == "add_tag"}


def _set(page: Page, sent: Sent) -> Edit:
    """A setting of the rule or of the selected action; Invalid names its control."""
    name, base = sent["name"], ["rules", page.part]
    at, settings, config = (base, page.body | page.body.get("on", {}), [*PANEL, *EVENT_PANEL, WHEN])
    if _step(page) is not None and name != "when":
        at, settings, config = _panel(page)
    value = sent_value(config, settings, sent)
    if name in ("events", "watch") and at == base:
        on = {key: one for key, one in (page.body.get("on", {}) | {name: value}).items() if one}
        return "set", {"at": [*base, "on"], "value": on or None}, page.sel
    return "set", {"at": [*at, name], "value": value}, page.sel


def toggled(page: Page, sent: Sent) -> Edit:
    on = page.body.get("enabled", True)
    return "set", {"at": [page.kind, page.part, "enabled"], "value": False if on else None}, page.sel


def _card(look: Look, page: Page, sent: Sent) -> Edit:
    """Something was done to a card of the condition."""
    made = board(look, page)
    if made is None:
        raise NotFound(form=page.body["form"])
    text, at = condition_commands.edited(made, sent)
    return "set", {"at": ["rules", page.part, "when"], "value": text or None}, f"{CARD}{at}" if at else ""


def _add(page: Page, sent: Sent) -> Edit:
    kind = action_types.get(sent["type"])
    form = next((one for one in page.parts("forms") if one["id"] == page.body["form"]), {"fields": []})
    value = {"type": kind.type} | starter(kind.type, form)
    return "add", {"at": ["rules", page.part, "then"], "value": value}, f"then/{len(page.body['then'])}"


def starter(kind: str, form: Definition) -> Definition:
    """Settings that a new action begins with."""
    tags = next((f for f in form["fields"] if f["type"] == "tags"), None)
    if kind in ("add_tag", "remove_tag") and tags:
        return {"field": tags["id"], "tag": (tags.get("options") or [{"id": ""}])[0]["id"]}
    if kind in ("create_task", "notify"):
        name = "title" if kind == "create_task" else "text"
        return {"assign": [{"admin": True}], name: {"zh": "看一下", "en": "Have a look"}}
    return {}


def _remove(page: Page, sent: Sent) -> Edit:
    return "remove", {"at": ["rules", page.part, "then", sent["n"]]}, ""


def _move(page: Page, sent: Sent) -> Edit:
    n = sent.get("n", 0, type=int)
    to = max(0, n + sent.get("by", 1, type=int))
    return (
        "move",
        {"at": ["rules", page.part, "then", str(n)], "index": to},
        f"then/{min(to, len(page.body['then']) - 1)}",
    )


OPS: dict[str, Any] = {"set": _set, "toggle": toggled, "add": _add, "remove": _remove, "move": _move}
