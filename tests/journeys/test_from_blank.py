"""A small app is built from nothing, published and used on the same day: by mouse, and again by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from ..browser.drags import answered, drag
from .keys import Keys


@pytest.mark.parametrize("language", ["zh"])
def test_an_app_is_built_from_blank_and_used_by_mouse(desk, elsewhere):
    desk.sign_in(elsewhere.link)
    forms_by_mouse(desk)
    a_rule_by_mouse(desk)
    a_flow_by_mouse(desk)
    a_dashboard_by_mouse(desk)
    publish_by_mouse(desk)
    a_request_is_filed_by_mouse(desk)
    its_task_is_done_by_mouse(desk)
    a_bar_leads_to_the_request_by_mouse(desk)


def change(desk, spot, act="click", *value):
    """Something that changes the draft, until the page has heard of it."""
    with answered(desk.page):
        getattr(desk.at(spot) if isinstance(spot, str) else spot, act)(*value)


def written(desk, spot, text):
    """Text into a control of a panel; a click elsewhere ends it."""
    box = desk.at(spot) if isinstance(spot, str) else spot
    box.click(click_count=3)
    with answered(desk.page):
        desk.page.keyboard.type(text)
        desk.page.locator("[data-props-title], .card-h h3").first.click()


def awake(desk, problems=0):
    expect(desk.page.locator("[data-n]")).to_have_text(str(problems))


def dragged_in(desk, kind, words):
    """A type dragged to the end of the form, and named where it stands."""
    last = desk.page.locator("#canvas [data-item][data-kind=field]").last
    with answered(desk.page):
        drag(desk.page, desk.at(f"type-{kind}"), last, dx=0.3, dy=0.9)
    new = desk.at(f"canvas-{kind}")
    new.locator(".shown").dblclick(force=True)
    desk.page.keyboard.type(words)
    with answered(desk.page):
        desk.at("form-title").click()


def forms_by_mouse(desk):
    desk.click("new-app")
    desk.fill("blank-name", "报修")
    desk.click("from-blank")
    awake(desk)
    written(desk, "field-p-label.zh", "设备")
    desk.click("form-menu")
    desk.click("new-form")
    expect(desk.page).to_have_url(re.compile("form_2"))
    awake(desk)
    written(desk, "field-p-label.zh", "报修单")
    for kind, words in (("relation", "哪台设备"), ("select", "紧急程度"), ("date", "希望修好"), ("tags", "标记")):
        dragged_in(desk, kind, words)
    for kind, options in (("select", ("高", "低")), ("tags", ("急",))):
        change(desk, f"canvas-{kind}")
        for n, words in enumerate(options):
            written(desk, desk.page.locator(f"[name='p-options-{n}-zh']"), words)


def picked(desk, field, words):
    """One of a list that can be searched, in a panel."""
    desk.page.locator(f"#f-p-{field} + .ts-wrapper .ts-control").click()
    with answered(desk.page):
        desk.page.locator(".ts-dropdown .option:visible", has_text=words).click()


def a_rule_by_mouse(desk):
    desk.click("tab-rules")
    desk.click("new-rules")
    awake(desk, problems=1)  # nothing happens yet
    written(desk, "field-p-label.zh", "高的要急办")
    picked(desk, "form", "报修单")
    change(desk, desk.page.locator("#panel label", has_text="一直有效"))
    change(desk, "add-condition-")
    change(desk, "subject-0", "select_option", "select")
    desk.click("add-action")
    change(desk, "action-add_tag")
    change(desk, "toggle")
    expect(desk.at("sentence")).to_contain_text("急")
    awake(desk)


def a_flow_by_mouse(desk):
    desk.click("tab-flows")
    desk.click("new-flows")
    awake(desk)
    written(desk, "field-p-label.zh", "新报修")
    picked(desk, "form", "报修单")
    change(desk, "node-start")
    change(desk, "trigger", "select_option", "record_created")
    desk.at("plus").first.click()
    change(desk, "kind-handle")
    change(desk, "field-p-assign-0-who", "select_option", "admin")
    written(desk, "field-p-title.zh", "去修：{{title}}")
    written(desk, "field-p-due.n", "1")
    desk.click("add-p-deadlines")
    written(desk, desk.page.locator("[data-test^=field-p-deadlines-][data-test$='after.n']").last, "1")
    expect(desk.at("node-handle")).to_contain_text("1")
    change(desk, "toggle")
    awake(desk)


def a_dashboard_by_mouse(desk):
    desk.click("tab-reports")
    desk.click("new-reports")
    awake(desk)
    change(desk, "source", "select_option", "source:form_2")
    with answered(desk.page):
        drag(desk.page, desk.at("field-select"), desk.at("shelf-rows"))
    change(desk, "chart-bar")
    written(desk, "field-p-title.zh", "各紧急程度的报修")
    desk.click("part-menu")
    desk.click("new-dashboards")
    awake(desk)
    change(desk, "add-report-report")
    expect(desk.at("tile-w1")).to_be_visible()


def publish_by_mouse(desk):
    desk.click("publish")
    expect(desk.at("do-publish")).to_be_enabled()
    desk.click("do-publish")
    expect(desk.at("version-2")).to_be_visible()


def a_request_is_filed_by_mouse(desk):
    desk.page.locator("#bar a[href='/']").click()
    desk.click("open-form")
    desk.at("new").first.click()
    desk.fill("field-title", "三号打印机")
    desk.click("save")
    expect(desk.at("value-title")).to_contain_text("三号打印机")
    desk.click("nav-form_2")
    desk.at("new").first.click()
    desk.fill("field-title", "卡纸")
    desk.pick("relation", "三号打印机")
    desk.at("field-select").select_option("one")
    desk.click("save")
    expect(desk.at("value-tags")).to_contain_text("急")
    desk.click("why-tags")
    expect(desk.page.locator("#why")).to_contain_text("高的要急办")
    desk.page.mouse.click(5, 5)


def its_task_is_done_by_mouse(desk):
    desk.wait_for_task("去修：卡纸")
    desk.task("去修：卡纸").click()
    expect(desk.at("due")).to_contain_text(re.compile("1 小时|5[0-9] 分"))
    desk.click("do-complete")
    expect(desk.task("去修：卡纸")).to_have_count(0)


def a_bar_leads_to_the_request_by_mouse(desk):
    desk.click("nav-home")
    desk.click("open-form")
    desk.click("nav-d-dashboard")
    desk.page.locator("[data-test=chart-w1] path[aria-roledescription=bar]").first.click(timeout=20_000)
    desk.click("see-records")
    desk.page.locator("tbody a", has_text="卡纸").first.click()
    expect(desk.at("value-title")).to_contain_text("卡纸")


@pytest.mark.parametrize("language", ["en"])
def test_an_app_is_built_from_blank_and_used_by_keyboard_alone(desk, elsewhere):
    desk.sign_in(elsewhere.link)
    keys = Keys(desk)
    forms_by_keys(keys)
    a_rule_by_keys(keys)
    a_flow_by_keys(keys)
    a_dashboard_by_keys(keys)
    publish_by_keys(keys)
    a_request_is_filed_by_keys(keys)
    its_task_is_done_by_keys(keys)
    a_number_leads_to_the_request_by_keys(keys)


def forms_by_keys(keys):
    keys.go("new-app")
    keys.tab_to("blank-name")
    keys.type("Workshop")
    keys.press("Enter")
    keys.designer("forms")
    keys.pane("field-p-label.zh")
    keys.named("Equipment")
    keys.command("New: Form")
    expect(keys.page).to_have_url(re.compile("form_2"))
    keys.designer("forms")
    keys.pane("field-p-label.zh")
    keys.named("Repair request")
    for found, kind, words in (
        ("related", "relation", "Which one"),
        ("select", "select", "Priority"),
        ("date", "date", "Wanted by"),
        ("tags", "tags", "Marks"),
    ):
        put_in(keys, found, kind, words)
    options(keys, "Urgent")
    keys.press("Escape")
    expect(keys.at("canvas-tags")).to_be_focused()
    keys.edit("ArrowUp")
    keys.edit("ArrowUp")
    expect(keys.at("canvas-select")).to_be_focused()
    options(keys, "High", "Low")


def put_in(keys, found, kind, words):
    """A type looked for in the palette, then named where it stands."""
    keys.pane("find-type")
    keys.type(found)
    keys.edit("Enter")
    keys.pane(f"canvas-{kind}")
    keys.press("F2")
    keys.type(words)
    keys.edit("Enter")
    expect(keys.at(f"canvas-{kind}")).to_be_focused()


def options(keys, *words):
    keys.press("Enter")
    expect(keys.at("field-p-label.zh")).to_be_focused()
    for n, text in enumerate(words):
        keys.tab_to(keys.page.locator(f"[name='p-options-{n}-en']"))
        keys.type(text)
        keys.edit("Tab")


def a_rule_by_keys(keys):
    keys.command("New: Rule")
    keys.designer("rules", problems=1)  # nothing happens yet
    keys.pane("field-p-label.zh")
    keys.named("High is urgent")
    keys.tab_to(keys.page.locator("#f-p-form-ts-control"))
    with answered(keys.page):
        keys.choose("Repair request")
    keys.tab_to(keys.page.locator("#panel input[type=radio]:checked"))
    keys.edit("ArrowUp")
    keys.tab_to("add-condition-")
    keys.edit("Enter")
    expect(keys.at("subject-0")).to_be_focused()
    with answered(keys.page):
        keys.type("Priority")
    keys.go("add-action")
    keys.tab_to("action-add_tag")
    keys.edit("Enter")
    keys.tab_to("toggle")
    keys.edit("Enter")
    expect(keys.at("sentence")).to_contain_text("Urgent")
    expect(keys.page.locator("[data-n]")).to_have_text("0")


def a_flow_by_keys(keys):
    keys.command("New: Flow")
    keys.designer("flows")
    keys.pane("field-p-label.zh")
    keys.named("New request")
    keys.tab_to(keys.page.locator("#f-p-form-ts-control"))
    with answered(keys.page):
        keys.choose("Repair request")
    keys.pane("node-start")
    keys.press("Enter")
    expect(keys.at("trigger")).to_be_focused()
    with answered(keys.page):
        keys.type("When a record is cr")
    keys.press("Escape", "n")
    expect(keys.at("find-kind")).to_be_focused()
    keys.type("handle")
    keys.edit("Enter")
    expect(keys.at("node-handle")).to_be_focused()
    keys.press("Enter")
    expect(keys.at("field-p-label.zh")).to_be_focused()
    keys.tab_to("field-p-assign-0-who")
    with answered(keys.page):
        keys.type("An admin")
    keys.tab_to("field-p-title.zh")
    keys.named("Repair: {{title}}")
    keys.tab_to("field-p-due.n")
    keys.type("1")
    keys.edit("Tab")
    keys.go("add-p-deadlines")
    keys.type("1")
    keys.edit("Tab")
    expect(keys.at("node-handle")).to_contain_text("reminds after 1 h")
    keys.tab_to("toggle")
    keys.edit("Enter")
    expect(keys.page.locator("[data-n]")).to_have_text("0")


def a_dashboard_by_keys(keys):
    keys.command("New: Report")
    keys.designer("reports")
    keys.pane("find-field")
    keys.press("Shift+Tab")
    with answered(keys.page):
        keys.type("Repair")
    keys.tab_to("field-select")
    keys.edit("Enter")
    keys.tab_to("chart-bar")
    expect(keys.at("chart-bar")).to_have_attribute("aria-pressed", "true")
    keys.pane("field-p-title.zh")
    keys.named("Requests by priority")
    keys.command("New: Dashboard")
    keys.designer("dashboards")
    keys.tab_to("add-report-report")
    keys.edit("Enter")
    expect(keys.at("tile-w1")).to_be_focused()


def publish_by_keys(keys):
    keys.command("Publish")
    expect(keys.at("do-publish")).to_be_enabled()
    keys.go("do-publish")
    expect(keys.at("version-2")).to_be_visible()


def a_request_is_filed_by_keys(keys):
    keys.go(keys.page.locator("#bar a[href='/']"))
    expect(keys.at("open-form")).to_be_visible()
    keys.go("open-form")
    new(keys)
    keys.type("Printer 3")
    keys.press("Enter")
    expect(keys.at("value-title")).to_contain_text("Printer 3")
    keys.go("nav-form_2")
    expect(keys.page).to_have_url(re.compile("form_2$"))
    new(keys)
    keys.type("Paper jam")
    keys.tab_to(keys.page.locator("[data-field=relation] .ts-control input"))
    keys.choose("Printer 3")
    keys.tab_to("field-select")
    keys.type("High")
    keys.go("save")
    expect(keys.at("value-tags")).to_contain_text("Urgent")
    keys.go("why-tags")
    expect(keys.page.locator("#why")).to_contain_text("High is urgent")
    keys.press("Escape")
    expect(keys.page.locator("#why")).to_be_hidden()


def new(keys):
    """An empty record, with the keyboard in its first field."""
    expect(keys.at("new").first).to_be_visible()
    keys.go(keys.at("new"))
    expect(keys.at("field-title")).to_be_visible()
    keys.tab_to("field-title")


def its_task_is_done_by_keys(keys):
    keys.go("nav-tasks")
    task = keys.desk.task("Repair: Paper jam")
    for _ in range(30):
        expect(keys.page.locator("#tasks-hits")).to_be_attached()
        if task.count():
            break
        keys.press("F5")
    keys.go(task)
    expect(keys.at("due")).to_contain_text(re.compile("1 h|5[0-9] m"))
    keys.go("do-complete")
    expect(task).to_have_count(0)


def a_number_leads_to_the_request_by_keys(keys):
    keys.go("nav-home")
    expect(keys.at("open-form")).to_be_visible()
    keys.go("open-form")
    expect(keys.at("nav-d-dashboard")).to_be_visible()
    keys.go("nav-d-dashboard")
    expect(keys.page.locator("[data-drawn] svg")).to_have_count(1, timeout=20_000)
    keys.go("numbers-w1")
    keys.go(keys.page.locator("details.numbers td a"))
    row = keys.page.locator("tbody a", has_text="Paper jam").first
    expect(row).to_be_visible()
    keys.go(row)
    expect(keys.at("value-title")).to_contain_text("Paper jam")
