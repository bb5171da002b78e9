"""What the formula editor is told: every mistake with its place, what names are called, what comes out, what fits."""

import pytest

from engines.apps import draft, publish
from engines.apps.platform import SYSTEM
from engines.core.access import commands, people

from ..engines.rule.conftest import Shop


def ask(desk, text, kind="forms", part="buyer", **more):
    return desk.post(f"/{kind}/{part}/formula", text=text, **more).get_json()


def test_every_mistake_is_told_with_its_place(desk):
    told = ask(desk, "nobody + total + nothing")
    assert not told["ok"]
    assert [(one["from"], one["to"]) for one in told["problems"]] == [(0, 6), (17, 24)]
    assert told["words"] == told["problems"][0]["words"]


def test_names_and_options_are_told_as_people_call_them(desk):
    told = ask(desk, 'tier = "gold" AND total > 1', returns="boolean")
    assert [(one["from"], one["to"], one["words"]) for one in told["names"]] == [
        (0, 4, "tier"), (7, 13, "“Gold”"), (18, 23, "total")]  # fmt: skip


@pytest.fixture
def stocked(desk, platform):
    shop = Shop(platform, platform.run(SYSTEM, lambda uow: uow.apps.app("shop")))
    shop.make("sale", buyer=shop.make("buyer", name="Rich", tags=["nice"]), amount=6000, status="paid")
    return shop


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("total * 2", "Rich: 12000"),
        ("total > 5", "Rich: yes"),
        ("COUNT(orders)", "Rich: 1"),
        ('HAS(tags, "nice")', "Rich: yes"),
        ("tier", "Rich: Gold"),
        ("seen", "Rich: empty"),
        ("1 / 0", "Rich: DIV0"),
    ],
)
def test_what_a_formula_gives_is_shown_for_the_newest_record(desk, stocked, text, value):
    assert ask(desk, text)["value"] == value


def test_nothing_is_previewed_without_a_record_or_over_other_records(desk, stocked):
    stocked.bin("note", 1)
    assert ask(desk, "title", part="note")["value"] == ""
    assert ask(desk, "amount", over="orders")["value"] == ""
    assert ask(desk, "amount", over="orders")["ok"]


def test_an_editor_is_offered_fields_related_records_and_functions_with_their_signature(desk):
    told = desk.get("/forms/buyer/formula/words").get_json()
    ids = [one["id"] for one in told["fields"]]
    assert ids[:2] == ["name", "tags"]
    assert {"orders", "orders.amount"} <= set(ids)
    rounding = next(one for one in told["functions"] if one["name"] == "ROUND")
    assert rounding["signature"] == "ROUND(number, [number])"
    assert rounding["help"]
    assert "四舍五入" in rounding["aliases"]
    inner = desk.get("/forms/buyer/formula/words?over=orders").get_json()
    assert "amount" in [one["id"] for one in inner["fields"]]


def test_functions_are_called_by_the_readers_language(desk):
    desk.client.set_cookie("language", "zh")
    told = desk.get("/rules/vip/formula/words").get_json()
    assert next(one for one in told["functions"] if one["name"] == "ROUND")["words"] == "四舍五入"


def test_a_part_without_a_form_is_offered_functions_only(desk):
    assert desk.get("/rules/nobody/formula/words").get_json()["fields"] == []


def cards(desk, text, kind="forms", part="buyer", **more):
    return desk.post(f"/{kind}/{part}/formula/cards", text=text, **more).text


def test_any_condition_is_shown_as_cards_and_comes_back_as_text(desk):
    page = cards(desk, 'tier = "gold"')
    assert 'data-test="card-0"' in page
    assert "tier is “Gold”" in page
    after = cards(desk, 'tier = "gold"', do="add", card="")
    assert 'data-cards-text="tier = &#34;gold&#34; AND CONTAINS(name, &#34;&#34;)"' in after


