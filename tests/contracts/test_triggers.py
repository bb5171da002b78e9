"""Every registered trigger keeps the contract; nothing here names a type."""

import pytest

from engines.core.fields.schemas import checker
from engines.core.fields.values import json_schema
from engines.flow import trigger_types

from ..engines.flow.conftest import CREATED, flow, house

__all__ = ["house"]
EACH = pytest.mark.parametrize("kind", list(trigger_types), ids=lambda kind: kind.type)
EXAMPLES = [pytest.param(k, *e, id=f"{k.type}-{i}") for k in trigger_types for i, e in enumerate(k.examples)]
WAIT = [{"id": "x", "type": "wait", "for": "P1D"}]
FIELDS = {"birthday": "due", "handle": "name", "no": "name", "total_spend": "score", "high_intent": "hot"}


def fitted(value):
    """The example over the test's own form."""
    if isinstance(value, dict):
        return {name: fitted(one) for name, one in value.items()}
    if isinstance(value, list):
        return [fitted(one) for one in value]
    return FIELDS.get(value, value) if isinstance(value, str) else value


@EACH
def test_it_is_named_in_both_languages_and_shows_an_example(kind):
    assert {"zh", "en"} <= kind.label.keys()
    assert kind.icon
    assert kind.examples
    assert "type" not in {field["id"] for field in kind.config}


@pytest.mark.parametrize(("kind", "settings"), EXAMPLES)
def test_its_example_fits_its_own_panel_and_a_strange_setting_does_not(kind, settings):
    schema = json_schema(kind.config) | {"additionalProperties": False}
    assert [error.message for error in checker(schema).iter_errors(settings)] == []
    assert not checker(schema).is_valid(settings | {"strange": 1})


@pytest.mark.parametrize(("kind", "settings"), EXAMPLES)
def test_a_flow_with_it_can_be_published_twice_and_no_save_suffers(kind, settings, house):
    definition = flow("f", {"type": kind.type, **fitted(settings)}, WAIT)
    if "when" in definition["trigger"]:
        definition["trigger"]["when"] = "score > 1"
    for _ in range(2):
        house.publish(definition)
        record = house.create(score=3, due="2026-12-01", tags=["hot"])
        house.change(record, score=4, stage="won")
        house.delete(record)
        house.wait(86_400_000_000)
    assert house.incidents() == []


@pytest.mark.parametrize(("kind", "settings"), EXAMPLES)
def test_what_happened_once_starts_one_run(kind, settings, house):
    """Whatever started it, the same key never starts another."""
    house.publish(flow("f", CREATED, WAIT))
    house.create()
    flows, app = house.platform.flows, house.look(lambda look: look.apps.app("shop"))
    from engines.core.actions.base import Context
    from engines.core.kernel.work import Cause

    context = Context(app, Cause("flow", "f"))
    made = [
        house.run(lambda uow: flows.begin(uow, context, flows.of(app, "f"), key=f"{kind.type}:1")) for _ in range(2)
    ]
    assert made[0] is not None
    assert made[1] is None
