"""A report counts only what its reader may see, over every form that it touches."""

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import bindparam

from engines.apps.platform import SYSTEM
from engines.core.kernel import clock
from engines.core.kernel.scope import Scope
from engines.core.records import query
from engines.report.drill import drill
from engines.report.errors import Hidden
from engines.report.run import run

from .shop import NOW, grouped, micros, report


@dataclass(frozen=True)
class Some:
    """Rights by form id; every other form is open."""

    scopes: dict

    def scope(self, form):
        return self.scopes.get(form.removeprefix("shop__"), Scope())


def only(field, value):
    """Records whose field has the value."""
    name = f"s_{field}"
    return Scope(rows=lambda place: place.raw(field) == bindparam(name), params={name: value}, key=("only", field))


def ask(shop, scopes, question, fn=run):
    def inside(look):
        return fn(replace(look, rights=Some(scopes)), shop.app, question)

    with clock.frozen(micros(NOW)):
        return shop.platform.look(SYSTEM, inside)


def test_only_visible_records_are_counted(shop):
    frame = ask(shop, {"order": only("channel", "web")}, report(values=[{"measure": "orders"}]))
    assert frame.rows == [[len([o for o in shop.kept if o["channel"] == "web"])]]


def test_a_joined_record_that_is_hidden_reads_as_blank(shop):
    question = report(rows=[{"field": "buyer.level"}], values=[{"measure": "orders"}])
    frame = ask(shop, {"buyer": only("level", "high")}, question)
    high = len([o for o in shop.kept if o["who"] and o["who"]["level"] == "high"])
    assert dict(frame.rows) == {"high": high, None: len(shop.kept) - high}


def test_a_plain_count_of_records_is_each_readers_own(shop):
    """Nothing but rows is asked for: no field, no filter, no group."""
    question = {"id": "r", "title": {"en": "R"}, "source": "order", "values": [{"measure": "count"}]}
    assert ask(shop, {}, question).rows == [[len(shop.orders)]]
    for channel in ("web", "shop"):
        frame = ask(shop, {"order": only("channel", channel)}, question)
        assert frame.rows == [[len([o for o in shop.orders if o["channel"] == channel])]]


def test_two_readers_of_one_report_do_not_share_a_statement(shop):
    question = report(values=[{"measure": "orders"}])
    for channel in ("web", "shop"):
        frame = ask(shop, {"order": only("channel", channel)}, question)
        assert frame.rows == [[len([o for o in shop.kept if o["channel"] == channel])]]
    assert ask(shop, {}, question).rows == [[len(shop.kept)]]


def test_a_condition_over_a_hidden_record_does_not_hold(shop):
    for given in ([{"field": "buyer.level", "value": "high"}], 'buyer.level = "high"'):
        question = report(filter=given, values=[{"measure": "orders"}])
        assert ask(shop, {"buyer": only("level", "low")}, question).rows == [[0]]


def test_related_records_in_a_formula_are_only_the_visible_ones(shop):
    question = {"id": "r", "source": "buyer", "filter": "COUNT(orders) >= 3", "values": [{"measure": "count"}]}
    mine = grouped([o for o in shop.orders if o["who"] and o["channel"] == "web"], "buyer")
    frame = ask(shop, {"order": only("channel", "web")}, question)
    assert frame.rows == [[len([rows for rows in mine.values() if len(rows) >= 3])]]


LOCKED = Scope(readable=frozenset({"no", "buyer", "channel", "status", "at"}))


@pytest.mark.parametrize(
    "parts",
    [
        {"rows": [{"field": "item"}], "values": [{"measure": "orders"}]},
        {"values": [{"measure": "revenue"}]},
        {"values": [{"measure": "orders"}], "filter": [{"field": "gift", "value": True}]},
        {"values": [{"measure": "orders"}], "filter": "amount > 5"},
        {"values": [{"agg": "count", "where": "gift"}]},
        {"values": [{"measure": "orders"}], "rows": [{"field": "item", "top": {"n": 1, "by": "orders"}}]},
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_report_over_a_field_that_the_reader_may_not_read_is_refused(shop, parts):
    with pytest.raises(Hidden):
        ask(shop, {"order": LOCKED}, report(**parts))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_form_or_a_field_on_the_way_that_may_not_be_seen_is_refused(shop):
    question = report(rows=[{"field": "buyer.city.name"}], values=[{"measure": "orders"}])
    for scopes in ({"city": Scope(actions=frozenset())}, {"buyer": Scope(readable=frozenset({"name"}))}):
        with pytest.raises(Hidden):
            ask(shop, scopes, question)


def test_the_records_behind_a_mark_obey_the_same_rights(shop):
    scopes = {"order": only("channel", "web"), "buyer": only("level", "high")}
    question = report(rows=[{"field": "buyer.level"}], values=[{"measure": "orders"}])
    frame = ask(shop, scopes, question)

    def count(look, app, question):
        found = {}
        for level, _ in frame.rows:
            behind = drill(look, app, question, {}, {"row": {"buyer.level": level}, "measure": "orders"})
            found[level] = query.count(look, app.form(behind.form).source, query.Ask(where=behind.where))
        return found

    assert ask(shop, scopes, question, count) == dict(frame.rows)
