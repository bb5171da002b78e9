"""A builder makes a flow in a real browser: by mouse, again by keyboard alone, and tries it on a record."""

import pytest
from playwright.sync_api import expect

from .conftest import both_widths
from .drags import answered, centre

BUILD = "/build/crm_livestream"
KINDS = ("approve", "branch", "action:mail")


@pytest.fixture
def blank(served, page):
    """A new flow from nothing but a trigger and an end, open in its designer."""
    page.goto(served)
    home = page.url.rstrip("/")
    page.goto(f"{home}{BUILD}/flows")
    page.locator("[data-test=flow-menu]").click()
    page.locator("[data-test=new-flows]").click()
    expect(page.locator("#cv .node")).to_have_count(2)
    expect(page.locator("[data-n]")).to_have_text("0")  # the scripts are there by then
    return page


def complaints(page):
    return [one for one in page.grumbles if "422" not in one]


def shape(page):
    """Cards in reading order, and each line by what it runs between."""
    return page.locator("#cv .node").evaluate_all("all => all.map(e => e.dataset.step)")


def publish(page):
    page.locator("[data-test=publish]").click()
    page.locator("[data-test=do-publish]").click()
    expect(page.locator("[data-test=version-2]")).to_be_visible()


def card(page, step):
    return page.locator(f"[data-test=node-{step}]")


def test_a_flow_is_built_moved_undone_and_published_by_mouse(blank):
    page = blank
    for kind in KINDS:
        page.locator("[data-test=plus]").first.click()
        with answered(page):
            page.locator(f"[data-test='kind-{kind}']").click()
    assert shape(page) == ["start", "action", "branch", "approve", "end"]
    expect(card(page, "action")).to_be_focused()
    before = page.locator("#cv").inner_html()
    with answered(page):
        carry(page, card(page, "approve"), page.locator("[data-test=plus]").first)
    assert shape(page) == ["start", "approve", "action", "branch", "end"]
    with answered(page):
        page.locator("[data-test=undo]").click()
    assert shape(page) == ["start", "action", "branch", "approve", "end"]
    assert page.locator("#cv").inner_html().count("<path") == before.count("<path")
    with answered(page):
        card(page, "action").click()
    page.locator("[data-test=card-more]").click()
    with answered(page):
        page.locator("[data-test=menu-delete]").click()
    with answered(page):
        page.locator("[data-test=undo-it]").click()
    assert shape(page) == ["start", "action", "branch", "approve", "end"]
    page.locator("[data-test=plus]").nth(1).click()
    page.locator("[data-test=join-existing]").click()
    with answered(page):
        card(page, "end").click()
    assert shape(page) == ["start", "action", "end"]
    with answered(page):
        page.locator("[data-test=undo-it]").click()
    both_widths(page, "flow_designer_zh")
    publish(page)
    assert complaints(page) == []


def carry(page, source, target):
    """Press, leave the threshold, glide to the plus, release."""
    page.locator("[data-test=fit]").click()
    x, y = centre(source, dx=0.2, dy=0.2)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y - 8, steps=4)
    page.mouse.move(*centre(target), steps=12)
    expect(target).to_have_class("addn on")
    page.mouse.up()


def test_the_same_flow_is_built_by_keyboard_alone(blank):
    page = blank
    card(page, "start").focus()
    for words in ("审批", "分支", "邮件"):
        page.keyboard.press("n")
        expect(page.locator("[data-test=find-kind]")).to_be_focused()
        page.keyboard.type(words)
        with answered(page):
            page.keyboard.press("Enter")
        expect(page.locator("#cv .node.on")).to_be_focused()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        expect(card(page, "start")).to_be_focused()
    assert shape(page) == ["start", "action", "branch", "approve", "end"]
    card(page, "approve").focus()
    page.keyboard.press("m")
    for _ in range(12):
        if page.evaluate("document.activeElement === document.querySelector('#cv .addn')"):
            break
        page.keyboard.press("ArrowUp")
    with answered(page):
        page.keyboard.press("Enter")
    assert shape(page) == ["start", "approve", "action", "branch", "end"]
    expect(card(page, "approve")).to_be_focused()
    with answered(page):
        page.keyboard.press("Control+z")
    with answered(page):
        page.keyboard.press("Delete")
    assert shape(page) == ["start", "action", "branch", "end"]
    with answered(page):
        page.keyboard.press("Control+z")
    card(page, "branch").focus()
    page.keyboard.press("F2")
    page.keyboard.type("金额大")
    with answered(page):
        page.keyboard.press("Enter")
    expect(card(page, "branch")).to_contain_text("金额大")
    page.keyboard.press("Enter")
    expect(page.locator("[data-test='field-p-label.zh']")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card(page, "branch")).to_be_focused()
    publish(page)
    assert complaints(page) == []


def test_a_deadline_row_waits_for_its_first_value_and_then_reminds(blank):
    page, sent = blank, []
    page.locator("[data-test=plus]").first.click()
    with answered(page):
        page.locator("[data-test=kind-handle]").click()
    page.on("request", lambda one: sent.append(one.post_data) if one.url.endswith("/cmd") else None)
    page.locator("[data-test=add-p-deadlines]").click()
    with answered(page):
        page.keyboard.type("2")
        page.keyboard.press("Tab")
    assert len(sent) == 1
    expect(page.locator("[data-test='field-p-deadlines-0-after.n']")).to_have_value("2")
    expect(page.locator("[data-test=field-p-deadlines-0-do]")).to_have_value("remind")
    assert complaints(page) == []


def test_a_flow_is_rehearsed_on_a_record_and_lights_up(served, page):
    page.goto(served)
    home = page.url.rstrip("/")
    page.goto(f"{home}/a/crm_livestream/fan/new")
    page.locator("[data-test=field-handle]").fill("小鹿不迷路")
    page.locator("[data-test=field-platform]").select_option("douyin")
    page.locator("[data-test=save]").click()
    page.goto(f"{home}{BUILD}/flows/high_intent")
    page.locator("[data-test=pick-record]").fill("小鹿")
    page.locator("[data-test=record]", has_text="小鹿不迷路").click()
    expect(page.locator("[data-test=story]")).to_contain_text("小鹿不迷路", timeout=20_000)
    expect(card(page, "contact")).to_have_class("node t-brand lit here")
    page.locator("[data-test=later-next]").click()
    expect(page.locator("[data-test=story] li").last).to_contain_text("别忘了", timeout=20_000)
    page.screenshot(path="var/shots/flow_rehearsal_1440.png")
    assert complaints(page) == []
