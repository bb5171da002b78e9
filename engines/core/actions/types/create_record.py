"""Makes a record of any form of the app."""

from collections.abc import Mapping
from typing import Any

from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork

from ..assignments import VALUES, given
from ..base import Action, Context, action_types
from ..services import Records


@action_types.register
class CreateRecord(Action):
    """`link`: the relation field of the new record that points back at the record at hand."""

    type = "create_record"
    label = {"zh": "新建记录", "en": "Create a record"}
    icon = "plus"
    config = [
        {"id": "form", "type": "form_ref", "label": {"zh": "表单", "en": "Form"}, "required": True},
        {
            "id": "link",
            "type": "field_ref",
            "label": {"zh": "指回本记录的字段", "en": "Field that points back"},
            "of": "form",
        },
        VALUES | {"required": False},
    ]
    examples = [({"form": "note", "link": "about", "values": [{"field": "title", "formula": "handle"}]},)]

    def run(self, uow: UnitOfWork, context: Context, settings: Definition) -> Mapping[str, Any]:
        target = context.app.form(settings["form"])
        values = given(uow, context, settings.get("values", []), target)
        if link := settings.get("link"):
            values[link] = context.about(self.type)[1]
        records: Records = uow.service("records")
        made = records.create(uow, target, values)
        uow.settle()
        return {"form": target.id, "record": made.id}
