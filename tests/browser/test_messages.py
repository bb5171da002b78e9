"""A message template in a browser: written, sent by a step of a flow, published, and found in the outbox."""

import pytest
from playwright.sync_api import expect

from .conftest import both_widths
from .drags import answered

BUILD, APP = "/build/crm_livestream", "/a/crm_livestream"


@pytest.fixture
def home(served, page):
    """The address of the owner's workspace with the sample; the window is signed in."""
    page.goto(served)
    return page.url.rstrip("/")


def written(page, home):
    """A new template of fans with a field put in where the caret stood."""
    page.goto(f"{home}{BUILD}")
    page.locator("[data-test=new-messages]").click()
    expect(page.locator("[data-test=shown-zh]")).to_be_visible()
    text = page.locator("[data-test='field-p-text.zh']")
    text.fill("，谢谢你来")
    text.press("Home")
    page.locator("[data-test=insert]").click()
    with answered(page):
        page.locator("[data-test=insert-handle]").click()
    expect(text).to_have_value("{{handle}}，谢谢你来")


def test_a_template_is_written_sent_by_a_step_and_found_in_the_outbox(home, page):
    written(page, home)
    expect(page.locator("[data-test=shown-zh] blockquote")).to_have_text("[粉丝昵称]，谢谢你来")
    both_widths(page, "design_message")
    page.goto(f"{home}{BUILD}/flows/welcome?sel=node/sms", wait_until="networkidle")
    with answered(page):
        page.locator("[data-test=field-p-template]").select_option("message")
    expect(page.locator("[data-test='field-p-text.zh']")).to_have_count(0)
    page.locator("[data-test=publish]").click()
    page.locator("[data-test=do-publish]").click()
    expect(page.locator("[data-test=version-2]")).to_be_visible()
    page.goto(f"{home}{APP}/fan/new")
    page.locator("[data-test=field-handle]").fill("小鹿")
    page.locator("[data-test=field-platform]").select_option("douyin")
    page.locator("[data-test=field-phone]").fill("13800138000")
    page.locator("[data-test=save]").first.click()
    page.goto(f"{home}/admin/outbox?state=all")
    expect(page.locator("[data-test^=message-]").first).to_contain_text("小鹿，谢谢你来")
    page.goto(f"{home}{BUILD}/messages/message")
    expect(page.locator("[data-test=shown-zh] blockquote")).to_have_text("小鹿，谢谢你来")
    expect(page.locator("[data-test=use-welcome]")).to_be_visible()
    assert page.grumbles == []


def test_what_is_typed_is_shown_and_counted_before_it_is_kept_and_sent_to_oneself_only(home, page):
    written(page, home)
    text = page.locator("[data-test='field-p-text.zh']")
    text.press("End")
    page.keyboard.type("好" * 70)
    expect(page.locator("[data-test=size-zh]")).to_contain_text("2 条短信")
    with page.expect_response("**/to-me"):
        page.locator("[data-test=to-me]").click()
    expect(page.locator(".toasts")).to_contain_text("已发到你的站内提醒")
    page.goto(home)
    page.locator("[data-test=bell]").first.click()
    expect(page.locator("#notices")).to_contain_text("谢谢你来好好")


def test_with_another_form_the_records_of_that_one_are_offered(home, page):
    written(page, home)
    lookup = page.locator("[data-about]")
    expect(lookup).to_have_attribute("data-lookup", f"{APP}/fan/lookup")
    page.locator("#set-form .ts-control").click()
    page.keyboard.type("订单")
    page.locator(".ts-dropdown .option", has_text="订单").first.click()
    expect(lookup).to_have_attribute("data-lookup", f"{APP}/order/lookup")
    expect(page.locator("[data-test=part-problem]").first).to_contain_text("{{handle}}")


def test_the_way_to_the_templates_leads_from_an_action_and_back(home, page):
    page.goto(f"{home}{BUILD}/rules/vip_invite?sel=then/1", wait_until="networkidle")
    page.locator("[data-test=open-template]").click()
    expect(page.locator("[data-test=part-vip_listed]")).to_have_attribute("aria-current", "page")
    page.locator("[data-test=use-vip_invite]").click()
    expect(page).to_have_url(f"{home}{BUILD}/rules/vip_invite")
