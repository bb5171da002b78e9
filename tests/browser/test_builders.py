"""Building in a browser: by keyboard alone from blank, two people at once, a network that fails, eyes of others."""

import re

import pytest
from playwright.sync_api import expect

from engines.apps import draft, publish
from engines.apps.platform import SYSTEM
from engines.core.access import people

from .conftest import both_widths
from .drags import answered, drag

FORM = "/build/shop/forms/buyer"


def tab_to(page, test, presses=160):
    """The keyboard's way to a control."""
    for _ in range(presses):
        if page.evaluate("document.activeElement?.dataset?.test") == test:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never came to {test}")


def run(page, words):
    """Ctrl+K, a few letters, Enter."""
    page.keyboard.press("Control+k")
    page.keyboard.type(words)
    first = page.locator("#palette [data-found] a").first
    expect(first).to_contain_text(words)
    page.keyboard.press("Enter")


@pytest.fixture
def mei(shop, browser):
    """A second builder, at a machine of her own."""

    def make(uow):
        people.add(uow.session, "mei", "owner")
        return people.make_link(uow.session, "mei")

    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{shop.at}/sign-in/{shop.platform.run(SYSTEM, make)}")
    yield page
    context.close()


def fields(shop):
    found = shop.platform.look(SYSTEM, lambda look: draft.current(look, "shop")).definition["forms"]
    return [f["id"] for f in next(form for form in found if form["id"] == "buyer")["fields"]]


def test_two_related_forms_are_built_from_blank_by_keyboard_alone(shop, at_home):
    page = at_home
    page.goto(f"{shop.at}/build/new")
    both_widths(page, "new_app")
    tab_to(page, "blank-name")
    page.keyboard.type("Team")
    page.keyboard.press("Enter")
    expect(page.locator("[data-test=canvas-title]")).to_be_visible()
    tab_to(page, "canvas-title")
    with answered(page):
        page.keyboard.press("F2")
        page.keyboard.type("队员")
        page.keyboard.press("Enter")
    expect(page.locator("[data-test=canvas-title]")).to_contain_text("队员")
    tab_to(page, "type-date")
    with answered(page):
        page.keyboard.press("Enter")
    run(page, "新建表单")
    expect(page).to_have_url(re.compile("/forms/form_2"))
    tab_to(page, "type-relation")
    with answered(page):
        page.keyboard.press("Enter")
    expect(page.locator("[data-test=canvas-relation]")).to_have_attribute("aria-current", "true")
    run(page, "发布")
    expect(page.locator("[data-test=do-publish]")).to_be_enabled()
    tab_to(page, "do-publish")
    page.keyboard.press("Enter")
    expect(page.locator("[data-test=version-2]")).to_be_visible()
    page.goto(f"{shop.at}/a/team/form_2/new")
    expect(page.locator("[data-field=relation]")).to_be_visible()
    assert page.grumbles == []


def test_f6_goes_round_the_panes_and_enter_adds_the_type_that_is_looked_for(shop, at_home):
    page = at_home
    page.goto(f"{shop.at}{FORM}")
    expect(page.locator("[data-n]")).to_have_text("0")
    page.keyboard.press("F6")
    page.keyboard.press("F6")
    expect(page.locator("[data-test=find-type]")).to_be_focused()
    page.keyboard.type("评分")
    with answered(page):
        page.keyboard.press("Enter")
    expect(page.locator("[data-test=type-text]")).to_be_hidden()  # what is looked for is still looked for
    page.keyboard.press("F6")
    expect(page.locator("[data-test=canvas-rating]")).to_be_focused()
    with answered(page):
        page.keyboard.press("F2")
        page.keyboard.type("满意度")
        page.keyboard.press("Enter")
    expect(page.locator("[data-test=canvas-rating]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#canvas")).to_be_focused()
    page.keyboard.press("Shift+F6")
    expect(page.locator("[data-test=find-type]")).to_be_focused()
    page.keyboard.press("F6")
    page.keyboard.press("F6")
    expect(page.locator("[data-test='field-p-label.zh']")).to_be_focused()
    with answered(page):
        page.keyboard.type("买家档案")
        page.keyboard.press("Tab")
    expect(page.locator("#called")).to_have_text("买家档案")
    assert page.grumbles == []


