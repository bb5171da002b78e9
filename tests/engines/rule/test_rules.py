"""Tags and tiers that come and go by themselves, with a reason, and things that are done once."""

import datetime

import pytest

from engines.apps.platform import SYSTEM
from engines.core.jobs import worker
from engines.core.kernel import clock
from engines.core.records import history
from engines.rule.check import table_problems

from .conftest import SHOP, Shop, label

DAY = 86_400_000_000
START = int(datetime.datetime(2026, 11, 22, 4, tzinfo=datetime.UTC).timestamp() * 1e6)
WEEKLY = {
    "id": "weekly",
    "label": label("Weekly"),
    "form": "buyer",
    "kind": "event",
    "on": {"schedule": {"cron": "0 9 * * 1"}},
    "when": "ISBLANK(seen)",
    "then": [{"type": "set_field", "values": [{"field": "seen", "formula": "TODAY()"}]}],
}


def test_a_rollup_and_what_is_computed_from_it_follow_each_order(shop):
    may = shop.make("buyer", name="May")
    assert (shop.get("buyer", may)["total"], shop.get("buyer", may)["orders_count"]) == (0, 0)
    first = shop.make("sale", buyer=may, amount="100.50", status="paid")
    shop.make("sale", buyer=may, amount="99", status="open")
    row = shop.get("buyer", may)
    assert (row["total"], row["orders_count"], row["average"], row["score"]) == (10050, 2, 5025, 100.5)
    shop.edit("sale", first, status="open")
    assert shop.get("buyer", may)["total"] == 0
    shop.bin("sale", first)
    assert shop.get("buyer", may)["orders_count"] == 1


def test_an_order_that_moves_to_somebody_else_moves_both_totals(shop):
    may, leo = shop.make("buyer", name="May"), shop.make("buyer", name="Leo")
    order = shop.make("sale", buyer=may, amount="10", status="paid")
    shop.edit("sale", order, buyer=leo)
    assert (shop.get("buyer", may)["total"], shop.get("buyer", leo)["total"]) == (0, 1000)


def test_a_tag_comes_when_the_rule_holds_says_why_and_goes_when_it_lapses(shop, platform):
    may = shop.make("buyer", name="May", tags=["nice"])
    order = shop.make("sale", buyer=may, amount="5001", status="paid")
    row = shop.get("buyer", may)
    assert (row["tags"], row["_givers"]["tags"]["vip"]) == (("nice", "vip"), "rule:vip")
    source = shop.app.form("buyer").source
    because = platform.look(SYSTEM, lambda look: history.why(look, source, may, "tags"))["because"]
    assert (because["ref"], because["reason"]["en"]) == ("vip", "total > 5000")
    shop.edit("sale", order, amount="10")
    assert shop.get("buyer", may)["tags"] == ("nice",)


def test_each_tag_keeps_its_own_reason_when_another_is_added_by_hand(shop, platform):
    may = shop.make("buyer", name="May", seen="2020-01-01")
    shop.make("sale", buyer=may, amount="5001", status="paid")
    shop.edit("buyer", may, tags=["vip", "sleeping", "nice"])
    source = shop.app.form("buyer").source
    each = platform.look(SYSTEM, lambda look: history.why_each(look, source, may, "tags"))
    refs = {tag: (event["because"] or {}).get("ref") for tag, event in each.items()}
    assert refs == {"vip": "vip", "sleeping": "sleeping", "nice": None}


def test_a_tag_that_somebody_gave_by_hand_stays(shop):
    may = shop.make("buyer", name="May", tags=["vip"])
    order = shop.make("sale", buyer=may, amount="5001", status="paid")
    shop.edit("sale", order, amount="10")
    assert shop.get("buyer", may)["tags"] == ("vip",)


def test_a_table_gives_the_first_row_that_fits_and_the_default_otherwise(shop):
    may = shop.make("buyer", name="May")
    assert shop.get("buyer", may)["tier"] == "none"
    shop.make("sale", buyer=may, amount="10", status="paid")
    assert shop.get("buyer", may)["tier"] == "none"
    order = shop.make("sale", buyer=may, amount="10", status="paid")
    assert shop.get("buyer", may)["tier"] == "silver"
    shop.edit("sale", order, amount="9000")
    assert shop.get("buyer", may)["tier"] == "gold"


def test_a_lookup_reads_through_to_what_it_points_at(shop):
    may = shop.make("buyer", name="May")
    order = shop.make("sale", buyer=may, amount="9000", status="paid")
    assert shop.get("sale", order)["buyer_tier"] == "gold"


