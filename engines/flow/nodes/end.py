"""The end of a way; a rejected or cancelled end ends the whole run."""

from engines.core.actions.told import Names
from engines.core.kernel.kind import Definition, Label

from ..base import Node, node_types
from ..step import DONE, Step, Token

STATES: list[Definition] = [
    {"id": "done", "label": {"zh": "办结", "en": "Done"}},
    {"id": "rejected", "label": {"zh": "未通过", "en": "Rejected"}},
    {"id": "cancelled", "label": {"zh": "已取消", "en": "Cancelled"}},
]


@node_types.register
class End(Node):
    type = "end"
    label = {"zh": "结束", "en": "End"}
    icon = "end"
    group = "ways"
    config = [{"id": "state", "type": "select", "label": {"zh": "结果", "en": "Result"}, "options": STATES}]
    examples = [({},), ({"state": "rejected"},)]

    def ports(self, settings: Definition) -> tuple[str, ...]:
        return ()

    def line(self, settings: Definition, names: Names) -> Label:
        return next((dict(one["label"]) for one in STATES if one["id"] == settings.get("state", DONE)), {})

    def enter(self, step: Step, token: Token, settings: Definition) -> None:
        step.end(token, settings.get("state", DONE))
