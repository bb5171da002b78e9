"""Fields are laid on shelves: each goes where it can stand, the chart follows, and nothing is left dangling."""

import pytest

from engines.apps.catalog import App
from engines.report import shelves, suggest
from engines.report.check import report_problems
from engines.report.model import dataset_of
from engines.report.offer import offer_of, offers
from engines.report.shelves import NotThere, WrongShelf


@pytest.fixture
def backend():
    return "sqlite"


@pytest.fixture
def orders(shop):
    return dataset_of(shop.app, "ds_orders")


def blank():
    return {"id": "r", "title": {"en": "R"}, "dataset": "ds_orders"}


def laid(orders, report, *tokens):
    """Each token on the shelf that suits it best."""
    for token in tokens:
        offer = next(one for one in offers(orders) if one.token == token)
        report = shelves.put(report, shelves.best(report, offer), offer)
    return report


def test_fields_are_offered_by_what_they_are_good_for(orders):
    found = {one.token: one for one in offers(orders)}
    assert {token for token, one in found.items() if one.measure} >= {"count", "revenue", "aov", "amount", "weight"}
    assert not any(found[token].measure for token in ("at", "channel", "gift", "item", "province", "size"))
    assert found["buyer.level"].whole == {"zh": "买家.等级", "en": "Buyer.Level"}
    assert found["buyer.city.province"].whole["en"] == "Buyer.City.Province"


def test_clicked_fields_go_to_the_best_shelf_and_the_chart_follows(orders):
    report = laid(orders, blank(), "at")
    assert report["rows"] == [{"field": "at", "bucket": "month", "fill": "gaps"}]
    assert (report["values"], report["chart"]) == ([{"measure": "count"}], {"type": "line"})
    report = laid(orders, report, "amount", "channel")
    assert report["values"] == [{"measure": "count"}, {"agg": "sum", "field": "amount"}]
    assert report["color"] == [{"field": "channel"}]


def test_a_chart_that_no_longer_fits_makes_way_and_one_that_fits_stays(orders):
    report = laid(orders, blank(), "channel") | {"chart": {"type": "pie", "solid": True}}
    assert shelves.change(report, "rows", 0, {"label": {"en": "Way"}})["chart"] == {"type": "pie", "solid": True}
    assert laid(orders, report, "gift")["chart"] == {"type": "bar"}


def test_a_field_moves_between_shelves_as_what_it_can_be_there(orders):
    report = laid(orders, blank(), "at", "channel")
    swapped = shelves.move(report, "color", 0, "rows", 0)
    assert [one["field"] for one in swapped["rows"]] == ["channel", "at"]
    assert "color" not in swapped
    counted = shelves.move(report, "color", 0, "values")
    assert counted["values"][1] == {"agg": "count_distinct", "field": "channel"}
    assert shelves.move(report, "color", 0, "filters")["filter"] == [{"field": "channel", "op": "filled"}]
    again = shelves.move(counted, "values", 1, "columns")
    assert again["columns"] == [{"field": "channel"}]


def test_a_worked_out_number_does_not_split_a_report(orders):
    report = laid(orders, blank(), "channel", "revenue")
    with pytest.raises(WrongShelf):
        shelves.move(report, "values", 1, "rows")
    with pytest.raises(WrongShelf):
        shelves.put(report, "color", offer_of(orders, "aov", named=True))
    with pytest.raises(NotThere):
        shelves.take(report, "rows", 4)


def test_what_goes_takes_its_order_and_its_place_with_it(orders):
    report = laid(orders, blank(), "channel", "revenue") | {"sort": [{"by": "revenue", "desc": True}]}
    gone = shelves.take(report, "values", 1)
    assert "sort" not in gone
    assert "rows" not in shelves.take(gone, "rows", 0)


def test_one_measure_stands_there_twice_under_two_names(shop, orders):
    report = laid(orders, blank(), "channel", "revenue", "revenue")
    assert [shelves.value_id(one) for one in report["values"]] == ["count", "revenue", "revenue_2"]
    assert list(report_problems(shop.app, report)) == []


