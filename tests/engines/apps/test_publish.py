"""Publishing a draft: what it says before, what it does, and the way back."""

import pytest

from engines.apps import draft, plan, publish
from engines.apps.platform import SYSTEM
from engines.core.access import audit
from engines.core.jobs.worker import drain
from engines.core.kernel.errors import BadDefinition, Invalid

from .conftest import RATING, field, label, options

BUYER = ["forms", "buyer", "fields"]
SALE = ["forms", "sale", "fields"]


def planned(shop):
    return shop.look(lambda look: plan.plan(look, draft.current(look, "shop").definition))


def item(shop, words):
    return next(one for one in planned(shop).items if words in one.words["en"])


def test_a_published_field_takes_values_and_the_draft_is_clear(shop):
    old = shop.make("buyer", name="May")
    shop.edit("add", at=BUYER, value=RATING)
    assert shop.publish("stars").version == 2
    assert shop.draft().edits == 0
    shop.change("buyer", old, rating=5)
    assert shop.get("buyer", old)["rating"] == 5
    newest = shop.look(lambda look: publish.versions(look, "shop"))[0]
    assert (newest["version"], newest["note"], newest["live"]) == (2, "stars", True)
    assert shop.look(lambda look: audit.entries(look.session))[0]["what"] == "app.publish"


def test_the_plan_counts_what_a_removed_field_hides(shop):
    for name in ("May", "Ann"):
        shop.make("buyer", name=name, seen="2026-01-01" if name == "May" else None)
    shop.edit("remove", at=[*BUYER, "seen"])
    shop.edit("remove", at=["rules", "sleeping"])
    assert item(shop, "field seen removed").count == 1


def test_the_plan_counts_records_whose_option_goes(shop):
    buyer = shop.make("buyer", name="May", tags=["nice"])
    shop.make("buyer", name="Ann")
    shop.edit("set", at=[*BUYER, "tags", "options"], value=options("vip", "sleeping"))
    found = item(shop, "tags, Tags")
    assert (found.count, found.stop) == (1, False)
    assert "Nice" in found.detail["en"]
    shop.publish()
    assert shop.get("buyer", buyer)["tags"] == ("nice",)


def test_the_plan_counts_blanks_of_a_field_that_becomes_required(shop):
    shop.make("buyer", name="May")
    shop.edit("set", at=[*BUYER, "seen", "required"], value=True)
    assert item(shop, "Required").count == 1


def test_duplicates_stand_in_the_way_of_a_unique_field(shop):
    twins = [shop.make("buyer", name="May") for _ in range(2)]
    shop.edit("set", at=[*BUYER, "name", "unique"], value=True)
    assert (item(shop, "No duplicates").count, planned(shop).ready) == (2, False)
    with pytest.raises(plan.PlanStopped):
        shop.publish()
    shop.change("buyer", twins[0], name="Ann")
    shop.publish()
    with pytest.raises(Invalid):
        shop.change("buyer", twins[0], name="May")
    shop.edit("set", at=[*BUYER, "name", "unique"], value=None)
    shop.publish()
    shop.change("buyer", twins[0], name="May")


def test_another_type_for_a_live_field_is_refused_with_a_way_out(shop):
    shop.make("buyer", name="May", seen="2026-01-01")
    fields = [f if f["id"] != "seen" else field("seen", "money") for f in shop.app.definition["forms"][0]["fields"]]
    shop.edit("remove", at=["rules", "sleeping"])
    shop.edit("set", at=BUYER, value=fields)
    found = item(shop, "seen turns from Date into Money")
    assert found.stop
    assert "Add a new field" in found.detail["en"]
    with pytest.raises(plan.PlanStopped):
        shop.publish()


def test_a_draft_with_problems_is_not_published(shop):
    shop.edit("set", at=["rules", "vip", "when"], value="totl > 5000")
    assert [path for path, _ in planned(shop).problems] == ["/rules/0/when"]
    with pytest.raises(BadDefinition):
        shop.publish()
    assert shop.look(lambda look: look.apps.app("shop").version) == 1


def test_a_publish_that_somebody_changed_before_is_refused(shop):
    seen = shop.edit("add", at=BUYER, value=RATING).rev
    shop.edit("set", at=[*BUYER, "rating", "width"], value=6)
    with pytest.raises(draft.Stale):
        shop.platform.run(SYSTEM, lambda uow: publish.publish(uow, shop.platform.catalog, "shop", rev=seen))


def test_old_records_get_computed_values_and_tags_after_a_publish(shop):
    buyers = [shop.make("buyer", name=f"b{n}") for n in range(3)]
    shop.make("sale", buyer=buyers[0], amount=600, status="paid")
    shop.edit("add", at=BUYER, value=field("double", "formula", formula="total * 2", result="money"))
    shop.edit("set", at=["rules", "vip", "when"], value="total > 500")
    assert "all 3 records" in item(shop, "worked out again").words["en"]
    shop.publish()
    rows = {row["_id"]: row for row in shop.all("buyer")}
    assert rows[buyers[0]]["double"] == 120_000
    assert rows[buyers[0]]["tags"] == ("vip",)
    assert rows[buyers[1]]["tags"] == ()


def test_a_publish_is_no_event(shop):
    buyer = shop.make("buyer", name="May", tags=["nice"])
    rule = {
        "id": "greet",
        "label": label("Greet"),
        "form": "buyer",
        "kind": "event",
        "when": 'HAS(tags, "nice")',
        "then": [{"type": "create_record", "form": "note", "link": "about"}],
    }
    shop.edit("add", at=["rules"], value=rule)
    shop.publish()
    shop.change("buyer", buyer, name="Mae")
    assert shop.all("note") == []
    shop.make("buyer", name="Ann", tags=["nice"])
    assert len(shop.all("note")) == 1


def test_an_earlier_version_is_published_again_and_the_data_of_its_fields_is_back(shop):
    buyer = shop.make("buyer", name="May", seen="2026-01-01")
    shop.edit("remove", at=[*BUYER, "seen"])
    shop.edit("remove", at=["rules", "sleeping"])
    shop.publish()
    assert "seen" not in shop.get("buyer", buyer)
    back = shop.platform.run(SYSTEM, lambda uow: publish.rollback(uow, shop.platform.catalog, "shop", 1))
    drain(shop.platform)
    shop.app = back
    assert (back.version, back.definition) == (3, shop.look(lambda look: look.apps.version("shop", 1)).definition)
    assert shop.get("buyer", buyer)["seen"] == "2026-01-01"


def test_two_versions_are_compared_in_words(shop):
    shop.edit("add", at=SALE, value=field("memo", "text"))
    shop.edit("set", at=[*SALE, "amount", "label"], value=label("Sum"))
    shop.edit("set", at=["rules", "vip", "when"], value="total > 6000")
    shop.publish()
    found = shop.look(lambda look: publish.compare(look, "shop", 1, 2))
    assert [one.words["en"] for one in found] == [
        "Order: Sum, Label: 'amount' → 'Sum'",
        "Order: new field memo (Text)",
        "Rule VIP above 5000: condition changed",
    ]
    assert found[2].words["zh"] == "规则「满 5000 是 VIP」：条件有改动"


def test_an_install_is_planned_too(platform):
    from .conftest import SHOP

    found = platform.look(SYSTEM, lambda look: plan.plan(look, SHOP))
    assert (found.version, found.ready) == (1, True)
    assert [one.words["en"] for one in found.items] == ["Form: 3", "Rule: 3", "Decision table: 1"]
