"""What can be done on the canvas of a form besides adding and moving: rows, copies, other types, old fields, rights."""

import json

import pytest

from engines.apps import draft
from engines.apps.platform import SYSTEM

LINES = {"id": "lines", "type": "subform", "label": {"zh": "明细", "en": "Lines"},
         "fields": [{"id": "item", "type": "text", "label": {"zh": "品名", "en": "Item"}}]}  # fmt: skip


@pytest.fixture
def lines(desk):
    """A form with child rows."""
    desk.cmd("forms", "sale", "paste", text=json.dumps(LINES))
    return desk


def columns(desk):
    return [one["id"] for one in desk.field("sale", "lines")["fields"]]


def test_a_type_dropped_into_rows_becomes_a_column(lines):
    answer = lines.cmd("forms", "sale", "add", type="number", into="lines", index=0)
    assert columns(lines) == ["number", "item"]
    assert 'data-test="column-lines-number"' in answer.text
    assert 'data-sel="column:lines/number"' in answer.text


def test_a_column_has_a_panel_and_is_moved_copied_and_deleted(lines):
    lines.cmd("forms", "sale", "add", type="number", into="lines", index=1)
    lines.cmd("forms", "sale", "set", sel="column:lines/number", name="scale", **{"p-scale": "2"})
    assert lines.field("sale", "lines")["fields"][1]["scale"] == 2
    lines.cmd("forms", "sale", "nudge", id="column:lines/number", by="-1")
    lines.cmd("forms", "sale", "duplicate", id="column:lines/item")
    assert columns(lines) == ["number", "item", "item_2"]
    lines.cmd("forms", "sale", "remove", id="column:lines/number")
    lines.cmd("forms", "sale", "say", sel="column:lines/item", text="What")
    assert lines.field("sale", "lines")["fields"][0]["label"]["en"] == "What"
    assert lines.draft().problems == []


@pytest.mark.parametrize(
    ("op", "sent", "why"),
    [
        ("add", {"type": "autonumber", "into": "lines"}, "cannot be a column of rows"),
        ("add", {"type": "subform", "into": "lines"}, "cannot be a column of rows"),
        ("move", {"id": "field:amount", "into": "lines", "index": "0"}, "kept in different places"),
        ("move", {"id": "column:lines/item", "section": "rest", "index": "0"}, "kept in different places"),
        ("paste", {"text": "no field"}, "press Ctrl+C first"),
        ("paste", {"text": '{"type": "numbr", "label": {}}'}, "press Ctrl+C first"),
    ],
)
def test_what_may_not_go_somewhere_is_told_why(lines, op, sent, why):
    edits = lines.draft().edits
    answer = lines.cmd("forms", "sale", op, **sent)
    assert answer.status_code == 422
    assert why in answer.text
    assert lines.draft().edits == edits


def test_a_field_is_copied_into_another_form_under_a_free_id(desk):
    copied = json.dumps(desk.field("buyer", "tier"))
    answer = desk.cmd("forms", "sale", "paste", sel="field:no", text=copied)
    assert 'data-test="canvas-tier"' in answer.text
    assert [f["id"] for f in desk.part("forms", "sale")["fields"]][:2] == ["no", "tier"]
    desk.cmd("forms", "sale", "paste", text=copied)
    assert desk.field("sale", "tier_2")["options"] == desk.field("buyer", "tier")["options"]
    relation = json.dumps(desk.field("sale", "buyer"))
    desk.cmd("forms", "sale", "paste", text=relation)
    assert desk.draft().problems == []


def test_a_field_that_was_taken_away_comes_back_with_its_data(desk):
    desk.cmd("forms", "buyer", "remove", id="field:seen")
    assert 'data-back="seen"' in desk.get("/forms/buyer").text
    before = desk.field("buyer", "name")
    desk.cmd("forms", "buyer", "bring_back", id="seen", section="rest", index="0")
    assert desk.field("buyer", "seen")["type"] == "date"
    assert desk.field("buyer", "name") == before
    assert 'data-back="seen"' not in desk.get("/forms/buyer").text
    assert desk.cmd("forms", "buyer", "bring_back", id="nobody").status_code == 404


def test_the_types_a_field_may_get_are_offered_and_the_others_say_why(desk):
    shown = desk.get("/forms/buyer/retype/name").text
    assert 'data-test="turn-long_text"' in shown
    assert 'data-test="turn-number"' not in shown
    assert "kept in another way" in shown


def test_a_new_type_shows_its_impact_first_and_keeps_what_it_can(desk):
    shown = desk.get("/forms/buyer/retype/name?to=long_text").text
    assert 'data-test="impact"' in shown
    desk.cmd("forms", "buyer", "retype", sel="field:name", to="long_text")
    assert desk.field("buyer", "name") == {
        "id": "name", "type": "long_text", "label": {"zh": "name", "en": "name"}, "required": True
    }  # fmt: skip
    desk.cmd("forms", "buyer", "retype", sel="field:name", to="text")
    assert desk.draft().definition == desk.draft().live.definition


def test_a_field_that_is_not_live_may_become_anything(desk):
    desk.cmd("forms", "buyer", "add", type="text", section="rest")
    desk.cmd("forms", "buyer", "retype", sel="field:text", to="money")
    assert desk.field("buyer", "text")["type"] == "money"
    assert desk.cmd("forms", "buyer", "retype", sel="field:text", to="nothing").status_code == 404
    assert desk.cmd("forms", "buyer", "retype", sel="field:name", to="money").status_code == 403


def test_the_rights_of_a_field_are_set_beside_it(desk):
    desk.post("/roles/new")
    answer = desk.cmd("forms", "buyer", "level", sel="field:score", role="role", level="hidden")
    assert answer.status_code == 200
    assert desk.part("roles", "role")["forms"]["buyer"]["fields"] == {"score": "hidden"}
    desk.cmd("forms", "buyer", "level", sel="field:score", role="role", level="")
    assert "fields" not in desk.part("roles", "role")["forms"]["buyer"]


def test_where_a_field_is_used_leads_to_each_place(desk):
    shown = desk.get("/uses?of=buyer.total").text
    assert "/build/shop/rules/vip" in shown
    assert "/build/shop/tables/tiers" in shown
    desk.cmd("forms", "buyer", "add", type="text", section="rest")
    assert "Nothing uses it" in desk.get("/uses?of=buyer.text").text
    assert 'data-test="uses-buyer"' in desk.get("/uses").text
    assert desk.get("/uses?of=nothing").status_code == 404


def test_a_rollup_that_a_role_cannot_see_says_so_with_the_way_to_its_rights(desk):
    rights = {"buyer": {"actions": ["view"], "rows": "all"}, "sale": {"actions": ["view"], "rows": "own"}}
    role = {"id": "clerk", "label": {"zh": "店员", "en": "Clerk"}, "forms": rights}
    desk.platform.run(SYSTEM, lambda uow: draft.edit(uow, "shop", "add", {"at": ["roles"], "value": role}))
    panel = desk.get("/forms/buyer?sel=field:total").text
    assert 'data-test="shut-out"' in panel
    assert 'href="/build/shop/roles/clerk?sel=form/buyer"' in panel
    assert 'data-test="shut-out"' not in desk.get("/forms/buyer?sel=field:name").text
    desk.cmd("forms", "buyer", "set", sel="field:total", name="published", **{"p-published": "true"})
    assert 'data-test="shut-out"' not in desk.get("/forms/buyer?sel=field:total").text