def test_what_is_refused_in_the_dialog_stays_typed_and_the_text_as_it_was(desk):
    page = cards(desk, "total > 5", do="value", card="0", **{"any-0-0": "a lot"})
    assert 'value="a lot"' in page
    assert 'data-cards-text="total &gt; 5"' in page


def test_a_text_that_is_no_formula_yet_is_said_to_be_none(desk):
    assert "This text is no formula yet" in cards(desk, "total >")


def test_nothing_of_a_dialog_is_kept_in_the_draft(desk):
    before = desk.rev()
    cards(desk, "total > 5", do="add", card="")
    assert desk.rev() == before


def test_cards_of_a_role_are_over_the_form_they_are_for(desk):
    desk.post("/roles/new")
    assert 'data-test="card-0"' in cards(desk, "amount > 5", kind="roles", part="role", form="sale")


def test_a_formula_over_related_records_says_so_to_its_editor(desk):
    page = desk.get("/forms/buyer?sel=field:total").text
    assert 'data-over="orders"' in page
    assert ask(desk, 'status = "paid"', over="orders", returns="boolean")["ok"]
    assert 'data-test="card-0"' in cards(desk, 'status = "paid"', over="orders")


def test_a_condition_takes_the_place_of_always(desk):
    assert 'data-cards-text="CONTAINS(name, &#34;&#34;)"' in cards(desk, "TRUE", do="add", card="")


@pytest.fixture
def narrow(desk, stocked):
    """A builder who sees buyers without their tier, and no orders at all."""
    role = {
        "id": "maker",
        "label": {"en": "Maker"},
        "build": True,
        "forms": {"buyer": {"actions": ["view"], "rows": "all", "fields": {"tier": "hidden"}}},
    }
    desk.platform.run(SYSTEM, lambda uow: draft.edit(uow, "shop", "add", {"at": ["roles"], "value": role}))
    desk.platform.run(SYSTEM, lambda uow: publish.publish(uow, desk.platform.catalog, "shop", note=""))
    number = desk.platform.run(SYSTEM, lambda uow: people.add(uow.session, "Bo"))
    desk.platform.run(SYSTEM, lambda uow: commands.give(uow, number, "shop", "maker"))
    token = desk.platform.run(SYSTEM, lambda uow: people.make_link(uow.session, "Bo"))
    desk.client.get(f"/sign-in/{token}")
    return desk


def test_a_builder_is_shown_nothing_that_they_may_not_see(narrow, stocked):
    assert ask(narrow, "name")["value"] == "Rich: Rich"
    assert ask(narrow, "tier")["value"] == "Rich: …"
    assert ask(narrow, "COUNT(orders)")["value"] == "Rich: …"
    narrow.cmd("rules", "vip", "set", name="when", **{"p-when": 'tier = "gold" AND COUNT(orders) > 0'})
    told = narrow.get("/rules/vip/trial?record=1").text
    assert told.count('data-state="hidden"') == 3
    assert "Gold" not in told.partition("<h4")[0].replace("“Gold”", "")
    assert 'data-test="hits"' not in narrow.get("/rules/vip").text
    narrow.cmd("tables", "tiers", "head", col=0, name="formula", text="COUNT(orders)")
    assert narrow.get("/tables/tiers/hits").get_json() == {}


def test_a_formula_half_typed_is_kept_as_typed_and_publishing_says_where(desk):
    kept = desk.cmd("forms", "buyer", "set", sel="field:score", name="formula", **{"p-formula": "average * ("})
    assert kept.status_code == 200
    assert desk.field("buyer", "score")["formula"] == "average * ("
    assert "average * (" in desk.get("/forms/buyer?sel=field:score").text
    page = desk.get("/publish").text
    assert 'href="/build/shop/forms/buyer?sel=field:score"' in page
    desk.post("/publish", rev=desk.rev(), note="", sure="1")
    assert desk.draft().live.version == 1
