"""The network goes in the middle of something: it stays on the page, is said to wait, and arrives once."""

import pytest
from playwright.sync_api import expect

from .drags import BEGUN, answered, centre


@pytest.fixture
def buyer(workshop):
    workshop.open("forms/buyer")
    return workshop


def offline(workshop, n):
    strip = workshop.page.locator("#offline")
    expect(strip).to_be_visible()
    expect(strip).to_contain_text("未保存，正在重试")
    expect(strip.locator("[data-queued]")).to_contain_text(str(n))


def back(workshop, times=1):
    with answered(workshop.page, times):
        workshop.page.context.set_offline(False)
    expect(workshop.page.locator("#offline")).to_be_hidden()


def ids(workshop):
    return [one["id"] for one in workshop.part("forms", "buyer")["fields"]]


def test_a_drag_that_loses_its_network_lands_once_when_it_is_back(buyer):
    page, before = buyer.page, ids(buyer)
    page.mouse.move(*centre(buyer.spot("type-rating")))
    page.mouse.down()
    x, y = centre(buyer.spot("type-rating"))
    page.mouse.move(x + 6, y + 6, steps=3)
    any(page.evaluate(BEGUN) or page.wait_for_timeout(50) for _ in range(20))
    page.context.set_offline(True)
    ghost = page.locator("#canvas .sortable-ghost")
    for n in range(20):
        x, y = centre(buyer.spot("canvas-name"), dy=0.3)
        page.mouse.move(x + n % 2, y, steps=4)
        page.wait_for_timeout(100)
        if ghost.count() and n > 3:
            break
    page.mouse.up()
    offline(buyer, 1)
    assert ids(buyer) == before
    back(buyer)
    expect(buyer.spot("canvas-rating")).to_be_visible()
    assert [one for one in ids(buyer) if one not in before] == ["rating"]
    assert buyer.draft().edits == 1


def test_a_label_half_typed_waits_with_the_rest_and_outlives_a_reload(workshop):
    page = workshop.page
    workshop.open("forms/buyer?sel=field:name")
    label = workshop.spot("field-p-label.zh")
    label.fill("")
    page.keyboard.type("买家的")
    page.context.set_offline(True)
    page.keyboard.type("称呼")
    page.keyboard.press("Tab")
    offline(workshop, 1)
    expect(label).to_have_value("买家的称呼")
    expect(workshop.spot("canvas-name")).to_contain_text("买家的称呼")
    workshop.spot("type-number").click()
    offline(workshop, 2)
    page.route("**/cmd", lambda route: route.abort())
    page.once("dialog", lambda asked: asked.accept())
    page.context.set_offline(False)
    page.reload()
    offline(workshop, 2)
    page.unroute("**/cmd")
    with answered(page, 2):
        workshop.spot("retry").click()
    expect(page.locator("#offline")).to_be_hidden()
    expect(workshop.spot("canvas-number")).to_be_visible()
    assert workshop.field("buyer", "name")["label"]["zh"] == "买家的称呼"
    assert workshop.draft().edits == 2


def test_a_formula_is_written_on_without_a_network(workshop):
    page = workshop.page
    workshop.open("forms/buyer?sel=field:score")
    editor = workshop.spot("editor-field-p-formula")
    page.context.set_offline(True)
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("average * 345")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    offline(workshop, 1)
    expect(editor).to_contain_text("* 345")
    back(workshop)
    assert workshop.field("buyer", "score")["formula"] == "average * 345"
    assert workshop.draft().edits == 1
    assert not [one for one in page.grumbles if "Failed to fetch" in one]


def test_what_cannot_be_read_now_says_so_and_the_panel_stays(buyer):
    page = buyer.page
    buyer.spot("canvas-name").click()
    expect(page.locator("[data-props-title]")).to_have_text("name")
    page.context.set_offline(True)
    buyer.spot("canvas-seen").click()
    expect(page.locator(".toasts")).to_contain_text("没有送到，再试一次")
    expect(page.locator("[data-props-title]")).to_have_text("name")
    page.context.set_offline(False)
    buyer.spot("canvas-seen").click()
    expect(page.locator("[data-props-title]")).to_have_text("seen")
