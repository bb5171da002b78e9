"""Writes fields of the record."""

from collections.abc import Mapping
from typing import Any

from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork

from ..assignments import VALUES, given
from ..base import Action, Context, action_types
from ..services import Records


@action_types.register
class SetField(Action):
    type = "set_field"
    label = {"zh": "填写字段", "en": "Set fields"}
    icon = "edit"
    config = [VALUES]
    examples = [({"values": [{"field": "stage", "value": "won"}, {"field": "score", "formula": "score + 1"}]},)]

    def run(self, uow: UnitOfWork, context: Context, settings: Definition) -> Mapping[str, Any]:
        form, record = context.about(self.type)
        values = given(uow, context, settings["values"], form)
        records: Records = uow.service("records")
        records.change(uow, form, record, values)
        return {"fields": sorted(values)}