def test_an_event_rule_acts_once_each_time_its_condition_comes_true(shop):
    may = shop.make("buyer", name="May")
    order = shop.make("sale", buyer=may, amount="6000", status="paid")
    shop.edit("sale", order, amount="7000")
    shop.edit("buyer", may, name="Mei")
    assert [(row["title"], row["about"]) for row in shop.all("note")] == [("May is VIP", may)]
    shop.edit("sale", order, amount="1")
    shop.edit("sale", order, amount="8000")
    assert sorted(row["title"] for row in shop.all("note")) == ["May is VIP", "Mei is VIP"]


def test_time_alone_gives_a_tag_and_a_visit_takes_it_away(shop, platform):
    with clock.frozen(START):
        may = shop.make("buyer", name="May", seen="2026-11-20")
        later = shop.make("buyer", name="Leo", seen="2026-11-22")
    with clock.frozen(START + 27 * DAY):
        worker.drain(platform)
        assert shop.get("buyer", may)["tags"] == ()
    with clock.frozen(START + 28 * DAY):
        worker.drain(platform)
        assert (shop.get("buyer", may)["tags"], shop.get("buyer", later)["tags"]) == (("sleeping",), ())
        shop.edit("buyer", may, seen="2026-12-20")
        assert shop.get("buyer", may)["tags"] == ()
    with clock.frozen(START + 90 * DAY):
        worker.drain(platform)
        assert [shop.get("buyer", one)["tags"] for one in (may, later)] == [("sleeping",), ("sleeping",)]


def test_an_order_is_written_once_and_its_buyer_once(shop, platform):
    may = shop.make("buyer", name="May")
    order = shop.make("sale", buyer=may, amount="6000", status="paid")
    assert shop.get("buyer", may)["_version"] == 2
    assert shop.get("sale", order)["_version"] == 1
    assert shop.get("sale", order)["no"] == "S-001"


def test_a_rule_on_a_schedule_acts_on_each_record_that_fits_and_once_after_a_pause(shop, platform):
    with clock.frozen(START):  # a Sunday
        platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, SHOP | {"rules": [*SHOP["rules"], WEEKLY]}))
        may, leo = shop.make("buyer", name="May"), shop.make("buyer", name="Leo", seen="2026-01-01")
        worker.drain(platform)
        assert shop.get("buyer", may)["seen"] is None
    with clock.frozen(START + 15 * DAY):  # two Mondays later
        worker.drain(platform)
        assert shop.get("buyer", may)["seen"] == "2026-12-07"
        assert shop.get("buyer", leo)["seen"] == "2026-01-01"
        shop.edit("buyer", may, seen=None)
        worker.drain(platform)
        assert shop.get("buyer", may)["seen"] is None
    with clock.frozen(START + 16 * DAY + 12 * 3600 * 1_000_000):
        worker.drain(platform)
        assert shop.get("buyer", may)["seen"] is None
    with clock.frozen(START + 23 * DAY):
        worker.drain(platform)
        assert shop.get("buyer", may)["seen"] == "2026-12-15"


def table(**more):
    columns = {"inputs": [{"formula": "total"}, {"formula": "orders_count"}]}
    return {"id": "kinds", "label": label("Kinds"), "form": "buyer"} | columns | more


def test_a_table_that_collects_gives_a_tag_for_each_row_that_holds(platform):
    rows = [{"when": ["> 100", ""], "then": "vip"}, {"when": ["", ">= 1"], "then": "nice"}]
    made = SHOP | {"rules": [], "tables": [table(sets="tags", hit="collect", rows=rows)]}
    shop = Shop(platform, platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, made)))
    buyer = shop.make("buyer", name="Li")
    assert shop.get("buyer", buyer)["tags"] == ()
    sale = shop.make("sale", buyer=buyer, amount=500, status="paid")
    assert set(shop.get("buyer", buyer)["tags"]) == {"vip", "nice"}
    shop.edit("sale", sale, status="open")
    assert shop.get("buyer", buyer)["tags"] == ("nice",)


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"sets": "tier", "hit": "collect", "rows": [{"when": ["", ""], "then": "gold"}]}, "/hit"),
        ({"sets": "tags", "hit": "collect", "rows": [{"when": ["", ""], "then": "nobody"}]}, "/rows/0/then"),
        ({"sets": "tier", "rows": [{"when": ["", "lots"], "then": "gold"}]}, "/rows/0/when/1"),
        (
            {"sets": "tier", "hit": "unique",
             "rows": [{"when": ["> 5", ""], "then": "gold"}, {"when": ["> 8", ""], "then": "silver"}]},
            "/rows/1",
        ),
    ],
)  # fmt: skip
def test_a_table_tells_the_very_cell_that_is_wrong(shop, more, path):
    assert [where for where, _ in table_problems(shop.app, table(**more))] == [path]


def test_a_table_of_one_row_each_is_content_with_rows_that_keep_apart(shop):
    rows = [{"when": ["> 5", ""], "then": "gold"}, {"when": ["<= 5", ""], "then": "silver"}]
    assert list(table_problems(shop.app, table(sets="tier", hit="unique", rows=rows))) == []
