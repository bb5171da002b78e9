"""Somebody else changes the draft while one is typing: nothing typed is lost, and one says whose change stands."""

import re

import pytest
from playwright.sync_api import expect

from .drags import answered

BEAT = "document.dispatchEvent(new Event('beat'))"
THEIRS = {"id": "theirs", "type": "text", "label": {"zh": "他们的", "en": "Theirs"}}


def faster(workshop):
    """Somebody else adds a field to the same form."""
    workshop.edit("add", at=["forms", "buyer", "fields"], value=THEIRS)


def formula(workshop):
    """The editor of the score's formula."""
    workshop.open("forms/buyer?sel=field:score")
    return workshop.spot("editor-field-p-formula")


def keep_mine(workshop):
    expect(workshop.spot("theirs")).to_contain_text("他们的")
    with answered(workshop.page):
        workshop.spot("keep-mine").click()
    expect(workshop.spot("told")).to_have_count(0)


def test_a_label_typed_meanwhile_is_kept_on_top_of_theirs(workshop):
    page = workshop.page
    workshop.open("forms/buyer?sel=field:name")
    label = workshop.spot("field-p-label.zh")
    label.fill("买家的称呼")
    faster(workshop)
    page.evaluate(BEAT)
    with answered(page):
        label.press("Tab")
    expect(label).to_have_value("买家的称呼")
    keep_mine(workshop)
    assert workshop.field("buyer", "name")["label"]["zh"] == "买家的称呼"
    assert workshop.field("buyer", "theirs") == THEIRS


def test_theirs_are_taken_and_ones_own_is_let_go_only_when_one_says_so(workshop):
    page = workshop.page
    workshop.open("forms/buyer?sel=field:name")
    label = workshop.spot("field-p-label.zh")
    label.fill("买家的称呼")
    faster(workshop)
    with answered(page):
        label.press("Tab")
    expect(label).to_have_value("买家的称呼")
    with answered(page):
        workshop.spot("take-theirs").click()
    expect(workshop.spot("canvas-theirs")).to_be_visible()
    expect(label).to_have_value("name")
    assert workshop.field("buyer", "name")["label"]["zh"] == "name"


def test_a_formula_half_typed_stays_in_the_editor_when_somebody_else_saves(workshop):
    page, editor = workshop.page, formula(workshop)
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("average * 3")
    faster(workshop)
    with page.expect_response(re.compile("/here$")):
        page.evaluate(BEAT)
    page.wait_for_timeout(300)
    expect(editor).to_be_focused()
    expect(editor).to_contain_text("* 3")
    page.keyboard.type(" + 1")
    with answered(page):
        page.keyboard.press("Tab")
    expect(editor).to_contain_text("* 3 + 1")
    keep_mine(workshop)
    assert workshop.field("buyer", "score")["formula"] == "average * 3 + 1"
    assert workshop.field("buyer", "theirs") == THEIRS


def test_while_two_disagree_what_is_done_next_waits_behind(workshop):
    page = workshop.page
    workshop.open("forms/buyer?sel=field:name")
    label = workshop.spot("field-p-label.zh")
    label.fill("买家的称呼")
    faster(workshop)
    with answered(page):
        label.press("Tab")
    workshop.spot("type-rating").click()
    keep_mine(workshop)
    expect(workshop.spot("canvas-rating")).to_be_visible()
    assert workshop.field("buyer", "name")["label"]["zh"] == "买家的称呼"


@pytest.mark.parametrize("into", ["field-p-label.en", "field-p-help.zh"])
def test_what_is_typed_while_an_answer_is_on_its_way_is_typed_on(workshop, into):
    page = workshop.page
    workshop.open("forms/buyer?sel=field:name")
    page.route("**/cmd", lambda route: (page.wait_for_timeout(700), route.continue_()))
    workshop.spot("field-p-label.zh").fill("买家的称呼")
    workshop.spot(into).focus()
    workshop.spot(into).fill("")
    with answered(page):
        page.keyboard.type("What we call them", delay=60)
    expect(workshop.spot(into)).to_have_value("What we call them")
    expect(workshop.spot(into)).to_be_focused()
    with answered(page):
        page.keyboard.press("Tab")
    name, _, language = into.removeprefix("field-p-").partition(".")
    assert workshop.field("buyer", "name")[name][language] == "What we call them"
    assert workshop.field("buyer", "name")["label"]["zh"] == "买家的称呼"


def test_a_formula_that_is_typed_while_an_answer_is_on_its_way_is_typed_on(workshop):
    page, editor = workshop.page, formula(workshop)
    page.route("**/cmd", lambda route: (page.wait_for_timeout(700), route.continue_()))
    workshop.spot("field-p-label.zh").fill("得分")
    editor.click()
    page.keyboard.press("Control+a")
    with answered(page):
        page.keyboard.type("average * 345", delay=80)
    expect(editor).to_be_focused()
    expect(editor).to_contain_text("* 345")
    with answered(page):
        page.keyboard.press("Tab")
    assert workshop.field("buyer", "score")["formula"] == "average * 345"
    assert workshop.field("buyer", "score")["label"]["zh"] == "得分"
