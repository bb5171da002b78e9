"""What an app tells of a record, to people here or outside, is never more than whoever published it may read."""

import pytest

from engines.apps.platform import SYSTEM
from engines.core.access import commands
from engines.core.messages import notices, outbox
from engines.form import submit

from .kit import APP

TEXT = {"zh": "{{title}}|{{cost}}|{{phone}}", "en": "{{title}}|{{cost}}|{{phone}}"}
HOOK = {"type": "webhook", "url": "https://hooks.example.org/in"}


def rules(person):
    return [
        {"id": "tell", "label": {"en": "Tell"}, "form": "deal", "kind": "event", "on": {"events": ["created"]},
         "when": "TRUE", "then": [{"type": "notify", "assign": [{"users": [person]}], "text": TEXT}, HOOK]},
    ]  # fmt: skip


def told(house, publisher):
    """(notice, payload) of a deal that is made after `publisher` published the app."""
    definition = APP | {"rules": rules(house.who["eve"].id)}
    house.platform.run(publisher, lambda uow: house.platform.catalog.publish(uow, definition))
    given = {"title": "t", "cost": "7", "phone": "555-0100-9876", "marks": ["hot"], "amount": "1"}
    house.platform.run(SYSTEM, lambda uow: submit.create_record(uow, house.deal, given))
    (notice,) = house.platform.look(SYSTEM, lambda look: notices.listed(look, house.who["eve"].id))
    (message,) = house.platform.look(SYSTEM, lambda look: outbox.listed(look))
    return notice["text"]["en"], message["data"]["json"]["values"]


def test_what_the_owner_publishes_tells_everything(house):
    notice, payload = told(house, SYSTEM)
    assert notice == "t|7|555-0100-9876"
    assert payload == {"title": "t", "amount": 1, "cost": 7, "phone": "555-0100-9876", "marks": ["hot"]}


@pytest.mark.parametrize("role", ["careful", "clerk"])
def test_what_a_builder_publishes_tells_what_the_builder_may_read(house, role):
    house.give("cai", role)
    house.platform.run(SYSTEM, lambda uow: commands.give(uow, house.who["cai"].id, "", "builder"))
    notice, payload = told(house, house.who["cai"])
    seen = {"careful": ("t||••••9876", {"title": "t", "amount": 1}), "clerk": ("||", {})}
    assert (notice, payload) == seen[role]
