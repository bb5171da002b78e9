"""Informs people; nobody has to do anything, and the flow goes on at once."""

from engines.core.actions.shapes import ASSIGN
from engines.core.actions.told import Names, joined, who
from engines.core.kernel.kind import Definition, Label

from ..base import Node, node_types
from ..step import Step, Token


@node_types.register
class Cc(Node):
    type = "cc"
    label = {"zh": "抄送", "en": "Inform"}
    icon = "send"
    people = True
    group = "people"
    starter = {"assign": [{"starter": True}]}
    config = [
        ASSIGN,
        {"id": "text", "type": "labels", "label": {"zh": "内容", "en": "Text"}, "max_length": 1000},
    ]
    examples = [({"assign": [{"role": "boss"}], "text": {"zh": "{{handle}} 已成交", "en": "{{handle}} is won"}},)]

    def line(self, settings: Definition, names: Names) -> Label:
        return joined([who(settings.get("assign", ()), names), settings.get("text", {})])

    def enter(self, step: Step, token: Token, settings: Definition) -> None:
        step.tell(token, settings)
        step.leave(token, "")
