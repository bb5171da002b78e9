"""Somebody opens a dashboard in a real browser, clicks a mark and lands on exactly the records that it counts."""

import re

import pytest
from playwright.sync_api import expect

from engines.core.kernel import clock

from ..conftest import ROOT
from ..engines.report.shop import NOW, Shop, micros
from .conftest import both_widths

SHOTS = ROOT / "var" / "shots"


@pytest.fixture
def backend():
    return "sqlite"


@pytest.fixture
def shop(platform):
    shop = Shop(platform)
    with clock.frozen(micros(NOW)):
        yield shop


def drawn(page):
    """Until every chart stands."""
    count = page.locator("[data-chart]").count()
    expect(page.locator("[data-drawn] svg")).to_have_count(count, timeout=20_000)
    return count


def open_board(page, site, language):
    address, link = site
    page.goto(link)
    page.goto(f"{address}/language/{language}?back=/a/shop/d/review")
    assert drawn(page) == 5


def click_mark(page, test, mark):
    """The number told in the menu of a mark."""
    page.locator(f"[data-test={test}] {mark}").first.click()
    expect(page.locator("#mark-menu")).to_be_visible()
    return int(page.locator("#mark-menu [data-words]").inner_text().rsplit("·", 1)[1].replace(",", ""))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_click_on_a_bar_lands_on_exactly_the_records_it_counts(site, page, language):
    open_board(page, site, language)
    both_widths(page, f"dashboard_{language}")
    count = click_mark(page, "chart-channels", "path[aria-roledescription=bar]")
    page.locator("[data-test=see-records]").click()
    expect(page.locator("[data-test=count]")).to_have_text(str(count))
    assert page.locator("tbody tr").count() == min(count, 50)
    both_widths(page, f"drilled_{language}")
    page.locator("[data-test=back-to-report]").click()
    drawn(page)
    assert page.grumbles == []


def test_a_mark_filters_the_other_charts_and_lets_go_again(site, page):
    open_board(page, site, "en")
    before = page.locator("[data-test=tile-count] [data-test=kpi]").inner_text()
    count = click_mark(page, "chart-channels", "path[aria-roledescription=bar]")
    page.locator("[data-test=filter-by]").click()
    drawn(page)
    expect(page.locator("[data-test=tile-count] [data-test=kpi]")).to_have_text(str(count))
    page.locator("[data-test=cross-0]").click()
    expect(page.locator("[data-test=tile-count] [data-test=kpi]")).to_have_text(before)


def test_period_and_choices_are_set_by_hand_and_stay_in_the_address(site, page):
    open_board(page, site, "en")
    page.locator("[data-test=period-this-year]").click()
    page.locator("[data-test=choice-channel]").click()
    page.locator("[data-test=option-web]").check()
    page.locator("[data-test=choice-apply]").click()
    drawn(page)
    expect(page.locator("[data-test=choice-channel]")).to_contain_text("Web")
    expect(page.locator("[data-test=period-this-year]")).to_have_class("on")
    assert re.search("period=this(%20|\\+)year", page.url)


def test_charts_follow_the_dark_theme_and_every_chart_is_a_table_too(site, page):
    open_board(page, site, "zh")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    expect(page.locator("[data-drawn=dark]")).to_have_count(5)
    both_widths(page, "dashboard_dark")
    page.locator("[data-test=numbers-channels]").click()
    expect(page.locator("[data-test=tile-channels] table")).to_be_visible()
    assert page.grumbles == []
