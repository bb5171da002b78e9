"""Tasks made one by one: each has its own title, people and deadline, and all of an app share one stored flow."""

import pytest
from sqlalchemy import select

from engines.core.actions.base import Context
from engines.core.kernel.work import Cause
from engines.flow import store, versions
from engines.flow.compile import compile_flow
from engines.flow.tables import version

from .conftest import CREATED, HOUR, MINUTE, flow, label


def give(house, record, title, to="ann", **more):
    """A task for somebody about a record, as the record's page makes it."""
    settings = {"title": label(title), "assign": [{"users": [house.ids[to]]}], **more}

    def command(uow):
        app = uow.apps.app("shop")
        context = Context(app, Cause("person"), app.form("deal"), record, {}, person=1)
        return house.platform.flows.start_task(uow, context, settings)

    return house.run(command)


def stored(house):
    return house.look(lambda look: look.session.run(select(version.c.flow)).fetchall())


def test_a_hundred_tasks_made_by_hand_store_one_flow(house):
    house.publish()
    record = house.create()
    for number in range(20):
        give(house, record, f"Call no. {number}", due=f"PT{number + 1}H")
    titles = [card["title"]["en"] for card in house.todo("ann")]
    assert titles == [f"Call no. {number}" for number in range(20)]
    assert [card["due_at"] - house.now for card in house.todo("ann")] == [n * HOUR for n in range(1, 21)]
    assert stored(house) == [("_task",)]


def test_each_is_escalated_and_told_under_its_own_title(house):
    house.publish()
    record = house.create()
    late = [{"after": "PT1H", "do": "escalate", "to": [{"supervisor": "assignee"}], "mode": "replace"}]
    give(house, record, "Urgent", due="PT1H", deadlines=late)
    give(house, record, "Idle", to="bob")
    house.wait(HOUR + MINUTE)
    (card,) = house.todo("boss")
    assert card["title"]["en"] == "Urgent"
    run = house.look(lambda look: store.load_instance(look, card["run"]))
    assert house.look(lambda look: versions.of_run(look, run)).label["en"] == "Urgent"
    assert [one["title"]["en"] for one in house.todo("bob")] == ["Idle"]


def test_the_same_task_is_not_made_twice_but_another_is(house):
    house.publish()
    record = house.create()
    made = [give(house, record, title, once=True) for title in ("Call", "Call", "Write")]
    assert [number is not None for number in made] == [True, False, True]


def test_it_may_open_fields_of_its_record(house):
    house.publish()
    record = house.create()
    give(house, record, "Rate it", fields=["score"])
    house.act("ann", "complete", values={"score": 5})
    assert house.row(record)["score"] == 5
    assert house.runs()[0]["state"] == "done"


def test_a_task_from_before_they_shared_a_flow_goes_on(house):
    """Older runs have a stored flow each and nothing of their own."""
    house.publish()
    record = house.create()
    own = flow("_task", {"type": "button"}, [{"id": "task", "type": "handle", "assign": [{"role": "boss"}]}])
    older = compile_flow("shop", own | {"label": label("Old")})

    def command(uow):
        app = uow.apps.app("shop")
        context = Context(app, Cause("person"), app.form("deal"), record, {}, person=1)
        return house.platform.flows.begin(uow, context, older)

    house.run(command)
    versions._compiled.clear()
    assert [card["title"]["en"] for card in house.todo("boss")] == ["Old"]
    house.act("boss", "complete")
    assert house.runs()[0]["state"] == "done"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_process_keeps_a_bounded_number_of_compiled_flows(house, monkeypatch):
    monkeypatch.setattr(versions, "MOST", 4)
    step = {"id": "x", "type": "handle", "assign": [{"role": "boss"}]}
    house.publish(*[flow(f"f{n}", CREATED, [step | {"title": label(f"no. {n}")}]) for n in range(9)])
    house.create()
    assert len(versions._compiled) == 4
    assert [card["title"]["en"] for card in house.todo("boss")] == [f"no. {n}" for n in range(9)]
    assert len(versions._compiled) == 4
