"""A builder changes a form while the app runs: by mouse, and again by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import both_widths
from .drags import answered, drag

APP = "/build/crm_livestream"


def sign_in(page, link, language="zh"):
    page.goto(link)
    home = page.url.rstrip("/")
    if language == "en":
        page.goto(f"{home}/language/en?back=/")
    return home


def complaints(page):
    return [one for one in page.grumbles if "409" not in one and "422" not in one]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_field_is_dragged_onto_a_form_named_published_and_filled_in(served, page, language):
    home = sign_in(page, served, language)
    page.goto(f"{home}{APP}/forms/fan")
    with answered(page):
        drag(page, page.locator("[data-test=type-rating]"), page.locator("[data-test=canvas-city]"), dy=0.2)
    new = page.locator("[data-test=canvas-rating]")
    expect(new).to_have_attribute("aria-current", "true")
    label = page.locator("[data-test='field-p-label.zh']")
    with answered(page):
        label.fill("喜欢程度")
        label.press("Tab")
    with answered(page):
        page.locator("[data-test='field-p-label.en']").fill("How much they like us")
        page.keyboard.press("Tab")
    expect(new).to_contain_text("喜欢程度" if language == "zh" else "How much they like us")
    both_widths(page, f"designer_{language}")
    page.locator("[data-test=publish]").click()
    expect(page.locator("[data-test=plan-item]")).to_have_count(2)
    page.locator("[data-test=note]").fill("喜欢程度")
    both_widths(page, f"publish_{language}")
    page.locator("[data-test=do-publish]").click()
    expect(page.locator("[data-test=version-2]")).to_contain_text("喜欢程度")
    page.goto(f"{home}/a/crm_livestream/fan/new")
    page.locator("[data-test=field-handle]").fill("小鹿不迷路")
    page.locator("[data-test=field-platform]").select_option("douyin")
    page.locator("[data-test=field-rating] label").nth(3).click()
    page.locator("[data-test=save]").click()
    expect(page.locator("[data-test=value-rating] [role=img]")).to_have_attribute("aria-label", "4 / 5")
    assert complaints(page) == []


def test_the_same_by_keyboard_alone(served, page):
    home = sign_in(page, served)
    page.goto(f"{home}{APP}/forms/fan")
    expect(page.locator("[data-n]")).to_have_text("0")
    page.locator("[data-test=canvas-handle]").focus()
    with answered(page):
        page.keyboard.press("ArrowDown")
    with answered(page):
        page.locator("[data-test=type-date]").press("Enter")
    expect(page.locator("[data-test=canvas-date]")).to_have_attribute("aria-current", "true")
    page.locator("[data-test=canvas-date]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-test='field-p-label.zh']")).to_be_focused()
    with answered(page):
        page.keyboard.press("Control+a")
        page.keyboard.type("入会日期")
        page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("[data-test=canvas-date]")).to_be_focused()
    with answered(page):
        page.keyboard.press("Alt+ArrowUp")
    order = page.locator("#drop-basic [data-item]").evaluate_all("e => e.map(x => x.dataset.id)")
    assert order.index("field:date") + 1 == order.index("field:platform") + 1 or "field:date" in order[:3]
    with answered(page):
        page.keyboard.press("Control+d")
    expect(page.locator("[data-test=canvas-date_2]")).to_be_visible()
    with answered(page):
        page.keyboard.press("Delete")
    expect(page.locator("[data-test=canvas-date_2]")).to_have_count(0)
    with answered(page):
        page.keyboard.press("Control+z")
    expect(page.locator("[data-test=canvas-date_2]")).to_be_visible()
    with answered(page):
        page.keyboard.press("Control+Shift+z")
    expect(page.locator("[data-test=canvas-date_2]")).to_have_count(0)
    page.reload()
    expect(page.locator("[data-test=canvas-date]")).to_contain_text("入会日期")
    with answered(page):
        page.keyboard.press("Control+z")
    expect(page.locator("[data-test=canvas-date_2]")).to_be_visible()
    assert complaints(page) == []


def test_fields_are_put_in_another_order_and_into_sections_by_dragging(served, page):
    home = sign_in(page, served)
    page.goto(f"{home}{APP}/forms/fan")
    fields = page.locator("#canvas [data-item][data-kind=field]")
    expect(fields.first).to_have_attribute("data-id", "field:handle")
    with answered(page):
        drag(page, page.locator("[data-test=canvas-handle]"), page.locator("[data-test=canvas-city]"), dx=0.8, dy=0.8)
    expect(fields.first).not_to_have_attribute("data-id", "field:handle")
    with answered(page):
        page.locator("[data-test=add-section]").click()
    section = page.locator("[data-test^=section-section]")
    expect(section).to_be_visible()
    with answered(page):
        drag(page, page.locator("[data-test=type-text]"), section.locator("[data-drop]"))
    expect(section.locator("[data-test=canvas-text]")).to_be_visible()
    with answered(page):
        page.locator("[data-test=undo]").click()
    expect(page.locator("[data-test=canvas-text]")).to_have_count(0)
    assert complaints(page) == []


def test_two_builders_at_once_are_told_and_nothing_is_lost(served, page):
    home = sign_in(page, served)
    page.goto(f"{home}{APP}/forms/fan")
    other = page.context.new_page()
    other.goto(f"{home}{APP}/forms/fan")
    with answered(other):
        other.locator("[data-test=type-text]").click()
    with answered(page):
        page.locator("[data-test=type-number]").click()
    told = page.locator("[data-test=told]")
    expect(told).to_contain_text("owner")
    page.screenshot(path="var/shots/stale_1440.png")
    with answered(page):
        page.locator("[data-test=keep-mine]").click()
    expect(page.locator("[data-test=canvas-number]")).to_be_visible()
    expect(page.locator("[data-test=canvas-text]")).to_be_visible()
    expect(told).to_have_count(0)


def formula(page, text):
    """Written into the editor in place of what is there; what it offers meanwhile is not taken."""
    page.locator("[data-test=editor-field-p-formula]").click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def test_a_formula_tells_its_mistake_at_once_and_a_problem_leads_to_its_field(served, page):
    home = sign_in(page, served, "en")
    page.goto(f"{home}{APP}/forms/order")
    with answered(page):
        page.locator("[data-test=type-formula]").click()
    formula(page, "amont * 2")
    expect(page.locator("[data-test=formula-told]")).to_contain_text("amount")
    with answered(page):
        page.keyboard.press("Tab")
    expect(page.locator("[data-n]")).to_have_text("1")
    page.goto(f"{home}{APP}/forms/fan")
    page.locator("[data-test=problems]").click()
    page.locator("[data-test=problem]").first.click()
    expect(page.locator("[data-test=canvas-formula]")).to_have_class(re.compile("wrong"))
    expect(page.locator("[data-test=field-problem]")).to_be_visible()
    formula(page, "amount * 2")
    with answered(page):
        page.keyboard.press("Tab")
    expect(page.locator("[data-n]")).to_have_text("0")


def test_rules_tables_and_roles_are_edited_where_they_stand(served, page):
    home = sign_in(page, served)
    page.goto(f"{home}{APP}/rules/vip")
    page.locator("[data-test=as-formula]").click()
    with answered(page):
        page.locator("[data-test=field-p-when]").fill("total_spend > 6000")
        page.keyboard.press("Tab")
    expect(page.locator("[data-test=sentence]")).to_contain_text("6,000")
    with answered(page):
        page.locator("[data-test=toggle]").click()
    expect(page.locator("[data-test=toggle]")).to_have_attribute("aria-pressed", "false")
    page.screenshot(path="var/shots/rule_1440.png")
    page.goto(f"{home}{APP}/tables/fan_tier")
    cell = page.locator("[data-test=cell-0-0]")
    with answered(page):
        cell.fill("> 8000")
        cell.press("Enter")
    expect(page.locator("[data-test=cell-1-0]")).to_be_focused()
    with answered(page):
        page.locator("[data-test=cell-1-0]").press("Alt+ArrowUp")
    expect(page.locator("[data-test=cell-1-0]")).to_have_value("> 8000")
    page.screenshot(path="var/shots/table_1440.png")
    page.goto(f"{home}{APP}/roles/seller")
    with answered(page):
        page.locator("[data-test=may-fan-export]").check()
    with answered(page):
        page.locator("[data-test=form-fan]").click()
    with answered(page):
        page.locator("[data-test=level-phone]").select_option("masked")
    page.reload()
    expect(page.locator("[data-test=may-fan-export]")).to_be_checked()
    page.screenshot(path="var/shots/role_1440.png")
    for _ in range(6):
        with answered(page):
            page.locator("[data-test=undo]").click()
    expect(page.locator("[data-test=undo]")).to_be_disabled()
    assert complaints(page) == []


def test_a_flow_is_walked_through_card_by_card(served, page):
    home = sign_in(page, served, "en")
    page.goto(f"{home}{APP}/flows")
    cards = page.locator("#cv .node")
    expect(cards.first).to_be_visible()
    with answered(page):
        cards.nth(1).click()
    expect(page.locator("#cv .node.on")).to_have_count(1)
    with answered(page):
        page.locator("[data-test='field-p-label.en']").fill("Looked at")
        page.keyboard.press("Tab")
    expect(cards.nth(1)).to_contain_text("Looked at")
    page.screenshot(path="var/shots/flow_1440.png")
    assert complaints(page) == []
