"""Tours in a browser: every step points at something that is there; one offers itself once, and runs by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from builder_ui.apps.tours import OVERVIEW, TOURS
from tools.gallery import BUILD, LANGUAGES, SIZES

from .conftest import narrow_enough

PAGES = {
    OVERVIEW: BUILD,
    "forms": f"{BUILD}/forms/fan",
    "flows": f"{BUILD}/flows/high_intent",
    "rules": f"{BUILD}/rules/vip",
    "tables": f"{BUILD}/tables/fan_tier",
    "reports": f"{BUILD}/reports/session_sources",
    "dashboards": f"{BUILD}/dashboards/session_review",
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
INSIDE = """box => { const at = box.getBoundingClientRect();
  return at.left >= 0 && at.top >= 0 && at.right <= innerWidth && at.bottom <= innerHeight }"""


@pytest.fixture
def window(served, browser):
    """A signed-in window in one language and size, on the sample."""
    opened = []

    def open_window(language, size="wide"):
        context = browser.new_context(locale=LANGUAGES[language], viewport=SIZES[size], reduced_motion="reduce")
        opened.append(context)
        page = context.new_page()
        page.grumbles = []
        page.on("console", lambda m: page.grumbles.append(m.text) if m.type in ("error", "warning") else None)
        page.goto(served)
        page.root = served.partition("/sign-in/")[0]
        return page

    yield open_window
    for context in opened:
        context.close()


def box(page):
    return page.locator("[data-test=tour]")


def taken(page, name):
    """Walks the whole tour; what was said at each step, each beside something that is there."""
    page.goto(f"{page.root}{PAGES[name]}?tour={name}", wait_until="networkidle")
    told = []
    for n, step in enumerate(TOURS[name], 1):
        expect(box(page).locator(".driver-popover-progress-text")).to_contain_text(str(n))
        assert page.locator(step.at).count(), f"{name}: {step.at}"
        expect(page.locator(".driver-active-element")).to_have_count(1)
        assert box(page).evaluate(INSIDE), f"{name} {n}: the box leaves the window"
        narrow_enough(page, f"{name} {n} scrolls sideways")
        told.append(box(page).inner_text())
        page.keyboard.press("ArrowRight")
    expect(box(page)).to_have_count(0)
    return told


def test_the_tours_are_those_of_the_designers_and_the_overview():
    assert TOURS.keys() == PAGES.keys()
    assert all(4 <= len(steps) <= 6 for steps in TOURS.values())


@pytest.mark.parametrize(("language", "size"), [("zh", "wide"), ("en", "phone")])
def test_every_step_points_at_something_on_its_page(window, language, size):
    page = window(language, size)
    told = [words for name in PAGES for words in taken(page, name)]
    assert {bool(CHINESE.search(words)) for words in told} == {language == "zh"}


def test_a_tour_offers_itself_until_it_is_taken_and_runs_by_keyboard(window):
    page = window("zh")
    page.goto(page.root + PAGES["forms"], wait_until="networkidle")
    hint = page.locator("[data-test=tour-hint]")
    expect(hint).to_be_visible()
    with page.expect_response("**/tour/forms") as noted:
        page.locator("[data-test=tour-take]").press("Enter")
    assert noted.value.ok
    expect(box(page)).to_be_visible()
    expect(page.locator("[data-test=tour-next]")).to_be_focused()
    first = box(page).inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("[data-test=tour-back]")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-test=tour-back]")).to_be_hidden()
    assert box(page).inner_text() == first
    page.keyboard.press("Escape")
    expect(box(page)).to_have_count(0)
    page.reload(wait_until="networkidle")
    expect(hint).to_have_count(0)
    assert page.grumbles == []


def test_what_is_left_is_not_offered_again_but_on_other_pages(window):
    page = window("en")
    page.goto(page.root + PAGES["rules"], wait_until="networkidle")
    with page.expect_response("**/tour/rules"):
        page.locator("[data-test=tour-leave]").press("Enter")
    expect(page.locator("#canvas")).to_be_focused()
    page.reload()
    expect(page.locator("[data-test=tour-hint]")).to_have_count(0)
    page.goto(page.root + PAGES["tables"])
    expect(page.locator("[data-test=tour-hint]")).to_be_visible()


def test_a_tour_is_told_again_from_the_keys_the_menu_and_the_palette(window):
    page = window("en")
    page.goto(page.root + PAGES["flows"], wait_until="networkidle")
    page.locator("#view").focus()
    page.keyboard.press("?")
    page.locator("[data-test=keys-tour]").press("Enter")
    expect(box(page)).to_contain_text("What starts it")
    page.keyboard.press("Escape")
    expect(box(page)).to_have_count(0)
    page.locator("[data-test=more]").press("Enter")
    page.locator("[data-test=more-tour]").press("Enter")
    expect(box(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-test=more]")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("Tour: Decision")
    expect(page.locator("#palette [data-found] a").first).to_contain_text("Tour: Decision tables")
    page.keyboard.press("Enter")
    expect(box(page)).to_contain_text("Columns")
    assert page.url.endswith("/tables/fan_tier")


def test_the_page_hears_no_key_of_a_tour_and_gets_back_what_was_lent(window):
    page = window("en")
    page.goto(page.root + PAGES["flows"], wait_until="networkidle")
    drawer = page.locator("[data-test=drawer]")
    lent = "at => [...at.attributes].filter(one => one.name.startsWith('aria-')).map(one => one.name + one.value)"
    before = drawer.evaluate(lent)
    page.locator("[data-test^=node-]").nth(1).click()
    edits = page.locator("#saved").get_attribute("data-edits")
    page.locator("[data-test=tour-take]").click()
    expect(page.locator("[data-test=tour-next]")).to_be_focused()
    for _step in TOURS["flows"]:
        page.keyboard.press("Delete")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Control+d")
    expect(box(page)).to_have_count(0)
    assert page.locator("#saved").get_attribute("data-edits") == edits
    assert drawer.evaluate(lent) == before
