"""Waits for a length of time, until an instant, or until a day that stands in the record."""

from engines.core.actions.shapes import DURATION
from engines.core.actions.told import Names, joined, long, plain, said
from engines.core.kernel.kind import Definition, Label

from ..base import Node, node_types
from ..compile import Flow, Problem, called, words
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
    group = "ways"
    starter = {"for": "P1D"}
    config = [
        {"id": "for", "type": "length", "label": {"zh": "等多久", "en": "For how long"}},
        {"id": "until", "type": "formula_text", "label": {"zh": "等到（公式）", "en": "Until (formula)"}},
        {"id": "at", "type": "json", "label": {"zh": "等到字段里的日期", "en": "Until a date field"}, "schema": AT},
    ]
    examples = [
        ({"for": "PT2H"},),
        ({"until": "birthday + 1"},),
        ({"at": {"field": "due", "offset": "-P2D", "time": "09:00"}},),
    ]

    def line(self, settings: Definition, names: Names) -> Label:
        if at := settings.get("at"):
            return joined(
                [names.of_field(at.get("field", "")), _beside(at.get("offset")), plain(at.get("time"))], " ", " "
            )
        if until := settings.get("until"):
            return said("直到 {until}", "until {until}", until=plain(until))
        return long(settings["for"]) if settings.get("for") else {}

    def enter(self, step: Step, token: Token, settings: Definition) -> None:
        step.wait(token, "wait")

    def problems(self, flow: Flow, settings: Definition) -> list[Problem]:
        if sum(name in settings for name in ("for", "until", "at")) != 1:
            return [
                (
                    "",
                    words(
                        "「{a}」：等多久、等到公式、等到日期，三选一",
                        "'{a}' needs one of: for how long, until a formula, until a date",
                        a=called(settings),
                    ),
                )
            ]
        return []


def _beside(offset: str | None) -> Label:
    """How far from a day."""
    if not offset:
        return {}
    if offset.startswith("-"):
        return said("前 {long}", "{long} before", long=long(offset))
    return said("后 {long}", "{long} after", long=long(offset))
