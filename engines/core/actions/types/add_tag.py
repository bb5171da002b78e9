"""Gives the record a tag; one that it has already stays with whoever gave it."""

from collections.abc import Mapping
from typing import Any

from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork

from ..base import Action, Context, action_types
from ..services import Records
from ..shapes import TAG


@action_types.register
class AddTag(Action):
    type = "add_tag"
    label = {"zh": "加标签", "en": "Add a tag"}
    icon = "tag"
    config = TAG
    examples = [({"field": "tags", "tag": "a"},)]

    def run(self, uow: UnitOfWork, context: Context, settings: Definition) -> Mapping[str, Any]:
        form, record = context.about(self.type)
        records: Records = uow.service("records")
        has = records.read(uow, form, record).get(settings["field"]) or ()
        if settings["tag"] in has:
            return {"added": False}
        records.change(uow, form, record, {settings["field"]: [*has, settings["tag"]]})
        return {"added": True}
