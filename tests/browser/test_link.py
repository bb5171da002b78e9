"""A public form from the page that makes it to a stranger's phone and back into the list."""

import pytest
from playwright.sync_api import expect

from .conftest import both_widths


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_stranger_fills_in_a_public_form_on_a_phone(served, page, language):
    page.goto(served)
    root = page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2]
    if language == "en":
        page.goto(root + "/language/en")
    page.goto(root + "/a/crm_livestream/fan")
    page.locator("[data-test=more]").click()
    page.locator("[data-test=links]").click()
    title = "护肤小调查" if language == "zh" else "Tell us about your skin"
    page.locator("[data-test=new-label]").fill(title)
    for name in ("phone", "city", "birthday", "email"):
        box = page.locator(f"[data-test=ask-{name}]")
        if not box.is_checked():
            page.locator(f".picker:has([data-test=ask-{name}])").click()
    page.locator("[data-test=channel-field]").select_option("first_touch")
    page.locator("[data-test=new-channels]").fill("live 直播间\nvideo 短视频")
    page.locator("[data-test=make]").click()
    expect(page.locator("[data-test=loopback]")).to_be_visible()
    expect(page.locator("[data-test=qr]").first).to_be_visible()
    both_widths(page, f"links_{language}")
    address = page.locator("[data-test=address]").first.input_value()
    phone = page.context.browser.new_page(
        viewport={"width": 390, "height": 844}, locale="zh-CN" if language == "zh" else "en-US", has_touch=True
    )
    phone.on("console", lambda m: page.grumbles.append(m.text) if m.type in ("error", "warning") else None)
    phone.goto(f"{address}?c=live")
    both_widths(phone, f"link_empty_{language}")
    phone.locator("[data-test=field-handle]").fill("小鱼爱护肤9527")
    phone.locator("[data-test=field-phone]").fill("1380000204")
    phone.locator("[data-test=send]").click()
    expect(phone.locator("[data-test=problems]")).to_be_visible()
    expect(phone.locator("[data-test=field-handle]")).to_have_value("小鱼爱护肤9527")
    both_widths(phone, f"link_problems_{language}")
    phone.locator("[data-test=field-phone]").fill("")
    phone.locator(".picker:has(input[value=douyin])").click()
    phone.locator("[data-test=send]").click()
    expect(phone.locator("[data-test=thanks]")).to_be_visible()
    both_widths(phone, f"link_thanks_{language}")
    phone.close()
    page.goto(root + "/a/crm_livestream/fan?q=小鱼爱护肤9527")
    expect(page.locator("[data-grid] tbody tr").first).to_contain_text("小鱼爱护肤9527")
    page.goto(root + "/a/crm_livestream/fan/links")
    mine = page.locator("[data-test=link]").filter(has=page.locator("h2", has_text=title))
    mine.locator("[data-test=close]").click()
    page.locator("[data-test=confirm]").click()
    expect(mine.locator("[data-test=state]")).to_have_text("已关闭" if language == "zh" else "closed")
    assert [g for g in page.grumbles if "422" not in g] == []
