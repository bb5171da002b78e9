"""Does something by itself: any action of the platform."""

from engines.core.actions.base import action_types
from engines.core.actions.told import Names, joined
from engines.core.kernel.errors import UnknownType
from engines.core.kernel.kind import Definition, Label

from ..base import Node, node_types
from ..compile import Flow, Problem, both, panel_problems
from ..step import Step, Token

ACTION = {"type": "object", "required": ["type"], "properties": {"type": {"type": "string"}}}


@node_types.register
class ActionNode(Node):
    """`do`: one action `{type, …its settings}`."""

    type = "action"
    label = {"zh": "自动动作", "en": "Action"}
    icon = "bolt"
    group = "actions"
    config = [{"id": "do", "type": "json", "label": {"zh": "做什么", "en": "What"}, "required": True, "schema": ACTION}]
    examples = [({"do": {"type": "set_field", "values": [{"field": "stage", "value": "won"}]}},)]

    def line(self, settings: Definition, names: Names) -> Label:
        """The action in its own words, else what it is called."""
        try:
            kind = action_types.get(settings["do"]["type"])
        except (UnknownType, KeyError):
            return {}
        told = kind.line(settings["do"], names)
        return told if any(told.values()) else joined([kind.label])

    def enter(self, step: Step, token: Token, settings: Definition) -> None:
        step.act(token, settings["do"])

    def problems(self, flow: Flow, settings: Definition) -> list[Problem]:
        """The action's settings against its own panel."""
        try:
            kind = action_types.get(settings["do"]["type"])
        except UnknownType as unknown:
            return [("/do/type", both(unknown))]
        own = {name: value for name, value in settings["do"].items() if name != "type"}
        found = panel_problems("/do", kind, own)
        return found or [("/do" + below, text) for below, text in kind.problems(own)]
