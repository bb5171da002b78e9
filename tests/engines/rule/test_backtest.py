"""Before a table or a rule goes live it is counted what it would change, and that is what it then changes."""

import copy
from collections import Counter

import pytest

from engines.apps.platform import SYSTEM
from engines.core.kernel.errors import AppError
from engines.core.records import query
from engines.rule import backtest

from .conftest import SHOP, TABLES

SPENT = {"Ann": 9000, "Ben": 6000, "Cai": 3000, "Dan": 800, "Eva": 0, "Fay": None}
STRICTER = {
    "rows": [{"when": ["> 8000", "-"], "then": "gold"}, {"when": ["(500..8000]", ">= 1"], "then": "silver"}],
    "default": None,
}


@pytest.fixture
def peopled(shop):
    """Buyers of every tier; three are in nobody's tier by the stricter table."""
    for name, spent in SPENT.items():
        buyer = shop.make("buyer", name=name, seen="2026-01-01")
        for amount in [] if spent is None else [spent // 2, spent - spent // 2]:
            shop.make("sale", buyer=buyer, amount=amount, status="paid")
    shop.bin("buyer", shop.make("buyer", name="Gone"))
    return shop


def rehearsed(shop, table, work):
    def read(look):
        source = shop.app.form("buyer").source
        return work(look, source, backtest.deciding(look, source, table))

    return shop.platform.look(SYSTEM, read)


def tiers(shop):
    return {row["name"]: row["tier"] for row in shop.all("buyer")}


def test_the_cells_are_what_a_publish_then_does(peopled):
    table, before = TABLES[0] | STRICTER, tiers(peopled)
    told = rehearsed(peopled, table, backtest.moves)
    new = copy.deepcopy(SHOP) | {"version": "2.0.0", "tables": [table]}
    peopled.app = peopled.platform.run(SYSTEM, lambda uow: peopled.platform.catalog.publish(uow, new))
    for row in peopled.all("buyer"):
        peopled.edit("buyer", row["_id"], seen="2026-01-02")
    after = tiers(peopled)
    assert told.cells == Counter((before[name], after[name]) for name in SPENT)
    assert told.lines == (1, 3, 2)
    assert (told.all, told.moved) == (6, sum(before[name] != after[name] for name in SPENT))
    assert told.moved > 2


def test_a_table_that_is_as_it_was_moves_nobody(peopled):
    assert rehearsed(peopled, TABLES[0], backtest.moves).moved == 0


@pytest.mark.parametrize(("now", "then", "names"), [("gold", "silver", {"Ben"}), ("none", None, {"Eva", "Fay"})])
def test_those_that_move_from_one_value_to_another_are_listed(peopled, now, then, names):
    def listed(look, source, made):
        ask = query.Ask(where=(backtest.moving(made, now, then),))
        return {row["name"] for row in query.page(look, source, ask).rows}

    assert rehearsed(peopled, TABLES[0] | STRICTER, listed) == names


def test_a_tag_is_gained_kept_and_lost_but_not_what_a_person_gave(peopled):
    by_hand = next(row for row in peopled.all("buyer") if row["name"] == "Dan")
    peopled.edit("buyer", by_hand["_id"], tags=["vip"])

    def counted(look, source, _made):
        return backtest.gains(look, source, "tags", "vip", ["total > 8000", "total = 3000"])

    found = rehearsed(peopled, TABLES[0], counted)
    assert (found.gains, found.keeps, found.loses, found.by_hand) == (1, 2, 1, 1)
    assert (found.now, found.then) == (3, 3)


def test_what_the_database_cannot_be_asked_is_said(peopled):
    table = TABLES[0] | {"inputs": [{"formula": "no_such_field"}, {"formula": "total"}]}
    with pytest.raises(AppError):
        rehearsed(peopled, table, backtest.moves)


def test_a_table_that_collects_has_no_one_value(peopled):
    assert rehearsed(peopled, TABLES[0] | {"hit": "collect"}, lambda _look, _source, made: made) is None
