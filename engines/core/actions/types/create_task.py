"""Gives somebody a to-do: a flow of one step, so it has a deadline, escalation and a history like any other."""

from collections.abc import Mapping
from typing import Any

from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork

from ..base import Action, Context, action_types
from ..services import Flows
from ..shapes import ASSIGN, DEADLINES, DUE, TASK_FIELDS, TITLE


@action_types.register
class CreateTask(Action):
    """Settings are those of the flow step `handle`: title, assign, fields, due, deadlines."""

    type = "create_task"
    label = {"zh": "新建待办", "en": "Create a task"}
    icon = "task"
    group = "people"
    config = [
        TITLE | {"required": True},
        {"id": "note", "type": "labels", "label": {"zh": "说明", "en": "Note"}, "max_length": 2000},
        ASSIGN,
        TASK_FIELDS,
        DUE,
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
