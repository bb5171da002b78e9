"""Keeping records by mouse and keyboard."""

import re

import pytest
from playwright.sync_api import expect

from engines.apps.platform import SYSTEM
from engines.core.records import query

from .conftest import both_widths
from .drags import drag


def at(name):
    """The control of that name."""
    return f"[data-test={name}]"


@pytest.fixture
def four(shop):
    given = {"May": ("old", "10"), "Ann": ("new", "30"), "Lee": ("new", ""), "Bob": ("old", "20")}
    return {n: shop.make("buyer", name=n, kind=kind, score=score) for n, (kind, score) in given.items()}


def stored(shop, record, form="buyer"):
    return shop.platform.look(SYSTEM, lambda look: query.one(look, shop.app.form(form).source, record))


def test_a_record_is_made_read_changed_and_deleted(at_home, shop):
    page = at_home
    page.locator(at("open-buyer")).click()
    page.locator(at("new")).first.click()
    page.locator(at("field-name")).fill("爱喝奶茶的阿May🌸")
    page.locator(at("field-tags")).get_by_text("贵宾").click()
    page.locator(at("field-born")).fill("1998-06-01")
    page.locator(at("field-phone")).fill("138 0000 204")
    page.locator(at("save")).click()
    expect(page.locator(".err")).to_have_text("号码少了 1 位")
    expect(page.locator(at("field-born"))).to_have_value("1998-06-01")
    page.locator(at("field-phone")).fill("138 0000 2046")
    page.locator(at("save")).click()
    expect(page.locator(at("value-phone"))).to_have_text("138 0000 2046")
    both_widths(page, "record")
    page.locator(at("value-score")).dblclick()
    page.locator(at("field-score")).fill("7")
    page.keyboard.press("Enter")
    expect(page.locator(at("value-score"))).to_have_text("7")
    page.locator(at("record-more")).click()
    page.locator(at("delete")).click()
    page.locator(at("undo")).click()
    expect(page.locator("h1").first).to_contain_text("阿May")
    assert [g for g in page.grumbles if "422" not in g] == []


def test_a_draft_outlives_the_page_and_goes_when_it_is_saved(at_home, shop):
    page = at_home
    page.goto(f"{shop.at}/a/shop/buyer/new")
    page.locator(at("field-name")).fill("half typed")
    expect(page.locator("[data-draft-note]")).to_contain_text("草稿已留存")
    page.goto(shop.at)
    page.goto(f"{shop.at}/a/shop/buyer/new")
    expect(page.locator(at("field-name"))).to_have_value("half typed")
    page.locator(at("save")).click()
    expect(page.locator(at("toast"))).to_contain_text("已保存")
    page.goto(f"{shop.at}/a/shop/buyer/new")
    expect(page.locator(at("field-name"))).to_have_value("")


def test_a_double_click_on_save_makes_one_record(at_home, shop):
    page = at_home
    page.goto(f"{shop.at}/a/shop/buyer/new")
    page.locator(at("field-name")).fill("once")
    page.locator(at("save")).dblclick()
    expect(page.locator("h1").first).to_have_text("once")
    assert shop.platform.look(SYSTEM, lambda look: query.count(look, shop.app.form("buyer").source)) == 1


def test_a_conditional_field_appears_when_its_condition_holds(at_home, shop):
    page = at_home
    page.goto(f"{shop.at}/a/shop/buyer/new")
    expect(page.locator(at("field-why_lost"))).to_be_hidden()
    page.locator(at("field-kind")).select_option("lost")
    expect(page.locator(at("field-why_lost"))).to_be_visible()


def test_filters_are_put_together_and_taken_away_by_hand(at_home, shop, four):
    page = at_home
    page.goto(f"{shop.at}/a/shop/buyer")
    page.locator(at("filter")).click()
    page.locator(at("filter-field")).select_option("kind")
    page.locator(at("field-fv")).select_option("new")
    page.locator(at("filter-add")).click()
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator(at("chip-0"))).to_have_text(re.compile(r"类型\s*新客"))
    page.locator(at("chip-0")).click()
    expect(page.locator("tbody tr")).to_have_count(4)
    page.locator(at("sort-score")).click()
    expect(page.locator("tbody tr").first).to_contain_text("Ann")
    page.keyboard.press("/")
    page.keyboard.type("bob")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)


