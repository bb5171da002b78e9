"""A published field gets another type: told with counts before, rewritten after, with the old text in the history."""

import pytest

from engines.apps import draft, plan, retype
from engines.core.records import history

from .conftest import field, label

NAME = ["forms", "buyer", "fields", "city"]
CITIES = {"sh": "上海", "bj": "北京"}


@pytest.fixture
def cities(shop):
    """Buyers with a city as people type it."""
    shop.edit("add", at=["forms", "buyer", "fields"], value=field("city", "text"))
    shop.publish()
    return [
        shop.make("buyer", name=n, city=c) for n, c in (("May", "上海"), ("Ann", "北京"), ("Bo", "上海"), ("Li", "?"))
    ]


def choice():
    options = [{"id": one, "label": {"zh": name}} for one, name in CITIES.items()]
    return field("city", "select", options=options)


def told(shop, new):
    def look(look):
        live = look.apps.app("shop")
        old = live.form("buyer").fields["city"]
        return retype.impact(look, live.form("buyer").source, old, new, "zh")

    return shop.look(look)


def test_the_impact_counts_what_is_rewritten_and_what_does_not_fit(shop, cities):
    found = told(shop, choice())
    assert (found.same, found.rewritten, found.kept) == (0, 3, 1)
    assert found.rewrites[0] == ("上海", "上海", 2)
    assert found.misfits == (("?", "", 1),)


def test_the_plan_of_a_publish_says_it_too(shop, cities):
    shop.edit("set", at=NAME, value=choice())
    items = shop.look(lambda look: plan.plan(look, draft.current(look, "shop").definition)).items
    one = next(item for item in items if "turns from Text into Select" in item.words["en"])
    assert (one.stop, one.count) == (False, 1)
    assert "3 are rewritten" in one.detail["en"]


def test_after_the_publish_the_values_are_rewritten_and_the_old_ones_in_the_history(shop, cities):
    shop.edit("set", at=NAME, value=choice())
    shop.publish()
    assert [shop.get("buyer", one)["city"] for one in cities] == ["sh", "bj", "sh", "?"]
    newest = shop.look(lambda look: history.events(look, look.apps.form("shop", "buyer").source, cities[0]))[0]
    assert list(newest["changes"]["city"]) == ["上海", "sh"]


def test_a_choice_turns_into_the_text_that_people_read(shop, cities):
    shop.edit("set", at=NAME, value=choice())
    shop.publish()
    shop.edit("set", at=NAME, value=field("city", "text"))
    shop.publish()
    assert [shop.get("buyer", one)["city"] for one in cities] == ["上海", "北京", "上海", "?"]


@pytest.mark.parametrize("kind", ["number", "money", "tags", "relation", "formula", "subform", "autonumber"])
def test_a_type_that_keeps_values_in_another_way_is_refused(shop, cities, kind):
    value = field("city", kind, options=[], form="sale", formula="1", result="number", fields=[])
    with pytest.raises(draft.Fixed):
        shop.edit("set", at=NAME, value=value)
    with pytest.raises(draft.Fixed):
        shop.edit("set", at=NAME, value=field("town", "text"))


def test_numbers_follow_each_other_and_dates_do_not_become_money(shop):
    number, percent = field("x", "number"), field("x", "percent")
    assert retype.may_turn(number, percent)
    assert not retype.may_turn(field("x", "datetime"), field("x", "money", label=label("x")))
