"""Message templates: one text in both languages, with values of a real record in it while one writes."""

from dataclasses import dataclass
from typing import Any

from flask import g, jsonify, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from engines.apps import draft
from engines.apps.draft import Draft
from engines.apps.usage import uses_of_message
from engines.core.actions.base import Context
from engines.core.actions.texts import HOLE, filled
from engines.core.actions.wording import OF_RECORD
from engines.core.kernel.errors import AppError, NotFound
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Cause, Look, UnitOfWork
from engines.core.messages import notices
from engines.core.messages.lengths import sms_size
from engines.form.compile import Form
from runtime import render
from runtime.figures import LANGUAGES
from runtime.guard import platform, right

from ..base import Designer, Edit, Page, Sent, build, designer, read
from ..panel import controls, sent_value
from ..references import choices_of
from ..sample import Sample, newest
from .uses import Place, places_of

PANEL: list[Definition] = [
    {"id": "label", "type": "labels", "label": {"zh": "名称", "en": "Name"}, "required": True, "max_length": 80},
    {"id": "form", "type": "form_ref", "label": {"zh": "写的是哪张表单的记录", "en": "Records it speaks of"}},
]
WORDS: list[Definition] = [
    {"id": "subject", "type": "labels", "label": {"zh": "邮件主题", "en": "Subject, for mail"}, "max_length": 200},
    {"id": "text", "type": "labels", "label": {"zh": "内容", "en": "Text"}, "required": True, "max_length": 10000},
]  # fmt: skip
SPECIAL: dict[str, Label] = {
    "_link": {"zh": "记录的网址", "en": "Address of the record"},
    "_id": {"zh": "记录的编号", "en": "Number of the record"},
}
MOST = 20_000
"""Characters of a text that is shown while it is typed."""


@dataclass
class Reading(Look):
    """A look that knows the services of the platform, as a unit of work does: names of people, the public address."""

    steps: Any = None


@dataclass(frozen=True)
class Shown:
    """What a reader in one language gets; `places` and `parts` as a text message."""

    language: str
    subject: str
    text: str
    places: int
    parts: int


@designer
class Messages(Designer):
    """The words are on the canvas, what else there is to know of the template beside it."""

    kind = "messages"
    folder = "messages"

    def context(self, look: Look, page: Page) -> dict[str, Any]:
        body, choices = page.body, choices_of(page, page.body)
        return {
            "body": body,
            "panel": controls(PANEL, body, choices, page=page),
            "words": controls(WORDS, body, choices, page=page),
            "insertable": insertable(page),
            "uses": used_by(page.draft, page.part),
            "wrong": page.part_problems(),
            "live": body.get("form") in page.draft.live.forms,
            "about": _sample(look, page, 0),
        }

    def edit(self, look: Look, page: Page, op: str, sent: Sent) -> Edit:
        if op != "set":
            raise NotFound(op=op)
        value = sent_value([*PANEL, *WORDS], page.body, sent)
        return "set", {"at": ["messages", page.part, sent["name"]], "value": value}, page.sel


def insertable(page: Page) -> list[tuple[str, str]]:
    """(placeholder, what it stands for): the fields of the form, and what every record has."""
    form = next((one for one in page.parts("forms") if one["id"] == page.body.get("form")), {"fields": []})
    named = {f["id"]: f["label"] for f in form["fields"]} | {name: SPECIAL[name] for name in OF_RECORD}
    return [("{{" + name + "}}", render.label(words)) for name, words in named.items()]


def used_by(found: Draft, name: str) -> list[Place]:
    """The parts that send a template."""
    return places_of(found, uses_of_message(found.definition, name))


@build.post("/<app>/messages/<part>/preview")
@right("builder")
def message_preview(app: str, part: str) -> str:
    """The words as they are typed, with the values of `record`, or of the newest one; what is hidden stays hidden."""

    def look_up(look: Look, found: Draft) -> dict[str, Any]:
        page = Page(found, "messages", part)
        shown, sample = written(look, page, request.form)
        return {"page": page, "shown": shown, "record": sample.record if sample else 0}

    return render_template("build/messages/preview.html", **read(app, look_up))


@build.post("/<app>/messages/<part>/to-me")
@right("builder")
def message_to_me(app: str, part: str) -> Response:
    """The same words as a notice to whoever asks; nobody else hears of it."""
    sent = request.form

    def work(uow: UnitOfWork) -> str:
        page = Page(draft.current(uow, app), "messages", part)
        shown, sample = written(uow, page, sent)
        words = {one.language: one.text for one in shown if one.text}
        if not words:
            return gettext("Write a text first")
        at: dict[str, Any] = {"form": sample.form.id, "record": sample.record} if sample else {}
        notices.tell(uow, [uow.actor.id], words, app=app, **at)
        return gettext("It is behind the bell now")

    return jsonify(told=platform().run(g.actor, work))


def written(look: Look, page: Page, sent: Sent) -> tuple[list[Shown], Sample | None]:
    """What each language's reader gets, and of which record; nothing typed means the words of the draft."""
    sample = _sample(look, page, sent.get("record", 0, type=int))
    return [_shown(look, page, sample, one, sent) for one in LANGUAGES], sample


def _shown(look: Look, page: Page, sample: Sample | None, language: str, sent: Sent) -> Shown:
    subject, text = (
        _filled(look, page, sample, language, sent.get(f"p-{key}.{language}", page.body.get(key, {}).get(language, "")))
        for key in ("subject", "text")
    )
    return Shown(language, subject, text, *sms_size(text))


def _filled(look: Look, page: Page, sample: Sample | None, language: str, words: str) -> str:
    """With a record its values; without one the names of the fields."""
    words = words.replace("\r\n", "\n").strip()[:MOST]
    if sample is None:
        named = dict(insertable(page))
        return HOLE.sub(lambda found: f"[{named.get('{{' + found[1] + '}}', found[1])}]", words)
    told = Reading(look.session, look.actor, look.rights, look.now, look.apps, platform().steps)
    context = Context(page.draft.live, Cause(), sample.form, sample.record, sample.facts)
    return filled(told, context, words, language)


def _sample(look: Look, page: Page, record: int) -> Sample | None:
    """The record asked for, else the newest that the reader may see."""
    live: dict[str, Form] = page.draft.live.forms
    form = live.get(str(page.body.get("form", "")))
    if form is None or not look.rights.scope(form.source.id).may("view"):
        return None
    try:
        return Sample(look, form, record) if record else newest(look, form)
    except AppError:
        return None
