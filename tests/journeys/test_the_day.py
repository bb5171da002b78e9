"""A day at the livestream team, by mouse and keyboard, in Chinese and again in English."""

import re
from collections import namedtuple

import xlsxwriter
from playwright.sync_api import expect

from engines.form.sheets import read

from ..browser.drags import answered, drag
from .desk import APP

HEADER = ["粉丝昵称", "主平台", "生日", "标签"]
BAD = {100: "？", 250: "", 333: "QQ", 400: "TV", 512: "x", 777: "抖 音 号", 1000: "-"}

Fan = namedtuple("Fan", "page name")


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
    """Whom we go on with."""
    desk.open_list("fan")
    filtered(desk, "total_spend", "lt", "4900")
    desk.click("sort-total_spend")
    desk.page.wait_for_url(re.compile("sort="))
    if desk.at("sort-total_spend").locator("xpath=..").get_attribute("aria-sort") == "ascending":
        desk.click("sort-total_spend")
        desk.page.wait_for_url(re.compile("sort=-"))
    desk.page.locator("tbody tr").first.locator("a").first.click()
    expect(desk.at("value-tags")).not_to_contain_text("VIP")
    fan = Fan(desk.page.url.partition("?")[0], desk.page.locator("h1").inner_text())
    order_from_the_fans_page(desk, "5,200")
    desk.page.goto(fan.page)
    expect(desk.at("value-tags")).to_contain_text("VIP")
    expect(desk.at("value-tier")).to_contain_text("VIP")
    why_vip(desk)
    desk.fits_a_phone()
    return fan


def a_tag_gives_the_top_seller_two_hours(desk, fan):
    """What the seller is called."""
    desk.page.goto(fan.page)
    desk.click("edit")
    desk.tag("tags", desk.says("高意向", "High intent"))
    desk.fits_a_phone()
    desk.click("save")
    expect(desk.at("value-tags")).to_contain_text(desk.says("高意向", "High intent"))
    given = desk.at("record-runs").get_by_text(re.compile("一鸣|阿桐")).first.inner_text()
    seller = given.partition(" ")[0]
    desk.open_as(seller, desk.says(seller, {"一鸣": "Ming", "阿桐": "Tong"}[seller]))
    open_task(desk, fan)
    expect(desk.at("due")).to_contain_text(re.compile(desk.says("还有 2 小时|1 小时 59 分", "2 h|1 h 59")))
    desk.fits_a_phone()
    desk.back_to_myself()


def two_hours_later_it_is_with_the_supervisor(desk, server, fan):
    server.move_clock(hours=2.05)
    desk.open_as("敏姐", desk.says("敏姐", "Min ·"))
    desk.wait_for_task(task_words(desk, fan))
    open_task(desk, fan)
    expect(desk.at("due")).to_contain_text(desk.says("已升级", "Escalated"))
    expect(desk.at("history")).to_contain_text("敏姐")
    desk.fits_a_phone()


def the_supervisor_completes_it(desk, fan):
    desk.at("field-v-follow_status").select_option("contacted")
    desk.click("do-complete")
    expect(desk.at("toast")).to_be_visible()
    expect(desk.task(task_words(desk, fan))).to_have_count(0)
    desk.back_to_myself()
    desk.page.goto(fan.page)
    expect(desk.at("value-follow_status")).to_contain_text(desk.says("已沟通", "Contacted"))


def a_bar_of_the_review_leads_to_what_it_counts(desk):
    desk.click("nav-d-session_review")
    drawn(desk)
    desk.fits_a_phone()
    told = click_a_bar(desk, "w_interaction_by_day")
    desk.click("see-records")
    expect(desk.at("count")).to_have_text(told)
    desk.fits_a_phone()
    assert listed(desk) == int(told.replace(",", ""))


def listed(desk):
    """Records on all pages of the list behind a mark."""
    rows = desk.page.locator("[data-test^=row-]").count()
    while desk.at("next").count():
        desk.click("next")
        rows += desk.page.locator("[data-test^=row-]").count()
    return rows


def a_new_field_is_dragged_onto_the_fan_form(desk, fan):
    desk.page.goto(fan.page)
    desk.click("design")
    with answered(desk.page):
        drag(desk.page, desk.at("type-rating"), desk.at("canvas-city"), dy=0.2)
    for language, words in (("zh", "喜欢程度"), ("en", "How much they like us")):
        with answered(desk.page):
            desk.fill(f"field-p-label.{language}", words)
            desk.page.keyboard.press("Tab")
    expect(desk.at("canvas-rating")).to_contain_text(desk.says("喜欢程度", "How much they like us"))
    desk.fits_a_phone()
    desk.click("publish")
    expect(desk.at("plan-item").first).to_be_visible()
    desk.fits_a_phone()
    desk.click("do-publish")
    expect(desk.at("version-2")).to_be_visible()
    desk.page.goto(fan.page)
    desk.click("edit")
    desk.at("field-rating").locator("label").nth(3).click()
    desk.click("save")
    expect(desk.at("value-rating").locator("[role=img]")).to_have_attribute("aria-label", "4 / 5")


