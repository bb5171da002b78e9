"""A day at the livestream team, by mouse and keyboard, in Chinese and again in English."""

import re

import pytest
import xlsxwriter
from playwright.sync_api import expect

from engines.form.sheets import read

from ..browser.drags import answered, drag
from .desk import APP

HEADER = ["粉丝昵称", "主平台", "生日", "标签"]
BAD = {100: "？", 250: "", 333: "QQ", 400: "TV", 512: "x", 777: "抖 音 号", 1000: "-"}


def test_the_day(desk, server, elsewhere, tmp_path):
    desk.sign_in(server.link)
    a_thousand_fans_come_in_and_seven_come_back(desk, tmp_path)
    fan = an_order_makes_a_fan_vip_and_the_page_says_why(desk)
    a_tag_gives_the_top_seller_two_hours(desk, fan)
    two_hours_later_it_is_with_the_supervisor(desk, server, fan)
    the_supervisor_completes_it(desk, fan)
    a_bar_of_the_review_leads_to_what_it_counts(desk)
    a_new_field_is_dragged_onto_the_fan_form(desk, fan)
    file = the_app_leaves_as_a_file(desk, tmp_path)
    desk.sign_in(elsewhere.link)
    the_same_day_works_elsewhere(desk, file)


def a_thousand_fans_come_in_and_seven_come_back(desk, tmp_path):
    desk.open_list("fan")
    desk.fits_a_phone()
    desk.click("import")
    desk.at("file").set_input_files(workbook(tmp_path / "粉丝名单.xlsx"))
    desk.click("upload")
    expect(desk.at("column-1")).to_have_value("platform")
    desk.fits_a_phone()
    desk.click("check")
    expect(desk.at("failed")).to_have_text("7", timeout=60_000)
    desk.click("run")
    expect(desk.at("done")).to_contain_text("993", timeout=60_000)
    expect(desk.at("problems").locator("tbody tr")).to_have_count(7)
    desk.fits_a_phone()
    with desk.page.expect_download() as download:
        desk.click("failed-file")
    download.value.save_as(tmp_path / "back.xlsx")
    header, *rows = read(tmp_path / "back.xlsx", "back.xlsx")
    assert header[-1] == desk.says("要改什么", "What to mend")
    assert [row[0] for row in rows] == [f"测试粉丝{n:04}" for n in BAD]
    assert all(row[-1] for row in rows)


def an_order_makes_a_fan_vip_and_the_page_says_why(desk):
    """The address of the fan's page."""
    desk.open_list("fan")
    filtered(desk, "total_spend", "lt", "4900")
    desk.click("sort-total_spend")
    desk.page.wait_for_url(re.compile("sort="))
    if desk.at("sort-total_spend").locator("xpath=..").get_attribute("aria-sort") == "ascending":
        desk.click("sort-total_spend")
        desk.page.wait_for_url(re.compile("sort=-"))
    desk.page.locator("tbody tr").first.locator("a").first.click()
    expect(desk.at("value-tags")).not_to_contain_text("VIP")
    fan = desk.page.url.partition("?")[0]
    order_from_the_fans_page(desk, "5,200")
    desk.page.goto(fan)
    expect(desk.at("value-tags")).to_contain_text("VIP")
    expect(desk.at("value-tier")).to_contain_text("VIP")
    why_vip(desk)
    desk.fits_a_phone()
    return fan


def a_tag_gives_the_top_seller_two_hours(desk, fan):
    desk.page.goto(fan)
    desk.click("edit")
    tag(desk, desk.says("高意向", "High intent"))
    desk.fits_a_phone()
    desk.click("save")
    expect(desk.at("value-tags")).to_contain_text(desk.says("高意向", "High intent"))
    desk.seller = desk.at("record-runs").get_by_text(re.compile("一鸣|阿桐")).first.inner_text().split(" · ")[0]
    desk.open_as(desk.seller)
    open_task(desk, fan)
    expect(desk.at("due")).to_contain_text(re.compile(desk.says("1 小时|2 小时", "1 h|2 h|hour")))
    desk.fits_a_phone()
    desk.back_to_myself()


def two_hours_later_it_is_with_the_supervisor(desk, server, fan):
    server.move_clock(hours=2.05)
    desk.open_as(desk.says("敏姐", "敏姐"))
    desk.click("nav-tasks")
    waiting = desk.page.locator("#tasks-hits a", has_text=title_of(desk))
    while not waiting.count():
        desk.page.wait_for_timeout(200)
        desk.page.reload()
    waiting.first.click()
    expect(desk.at("history")).to_contain_text(desk.says("升级", "scalated"))


def the_supervisor_completes_it(desk, fan):
    desk.at("asked").locator("[data-test='field-v-follow_status'], [name='v-follow_status']").first.select_option("contacted")
    desk.click("do-complete")
    expect(desk.at("toast")).to_be_visible()
    desk.back_to_myself()


def filtered(desk, field, op, value):
    desk.click("filter")
    desk.at("filter-field").select_option(field)
    desk.at("filter-op").select_option(op)
    desk.fill("field-fv", value)
    desk.click("filter-add")
    expect(desk.at("chip-0")).to_be_visible()


def order_from_the_fans_page(desk, amount):
    desk.click("add-orders")
    desk.fill("field-amount", amount)
    desk.at("field-status").select_option("paid")
    desk.fits_a_phone()
    desk.click("save")
    expect(desk.at("value-status")).to_be_visible()


def why_vip(desk):
    desk.click("why-tags")
    told = desk.page.locator("#why")
    expect(told).to_contain_text(desk.says("累计消费超过 5,000 元：VIP", "Spent more than 5,000: VIP"))
    desk.page.keyboard.press("Escape")
    expect(told).to_be_hidden()


def tag(desk, words):
    desk.at("field-tags").locator(".picker", has_text=words).click()


def title_of(desk):
    return desk.says("2 小时内联系", "within 2 hours")


def open_task(desk, fan):
    desk.click("nav-tasks")
    desk.page.locator("#tasks-hits a", has_text=title_of(desk)).first.click()
    expect(desk.at("task-title")).to_contain_text(title_of(desk))


def workbook(path):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for n in range(1, 1001):
            sheet.write_row(n, 0, [f"测试粉丝{n:04}", BAD.get(n, "抖音" if n % 3 else "快手"), "1998-06-01", "护肤品偏好"])
    return path
