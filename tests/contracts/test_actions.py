"""Every registered action keeps the contract; nothing here names a type."""

import pytest

from engines.core.actions import action_types
from engines.core.actions.base import Context
from engines.core.fields.schemas import checker
from engines.core.fields.values import json_schema
from engines.core.kernel.errors import AppError
from engines.core.kernel.work import SYSTEM, Cause
from engines.core.messages import channel_types
from engines.core.messages.base import HELD, Message

from ..engines.flow.conftest import flow, house

__all__ = ["house"]
EACH = pytest.mark.parametrize("kind", list(action_types), ids=lambda kind: kind.type)
CHANNELS = pytest.mark.parametrize("kind", list(channel_types), ids=lambda kind: kind.type)
EXAMPLES = [pytest.param(k, *e, id=f"{k.type}-{i}") for k in action_types for i, e in enumerate(k.examples)]


@EACH
def test_it_is_named_in_both_languages_and_shows_an_example(kind):
    assert {"zh", "en"} <= kind.label.keys()
    assert kind.icon
    assert kind.examples
    assert kind.group in ("data", "people", "outside")


@EACH
def test_its_settings_do_not_use_the_name_type(kind):
    assert "type" not in {field["id"] for field in kind.config}
    assert all({"zh", "en"} <= field["label"].keys() for field in kind.config)


@pytest.mark.parametrize(("kind", "settings"), EXAMPLES)
def test_its_example_fits_its_own_panel_and_a_strange_setting_does_not(kind, settings):
    schema = json_schema(kind.config) | {"additionalProperties": False}
    assert [error.message for error in checker(schema).iter_errors(settings)] == []
    assert not checker(schema).is_valid(settings | {"strange": 1})


@pytest.mark.parametrize(("kind", "settings"), EXAMPLES)
def test_without_a_record_it_says_so_or_does_without(kind, settings, house):
    """It never guesses a record, and never leaves half of what it wrote."""
    house.publish(flow("welcome", {"type": "button"}, [{"id": "x", "type": "wait", "for": "P1D"}]))

    def command(uow):
        context = Context(uow.apps.app("shop"), Cause("rule", "r"))
        with uow.attempt():
            return kind.run(uow, context, {"type": kind.type, **settings})

    try:
        told = house.platform.run(SYSTEM, command)
    except AppError as refused:
        told = {"refused": refused.say("zh")}
    assert isinstance(told, dict)


@CHANNELS
def test_a_channel_is_named_and_holds_a_message_without_an_address(kind, house):
    assert {"zh", "en"} <= kind.label.keys()
    assert kind.held(Message(kind.type, ""), house.platform.services) in HELD
    assert all({"zh", "en"} <= words.keys() for words in HELD.values())
