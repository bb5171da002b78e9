"""A rule is built from cards by mouse, tried on a record and published; a decision table by keyboard and paste."""

import json

import pytest
from playwright.sync_api import expect

from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people

from ..engines.rule.conftest import SHOP, Shop
from .conftest import both_widths, serving
from .drags import answered, drag


@pytest.fixture(scope="module")
def shop_at(tmp_path_factory):
    """(a way in, the address of the designers) of a small shop with three buyers."""
    platform = open_platform(tmp_path_factory.mktemp("shop"), sync="off")
    platform.run(SYSTEM, lambda uow: people.add(uow.session, "owner", "owner"))
    shop = Shop(platform, platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, json.loads(json.dumps(SHOP)))))
    rich = shop.make("buyer", name="林间鹿", tags=["nice"], seen="2026-01-01")
    shop.make("buyer", name="Poor", seen="2020-01-01")
    shop.make("buyer", name="New")
    shop.make("sale", buyer=rich, amount=6000, status="paid")
    with serving(platform) as at:
        yield lambda: platform.run(SYSTEM, lambda uow: f"{at}/sign-in/{people.make_link(uow.session, 'owner')}"), at
    platform.close()


@pytest.fixture
def served(shop_at, page):
    """The designers, opened by the owner of the shop."""
    way_in, at = shop_at
    page.goto(way_in())
    yield f"{at}/build/shop"
    page.goto("about:blank")


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


def test_tab_leads_from_a_name_into_a_picker_and_what_is_typed_there_is_found(served, page):
    page.goto(f"{served}/rules/sleeping")
    spot(page, "field-p-label.en").click()
    with answered(page):
        page.keyboard.type("!")
        page.keyboard.press("Tab")
    expect(page.locator("#f-p-form-ts-control")).to_be_focused()
    page.keyboard.type("Ord")
    expect(page.locator(".ts-dropdown .option:visible")).to_have_count(1)
    with answered(page):
        page.keyboard.press("Enter")
    expect(page.locator("#f-p-form-ts-control")).to_be_focused()
    expect(page.locator(".ts-dropdown:visible")).to_have_count(0)
    press(page, "undo")
    press(page, "undo")
    assert page.grumbles == []


def test_a_formula_is_written_with_completion_and_told_its_mistake_at_the_spot(served, page):
    page.goto(f"{served}/rules/sleeping")
    spot(page, "as-formula").click()
    editor = spot(page, "editor-field-p-when")
    expect(editor.locator(".fx-chip")).to_have_text("seen")
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


PASTE = """text => {
  const at = document.activeElement, data = new DataTransfer();
  data.setData("text/plain", text);
  at.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_a_decision_table_is_filled_in_by_keyboard_and_from_a_spreadsheet(served, page):
    page.goto(f"{served}/tables/tiers")
    spot(page, "cell-0-0").focus()
    page.keyboard.press("ArrowRight")
    expect(spot(page, "cell-0-1")).to_be_focused()
    with answered(page):
        page.keyboard.type("≥ 3")
        page.keyboard.press("Enter")
    expect(spot(page, "cell-1-1")).to_be_focused()
    expect(spot(page, "cell-0-1")).to_have_value(">= 3")
    page.keyboard.press("F2")
    page.keyboard.type("0")
    page.keyboard.press("ArrowLeft")
    expect(spot(page, "cell-1-1")).to_have_value(">= 20")
    page.keyboard.press("Escape")
    expect(spot(page, "cell-1-1")).to_have_value(">= 2")
    with answered(page):
        page.keyboard.press("Alt+ArrowUp")
    expect(spot(page, "cell-0-1")).to_be_focused()
    expect(spot(page, "cell-0-1")).to_have_value(">= 2")
    page.keyboard.press("ArrowLeft")
    with answered(page):
        page.evaluate(PASTE, "> ¥9,000\t\tGold\n1..\t2\tSilver\n0\t\tNone\n")
    expect(spot(page, "cell-2-0")).to_have_value("0")
    expect(spot(page, "cell-0-0")).to_have_value("> 9000")
    expect(page.locator("td.wrong")).to_have_count(1)
    expect(spot(page, "part-problem")).to_contain_text("第 2 行")
    both_widths(page, "table_pasted_zh")
    press(page, "undo")
    expect(spot(page, "row-2")).to_have_count(0)
    chosen(page, "gives-default", "")
    expect(spot(page, "gap-0")).to_contain_text("没有行接住")
    press(page, "fill-gap-0")
    expect(spot(page, "row-2")).to_be_visible()
    assert page.grumbles == []


def test_a_table_says_before_a_publish_who_would_move_and_lists_them(served, page):
    page.goto(f"{served}/tables/tiers")
    spot(page, "cell-0-0").click()
    page.keyboard.press("F2")
    page.keyboard.press("Control+a")
    with answered(page):
        page.keyboard.type("< 1")
        page.keyboard.press("Enter")
    spot(page, "moves").locator("button").first.click()
    expect(spot(page, "moved").locator("a").first).to_be_visible()
    page.keyboard.press("Escape")
    both_widths(page, "moves_zh")
    press(page, "undo")
    assert page.grumbles == []


def test_when_a_field_is_shown_is_said_in_sentences(served, page):
    page.goto(f"{served}/forms/buyer?sel=field:tier")
    spot(page, "ptab-seen").click()
    with answered(page):
        page.locator("[data-test='cards-of-field-p-visible']").click()
    dialog = page.locator("#cards-dialog")
    with answered(page):
        dialog.locator("[data-test='add-condition-']").click()
    with answered(page):
        dialog.locator("[data-test='subject-0']").select_option("total")
    with answered(page):
        dialog.locator("[data-test='field-any-0-0']").fill("50")
        page.keyboard.press("Tab")
    expect(spot(page, "dialog-sentence")).to_contain_text("¥50")
    both_widths(page, "sentences_zh")
    press(page, "cards-done")
    expect(spot(page, "editor-field-p-visible")).to_contain_text("total > 50")
    assert page.grumbles == []


def test_what_is_typed_into_a_sentence_while_an_answer_is_on_its_way_stays(served, page):
    page.goto(f"{served}/forms/buyer?sel=field:seen")
    spot(page, "ptab-seen").click()
    with answered(page):
        page.locator("[data-test='cards-of-field-p-visible']").click()
    dialog = page.locator("#cards-dialog")
    with answered(page):
        dialog.locator("[data-test='add-condition-']").click()
    with answered(page):
        dialog.locator("[data-test='subject-0']").select_option("total")
    held = []
    page.route("**/cards", lambda route: held.append(route), times=1)
    dialog.locator("[data-test='op-0']").select_option("lt")
    dialog.locator("[data-test='field-any-0-0']").fill("50")
    with answered(page):
        held[0].continue_()
    expect(spot(page, "dialog-sentence")).to_contain_text("小于")
    expect(dialog.locator("[data-test='field-any-0-0']")).to_have_value("50")
    page.keyboard.press("Tab")
    expect(spot(page, "dialog-sentence")).to_contain_text("¥50")
    assert page.grumbles == []
