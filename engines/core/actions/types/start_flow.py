"""Starts a flow of the app on the record."""

from collections.abc import Mapping
from typing import Any

from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork

from ..base import Action, Context, action_types
from ..services import Flows


@action_types.register
class StartFlow(Action):
    type = "start_flow"
    label = {"zh": "启动流程", "en": "Start a flow"}
    icon = "flow"
    group = "people"
    config = [{"id": "flow", "type": "text", "label": {"zh": "流程", "en": "Flow"}, "required": True, "max_length": 32}]
    examples = [({"flow": "welcome"},)]

    def run(self, uow: UnitOfWork, context: Context, settings: Definition) -> Mapping[str, Any]:
        flows: Flows = uow.service("flows")
        return {"instance": flows.start(uow, context, settings["flow"])}
