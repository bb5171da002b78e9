"""What an action says: words of its own, or a message template of the app that several actions share."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engines.core.kernel.kind import Definition, Label

from .services import AnyApp, AnyForm
from .texts import HOLE

Found = Iterator[tuple[str, Label]]
"""(path within the part, what is wrong and how to mend it)."""
TEMPLATE: Definition = {
    "id": "template",
    "type": "text",
    "label": {"zh": "用消息模板", "en": "From a template"},
    "max_length": 32,
}
OWN = "ISBLANK(template)"
"""Own words are asked for only where no template is chosen; while one is, they are kept and not used."""
OF_RECORD = ("_link", "_id")
"""Names that stand for every record."""


@dataclass(frozen=True)
class Wording:
    """What is sent, in each language; only mail has a subject."""

    text: Label
    subject: Label = field(default_factory=dict)


def panel(most: int, *, text: str = "text", label: Label | None = None, subject: bool = False) -> list[Definition]:
    """Settings of an action that sends words: a template, or at most `most` characters under the name `text`."""
    named = label or {"zh": "内容", "en": "Text"}
    own: Definition = {"id": text, "type": "labels", "label": named, "max_length": most, "visible": OWN}
    about = {"id": "subject", "type": "labels", "label": {"zh": "主题", "en": "Subject"}, "max_length": 200}
    return [TEMPLATE, *([about | {"visible": OWN}] if subject else []), own]


def wording(app: AnyApp, settings: Definition, *, text: str = "text") -> Wording:
    """The template's words where the settings name one, else the action's own; NotFound when the template is gone."""
    if name := settings.get("template"):
        part = app.part("messages", name)
        return Wording(part["text"], part.get("subject", {}))
    return Wording(settings.get(text, {}), settings.get("subject", {}))


def gaps(settings: Definition, *, text: str = "text", subject: bool = False) -> list[tuple[str, Label]]:
    """An action without a template says something itself."""
    if settings.get("template"):
        return []
    needed = [("subject", {"zh": "主题", "en": "a subject"})] if subject else []
    needed.append((text, {"zh": "内容", "en": "a text"}))
    return [(f"/{name}", _lacks(words)) for name, words in needed if not settings.get(name)]


def _lacks(what: Label) -> Label:
    return {
        "zh": f"没有{what['zh']}：写上，或选一个消息模板",
        "en": f"there is no {what['en'].partition(' ')[2]}: write {what['en']}, or choose a message template",
    }


def use_problems(app: AnyApp, form: AnyForm | None, settings: Mapping[str, Any], kept: Collection[str] = ()) -> Found:
    """Does the template that an action names fit where it stands? `kept`: what a flow keeps besides the record."""
    name = settings.get("template")
    if not name:
        return
    part = next((one for one in app.parts("messages") if one.get("id") == name), None)
    if part is None:
        yield (
            "/template",
            {
                "zh": f"没有消息模板「{name}」：选另一个，或写自己的内容",
                "en": f"there is no message template '{name}': choose another one, or write a text",
            },
        )
    elif part.get("form") and (form is None or part["form"] != form.id):
        yield "/template", _other_form(app, part)
    elif not part.get("form"):
        strange = sorted({hole for _, hole in holes(part)} - {*OF_RECORD, *kept, *(form.fields if form else ())})
        for hole in strange:
            yield "/template", _strange(hole, part)
    if part is not None and settings.get("type") == "mail" and not part.get("subject"):
        yield (
            "/template",
            {
                "zh": f"邮件要有主题，模板「{name}」没有：在模板里写上主题",
                "en": f"a mail needs a subject and the template '{name}' has none: write one in the template",
            },
        )


def _other_form(app: AnyApp, part: Definition) -> Label:
    label: Label = app.forms[part["form"]].definition["label"] if part["form"] in app.forms else {}
    zh, en = label.get("zh") or part["form"], label.get("en") or part["form"]
    return {
        "zh": f"这个模板写的是「{zh}」的记录，这里不是：选另一个模板",
        "en": f"this template speaks of records of '{en}', which are not at hand here: choose another one",
    }


def template_problems(app: Any, part: Definition) -> Found:
    """(path within the template, words): its form is there, and has every field that the words name."""
    name = part.get("form")
    if not name:
        return
    if name not in app.forms:
        yield "/form", {"zh": f"没有表单「{name}」", "en": f"there is no form '{name}'"}
        return
    fields = app.forms[name].fields
    for path, hole in holes(part):
        if hole not in fields and hole not in OF_RECORD:
            yield path, _strange(hole, part)


def holes(part: Definition) -> Iterator[tuple[str, str]]:
    """(path of the text, name) of each placeholder of a template."""
    for key in ("subject", "text"):
        for language, words in part.get(key, {}).items():
            for found in HOLE.finditer(words):
                yield f"/{key}/{language}", found[1]


def _strange(hole: str, part: Definition) -> Label:
    called = part.get("label", {})
    zh, en = called.get("zh") or part["id"], called.get("en") or part["id"]
    hole = "{{" + hole + "}}"
    return {
        "zh": f"模板「{zh}」里的 {hole} 不是这里的字段：从「插入字段」里选一个，或删掉它",
        "en": f"{hole} in the template '{en}' is no field here: choose one from 'Insert a field', or take it out",
    }
