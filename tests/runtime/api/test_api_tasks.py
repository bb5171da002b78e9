"""Tasks and runs over the API: the person's own inbox, each action once, and nothing of what is not theirs."""

import pytest

from engines.apps.platform import SYSTEM
from engines.core.access import commands, tokens
from engines.core.kernel.work import Actor

from ..desk import HOUR, Desk
from .conftest import Caller

WHOLE = ("desk:*:*",)


@pytest.fixture
def desk(platform):
    return Desk(platform)


@pytest.fixture
def call(desk):
    """A caller for somebody at the desk."""

    def make(name, *scopes):
        who = Actor(desk.ids[name], name)
        made = desk.platform.run(who, lambda uow: tokens.make(uow, who.id, list(scopes or WHOLE), 30))
        caller = Caller(desk.web.test_client(), made)

        def ask(*request, **more):
            with desk.moment():
                return caller(*request, **more)

        return ask

    return make


def test_the_inbox_holds_ones_own_tasks_with_their_due_times(desk, call):
    record = desk.deal(name="甲")
    ann, bob = call("ann"), call("bob")
    card = ann("GET", "/tasks").json["tasks"][0]
    assert (card["record"], card["title"]["zh"], card["urgency"]) == (record, "联系 甲", "soon")
    assert card["due_at"].startswith("2026-09-21T16:13:20")
    assert bob("GET", "/tasks").json == {"tasks": [], "next": None}
    assert ann("GET", f"/tasks/{card['id']}").json["actions"] == ["complete", "transfer"]
    missing, others = bob("GET", "/tasks/999"), bob("GET", f"/tasks/{card['id']}")
    assert (missing.status_code, missing.text) == (others.status_code, others.text) == (404, others.text)


def test_a_task_is_completed_once_with_the_fields_it_asks_for(desk, call):
    record = desk.deal()
    ann = call("ann")
    number = ann("GET", "/tasks").json["tasks"][0]["id"]
    bare = ann("POST", f"/tasks/{number}/complete", {})
    assert (bare.status_code, [one["field"] for one in bare.json["errors"]]) == (422, ["note"])
    given = {"values": {"note": "说好了", "stage": "won"}, "comment": "顺利"}
    key = {"Idempotency-Key": "one"}
    done = ann("POST", f"/tasks/{number}/complete", given, headers=key)
    assert (done.status_code, done.json["state"], done.json["actions"]) == (200, "done", [])
    assert ann("POST", f"/tasks/{number}/complete", given, headers=key).json == done.json
    late = ann("POST", f"/tasks/{number}/complete", given)
    assert (late.status_code, late.json["code"]) == (409, "task_done")
    assert desk.row(record)["note"] == "说好了"


def test_claiming_handing_over_and_remarks(desk, call):
    desk.deal(stage="lost")
    ann, bob = call("ann"), call("bob")
    number = ann("GET", "/tasks").json["tasks"][0]["id"]
    assert ann("POST", f"/tasks/{number}/claim").json["assignee"] == desk.ids["ann"]
    assert bob("POST", f"/tasks/{number}/claim").status_code in (404, 409)
    assert ann("POST", f"/tasks/{number}/comment", {"comment": "在路上"}).status_code == 200
    handed = ann("POST", f"/tasks/{number}/transfer", {"to": desk.ids["bob"], "comment": "换你"})
    assert handed.json["assignee"] == desk.ids["bob"]
    assert bob("GET", "/tasks").json["tasks"][0]["id"] == number


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_an_action_does_not_take_is_told(desk, call):
    desk.deal()
    ann = call("ann")
    number = ann("GET", "/tasks").json["tasks"][0]["id"]
    for action, body in [
        ("transfer", {}),
        ("claim", {"comment": "x"}),
        ("complete", {"rev": "x"}),
        ("complete", {"values": []}),
        ("comment", {"comment": 3}),
    ]:
        assert ann("POST", f"/tasks/{number}/{action}", body).status_code == 400
    assert ann("POST", f"/tasks/{number}/explode", {}).status_code == 404
    assert ann("GET", "/tasks", query_string={"which": "all"}).status_code == 422


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_token_for_records_only_has_no_inbox(desk, call):
    desk.deal()
    number = call("ann")("GET", "/tasks").json["tasks"][0]["id"]
    narrow = call("ann", "desk:deal:view,edit")
    assert narrow("GET", "/tasks").json["tasks"] == []
    assert narrow("GET", f"/tasks/{number}").status_code == 404
    assert narrow("POST", f"/tasks/{number}/complete", {"values": {"note": "x"}}).status_code == 404


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_flow_is_started_watched_and_stopped(desk, call):
    record = desk.deal(stage="lost", amount="120")
    ann, boss = call("ann"), call("boss")
    made = ann("POST", "/apps/desk/flows/discount/instances", {"record": record})
    assert made.status_code == 201
    runs = boss("GET", "/apps/desk/flows/discount/instances").json["instances"]
    assert [(one["id"], one["record"], one["state"]) for one in runs] == [(made.json["instance"], record, "running")]
    assert runs[0]["started_at"].endswith("Z")
    assert ann("POST", "/apps/desk/flows/nothing/instances", {"record": record}).status_code == 404
    assert ann("POST", "/apps/desk/flows/discount/instances", {"record": 999}).status_code == 404
    assert ann("POST", "/apps/desk/flows/discount/instances", {}).status_code == 400
    stop = f"/instances/{made.json['instance']}/cancel"
    assert ann("POST", stop, {"why": "x"}).status_code == 404
    desk.platform.run(SYSTEM, lambda uow: commands.give(uow, desk.ids["boss"], "", "builder"))
    assert boss("POST", stop, {"why": "试错了"}).json["state"] == "cancelled"
    assert boss("POST", stop, {}).status_code == 409


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_an_overdue_task_says_so(desk, call):
    desk.deal()
    desk.now += 3 * HOUR
    assert call("ann")("GET", "/tasks").json["tasks"][0]["urgency"] == "overdue"
