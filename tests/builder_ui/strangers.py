"""A small shop with types of fields, actions, steps and charts that this release does not have."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy

from engines.apps.platform import SYSTEM
from engines.core.actions import action_types
from engines.core.actions.base import Action
from engines.core.fields import field_types
from engines.core.fields.types.number import Number
from engines.core.fields.types.text import Text
from engines.flow.base import Node, node_types
from engines.form import submit
from engines.report.chart import Chart, charts

from ..engines.flow.conftest import flow
from ..engines.rule.conftest import SHOP, field, label

LOUD = [{"id": "loud", "type": "number", "label": label("Loud")}]


class Mood(Text):
    type = "mood"
    label = label("Mood")


class Pulse(Number):
    type = "pulse"
    label = label("Pulse")


class Sing(Action):
    type = "sing"
    label = label("Sing")
    icon = "bell"
    config = LOUD

    def run(self, uow, context, settings):
        return {}


class Chant(Node):
    type = "chant"
    label = label("Chant")
    icon = "bell"
    config = LOUD


class Spiral(Chart):
    type = "spiral"
    label = label("Spiral")
    icon = "chart"
    html = True


STRANGERS = [(field_types, Mood), (field_types, Pulse), (action_types, Sing), (node_types, Chant), (charts, Spiral)]
SONG = {"id": "song", "label": label("Song"), "form": "buyer", "kind": "event", "on": {"events": ["created"]},
        "then": [{"type": "sing", "loud": 3}]}  # fmt: skip
CALM = {"id": "calm", "label": label("Calm"), "form": "buyer", "kind": "state", "when": 'mood = "calm"',
        "then": [{"type": "add_tag", "field": "tags", "tag": "nice"}]}  # fmt: skip
REPORT = {"id": "tiers", "title": label("Tiers"), "source": "buyer", "rows": [{"field": "tier"}],
          "values": [{"agg": "count"}], "chart": {"type": "spiral"}}  # fmt: skip


def richer():
    """The shop as a program with more types publishes it."""
    made = deepcopy(SHOP)
    buyer = made["forms"][0]
    buyer["fields"][1:1] = [field("mood", "mood", width=3), field("pulse", "pulse")]
    buyer["fields"] += [field("doubled", "formula", formula="pulse * 2", result="number")]
    buyer |= {"title": "mood", "layout": [{"id": "main", "label": label("One"), "fields": ["mood", "name"]}]}
    made["rules"] += [SONG, CALM]
    made["flows"] = [flow("choir", {"type": "record_created"}, [{"id": "c", "type": "chant", "loud": 4}])]
    made["flows"][0]["form"] = "buyer"
    made["reports"] = [REPORT]
    made["dashboards"] = [
        {"id": "board", "title": label("Board"), "widgets": [{"id": "w1", "report": "tiers", "at": [0, 0, 4, 4]}]}
    ]
    return made


@contextmanager
def richer_program() -> Iterator[None]:
    """Inside, the types are there."""
    with ExitStack() as stack:
        for registry, cls in STRANGERS:
            stack.enter_context(registry.temporarily(cls))
        yield


def leave_behind(platform):
    """What a program with those types leaves in a workspace: the shop, and one buyer."""
    with richer_program():
        app = platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, richer()))
        values = {"name": "May", "mood": "calm", "pulse": 60}
        platform.run(SYSTEM, lambda uow: submit.create_record(uow, app.form("buyer"), values))
