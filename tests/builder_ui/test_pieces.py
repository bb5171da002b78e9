"""What an answer to a command carries: the pieces that changed, and of the others only their names."""

import re

import pytest

FIELDS, STEPS = 60, 40


@pytest.fixture
def wide(desk):
    """A form of many fields."""
    for n in range(FIELDS):
        desk.cmd("forms", "sale", "add", type="text", section="rest", index=n)
    return desk


def marks(answer):
    return re.findall(r'data-piece="(\w+)"', answer.text)


def whole(answer):
    """Ids of the pieces that are sent whole."""
    return re.findall(r'<\w+ data-piece="\w+"[^>]* id="([^"]+)"', answer.text)


def kept(answer):
    return re.findall(r'<i id="([^"]+)" data-same', answer.text)


def test_an_answer_to_a_drop_carries_only_what_changed(wide):
    page = wide.get("/forms/sale")
    drop = {"type": "number", "section": "rest", "index": 3}
    answer = wide.cmd("forms", "sale", "add", have=" ".join(marks(page)), **drop)
    assert whole(answer) == ["there-number", "slot-number"]
    assert len(kept(answer)) > 2 * FIELDS
    again = wide.post("/forms/sale/panes", sel="field:number")
    assert len(answer.text) < len(again.text) / 3


def test_another_selection_carries_the_old_one_and_the_new_one(wide):
    page = wide.post("/forms/sale/panes", sel="field:text")
    answer = wide.post("/forms/sale/panes", sel="field:text_2", have=" ".join(marks(page)))
    assert set(whole(answer)) == {"slot-text", "slot-text_2", "there-text", "there-text_2"}


def test_a_page_that_has_nothing_gets_everything(wide):
    assert kept(wide.cmd("forms", "sale", "nudge", id="field:text", by="1")) == []
    assert kept(wide.cmd("forms", "sale", "nudge", id="field:text", by="1", have="0123 nothing ' \"")) == []


def test_a_renamed_field_is_sent_with_its_new_name(wide):
    page = wide.post("/forms/sale/panes", sel="field:text")
    answer = wide.cmd("forms", "sale", "say", sel="field:text", text="Street <1>", have=" ".join(marks(page)))
    assert whole(answer) == ["there-text", "slot-text"]
    assert "Street &lt;1&gt;" in answer.text


def test_a_step_put_into_a_long_flow_moves_the_others_without_sending_them(desk):
    desk.post("/flows/new")
    for _ in range(STEPS):
        edge = desk.part("flows", "flow")["edges"][0]["id"]
        page = desk.cmd("flows", "flow", "insert", at=edge, kind="approve")
    edge = desk.part("flows", "flow")["edges"][STEPS // 2]["id"]
    answer = desk.cmd("flows", "flow", "insert", at=edge, kind="cc", have=" ".join(marks(page)))
    assert 0 < len(whole(answer)) <= 6
    assert len(kept(answer)) > 2 * STEPS
    below = re.search(r'<i id="node-end" data-same style="--x:\d+;--y:(\d+)', answer.text)
    assert int(below[1]) > STEPS * 100
