"""A choice among 400 options: quick to open and to search wherever somebody chooses, and quick to edit."""

import time

import pytest
from playwright.sync_api import expect

from .drags import answered
from .workshop import MANY


@pytest.fixture
def many(workshop):
    workshop.publish(store={"options": MANY})
    return workshop


def within(seconds, act):
    """Twice what a builder would wait for, on a machine that does other things too."""
    begun = time.monotonic()
    act()
    assert time.monotonic() - begun < seconds


def find(page, box):
    """Typed into a picker, and taken."""
    box.click()
    expect(box.locator("input")).to_be_focused()
    page.keyboard.type("317")
    expect(page.locator(".ts-dropdown:visible .option").first).to_contain_text("317")
    page.keyboard.press("Enter")


def test_people_search_them_in_a_form_and_in_a_filter(many):
    page = many.page
    page.goto(f"{many.home}/a/shop/buyer/new")
    many.spot("field-name").fill("May")
    within(2, lambda: find(page, page.locator("[data-field=store] .ts-control")))
    many.spot("save").click()
    expect(many.spot("value-store")).to_contain_text("第 317 家门店")
    page.goto(f"{many.home}/a/shop/buyer")
    many.spot("filter").click()
    many.spot("filter-field").select_option("store")
    within(3, lambda: find(page, page.locator("#cond .ts-control").last))
    page.screenshot(path="var/shots/many_filter.png")


def test_a_condition_searches_them(many):
    page = many.page
    many.edit("set", at=["rules", "vip", "when"], value='store = "o3"')
    many.open("rules/vip")
    within(3, lambda: find(page, page.locator("[data-test=value-] .ts-control, [data-test=value-0] .ts-control").first))
    expect(many.spot("sentence")).to_contain_text("第 317 家门店")
    page.screenshot(path="var/shots/many_condition.png")


def test_they_are_edited_without_waiting(many):
    page = many.page
    within(10, lambda: many.open("forms/buyer?sel=field:store"))
    many.spot("find-p-options").fill("399")
    expect(page.locator("[data-row]:visible")).to_have_count(1)
    last = page.locator("[name=p-options-399-zh]")
    within(2, lambda: last.fill("总店"))
    with answered(page):
        last.press("Tab")
    expect(page.locator("[data-row]:visible")).to_have_count(1)
    options = many.field("buyer", "store")["options"]
    assert [one["id"] for one in options] == [one["id"] for one in MANY]
    assert [one["label"] for one in options[:399]] == [one["label"] for one in MANY[:399]]
    assert options[399]["label"]["zh"] == "总店"
    page.screenshot(path="var/shots/many_editor.png")
