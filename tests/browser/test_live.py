"""A form that answers while one types: in the record's form, in a public form, in the preview of the designer."""

import re

import pytest
from playwright.sync_api import expect

from engines.apps import links as store
from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people
from engines.core.kernel.work import Actor
from engines.core.records import query
from engines.form import submit

from ..runtime.offers import OFFERS
from .conftest import both_widths, serving


class Desk:
    """The app on a server in this process."""

    def __init__(self, platform):
        self.platform = platform
        self.app = platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, OFFERS))
        self.owner = Actor(platform.run(SYSTEM, lambda uow: people.add(uow.session, "owner", "owner")), "owner")

    def make(self, form, /, **given):
        return self.platform.run(self.owner, lambda uow: submit.create_record(uow, self.app.form(form), given)).id

    def rows(self):
        source = self.app.form("offer").source
        return self.platform.look(SYSTEM, lambda look: query.many(look, source, range(1, 9)))


@pytest.fixture
def desk(tmp_path):
    platform = open_platform(tmp_path, sync="off")
    desk = Desk(platform)
    with serving(platform) as desk.at:
        yield desk
    platform.close()


@pytest.fixture
def filling(desk, page):
    """The empty form of an offer, awake; `page.calls` is what it asks of the server from then on."""
    token = desk.platform.run(SYSTEM, lambda uow: people.make_link(uow.session, "owner"))
    page.goto(f"{desk.at}/sign-in/{token}")
    page.calls = []
    opened(page, f"{desk.at}/a/offers/offer/new")
    page.on("request", lambda request: page.calls.append(request.url))
    return page


def opened(page, address):
    page.goto(address)
    page.wait_for_load_state("networkidle")


def at(page, name):
    return page.locator(f"[data-test=field-{name}]")


def test_a_computed_amount_follows_what_is_typed_without_a_request(filling):
    page = filling
    at(page, "price").fill("12.5")
    at(page, "qty").fill("4")
    expect(at(page, "total")).to_contain_text("¥50.00")
    at(page, "rate").fill("10")
    expect(at(page, "total")).to_contain_text("¥45.00")
    at(page, "qty").fill("１.２万")
    expect(at(page, "total")).to_contain_text("¥135,000.00")
    expect(at(page, "big")).to_contain_text("是")
    at(page, "qty").fill("many")
    expect(at(page, "total")).to_contain_text("¥0.00")
    assert page.calls == []
    assert page.grumbles == []


def test_it_goes_on_without_a_network(filling):
    page = filling
    page.context.set_offline(True)
    at(page, "price").fill("3")
    at(page, "qty").fill("3")
    expect(at(page, "total")).to_contain_text("¥9.00")
    page.context.set_offline(False)


def test_rows_on_the_page_are_summed_as_they_are_typed(filling):
    page = filling
    page.locator("[data-test=add-lines]").click()
    page.locator("[name=lines-0-amount]").fill("1.10")
    page.locator("[data-test=add-lines]").click()
    page.locator("[name=lines-1-amount]").fill("2.20")
    expect(at(page, "lines_sum")).to_contain_text("¥3.30")
    page.locator("[data-row-drop]").first.click()
    expect(at(page, "lines_sum")).to_contain_text("¥2.20")


def test_a_condition_hides_a_field_with_its_error(filling):
    page = filling
    at(page, "kind").select_option("lost")
    expect(at(page, "why")).to_be_visible()
    page.locator("[data-test=save]").click()
    expect(page.locator("#why-why")).to_be_visible()
    at(page, "kind").select_option("open")
    expect(page.locator("#why-why")).to_be_hidden()
    page.locator("[data-test=save]").click()
    expect(page.locator("[data-test=toast]")).to_contain_text("已保存")