def test_a_cell_is_changed_by_f2_and_escape_leaves_it(at_home, shop, four):
    page = at_home
    page.goto(f"{shop.at}/a/shop/buyer")
    cell = page.locator(f"#cell-{four['Ann']}-score")
    cell.click()
    page.keyboard.press("F2")
    expect(cell.locator("input[name=score]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(cell).to_have_text("30")
    page.keyboard.press("F2")
    expect(cell.locator("input[name=score]")).to_be_focused()
    page.keyboard.type("many")
    page.keyboard.press("Enter")
    expect(cell.locator(".err")).to_contain_text("要填数字")
    cell.locator("input[name=score]").fill("31")
    page.keyboard.press("Enter")
    expect(cell).to_have_text("31")
    assert stored(shop, four["Ann"])["score"] == 31


def test_many_records_are_changed_from_the_dark_bar(at_home, shop, four):
    page = at_home
    page.goto(f"{shop.at}/a/shop/buyer")
    page.locator("[data-all]").check()
    expect(page.locator(at("bulk"))).to_contain_text("已选 4 项")
    page.locator(at("bulk-tag")).click()
    page.locator("#bulk-edit").get_by_text("慢热").click()
    page.locator(at("bulk-save")).click()
    expect(page.locator(at("toast"))).to_contain_text("已修改 4 条")
    expect(page.locator("tbody .chip")).to_have_count(4)
    page.locator("[data-all]").check()
    page.locator(at("bulk-delete")).click()
    expect(page.locator("#ask")).to_contain_text("删除 4 条")
    page.locator(at("confirm")).click()
    expect(page.locator(at("empty"))).to_be_visible()
    page.locator(at("undo")).click()
    expect(page.locator("tbody tr")).to_have_count(4)


def test_a_card_is_dragged_to_another_lane_or_moved_by_its_menu(at_home, shop, four):
    page = at_home
    page.goto(f"{shop.at}/a/shop/buyer?kind=kanban")
    both_widths(page, "board")
    drag(page, page.locator(at(f"card-{four['Ann']}")), page.locator(f"{at('lane-lost')} [data-cards]"))
    page.wait_for_function("() => window.trips > 0")
    expect(page.locator(f"{at('lane-lost')} {at('card-' + str(four['Ann']))}")).to_be_visible()
    assert stored(shop, four["Ann"])["kind"] == "lost"
    page.locator(at(f"move-{four['May']}")).click()
    page.locator(f"{at('card-' + str(four['May']))} {at('to-new')}").click()
    expect(page.locator(f"{at('lane-new')} {at('card-' + str(four['May']))}")).to_be_visible()


def test_the_palette_finds_a_record_from_anywhere(at_home, shop, four):
    page = at_home
    page.keyboard.press("Control+k")
    page.locator(at("palette")).fill("le")
    expect(page.locator(at("hit"))).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("h1").first).to_have_text("Lee")


def test_rows_and_a_related_record_are_filled_in_by_keyboard(at_home, shop, four):
    page = at_home
    page.goto(f"{shop.at}/a/shop/sale/new?buyer={four['May']}")
    page.locator(at("add-lines")).click()
    page.keyboard.type("tea")
    page.keyboard.press("Enter")
    page.keyboard.type("cup")
    page.keyboard.press("Alt+ArrowUp")
    page.locator(at("field-buyer") + " ~ .ts-wrapper .ts-control, .ts-wrapper .ts-control").first.click()
    page.keyboard.type("Ann")
    page.locator(".ts-dropdown .option", has_text="Ann").click()
    page.locator(at("save")).click()
    expect(page.locator(at("value-buyer"))).to_have_text("Ann")
    expect(page.locator(f"{at('value-lines')} tbody tr")).to_have_count(2)
    expect(page.locator(f"{at('value-lines')} tbody tr").first).to_contain_text("cup")


def test_a_picture_is_uploaded_and_shown(at_home, shop, four):
    page = at_home
    page.goto(f"{shop.at}/a/shop/buyer/{four['May']}/edit")
    picture = page.screenshot(clip={"x": 0, "y": 0, "width": 20, "height": 20})
    page.locator(at("upload-photo")).set_input_files([{"name": "may.png", "mimeType": "image/png", "buffer": picture}])
    expect(page.locator("[data-files] input")).to_have_count(1)
    page.locator(at("save")).click()
    shown = page.locator(f"{at('value-photo')} img")
    expect(shown).to_be_visible()
    page.wait_for_function("() => document.querySelector('.thumb').naturalWidth === 20")


def test_two_people_change_the_same_record(at_home, shop, four):
    page = at_home
    page.goto(f"{shop.at}/a/shop/buyer/{four['May']}/edit")
    shop.change("buyer", four["May"], score="77")
    page.locator(at("field-score")).fill("8")
    page.locator(at("save")).click()
    expect(page.locator(at("conflict"))).to_contain_text("May 刚改了这条记录")
    page.locator(at("keep-score-theirs")).check()
    page.locator(at("save")).click()
    expect(page.locator(at("value-score"))).to_have_text("77")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_hold_at_both_widths_in_both_languages_and_in_the_dark(at_home, shop, four, language):
    page = at_home
    page.goto(f"{shop.at}/language/{language}?back=/")
    for name, path in (("home", "/"), ("list", "/a/shop/buyer"), ("new", "/a/shop/buyer/new"),
                       ("bin", "/a/shop/buyer/bin"), ("detail", f"/a/shop/buyer/{four['May']}")):  # fmt: skip
        page.goto(shop.at + path)
        both_widths(page, f"{name}_{language}")
    page.locator(at("me")).click()
    page.locator(at("theme")).click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(f"{shop.at}/a/shop/buyer")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    both_widths(page, f"dark_{language}")
    assert page.grumbles == []
