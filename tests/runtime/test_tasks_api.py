"""Tasks and runs over HTTP: the same rules as on the pages, within what a token was made for."""

import pytest

from engines.core.access import tokens

from .desk import Desk

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # what is stored is tested with the engine


@pytest.fixture
def desk(platform):
    return Desk(platform)


@pytest.fixture
def call(desk):
    """call(who, method, path, body) with a token of that person."""

    def ask(who, method, path, body=None, scopes=("desk:*:*",)):
        made = desk.run(lambda uow: tokens.make(uow, desk.ids[who], list(scopes), 30), who)
        headers = {"Authorization": f"Bearer {made}", "Accept-Language": "en"}
        with desk.moment():
            return desk.web.test_client().open(f"/api/v1{path}", method=method, headers=headers, json=body)

    return ask


def test_a_task_is_listed_read_and_finished_with_its_values(desk, call):
    record = desk.deal(name="Big")
    (card,) = call("ann", "GET", "/tasks").json["tasks"]
    assert (card["title"]["en"], card["record"]) == ("Call Big", record)
    whole = call("ann", "GET", f"/tasks/{card['id']}").json
    assert (whole["required"], whole["actions"]) == (["note"], ["complete", "transfer"])
    done = call("ann", "POST", f"/tasks/{card['id']}/complete", {"values": {"note": "Called"}, "rev": whole["rev"]})
    assert (done.status_code, done.json["state"]) == (200, "done")
    assert desk.row(record)["note"] == "Called"
    assert call("ann", "GET", "/tasks").json["tasks"] == []


def test_what_is_missing_or_too_late_is_told_as_a_problem(desk, call):
    desk.deal()
    number = desk.task("ann")
    missing = call("ann", "POST", f"/tasks/{number}/complete", {})
    assert (missing.status_code, missing.json["errors"][0]["field"]) == (422, "note")
    call("ann", "POST", f"/tasks/{number}/complete", {"values": {"note": "Called"}})
    late = call("ann", "POST", f"/tasks/{number}/complete", {"values": {"note": "Again"}})
    assert (late.status_code, late.json["code"]) == (409, "task_done")


@pytest.mark.parametrize("body", [{"coment": "x"}, {"to": "bob"}, {"values": []}])
def test_a_body_that_cannot_be_meant_is_refused(desk, call, body):
    desk.deal()
    assert call("ann", "POST", f"/tasks/{desk.task('ann')}/transfer", body).status_code == 400


def test_a_token_reaches_no_further_than_it_was_made_for(desk, call):
    desk.deal()
    number, narrow = desk.task("ann"), ("desk:deal:view",)
    assert call("ann", "GET", f"/tasks/{number}", scopes=narrow).status_code == 200
    assert call("ann", "POST", f"/tasks/{number}/complete", {}, scopes=narrow).status_code == 403
    assert call("ann", "GET", "/tasks", scopes=("other:*:*",)).json["tasks"] == []
    assert call("bob", "GET", f"/tasks/{number}").status_code == 404


def test_a_flow_is_started_followed_and_stopped(desk, call):
    record = desk.deal(stage=None, amount="10")
    began = call("ann", "POST", "/apps/desk/flows/discount/instances", {"record": record})
    assert (began.status_code, began.json["state"]) == (201, "running")
    (run,) = call("ann", "GET", "/apps/desk/flows/discount/instances?state=running").json["instances"]
    assert run["id"] == began.json["id"]
    assert call("bob", "GET", "/apps/desk/flows/discount/instances").json["instances"] == []
    path = f"/apps/desk/flows/discount/instances/{run['id']}/cancel"
    assert call("ann", "POST", path, {"why": "Double"}).status_code == 403
    assert call("owner", "POST", path, {"why": ""}).status_code == 400
    assert call("owner", "POST", path, {"why": "Double"}).json["state"] == "cancelled"
    assert call("owner", "POST", path, {"why": "Double"}).status_code == 409


def test_a_flow_is_not_started_on_a_record_out_of_sight(desk, call):
    record = desk.deal("bob", stage=None, amount="10")
    assert call("ann", "POST", "/apps/desk/flows/discount/instances", {"record": record}).status_code == 404
    assert call("ann", "POST", "/apps/desk/flows/nowhere/instances", {"record": record}).status_code == 404


def test_the_description_names_tasks_and_runs(desk, call):
    paths = call("ann", "GET", "/openapi.json").json["paths"]
    assert {"/tasks", "/tasks/{task}", "/tasks/{task}/{action}"} <= paths.keys()
    assert paths["/tasks/{task}/{action}"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
