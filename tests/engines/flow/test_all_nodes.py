"""One app that uses every step, trigger and action there is: sound, and played to its end."""

from engines.apps.folder import read_folder
from engines.apps.platform import SYSTEM
from engines.core.actions import action_types
from engines.core.jobs import incidents, worker
from engines.core.kernel import clock
from engines.core.kernel.work import Actor
from engines.core.messages import outbox
from engines.core.records import query
from engines.flow import inbox, node_types, tasks, trigger_types
from engines.form import submit

from ...conftest import ROOT
from .conftest import DAY, HOUR, T0

APP = read_folder(ROOT / "tests" / "apps" / "all_nodes")


def test_it_names_every_type_there_is():
    nodes = [node for flow in APP["flows"] for node in flow["nodes"]]
    assert {node["type"] for node in nodes} == {kind.type for kind in node_types}
    assert {flow["trigger"]["type"] for flow in APP["flows"]} == {kind.type for kind in trigger_types}
    assert {node["do"]["type"] for node in nodes if "do" in node} == {kind.type for kind in action_types}


def test_a_record_goes_through_every_step(platform):
    owner = Actor(1, "owner")
    with clock.frozen(T0):
        platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, APP))
        form = platform.look(SYSTEM, lambda look: look.apps.form("all_nodes", "deal"))
        given = {"name": "Big", "stage": "new", "amount": "500", "owner": 1, "due": "2026-12-24"}
        platform.run(owner, lambda uow: submit.create_record(uow, form, given))
        worker.drain(platform)
        cards = platform.look(SYSTEM, lambda look: inbox.inbox(look, 1)).rows
        assert {card["node"] for card in cards} == {"ok", "call"}
        for card in cards:
            act = tasks.approve if card["kind"] == "approve" else tasks.complete
            platform.run(owner, lambda uow, act=act, card=card: act(uow, 1, card["id"]))
    with clock.frozen(T0 + DAY + HOUR):
        worker.drain(platform)
        runs = platform.look(SYSTEM, lambda look: inbox.runs(look, "all_nodes"))
        assert {run["flow"]: run["state"] for run in runs} == {
            "every_step": "done", "changed": "running", "morning": "done",
        }  # fmt: skip
    assert platform.look(SYSTEM, incidents.all_open) == []


def test_a_press_of_the_button_does_every_action_in_one_transaction(platform):
    owner = Actor(1, "owner")
    with clock.frozen(T0):
        platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, APP))
        form = platform.look(SYSTEM, lambda look: look.apps.form("all_nodes", "deal"))
        given = {"name": "Big", "stage": "new", "owner": 1, "phone": "10001"}
        record = platform.run(owner, lambda uow: submit.create_record(uow, form, given)).id
        app = platform.look(SYSTEM, lambda look: look.apps.app("all_nodes"))
        platform.run(owner, lambda uow: platform.flows.press(uow, app, "press", record))
        sent = platform.look(SYSTEM, outbox.listed)
        assert {(m["channel"], m["why"]) for m in sent} == {
            ("mail", "reserved_address"), ("webhook", None), ("chat_robot", None), ("sms", "no_gateway"),
        }  # fmt: skip
        cards = platform.look(SYSTEM, lambda look: inbox.inbox(look, 1)).rows
        assert sorted(card["title"]["en"] for card in cards) == ["Look", "Look at Big"]
        assert platform.look(SYSTEM, lambda look: query.count(look, form.source)) == 2
        assert platform.look(SYSTEM, incidents.all_open) == []
