"""Tells people inside the platform."""

from collections.abc import Mapping
from typing import Any

from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork
from engines.core.messages import notices

from ..base import Action, Context, action_types
from ..shapes import ASSIGN
from ..texts import fill_label
from ..whom import people_of


@action_types.register
class Notify(Action):
    type = "notify"
    label = {"zh": "站内提醒", "en": "Notify"}
    icon = "bell"
    group = "people"
    config = [
        ASSIGN,
        {"id": "text", "type": "labels", "label": {"zh": "内容", "en": "Text"}, "required": True, "max_length": 1000},
    ]
    examples = [({"assign": [{"role": "seller"}], "text": {"zh": "{{handle}} 来了", "en": "{{handle}} is here"}},)]

    def run(self, uow: UnitOfWork, context: Context, settings: Definition) -> Mapping[str, Any]:
        people = people_of(uow, context, settings["assign"])
        words = fill_label(uow, context, settings["text"])
        notices.tell(
            uow, people, words, app=context.app.id, form=context.form.id if context.form else "", record=context.record
        )
        return {"people": people}
