"""A rehearsal: months in a moment, nothing written, nothing sent."""

import pytest

from engines.apps.rehearsal import rehearse
from engines.core.jobs import queue
from engines.core.kernel import clock
from engines.core.messages.door import Door
from engines.flow.simulate import Act

from .conftest import CREATED, DAY, HOUR, T0, flow, label
from .test_runs import action

LATE = [{"after": "P1D", "do": "escalate", "mode": "add"}]
STEPS = [
    {"id": "ok", "type": "approve", "label": label("Ok"), "assign": [{"supervisor": "starter"}], "deadlines": LATE},
    {"id": "month", "type": "wait", "for": "P30D"},
    action("mail", "mail", to="{{email}}", subject=label("Hello {{name}}"), body=label("A month later")),
]


@pytest.fixture
def told(house):
    house.publish(flow("f", CREATED, STEPS))
    acts = [Act(30 * HOUR, house.owner, "approve"), Act(31 * HOUR, house.boss, "approve")]
    given = {"name": "Big", "email": "zoe@shop.org", "owner": house.ann}
    with clock.frozen(T0):
        return rehearse(house.platform, "shop", "f", given, until=60 * DAY, acts=acts, starter=house.ann)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_it_tells_who_would_get_what_and_when(told):
    story = [(line["after_s"] // 3600, line["what"], line["who"]) for line in told]
    assert (0, "notice", "boss") in story
    assert (24, "escalated", "") in story
    assert (24, "notice", "owner") in story
    assert (30, "approve", "owner") in story
    assert (31, "refused", "boss") in story
    assert (30 + 720, "end", "") in story
    assert story[-1][0] == 30 + 720
    (message,) = [line["data"] for line in told if line["what"] == "message"]
    assert (message["to"], message["subject"]) == ("zoe@shop.org", "Hello Big")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_nothing_of_it_is_left(told, house):
    assert house.runs() == []
    assert house.todo("boss") == []
    assert house.look(queue.next_due) is None
    assert house.notices("boss") == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_flow_that_it_starts_runs_too(house):
    house.publish(flow("f", CREATED, [action("go", "start_flow", flow="g")]), flow("g", CREATED, [STEPS[1]]))
    with clock.frozen(T0):
        told = rehearse(house.platform, "shop", "f", {"name": "Big"}, until=DAY)
    assert [line["what"] for line in told] == ["start", "acted", "leave", "end"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_webhook_is_told_and_not_called(house, monkeypatch):
    called = []
    monkeypatch.setattr(Door, "post", lambda door, url, *more: called.append(url))
    hook = action("hook", "webhook", url="https://hooks.example.org/in")
    house.publish(flow("f", CREATED, [hook]))
    with clock.frozen(T0):
        told = rehearse(house.platform, "shop", "f", {"name": "Big"}, until=DAY)
    assert [line["data"]["to"] for line in told if line["what"] == "message"] == ["https://hooks.example.org/in"]
    assert called == []


def test_the_clock_of_others_stands_where_it_was():
    with clock.frozen(T0):
        with clock.pretended(5):
            assert clock.now() == 5
        assert clock.now() == T0
