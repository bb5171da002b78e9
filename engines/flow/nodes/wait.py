"""Waits for a length of time, until an instant, or until a day that stands in the record."""

from engines.core.actions.shapes import DURATION
from engines.core.kernel.kind import Definition

from ..base import Node, node_types
from ..compile import Flow, Problem, words
from ..step import Step, Token

AT = {
    "type": "object",
    "required": ["field"],
    "additionalProperties": False,
    "properties": {
        "field": {"type": "string"},
        "offset": DURATION,
        "time": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
    },
}


@node_types.register
class Wait(Node):
    """One of: `for` (PT2H, P3D), `until` (a formula that gives a day or an instant), `at` (a date field, an offset and
    a time of day in the app's zone; it follows the field when that changes). What lies in the past is at once."""

    type = "wait"
    label = {"zh": "等待", "en": "Wait"}
    icon = "clock"
    waits = True
    config = [
        {
            "id": "for",
            "type": "text",
            "label": {"zh": "等多久，如 P3D", "en": "For how long, such as P3D"},
            "max_length": 32,
        },
        {"id": "until", "type": "formula_text", "label": {"zh": "等到（公式）", "en": "Until (formula)"}},
        {"id": "at", "type": "json", "label": {"zh": "等到字段里的日期", "en": "Until a date field"}, "schema": AT},
    ]
    examples = [
        ({"for": "PT2H"},),
        ({"until": "birthday + 1"},),
        ({"at": {"field": "due", "offset": "-P2D", "time": "09:00"}},),
    ]

    def enter(self, step: Step, token: Token, settings: Definition) -> None:
        step.wait(token, "wait")

    def problems(self, flow: Flow, settings: Definition) -> list[Problem]:
        if sum(name in settings for name in ("for", "until", "at")) != 1:
            return [("", words("等多久、等到公式、等到日期，三选一", "say one of: for, until, at"))]
        return []