def test_a_time_among_the_filters_is_a_period(shop, orders):
    report = laid(orders, blank(), "channel")
    cut = shelves.put(report, "filters", offer_of(orders, "ship"))
    assert shelves.period_of(cut) == ("ship", "last 30 days")
    assert list(report_problems(shop.app, cut)) == []
    assert shelves.period_of(shelves.with_period(cut, "ship", None)) is None


def test_what_is_wrong_is_told_at_its_place(shop):
    report = blank() | {
        "rows": [{"field": "channel"}, {"field": "gone"}],
        "values": [{"measure": "orders"}, {"agg": "sum", "field": "item"}],
    }
    assert [path for path, _ in report_problems(shop.app, report)] == ["/rows/1", "/values/1"]


def test_the_first_few_are_taken_by_a_number_of_the_report_itself(shop):
    top = {"field": "item", "top": {"n": 2, "by": "sum_amount", "other": True}}
    ask = {
        "id": "r",
        "title": {"en": "R"},
        "source": "order",
        "rows": [top],
        "values": [{"agg": "sum", "field": "amount"}],
    }
    sums = {}
    for one in shop.orders:
        sums[one["item"]] = sums.get(one["item"], 0) + (one["amount"] or 0)
    first = sorted(sums, key=sums.get, reverse=True)[:2]
    frame = shop.run(ask)
    assert {row[0] for row in frame.rows} == {*first, "$other"}
    assert sum(row[1] for row in frame.rows) == pytest.approx(sum(sums.values()))


@pytest.mark.parametrize("form", ["order", "buyer", "city", "visit"])
def test_every_form_has_charts_to_begin_with(shop, form):
    found = suggest.suggestions(dataset_of(shop.app, form))
    assert 2 <= len(found) <= 4
    for one in found:
        report = one | {"id": "r", "source": form}
        assert list(report_problems(shop.app, report)) == []
        assert shelves.tidy(report)["chart"] == one["chart"]
        assert shop.run(report).rows


def test_ten_thousand_groups_are_refused_with_what_would_help(shop):
    from engines.report.charts import charts
    from engines.report.frame import Column, Frame

    columns = [Column("x", {"en": "X"}, "text", "dimension"), Column("n", {"en": "N"}, "number", "measure")]
    frame = Frame(columns, [[str(n), 1] for n in range(10_000)])
    for kind in ("bar", "line", "pie", "ranking"):
        assert "10,000" in charts.get(kind).why_not(frame)["en"]
    assert charts.get("table").why_not(frame) is None


def test_a_lookup_splits_a_report_as_the_path_does(platform):
    import copy

    from engines.apps.platform import SYSTEM
    from engines.form import submit
    from engines.report.drill import drill
    from engines.report.run import run

    from ..rule.conftest import SHOP

    definition = copy.deepcopy(SHOP) | {"rules": [], "tables": []}
    app = platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, definition))
    assert isinstance(app, App)

    def fill(uow):
        for tier, count in (("gold", 2), ("silver", 3), (None, 1)):
            made = submit.create_record(uow, app.form("buyer"), {"name": str(tier), "tier": tier})
            uow.settle()
            for _ in range(count):
                submit.create_record(uow, app.form("sale"), {"buyer": made.id, "amount": 5})
        uow.settle()

    platform.run(SYSTEM, fill)
    ask = {
        "id": "r",
        "title": {"en": "R"},
        "source": "sale",
        "rows": [{"field": "buyer_tier"}],
        "values": [{"agg": "count"}],
    }

    def look(look):
        frame = run(look, app, ask)
        behind = drill(look, app, ask, {}, {"row": {"buyer_tier": "silver"}})
        return frame, behind

    frame, behind = platform.look(SYSTEM, look)
    assert {row[0]: row[1] for row in frame.rows} == {"gold": 2, "silver": 3, None: 1}
    assert frame.columns[0].labels["gold"]["en"] == "Gold"
    assert behind.form == "sale"
