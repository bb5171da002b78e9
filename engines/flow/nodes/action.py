"""Does something by itself: any action of the platform."""

from engines.core.actions.base import action_types
from engines.core.fields.schemas import checker
from engines.core.fields.values import json_schema
from engines.core.kernel.errors import UnknownType
from engines.core.kernel.kind import Definition

from ..base import Node, node_types
from ..compile import Flow
from ..step import Step, Token

ACTION = {"type": "object", "required": ["type"], "properties": {"type": {"type": "string"}}}


@node_types.register
class ActionNode(Node):
    """`do`: one action `{type, …its settings}`."""

    type = "action"
    label = {"zh": "自动动作", "en": "Action"}
    icon = "bolt"
    config = [{"id": "do", "type": "json", "label": {"zh": "做什么", "en": "What"}, "required": True, "schema": ACTION}]
    examples = [({"do": {"type": "set_field", "values": [{"field": "stage", "value": "won"}]}},)]

    def enter(self, step: Step, token: Token, settings: Definition) -> None:
        step.act(token, settings["do"])

    def problems(self, flow: Flow, settings: Definition) -> list[tuple[str, str]]:
        """The action's settings against its own panel."""
        own = {name: value for name, value in settings["do"].items() if name != "type"}
        try:
            kind = action_types.get(settings["do"]["type"])
        except UnknownType as unknown:
            return [("/do/type", unknown.say("en"))]
        schema = json_schema(kind.config) | {"additionalProperties": False}
        return [
            ("/do" + "".join(f"/{s}" for s in e.absolute_path), e.message[:200])
            for e in checker(schema).iter_errors(own)
        ]
