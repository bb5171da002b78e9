"""The records behind a mark are exactly those that the mark counts."""

import itertools

import pytest

from engines.apps.platform import SYSTEM
from engines.core.kernel import clock
from engines.core.records import query
from engines.report.drill import drill
from engines.report.errors import BadParam

from .shop import NOW, micros, report

COUNTED = [{"measure": "orders"}, {"measure": "paid"}, {"agg": "count", "where": "weight > 20", "as": "heavy"}]
ASKS = {
    "by month": {"rows": [{"field": "at", "bucket": "month"}]},
    "by week and option": {"rows": [{"field": "at", "bucket": "week"}], "color": [{"field": "channel"}]},
    "by hour": {"rows": [{"field": "at", "bucket": "hour"}], "period": "last 30 days"},
    "by quarter of a date": {"rows": [{"field": "ship", "bucket": "quarter"}]},
    "by week of a date": {"rows": [{"field": "ship", "bucket": "week"}]},
    "by record": {"rows": [{"field": "buyer"}]},
    "over a path": {"rows": [{"field": "province"}, {"field": "buyer.level"}]},
    "by tag": {"rows": [{"field": "buyer.tags"}]},
    "by number, money and flag": {"rows": [{"field": "weight"}, {"field": "amount"}, {"field": "gift"}]},
    "first few and others": {
        "rows": [{"field": "item", "top": {"n": 2, "by": "orders"}}],
        "color": [{"field": "channel", "top": {"n": 1, "by": "orders"}}],
    },
    "first few tags": {"rows": [{"field": "buyer.tags", "top": {"n": 1, "by": "orders"}}]},
    "first few only": {
        "rows": [{"field": "channel"}],
        "color": [{"field": "item", "top": {"n": 2, "by": "orders", "other": False}}],
    },
    "by a formula": {"rows": [{"field": "size"}, {"field": "old"}]},
    "by the week of a day that a formula makes": {"rows": [{"field": "arrives", "bucket": "week"}]},
    "with a filter and a period": {
        "rows": [{"field": "channel"}],
        "filter": "OR(gift, amount > 200)",
        "period": "this year",
    },
}


def behind(shop, ask, params, mark):
    """How many records, and their rows."""

    def look_up(look):
        found = drill(look, shop.app, ask, params, mark)
        source = shop.app.form(found.form).source
        conditions = query.Ask(where=found.where, limit=1000)
        return query.count(look, source, conditions), query.page(look, source, conditions).rows, found

    with clock.frozen(micros(NOW)):
        return shop.platform.look(SYSTEM, look_up)


@pytest.mark.parametrize("name", ASKS)
def test_a_mark_and_its_records_agree(shop, name):
    ask = report(**ASKS[name], values=COUNTED)
    frame = shop.run(ask)
    size = len(frame.of_role("dimension"))
    names = [column.id for column in frame.columns]
    assert frame.rows
    for row in frame.rows[:25]:
        for at in range(size, len(names)):
            mark = {"row": dict(zip(names[:size], row[:size], strict=True)), "measure": names[at]}
            count, rows, _ = behind(shop, ask, {}, mark)
            assert count == len(rows) == row[at], mark


def test_a_subtotal_and_the_whole_have_records_too(shop):
    ask = report(rows=[{"field": "channel"}], color=[{"field": "gift"}], values=[{"measure": "orders"}])
    assert behind(shop, ask, {}, {"row": {"channel": "web"}})[0] == len([o for o in shop.kept if o["channel"] == "web"])
    assert behind(shop, ask, {}, {})[0] == len(shop.kept)


def test_a_measure_of_another_form_leads_to_that_form(shop):
    ask = report(rows=[{"field": "channel"}], values=[{"measure": "visits"}], period="last 6 months")
    for channel, count in shop.run(ask).rows:
        found, _, drilled = behind(shop, ask, {}, {"row": {"channel": channel}, "measure": "visits"})
        assert (drilled.form, found) == ("visit", count)


def test_the_number_it_is_compared_with_has_records_too(shop):
    ask = report(
        rows=[{"field": "at", "bucket": "month"}],
        values=[{"measure": "orders", "compare": [{"offset": "previous"}, {"offset": "1 year"}]}],
    )
    for params, offset in itertools.product(({"period": "this quarter"}, {"period": "last 3 months"}), (0, 1)):
        for row in shop.run(ask, params).rows:
            mark = {"row": {"at": row[0]}, "measure": "orders", "offset": offset}
            assert behind(shop, ask, params, mark)[0] == row[2 + 2 * offset]


def test_the_list_says_what_it_shows(shop):
    ask = report(
        rows=[{"field": "at", "bucket": "month"}], color=[{"field": "channel"}], values=[{"measure": "orders"}]
    )
    _, _, drilled = behind(shop, ask, {}, {"row": {"at": "2026-03", "channel": None}})
    assert drilled.sentence == {
        "zh": "订单：下单时间 2026-03，渠道 （空）",
        "en": "Order: Ordered at 2026-03, Channel (blank)",
    }


@pytest.mark.parametrize(
    "mark", [{"row": {"color": 1}}, {"measure": "height"}, {"row": {"at": "soon"}}, {"offset": 7}, {"where": "1=1"}]
)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_mark_that_is_not_of_this_report_is_refused(shop, mark):
    ask = report(rows=[{"field": "at", "bucket": "month"}], values=[{"measure": "orders"}])
    with pytest.raises(BadParam):
        behind(shop, ask, {}, mark)
