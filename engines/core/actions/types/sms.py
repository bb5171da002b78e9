"""Writes a text message; it stays in the outbox until a gateway is connected."""

from collections.abc import Mapping
from typing import Any

from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import UnitOfWork
from engines.core.messages import outbox
from engines.core.messages.base import Message

from ..base import Action, Context, action_types
from ..texts import fill, language_of
from ..wording import gaps, panel, wording


@action_types.register
class Sms(Action):
    type = "sms"
    label = {"zh": "发短信", "en": "Send a text message"}
    icon = "phone"
    group = "outside"
    config = [
        {"id": "to", "type": "text", "label": {"zh": "号码", "en": "Number"}, "required": True, "max_length": 200},
        *panel(500),
    ]
    starter = {"text": {"zh": "发短信", "en": "Send a text message"}}
    examples = [({"to": "{{phone}}", "text": {"zh": "{{handle}}，欢迎", "en": "Welcome, {{handle}}"}},)]

    def problems(self, settings: Definition) -> list[tuple[str, Label]]:
        return gaps(settings)

    def run(self, uow: UnitOfWork, context: Context, settings: Definition) -> Mapping[str, Any]:
        language, text = language_of(context), wording(context.app, settings).text
        message = Message("sms", fill(uow, context, settings["to"], language), body=fill(uow, context, text, language))
        number = outbox.post(uow, message, app=context.app.id, form=context.source_id, record=context.record)
        return {"outbox": [number]}