def the_app_leaves_as_a_file(desk, folder):
    """Where the file is."""
    desk.click("app-menu")
    desk.click("export-app")
    expect(desk.at("leaves")).to_contain_text(re.compile(r"6\d,\d{3}"))
    desk.fits_a_phone()
    with desk.page.expect_download() as download:
        desk.click("download")
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    return file


def the_same_day_works_elsewhere(desk, file):
    the_app_is_taken_in(desk, file)
    the_owner_sells_too(desk)
    fan = a_fan_by_hand(desk, desk.says("爱喝奶茶的阿May", "May loves boba"))
    order_from_the_fans_page(desk, "3,000")
    order_from_the_list(desk, fan, "2,500")
    desk.page.goto(fan.page)
    expect(desk.at("value-tags")).to_contain_text("VIP")
    why_vip(desk)
    desk.click("edit")
    desk.tag("tags", desk.says("高意向", "High intent"))
    desk.click("save")
    open_task(desk, fan)
    desk.at("field-v-follow_status").select_option("contacted")
    desk.click("do-complete")
    expect(desk.task(task_words(desk, fan))).to_have_count(0)
    desk.click("nav-d-session_review")
    drawn(desk)


def the_app_is_taken_in(desk, file):
    desk.click("import-app")
    desk.at("file").set_input_files(file)
    desk.click("look")
    acting = desk.page.locator("input[name=on]")
    expect(acting.first).not_to_be_checked()
    for n in range(acting.count()):
        acting.nth(n).check()
    desk.fits_a_phone()
    desk.click("take-in")
    expect(desk.at("vacant-gold_seller")).to_be_visible()


def the_owner_sells_too(desk):
    """Nobody has a role in an app that has just come: the owner takes the one that gets the tasks."""
    desk.click("give-roles")
    desk.page.locator("[data-test^=person-] a").first.click()
    desk.click(f"role-{APP}-gold_seller")
    expect(desk.at(f"role-{APP}-gold_seller")).to_have_attribute("aria-pressed", "true")
    desk.fits_a_phone()


def a_fan_by_hand(desk, name):
    desk.click("nav-home")
    desk.click("nav-fan")
    desk.click("new")
    desk.fill("field-handle", name)
    desk.at("field-platform").select_option("wechat")
    desk.click("save")
    expect(desk.at("value-handle")).to_contain_text(name)
    return Fan(desk.page.url.partition("?")[0], name)


def task_words(desk, fan):
    return desk.says(f"2 小时内联系高意向粉丝：{fan.name}", f"Contact {fan.name} within 2 hours")


def open_task(desk, fan):
    desk.click("nav-tasks")
    desk.task(task_words(desk, fan)).click()
    expect(desk.at("task-title")).to_contain_text(fan.name)


def filtered(desk, field, op, value):
    desk.click("filter")
    desk.at("filter-field").select_option(field)
    desk.at("filter-op").select_option(op)
    desk.fill("field-fv", value)
    desk.click("filter-add")
    expect(desk.at("chip-0")).to_be_visible()


def order_from_the_list(desk, fan, amount):
    desk.click("nav-order")
    desk.click("new")
    desk.pick("fan", fan.name)
    fill_in_an_order(desk, amount)


def order_from_the_fans_page(desk, amount):
    desk.click("add-orders")
    fill_in_an_order(desk, amount)


def fill_in_an_order(desk, amount):
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


def drawn(desk):
    """Until every chart of the board stands."""
    charts = desk.page.locator("[data-chart]").count()
    expect(desk.page.locator("[data-drawn] svg")).to_have_count(charts, timeout=20_000)


def click_a_bar(desk, tile):
    """The number that the bar's menu tells; the lowest bar that a pointer can hit has the fewest pages of records."""
    bars = desk.page.locator(f"[data-test=chart-{tile}] path[aria-roledescription=bar]")
    heights = bars.evaluate_all("bars => bars.map(bar => bar.getBoundingClientRect().height)")
    bars.nth(heights.index(min(height for height in heights if height > 6))).click()
    return desk.page.locator("#mark-menu [data-words]").inner_text().rpartition("·")[2].strip()


def workbook(path):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for n in range(1, 1001):
            sheet.write_row(
                n, 0, [f"测试粉丝{n:04}", BAD.get(n, "抖音" if n % 3 else "快手"), "1998-06-01", "护肤品偏好"]
            )
    return path
