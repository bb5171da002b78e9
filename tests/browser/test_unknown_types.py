"""Parts that this release does not know, as a builder sees them: a card with the type and its JSON, nothing broken."""

import pytest
from playwright.sync_api import expect

from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people

from ..builder_ui.strangers import leave_behind
from .conftest import both_widths, serving
from .drags import answered, drag


@pytest.fixture
def strange(tmp_path, page):
    """The designers of the shop that a richer program left behind, and the page in them."""
    before = open_platform(tmp_path, sync="off")
    before.run(SYSTEM, lambda uow: people.add(uow.session, "owner", "owner"))
    leave_behind(before)
    before.close()
    platform = open_platform(tmp_path, sync="off")
    with serving(platform) as at:
        page.goto(f"{at}/sign-in/{platform.run(SYSTEM, lambda uow: people.make_link(uow.session, 'owner'))}")
        yield f"{at}/build/shop"
        page.goto("about:blank")
    platform.close()


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("forms/buyer?sel=field:mood", "mood"),
        ("rules/song?sel=then/0", "sing"),
        ("flows/choir?sel=node/c", "chant"),
        ("reports/tiers", "spiral"),
    ],
)
def test_a_part_of_an_unknown_type_is_a_card_in_the_panel(strange, page, path, type_):
    page.goto(f"{strange}/{path}")
    card = page.locator("#props [data-test=unknown-type]")
    expect(card).to_contain_text(f"不认识的类型「{type_}」")
    expect(card.locator("pre")).to_contain_text(f'"type": "{type_}"')
    both_widths(page, f"unknown_{type_}")
    assert page.grumbles == []


def test_a_field_of_an_unknown_type_is_moved_like_any_other_and_stands_among_the_problems(strange, page):
    page.goto(f"{strange}/forms/buyer")
    card = page.locator("[data-test=canvas-mood]")
    expect(card).to_contain_text("不认识的类型「mood」")
    with answered(page):
        drag(page, card, page.locator("[data-test=canvas-seen]"), dy=0.8)
    expect(page.locator("#drop-rest [data-test=canvas-mood]")).to_be_visible()
    page.locator("[data-test=problems]").click()
    page.locator("[data-test=problem]", has_text="mood").first.click()
    expect(page.locator("#props [data-test=unknown-type]")).to_be_visible()
    assert page.grumbles == []
