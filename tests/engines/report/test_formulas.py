"""Conditions in a dataset, a report or a measure are formulas over the form's own ids."""

from datetime import timedelta

import pytest

from engines.core.formula.problems import FormulaError

from .shop import NOW, cells, grouped, report


def test_a_filter_reads_options_money_and_paths(shop):
    text = 'AND(status = "paid", amount > 300, buyer.level = "高")'
    frame = shop.run(report(filter=text, values=[{"measure": "orders"}]))
    wanted = [
        o
        for o in shop.kept
        if o["status"] == "paid" and (o["amount"] or 0) > 300 and o["who"] and o["who"]["level"] == "high"
    ]
    assert frame.rows == [[len(wanted)]]


def test_a_filter_counts_related_records(shop):
    ask = {
        "id": "r",
        "source": "buyer",
        "filter": 'COUNT(orders WHERE status = "paid") >= 3',
        "values": [{"measure": "count"}],
    }
    paid = grouped([o for o in shop.orders if o["status"] == "paid" and o["who"]], "buyer")
    assert shop.run(ask).rows == [[len([rows for rows in paid.values() if len(rows) >= 3])]]


def test_a_measure_of_its_own_with_a_formula_stands_beside_the_datasets(shop):
    ask = report(
        rows=[{"field": "channel"}],
        values=[{"measure": "orders"}, {"agg": "count", "where": "OR(gift, weight > 20)", "as": "odd"}],
    )
    wanted = {
        key: [len(rows), len([o for o in rows if o["gift"] or (o["weight"] or 0) > 20])]
        for key, rows in grouped(shop.kept, "channel").items()
    }
    assert cells(shop.run(ask), dims=1) == wanted


def test_a_dimension_and_a_measure_made_by_formulas(shop):
    ask = report(rows=[{"field": "size"}], values=[{"measure": "orders"}, {"measure": "freight"}])
    size = {key[0]: rows for key, rows in grouped(shop.kept, lambda o: _size(o["amount"] or 0)).items()}
    wanted = {
        (name,): [len(rows), pytest.approx(sum((o["weight"] or 0) * 2 + 1 for o in rows))]
        for name, rows in size.items()
    }
    assert cells(shop.run(ask), dims=1) == wanted


def _size(amount):
    return "large" if amount > 500 else "middle" if amount > 100 else "small"


def test_today_in_a_filter_is_the_apps_today(shop):
    day = (NOW - timedelta(days=40)).date()
    frame = shop.run(report(filter='at >= DATEADD(TODAY(), -40, "day")', values=[{"measure": "orders"}]))
    assert frame.rows == [[len([o for o in shop.kept if o["local"].date() >= day])]]


def test_a_formula_that_names_no_field_points_at_the_spot(shop):
    with pytest.raises(FormulaError) as told:
        shop.run(report(filter="colour = 1", values=[{"measure": "orders"}]))
    assert "colour" in told.value.say("en")
