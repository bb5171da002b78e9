"""Somebody builds a report and a dashboard from blank: by mouse to the records behind a bar, and again by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from engines.core.kernel import clock

from ..engines.report.shop import NOW, Shop, micros
from .conftest import both_widths
from .drags import answered, centre, drag
from .test_dashboard import drawn


@pytest.fixture
def backend():
    return "sqlite"


@pytest.fixture
def shop(platform):
    shop = Shop(platform, count=60)
    with clock.frozen(micros(NOW)):
        yield shop


@pytest.fixture
def desk(site, page):
    """The owner's window; `desk.at` is the address of the server."""
    page.at, link = site
    page.goto(link)
    return page


def begin(page, kind):
    """A new part of a kind, from the menu of the designer."""
    page.goto(f"{page.at}/build/shop/reports")
    page.locator("[data-test=part-menu]").click()
    page.locator(f"[data-test=new-{kind}]").click()
    expect(page.locator("[data-test=blank]")).to_be_visible()


def pull(page, handle, dx, dy):
    """Press on a handle, move by so much, release."""
    x, y = centre(handle)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2, steps=4)
    page.mouse.move(x + dx, y + dy, steps=6)
    with answered(page):
        page.mouse.up()


def box(page, name):
    return page.locator(f"[data-test=tile-{name}]").get_attribute("data-at-box")


def a_bar_chart_is_dragged_together(page):
    begin(page, "reports")
    with answered(page):
        page.locator("[data-test=source]").select_option("source:order")
    with answered(page):
        drag(page, page.locator("[data-test=field-channel]"), page.locator("[data-test=shelf-rows]"))
    drawn(page)
    expect(page.locator("[data-test=chart-bar]")).to_have_attribute("aria-pressed", "true")
    with answered(page):
        drag(page, page.locator("[data-test=field-gift]"), page.locator("[data-test=shelf-columns]"))
    expect(page.locator("[data-test=chart-pivot]")).to_have_attribute("aria-pressed", "false")
    with answered(page):
        drag(page, page.locator("[data-test=chip-columns-0]"), page.locator("[data-test=shelf-color]"))
    expect(page.locator("[data-test=shelf-color] [data-chip]")).to_contain_text("礼品")
    page.locator("[data-test=chart-kpi]").click(force=True)
    expect(page.locator("[data-test=strip-why]")).to_contain_text("需要 0 个维度")
    with answered(page):
        page.locator("[data-test='field-p-title.zh']").fill("各渠道订单")
        page.keyboard.press("Tab")
    drawn(page)
    both_widths(page, "report_designer")


def two_tiles_are_laid_out(page):
    begin(page, "dashboards")
    with answered(page):
        page.locator("[data-test=add-report-report]").click()
    with answered(page):
        page.locator("[data-test=add-report-r_orders]").click()
    drawn(page)
    assert (box(page, "w1"), box(page, "w2")) == ("0,0,6,5", "6,0,3,2")
    pull(page, page.locator("[data-test=size-w1]"), 150, 80)
    assert box(page, "w1") == "0,0,8,6"
    pull(page, page.locator("#tile-w2 [data-grip]"), -700, 0)
    assert box(page, "w2").startswith("0,")
    drawn(page)
    both_widths(page, "dashboard_designer")


def test_a_report_and_a_dashboard_are_built_by_mouse_and_lead_to_the_records(desk):
    a_bar_chart_is_dragged_together(desk)
    two_tiles_are_laid_out(desk)
    desk.locator("[data-test=publish]").click()
    desk.locator("[data-test=do-publish]").click()
    desk.goto(f"{desk.at}/a/shop/d/dashboard")
    assert drawn(desk) == 1
    desk.locator("[data-test=chart-w1] path[aria-roledescription=bar]").first.click()
    told = desk.locator("#mark-menu [data-words]").inner_text().rsplit("·", 1)[1].strip()
    desk.locator("[data-test=see-records]").click()
    expect(desk.locator("[data-test=count]")).to_have_text(told)
    expect(desk.locator("[data-test=chip-mark]")).to_contain_text("各渠道订单")
    assert desk.locator("tbody tr").count() == int(told)
    both_widths(desk, "behind_a_bar")
    desk.locator("[data-test=chip-mark]").click()
    expect(desk.locator("tbody tr")).to_have_count(50)
    assert desk.grumbles == []


def test_the_same_report_by_keyboard_alone(desk):
    begin(desk, "reports")
    with answered(desk):
        desk.locator("[data-test=source]").select_option("source:order")
    desk.locator("[data-test=add-rows]").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-test=field-menu-find]")).to_be_focused()
    desk.keyboard.type("渠道")
    with answered(desk):
        desk.keyboard.press("Enter")
    expect(desk.locator("[data-test=chip-rows-0]")).to_be_focused()
    desk.locator("[data-test=field-gift]").focus()
    with answered(desk):
        desk.keyboard.press("Enter")
    chip = desk.locator("[data-test=chip-color-0]")
    chip.focus()
    with answered(desk):
        desk.keyboard.press("Alt+ArrowUp")
    expect(desk.locator("[data-test=chip-values-1]")).to_be_focused()
    with answered(desk):
        desk.keyboard.press("Delete")
    desk.locator("[data-test=chip-rows-0]").focus()
    desk.keyboard.press("Enter")
    desk.locator("[data-test=top-5]").focus()
    with answered(desk):
        desk.keyboard.press("Enter")
    expect(desk.locator("[data-test=chip-rows-0]")).to_contain_text("5")
    with answered(desk):
        desk.keyboard.press("Control+z")
    expect(desk.locator("[data-test=chip-rows-0]")).not_to_contain_text("5")
    drawn(desk)
    with answered(desk):
        desk.locator("[data-test=chart-ranking]").press("Enter")
    expect(desk.locator("[data-test=preview] .rank")).not_to_have_count(0)
    assert desk.grumbles == []


def test_tiles_are_moved_sized_and_removed_by_keyboard_alone(desk):
    begin(desk, "dashboards")
    for name in ("r_orders", "r_revenue"):
        with answered(desk):
            desk.locator(f"[data-test=add-report-{name}]").press("Enter")
    first = desk.locator("[data-test=tile-w1]")
    first.focus()
    with answered(desk):
        desk.keyboard.press("Alt+Shift+ArrowRight")
    assert box(desk, "w1") == "0,0,4,2"
    expect(first).to_be_focused()
    expect(desk.locator("#say")).to_have_text(re.compile("宽 4，高 2"))
    with answered(desk):
        desk.keyboard.press("Alt+ArrowRight")
    assert box(desk, "w1") == "1,0,4,2"
    with answered(desk):
        desk.keyboard.press("Delete")
    expect(first).to_have_count(0)
    with answered(desk):
        desk.locator("[data-test=toast-undo]").press("Enter")
    expect(first).to_be_visible()
    assert desk.grumbles == []
