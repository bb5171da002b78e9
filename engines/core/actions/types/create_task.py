"""Gives somebody a to-do: a flow of one step, so it has a deadline, escalation and a history like any other."""

from collections.abc import Mapping
from typing import Any

from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork

from ..base import Action, Context, action_types
from ..services import Flows
from ..shapes import ASSIGN, DEADLINES


@action_types.register
class CreateTask(Action):
    """Settings are those of the flow step `handle`: title, assign, fields, due, deadlines."""

    type = "create_task"
    label = {"zh": "新建待办", "en": "Create a task"}
    icon = "task"
    group = "people"
    config = [
        {
            "id": "title",
            "type": "labels",
            "label": {"zh": "待办名称", "en": "Task"},
            "required": True,
            "max_length": 200,
        },
        {"id": "note", "type": "labels", "label": {"zh": "说明", "en": "Note"}, "max_length": 2000},
        ASSIGN,
        {
            "id": "fields",
            "type": "field_ref",
            "label": {"zh": "要填的字段", "en": "Fields to fill in"},
            "multiple": True,
        },
        {
            "id": "due",
            "type": "text",
            "label": {"zh": "多久内办完，如 PT2H", "en": "Due within, such as PT2H"},
            "max_length": 32,
        },
        DEADLINES,
        {"id": "once", "type": "checkbox", "label": {"zh": "已有未办完的就不再建", "en": "Not while one is open"}},
    ]
    examples = [
        (
            {
                "title": {"zh": "联系 {{handle}}", "en": "Call {{handle}}"},
                "assign": [{"field": "owner"}, {"role": "seller", "pick": "least_loaded"}],
                "due": "PT2H",
                "deadlines": [{"after": "PT2H", "do": "escalate", "to": [{"supervisor": "assignee"}], "mode": "add"}],
            },
        )
    ]

    def run(self, uow: UnitOfWork, context: Context, settings: Definition) -> Mapping[str, Any]:
        flows: Flows = uow.service("flows")
        return {"instance": flows.start_task(uow, context, settings)}