SAID = {"zh": "截止早于开始：改晚一些，或把开始提前", "en": "Due before start: choose a later day"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_broken_rule_says_so_under_its_field_until_it_is_mended(filling, desk, language):
    page = filling
    opened(page, f"{desk.at}/language/{language}?back=/a/offers/offer/new")
    page.calls.clear()
    at(page, "start").fill("2026-11-20")
    at(page, "due").fill("2026-11-19")
    said = page.locator("#why-due")
    expect(said).to_have_text(SAID[language])
    expect(at(page, "due")).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Tab")
    at(page, "price").fill("12.5")
    at(page, "qty").fill("300")
    at(page, "kind").select_option("lost")
    both_widths(page, f"live_rule_{language}")
    at(page, "due").fill("2026-11-21")
    expect(said).to_have_count(0)
    assert page.calls == []


def test_the_server_refuses_what_the_page_was_tricked_into(filling, desk):
    page = filling
    at(page, "name").fill("x")
    at(page, "start").fill("2026-11-20")
    at(page, "due").fill("2026-11-19")
    page.evaluate("document.querySelector('#why-due')?.remove()")
    page.evaluate("document.querySelector('[data-test=field-total] [data-worked]').textContent = '¥1,000,000.00'")
    page.locator("[data-test=save]").click()
    expect(page.locator("[data-test=problems]")).to_contain_text("截止")
    expect(page.locator("#why-due")).to_be_visible()
    assert desk.rows() == []
    page.wait_for_load_state("networkidle")
    at(page, "due").fill("2026-11-20")
    expect(page.locator("#why-due")).to_have_count(0)
    page.locator("[data-test=save]").click()
    expect(page.locator("[data-test=toast]")).to_contain_text("已保存")
    assert [row["total"] for row in desk.rows()] == [0]


def test_a_field_is_needed_or_locked_as_the_others_say(filling):
    page = filling
    at(page, "name").fill("a long name")
    star = page.locator("[data-field=nick] .req")
    expect(star).to_be_hidden()
    at(page, "price").fill("300")
    expect(star).to_be_visible()
    expect(at(page, "nick")).to_have_attribute("aria-required", "true")
    at(page, "kind").select_option("lost")
    expect(page.locator("[data-field=rate]")).to_have_attribute("inert", "")
    at(page, "kind").select_option("open")
    expect(page.locator("[data-field=rate]")).not_to_have_attribute("inert", "")
    at(page, "rate").fill("5")


def test_an_untouched_default_moves_along(filling):
    page = filling
    at(page, "start").fill("2026-02-25")
    expect(at(page, "due")).to_have_value("2026-03-04")
    at(page, "due").fill("2026-03-09")
    at(page, "start").fill("2026-02-26")
    expect(at(page, "due")).to_have_value("2026-03-09")


def test_a_value_over_a_relation_comes_from_the_server_when_it_leads_elsewhere(filling, desk):
    page = filling
    desk.make("city", name="Near", fee="2.5")
    at(page, "price").fill("10")
    at(page, "qty").fill("1")
    expect(at(page, "sent")).to_contain_text("¥10.00")
    page.locator("[data-field=city] .ts-control").click()
    page.locator(".ts-dropdown .option", has_text="Near").click()
    expect(at(page, "sent")).to_contain_text("¥12.50")
    assert [call for call in page.calls if call.endswith("/shown")]


def test_what_only_the_server_can_tell_is_asked_there(filling):
    page = filling
    expect(at(page, "note")).to_be_hidden()
    at(page, "name").fill("ann")
    at(page, "price").click()
    expect(at(page, "note")).to_be_visible()


def test_nothing_moves_when_the_page_wakes_up(filling, desk):
    page = filling
    offer = desk.make("offer", name="x", price=3, qty=2, kind="open")
    page.add_init_script("""
      window.moved = 0;
      const add = (e) => { if (!e.hadRecentInput) window.moved += e.value; };
      new PerformanceObserver((list) => list.getEntries().forEach(add))
        .observe({ type: "layout-shift", buffered: true });""")
    opened(page, f"{desk.at}/a/offers/offer/{offer}/edit")
    expect(at(page, "total")).to_contain_text("¥6.00")
    assert page.evaluate("window.moved") < 0.01
    both_widths(page, "live_form_zh")


def test_a_public_form_answers_too(desk, page):
    definition = {"label": {"zh": "报价", "en": "Offer"}, "fields": ["name", "kind", "why", "start", "due"]}
    link = desk.platform.run(desk.owner, lambda uow: store.make(uow, desk.app.form("offer"), definition))
    opened(page, f"{desk.at}/f/{link}")
    assert "margin" not in page.content()
    assert "price" not in page.content()
    expect(page.locator("[data-field=why]")).to_be_hidden()
    page.locator(".picker:has(input[value=lost])").click()
    expect(page.locator("[data-field=why]")).to_be_visible()
    at(page, "start").fill("2026-11-20")
    expect(at(page, "due")).to_have_value("2026-11-27")
    at(page, "due").fill("2026-11-01")
    expect(page.locator("#why-due")).to_be_visible()
    page.keyboard.press("Tab")
    both_widths(page, "live_public_zh")
    page.locator(".picker:has(input[value=open])").click()
    page.locator("[data-test=send]").click()
    expect(page.locator("[data-test=problems]")).to_be_visible()
    expect(page.locator("#why-due")).to_be_visible()
    assert [grumble for grumble in page.grumbles if "422" not in grumble] == []


def test_the_preview_of_the_designer_answers_too(filling, desk):
    page = filling
    page.goto(f"{desk.at}/build/offers/forms/offer")
    opened(page, f"{desk.at}/build/offers/forms/offer/preview")
    at(page, "price").fill("2")
    at(page, "qty").fill("3")
    expect(at(page, "total")).to_contain_text("¥6.00")
    at(page, "kind").select_option("lost")
    expect(page.locator("[data-field=why]")).to_be_visible()
    at(page, "name").fill("ann")
    at(page, "price").click()
    expect(page.locator("[data-field=note]")).to_be_visible()
    assert re.search(r"preview/shown", " ".join(page.calls))