def test_two_people_at_one_form_lose_nothing_unseen(shop, at_home, mei):
    page = at_home
    page.goto(f"{shop.at}{FORM}")
    mei.goto(f"{shop.at}{FORM}")
    page.evaluate("document.dispatchEvent(new Event('beat'))")
    expect(page.locator("[data-test=here] .av.same")).to_have_attribute("aria-label", re.compile("mei"))
    with answered(mei):
        mei.locator("[data-test=type-rating]").click()
    with answered(page):
        page.locator("[data-test=type-number]").click()
    expect(page.locator("[data-test=theirs]")).to_contain_text("评分")
    with answered(page):
        page.locator("[data-test=keep-mine]").click()
    assert {"rating", "number"} <= set(fields(shop))
    with answered(mei):
        mei.locator("[data-test=type-date]").click()
    expect(mei.locator("[data-test=theirs]")).to_contain_text("数字")
    with answered(mei):
        mei.locator("[data-test=take-theirs]").click()
    expect(mei.locator("[data-test=canvas-number]")).to_be_visible()
    assert "date" not in fields(shop)
    with answered(page):
        page.locator("[data-test=type-email]").click()
    with answered(mei):
        mei.evaluate("document.activeElement?.blur(); document.dispatchEvent(new Event('beat'))")
    expect(mei.locator("[data-test=canvas-email]")).to_be_visible()


def test_what_is_done_without_a_network_waits_and_arrives_once(shop, at_home):
    page = at_home
    page.goto(f"{shop.at}{FORM}")
    before = fields(shop)
    page.context.set_offline(True)
    page.locator("[data-test=type-text]").click()
    expect(page.locator("#offline")).to_be_visible()
    page.locator("[data-test=type-money]").click()
    expect(page.locator("[data-queued]")).to_contain_text("2")
    with answered(page, 2):
        page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    assert sorted(set(fields(shop)) - set(before)) == ["money", "text"]


def test_an_answer_that_gets_lost_is_asked_for_again_and_nothing_is_doubled(shop, at_home):
    page = at_home
    page.goto(f"{shop.at}{FORM}")
    before, lost = fields(shop), []

    def lose(route):
        """The server does it, and the page never hears of it."""
        if not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/cmd", lose)
    with answered(page):
        page.locator("[data-test=type-text]").click()
    assert lost == [200]
    assert len(fields(shop)) == len(before) + 1


def test_deleting_offers_the_way_back_and_a_copy_goes_to_another_form(shop, at_home):
    page = at_home
    page.goto(f"{shop.at}{FORM}")
    name = page.locator("#canvas [data-item][data-kind=field]").nth(1)
    field = name.get_attribute("data-id").partition(":")[2]
    with answered(page):
        name.click()
    expect(name).to_have_attribute("aria-current", "true")
    expect(page.locator("[data-test=undo]")).to_be_disabled()
    page.keyboard.press("Control+c")
    expect(page.locator(".toasts")).to_contain_text("已复制")
    with answered(page):
        page.keyboard.press("Delete")
    expect(page.locator(f"[data-test=canvas-{field}]")).to_have_count(0)
    with answered(page):
        page.locator("[data-test=undo-it]").click()
    expect(page.locator(f"[data-test=canvas-{field}]")).to_be_visible()
    other = page.locator("[data-test^=form-]").evaluate_all(
        "all => all.map(one => one.href).find(href => href && !href.endsWith('/buyer'))"
    )
    page.goto(other)
    with answered(page):
        page.keyboard.press("Control+v")
    expect(page.locator(f"[data-test=canvas-{field}], [data-test=canvas-{field}_2]")).to_be_visible()


