"""People say yes or no."""

from engines.core.actions.shapes import ASSIGN, DEADLINES, DUE, HELP, TITLE, late_ports
from engines.core.actions.told import Names, joined, late, who
from engines.core.kernel.kind import Definition, Label

from ..base import Node, node_types
from ..step import Step, Token

MODES = [
    {"id": "any", "label": {"zh": "一人同意即可", "en": "One is enough"}},
    {"id": "all", "label": {"zh": "每人都要同意", "en": "All must agree"}},
    {"id": "seq", "label": {"zh": "依次同意", "en": "One after the other"}},
    {"id": "vote", "label": {"zh": "按比例表决", "en": "By vote"}},
]
SAME = [
    {"id": "self", "label": {"zh": "自己审批", "en": "They decide themselves"}},
    {"id": "skip", "label": {"zh": "自动通过", "en": "Passes by itself"}},
    {"id": "to_supervisor", "label": {"zh": "交给上级", "en": "Goes to the supervisor"}},
]


@node_types.register
class Approve(Node):
    """Ways out: approve (the usual one), reject (without an edge: the run ends rejected) and the ports of deadlines.
    Whom nobody answers to it goes to an administrator, never to nobody."""

    type = "approve"
    label = {"zh": "审批", "en": "Approve"}
    icon = "check"
    waits = True
    people = True
    group = "people"
    starter = {"assign": [{"supervisor": "starter"}]}
    port_labels = {"approve": {"zh": "同意", "en": "Yes"}, "reject": {"zh": "拒绝", "en": "No"}}
    config = [
        ASSIGN,
        TITLE,
        HELP,
        {"id": "mode", "type": "select", "label": {"zh": "几个人同意", "en": "How many"}, "options": MODES},
        {"id": "ratio", "type": "number", "label": {"zh": "同意比例", "en": "Share of yes"}, "min": 0, "max": 1},
        {
            "id": "same_as_starter",
            "type": "select",
            "label": {"zh": "审批人是发起人时", "en": "When the starter would decide"},
            "options": SAME,
        },
        {
            "id": "fields",
            "type": "field_ref",
            "label": {"zh": "可改的字段", "en": "Fields that may be changed"},
            "multiple": True,
        },
        DUE,
        DEADLINES,
    ]
    examples = [({"assign": [{"supervisor": "starter"}], "mode": "all"},)]

    def ports(self, settings: Definition) -> tuple[str, ...]:
        return ("approve", "reject", *late_ports(settings))

    def line(self, settings: Definition, names: Names) -> Label:
        return joined([who(settings.get("assign", ()), names), late(settings)])

    def enter(self, step: Step, token: Token, settings: Definition) -> None:
        step.wait(token, "open")
