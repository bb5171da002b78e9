"""Sends a mail to an address of the record, or to people here."""

from collections.abc import Mapping
from typing import Any

from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import UnitOfWork
from engines.core.messages import outbox
from engines.core.messages.base import Message

from ..base import Action, Context, action_types
from ..services import People
from ..shapes import ASSIGN
from ..texts import fill, language_of
from ..whom import people_of
from ..wording import gaps, panel, wording

WORDS = {"zh": "发邮件", "en": "Send a mail"}


@action_types.register
class Mail(Action):
    """`to` is text such as `{{email}}`; `assign` adds people, at the addresses they gave."""

    type = "mail"
    label = WORDS
    icon = "mail"
    group = "outside"
    starter = {"assign": [{"starter": True}], "subject": WORDS, "body": WORDS}
    config = [
        {"id": "to", "type": "text", "label": {"zh": "收件地址", "en": "To"}, "max_length": 500},
        ASSIGN | {"required": False},
        *panel(10000, text="body", label={"zh": "正文", "en": "Text"}, subject=True),
    ]
    examples = [({"to": "{{email}}", "subject": {"zh": "欢迎"}, "body": {"zh": "{{handle}}，你好"}},)]

    def problems(self, settings: Definition) -> list[tuple[str, Label]]:
        found = gaps(settings, text="body", subject=True)
        words = {
            "zh": "邮件没有收件人：写收件地址，或选交给谁",
            "en": "the mail goes to nobody: write To, or choose who",
        }
        return found if settings.get("to") or settings.get("assign") else [("/to", words), *found]

    def run(self, uow: UnitOfWork, context: Context, settings: Definition) -> Mapping[str, Any]:
        language = language_of(context)
        said = wording(context.app, settings, text="body")
        subject, body = (fill(uow, context, words, language) for words in (said.subject, said.text))
        ids = [
            outbox.post(
                uow,
                Message("mail", to, subject, body),
                app=context.app.id,
                form=context.source_id,
                record=context.record,
            )
            for to in _addresses(uow, context, settings, language)
        ]
        return {"outbox": ids}


def _addresses(uow: UnitOfWork, context: Context, settings: Definition, language: str) -> list[str]:
    """One mail each, so that nobody sees the others; an empty address is kept, so that the gap can be seen."""
    people: People = uow.service("people")
    found = [fill(uow, context, settings["to"], language).strip()] if settings.get("to") else []
    found += [people.email(uow, person) for person in people_of(uow, context, settings.get("assign", []))]
    return list(dict.fromkeys(found))
