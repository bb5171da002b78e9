"""A rule is built from cards by mouse, tried on a record and published; a decision table by keyboard and paste."""

import json
import threading

import pytest
from playwright.sync_api import expect
from waitress import create_server

from builder_ui import build
from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people
from runtime.web import create_app

from ..engines.rule.conftest import SHOP, Shop
from .conftest import both_widths
from .drags import answered, drag


@pytest.fixture
def served(tmp_path, page):
    """The address of a small shop with three buyers, opened by its owner."""
    platform = open_platform(tmp_path, sync="off")
    platform.run(SYSTEM, lambda uow: people.add(uow.session, "owner", "owner"))
    shop = Shop(platform, platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, json.loads(json.dumps(SHOP)))))
    rich = shop.make("buyer", name="林间鹿", tags=["nice"], seen="2026-01-01")
    shop.make("buyer", name="Poor", seen="2020-01-01")
    shop.make("buyer", name="New")
    shop.make("sale", buyer=rich, amount=6000, status="paid")
    server = create_server(create_app(platform, b"secret", [build]), host="127.0.0.1", port=0, threads=4)
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()
    at = f"http://127.0.0.1:{server.effective_port}"
    token = platform.run(SYSTEM, lambda uow: people.make_link(uow.session, "owner"))
    page.goto(f"{at}/sign-in/{token}")
    yield f"{at}/build/shop"
    server.close()
    serving.join(5)
    platform.close()


def spot(page, name):
    return page.locator(f"[data-test='{name}']")


def press(page, name):
    with answered(page):
        spot(page, name).click()


def chosen(page, name, value):
    with answered(page):
        spot(page, name).select_option(value)


def filled(page, name, text):
    with answered(page):
        spot(page, name).fill(text)
        page.keyboard.press("Tab")


def test_a_rule_with_nested_groups_is_built_by_mouse_tried_on_a_record_and_published(served, page):
    page.goto(f"{served}/rules/vip")
    expect(spot(page, "hits")).to_contain_text("1 / 3")
    press(page, "add-condition-")
    chosen(page, "subject-1", "seen")
    filled(page, "field-when-1-0", "10")
    press(page, "add-group-")
    chosen(page, "subject-2/0", "rows:orders")
    press(page, "where-2/0")
    chosen(page, "subject-2/0/w/0", "status")
    press(page, "add-condition-2")
    chosen(page, "subject-2/1", "tier")
    with answered(page):
        drag(page, spot(page, "grip-1"), spot(page, "card-2/1"), dy=0.9)
    expect(page.locator("[data-test='cards-1'] > [data-card]")).to_have_count(3)
    expect(spot(page, "sentence")).to_contain_text("或")
    spot(page, "hits").locator("xpath=../..").locator("[data-try]").first.click()
    expect(spot(page, "trial-whole")).to_contain_text("结果：命中")
    expect(page.locator("[data-held='0'].yes")).to_contain_text("¥")
    both_widths(page, "rule_cards_zh")
    grip = spot(page, "grip-1/0")
    grip.focus()
    with answered(page):
        grip.press("Alt+ArrowDown")
    expect(spot(page, "grip-1/1")).to_be_focused()
    expect(spot(page, "card-told")).to_contain_text("2")
    page.goto(f"{served}/publish")
    spot(page, "do-publish").click()
    expect(spot(page, "version-2")).to_be_visible()
    assert page.grumbles == []


def test_a_formula_is_written_with_completion_and_told_its_mistake_at_the_spot(served, page):
    page.goto(f"{served}/rules/vip")
    spot(page, "as-formula").click()
    editor = spot(page, "editor-field-p-when")
    expect(editor.locator(".fx-chip")).to_have_text("total")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" AND 计")
    offer = page.locator(".cm-tooltip-autocomplete li[aria-selected]")
    expect(offer).to_contain_text("计数")
    expect(page.locator(".fx-told")).to_contain_text("COUNT(orders")
    page.keyboard.press("Enter")
    page.keyboard.type("ordrs")
    page.keyboard.press("Escape")
    expect(page.locator(".cm-lintRange-error")).to_have_text("ordrs")
    expect(page.locator("#set-when [data-told]")).to_contain_text("「Orders」")
    for _ in range(5):
        page.keyboard.press("Backspace")
    page.keyboard.type("orders")
    page.keyboard.press("Escape")
    expect(page.locator("#set-when [data-told]")).to_have_text("New：否")
    both_widths(page, "formula_zh")
    with answered(page):
        page.keyboard.press("Tab")
    expect(editor).not_to_be_focused()
    expect(spot(page, "sentence")).to_contain_text("计数(Orders)")
    assert page.grumbles == []
