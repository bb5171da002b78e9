"""Something let go where it may not be: it is not put in there, and the designer says why."""

import pytest
from playwright.sync_api import expect

from .drags import BEGUN, centre

UNDER = "(e, [x, y]) => e.contains(document.elementFromPoint(x, y))"


def let_go(page, source, target, *, dx=0.5, dy=0.5):
    """Carried over the target as people do it, and released there whether it is taken or not."""
    target.scroll_into_view_if_needed()
    source.scroll_into_view_if_needed()
    x, y = centre(source)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 6, y + 6, steps=3)
    any(page.evaluate(BEGUN) or page.wait_for_timeout(50) for _ in range(20))
    for steps in (12, *[3] * 20):  # the drop place opens on the way and pushes the target along
        x, y = centre(target, dx, dy)
        page.mouse.move(x, y, steps=steps)
        page.wait_for_timeout(120)
        if steps == 3 and target.evaluate(UNDER, [x, y]):
            break
    page.mouse.up()


@pytest.fixture
def unwritten(workshop):
    """Whatever is let go in the test leaves the draft as it was."""
    yield workshop
    assert workshop.draft().edits == 0
    assert workshop.page.grumbles == []


def refused(workshop, source, target, words, **where):
    """Let go there until it is told why not: on a busy machine the library may miss a gesture, or the place moves away
    from under the pointer."""
    toasts = workshop.page.locator(".toasts", has_text=words)
    for dy in (0.5, 0.3, 0.7, 0.5, 0.4, 0.6):
        let_go(workshop.page, source, target, dy=dy, **where)
        if toasts.count() or workshop.page.wait_for_timeout(400) or toasts.count():
            return
    raise AssertionError(f"never told: {words}")


def test_rows_refuse_what_cannot_be_a_column_and_say_what_can(workshop):
    rows = workshop.field("buyer", "lines")
    workshop.open("forms/buyer")
    columns = workshop.page.locator("[data-of=lines][data-drop]")
    refused(workshop, workshop.spot("type-subform"), columns, "子表的列只能是普通类型")
    assert workshop.field("buyer", "lines") == rows
    expect(workshop.page.locator("[data-of=lines][data-drop] [data-item]")).to_have_count(2)
    assert workshop.page.grumbles == []


def test_a_section_goes_between_sections_and_says_so(workshop):
    workshop.open("forms/buyer")
    refused(workshop, workshop.spot("type-section"), workshop.spot("canvas-name"), "分组放在分组之间")
    assert all("section" not in section["fields"] for section in workshop.part("forms", "buyer")["layout"])


def test_a_field_that_is_let_go_outside_the_form_stays_where_it_was(unwritten):
    page = unwritten.page
    unwritten.open("forms/buyer")
    order = page.locator("#canvas [data-item]").evaluate_all("all => all.map(e => e.dataset.id)")
    let_go(page, unwritten.spot("canvas-store"), page.locator("#props"))
    assert page.locator("#canvas [data-item]").evaluate_all("all => all.map(e => e.dataset.id)") == order


def test_a_worked_out_number_is_refused_by_every_shelf_but_the_values(unwritten):
    unwritten.open("reports/tiers")
    refused(unwritten, unwritten.spot("field-heads"), unwritten.spot("shelf-rows"), "计算指标只能放进「数值」", dx=0.8)
    expect(unwritten.page.locator(".toasts .toast")).to_have_count(0, timeout=8000)
    refused(unwritten, unwritten.spot("chip-values-0"), unwritten.spot("shelf-columns"), "计算指标", dx=0.8)


def test_a_condition_is_refused_among_conditions_of_other_records(workshop):
    workshop.edit("set", at=["rules", "vip", "when"], value='total > 5 AND COUNT(orders WHERE status = "paid") > 1')
    workshop.open("rules/vip")
    toasts = workshop.page.locator(".toasts", has_text="条件跟着它说的那些记录走")
    for _ in range(4):  # on the way the two may have changed places
        n = 0 if workshop.part("rules", "vip")["when"].startswith("total") else 1
        let_go(workshop.page, workshop.spot(f"grip-{n}"), workshop.spot(f"card-{1 - n}/w/0"))
        workshop.page.wait_for_timeout(600)
        if toasts.count():
            break
    assert toasts.count()
    assert 'COUNT(orders WHERE status = "paid") > 1' in workshop.part("rules", "vip")["when"]
    assert workshop.page.grumbles == []


def test_a_step_is_refused_inside_its_own_branches_and_an_entry_outside_the_menu(unwritten):
    page = unwritten.page
    unwritten.open("menu")
    let_go(page, unwritten.spot("entry-buyer"), page.locator("h1"))
    expect(page.locator("[data-entry]").first).to_have_attribute("data-test", "entry-buyer")
    unwritten.open("flows/welcome")
    let_go(page, unwritten.spot("node-call"), page.locator("#side, .stage, #cv").last, dx=0.02, dy=0.98)
    expect(page.locator("#cv .node")).to_have_count(4)


def test_a_tile_that_is_let_go_beside_the_wall_is_not_added(unwritten):
    page = unwritten.page
    unwritten.open("dashboards/board")
    let_go(page, unwritten.spot("add-text"), page.locator("#bar"), dx=0.5)
    expect(page.locator("[data-tile]")).to_have_count(1)
