"""Takes a tag from the record."""

from collections.abc import Mapping
from typing import Any

from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork

from ..base import Action, Context, action_types
from ..services import Records
from ..shapes import TAG


@action_types.register
class RemoveTag(Action):
    type = "remove_tag"
    label = {"zh": "去掉标签", "en": "Remove a tag"}
    icon = "tag"
    config = TAG
    examples = [({"field": "tags", "tag": "a"},)]

    def run(self, uow: UnitOfWork, context: Context, settings: Definition) -> Mapping[str, Any]:
        form, record = context.about(self.type)
        records: Records = uow.service("records")
        has = records.read(uow, form, record).get(settings["field"]) or ()
        if settings["tag"] not in has:
            return {"removed": False}
        records.change(uow, form, record, {settings["field"]: [tag for tag in has if tag != settings["tag"]]})
        return {"removed": True}
