"""Tells people inside the platform."""

from collections.abc import Mapping
from typing import Any

from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import UnitOfWork
from engines.core.messages import notices

from ..base import Action, Context, action_types
from ..shapes import ASSIGN
from ..texts import fill_label
from ..whom import people_of
from ..wording import gaps, panel, wording


@action_types.register
class Notify(Action):
    type = "notify"
    label = {"zh": "站内提醒", "en": "Notify"}
    icon = "bell"
    group = "people"
    config = [ASSIGN, *panel(1000)]
    starter = {"text": {"zh": "站内提醒", "en": "Notify"}}
    examples = [({"assign": [{"role": "seller"}], "text": {"zh": "{{handle}} 来了", "en": "{{handle}} is here"}},)]

    def problems(self, settings: Definition) -> list[tuple[str, Label]]:
        return gaps(settings)

    def run(self, uow: UnitOfWork, context: Context, settings: Definition) -> Mapping[str, Any]:
        people = people_of(uow, context, settings["assign"])
        words = fill_label(uow, context, wording(context.app, settings).text)
        notices.tell(
            uow, people, words, app=context.app.id, form=context.form.id if context.form else "", record=context.record
        )
        return {"people": people}