def test_columns_are_dropped_into_rows_and_a_section_is_refused_there_with_a_reason(shop, at_home):
    page = at_home
    page.goto(f"{shop.at}{FORM}")
    with answered(page):
        page.locator("[data-test=type-subform]").click()
    rows = page.locator("[data-of=subform][data-drop]")
    with answered(page):
        drag(page, page.locator("[data-test=type-number]"), rows, dx=0.6)
    expect(page.locator("[data-test=column-subform-number]")).to_have_attribute("aria-current", "true")
    both_widths(page, "designer_rows")
    x, y = (rows.bounding_box()[one] + 12 for one in ("x", "y"))
    tile = page.locator("[data-test=type-section]")
    tile.scroll_into_view_if_needed()
    box = tile.bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(x, y, steps=12)
    page.wait_for_timeout(120)
    page.mouse.up()
    expect(page.locator(".toasts")).to_contain_text("子表的列只能是普通类型")


def test_a_preview_shows_the_form_on_a_phone_and_as_a_role(shop, at_home):
    page = at_home
    page.goto(f"{shop.at}{FORM}")
    page.locator("[data-test=preview]").click()
    frame = page.frame_locator("[data-test=preview-frame]")
    expect(frame.locator("#look")).to_be_visible()
    page.locator("[data-test=wide-phone]").click()
    assert page.locator("[data-test=preview-frame]").bounding_box()["width"] < 400
    frame.locator("[data-test=try]").click()
    expect(frame.locator("[data-test=verdict]")).to_be_visible()
    page.screenshot(path="var/shots/preview_phone_1440.png")


def test_the_bar_is_one_row_on_a_phone_and_panes_come_up_from_below(shop, at_home):
    page = at_home
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{shop.at}{FORM}")
    assert page.locator("#bar").bounding_box()["height"] <= 56
    for test in ("undo", "redo", "problems", "more", "publish"):
        box = page.locator(f"#bar [data-test={test}]").bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 56
    page.locator("[data-test=sheet-side]").click()
    with answered(page):
        page.locator("[data-test=type-text]").click()
    expect(page.locator("[data-test=canvas-text]")).to_be_visible()
    page.locator("[data-test=sheet-props]").click()
    expect(page.locator("[data-test='field-p-label.zh']")).to_be_visible()
    page.screenshot(path="var/shots/designer_phone_sheet_390.png")


def test_sections_that_are_tabs_show_one_at_a_time_and_a_mistake_opens_its_own(shop, at_home):
    page = at_home
    page.goto(f"{shop.at}{FORM}")
    with answered(page):
        page.locator("[data-test=type-tab]").click()
    expect(page.locator("[data-test=section-section] .chip")).to_have_text("标签页")
    layout = [
        {"id": "one", "label": {"zh": "第一页"}, "tab": True, "fields": ["phone", "born"]},
        {"id": "two", "label": {"zh": "第二页"}, "tab": True, "fields": ["name", "kind"]},
        {"id": "three", "label": {"zh": "其余"}, "collapsed": True, "fields": ["score", "limit"]},
    ]

    def put(uow):
        draft.edit(uow, "shop", "set", {"at": ["forms", "buyer", "layout"], "value": layout})
        publish.publish(uow, shop.platform.catalog, "shop")

    shop.platform.run(SYSTEM, put)
    page.goto(f"{shop.at}/a/shop/buyer/new")
    expect(page.locator("[data-field=phone]")).to_be_visible()
    expect(page.locator("[data-field=name]")).to_be_hidden()
    expect(page.locator("[data-field=score]")).to_be_hidden()
    page.get_by_role("button", name="其余").click()
    expect(page.locator("[data-field=score]")).to_be_visible()
    page.get_by_role("tab", name="第一页").press("ArrowRight")
    expect(page.locator("[data-field=name]")).to_be_visible()
    expect(page.locator("[data-field=phone]")).to_be_hidden()
    both_widths(page, "tabs")
    page.get_by_role("tab", name="第一页").click()
    page.locator("[data-test=save]").click()
    expect(page.locator("[data-field=name]")).to_be_visible()
    page.locator("[data-test=field-name]").fill("阿明")
    page.locator("[data-test=save]").click()
    expect(page.locator("[data-test=value-name]")).to_be_hidden()
    page.get_by_role("tab", name="第二页").click()
    expect(page.locator("[data-test=value-name]")).to_contain_text("阿明")
