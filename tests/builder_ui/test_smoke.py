"""Every kind of part can be begun, opens in its designer and takes a command."""

import pytest

NEW = ("forms", "rules", "tables", "roles", "flows", "datasets", "reports", "dashboards")


@pytest.mark.parametrize("kind", NEW)
def test_a_new_part_is_sound_and_opens(desk, kind):
    answer = desk.post(f"/{kind}/new")
    assert answer.status_code == 302
    assert desk.client.get(answer.location).status_code == 200
    assert [path for path, _ in desk.draft().problems] == (["/rules/3/then"] if kind == "rules" else [])


def test_a_new_rule_does_nothing_until_it_is_said_what(desk):
    desk.post("/rules/new")
    assert "Choose what happens" in desk.get("/rules/rule").text
    assert "nothing happens yet: add an action" in desk.get("/problems").text
    desk.cmd("rules", "rule", "add", type="add_tag")
    assert desk.draft().problems == []


@pytest.mark.parametrize("kind", NEW)
def test_a_part_that_is_deleted_comes_back_by_undo(desk, kind):
    part = desk.post(f"/{kind}/new").location.rpartition("/")[2]
    assert desk.post(f"/{kind}/{part}/delete").status_code == 302
    assert part not in [one["id"] for one in desk.draft().definition[kind]]
    desk.cmd("forms", "buyer", "undo")
    assert desk.part(kind, part)


@pytest.mark.parametrize(
    "path",
    [
        "", "/forms/buyer?sel=field:tags", "/forms/sale?sel=field:buyer", "/forms/buyer/preview", "/forms/buyer/json",
        "/rules/invite?sel=then/0", "/tables/tiers", "/problems", "/publish", "/compare/1/0", "/export",
    ],
)  # fmt: skip
def test_a_page_opens(desk, path):
    assert desk.get(path).status_code == 200


def test_a_flow_is_drawn_and_its_trigger_is_changed(desk):
    desk.post("/flows/new")
    assert 'data-test="node-end"' in desk.get("/flows/flow").text
    desk.cmd("flows", "flow", "trigger", type="record_created")
    desk.cmd("flows", "flow", "set", sel="node/end", name="label", **{"p-label.en": "Over"})
    made = desk.part("flows", "flow")
    assert (made["trigger"], made["nodes"][0]["label"]["en"]) == ({"type": "record_created"}, "Over")
    assert desk.draft().problems == []
