"""Somebody does something: fills in fields, makes a call, and says it is done."""

from engines.core.actions.shapes import ASSIGN, DEADLINES, DUE, HELP, TASK_FIELDS, TITLE, late_ports
from engines.core.actions.told import Names, joined, late, who
from engines.core.kernel.kind import Definition, Label

from ..base import Node, node_types
from ..step import Step, Token

CLAIMS = [
    {"id": "each", "label": {"zh": "每人一份，先办完的算", "en": "Everybody has it, the first one counts"}},
    {"id": "queue", "label": {"zh": "一份，谁领谁办", "en": "One for all, whoever claims it"}},
]
MODES = [
    {"id": "any", "label": {"zh": "一人办完即可", "en": "One is enough"}},
    {"id": "all", "label": {"zh": "每人都要办完", "en": "All must finish"}},
    {"id": "seq", "label": {"zh": "依次办理", "en": "One after the other"}},
]


@node_types.register
class Handle(Node):
    """`fields` may be filled in, `required` must be. Ways out: done (the usual one) and the ports of deadlines."""

    type = "handle"
    label = {"zh": "办理", "en": "Do"}
    icon = "task"
    waits = True
    people = True
    group = "people"
    starter = {"assign": [{"starter": True}]}
    port_labels = {"done": {"zh": "办完", "en": "Done"}}
    config = [
        ASSIGN,
        TITLE,
        HELP,
        {
            "id": "claim",
            "type": "select",
            "label": {"zh": "多人时", "en": "When it is several people"},
            "options": CLAIMS,
        },
        {"id": "mode", "type": "select", "label": {"zh": "几个人办完", "en": "How many"}, "options": MODES},
        TASK_FIELDS,
        {
            "id": "required",
            "type": "field_ref",
            "label": {"zh": "必填的字段", "en": "Fields that must be filled in"},
            "multiple": True,
        },
        DUE,
        DEADLINES,
    ]
    examples = [({"assign": [{"role": "seller", "pick": "round_robin"}], "fields": ["note"], "due": "PT2H"},)]

    def ports(self, settings: Definition) -> tuple[str, ...]:
        return ("done", *late_ports(settings))

    def line(self, settings: Definition, names: Names) -> Label:
        return joined([who(settings.get("assign", ()), names), late(settings)])

    def enter(self, step: Step, token: Token, settings: Definition) -> None:
        step.wait(token, "open")
