"""Reports give the numbers that anybody can count by hand, on both databases."""

import statistics
from datetime import timedelta

import pytest

from engines.report.errors import BadAggregate, BadBucket, BadParam, CannotSplit, NoSuchField, NotToOne, Ring

from .shop import cells, grouped, report


def money(rows):
    return round(sum(round((o["amount"] or 0) * 100) for o in rows) / 100, 2)


def paid(rows):
    return [o for o in rows if o["status"] == "paid"]


def test_each_aggregate_counts_what_it_says(shop):
    names = ["orders", "revenue", "buyers", "average", "middle", "least", "most", "weight", "latest", "aov"]
    frame = shop.run(report(values=[{"measure": name} for name in names]))
    rows, amounts = shop.kept, [o["amount"] for o in shop.kept if o["amount"] is not None]
    weights = [o["weight"] for o in rows if o["weight"] is not None]
    last = max((o for o in rows if o["amount"] is not None), key=lambda o: (o["local"], o["id"]))
    assert dict(zip(names, frame.rows[0], strict=True)) == {
        "orders": len(rows),
        "revenue": money(paid(rows)),
        "buyers": len({o["buyer"] for o in rows} - {None}),
        "average": pytest.approx(sum(amounts) / len(amounts)),
        "middle": pytest.approx(statistics.median(amounts)),
        "least": min(weights),
        "most": max(weights),
        "weight": pytest.approx(sum(weights)),
        "latest": last["amount"],
        "aov": pytest.approx(money(paid(rows)) / len(paid(rows))),
    }


def test_a_median_alone_and_its_total(shop):
    frame = shop.run(report(rows=[{"field": "channel"}], values=[{"measure": "middle"}]), total=True)
    amounts = [o["amount"] for o in shop.kept if o["amount"] is not None]
    assert frame.total == [None, pytest.approx(statistics.median(amounts))]
    assert [row[0] for row in frame.rows] == ["web", "shop", "phone", None]


def test_groups_by_month_and_option_with_blank_as_a_group_of_its_own(shop):
    ask = report(
        rows=[{"field": "at", "bucket": "month"}],
        color=[{"field": "channel"}],
        values=[{"measure": "orders"}, {"measure": "revenue"}, {"measure": "middle"}],
    )
    found = cells(shop.run(ask), dims=2)
    wanted = {}
    for key, rows in grouped(shop.kept, lambda o: o["local"].strftime("%Y-%m"), "channel").items():
        amounts = [o["amount"] for o in rows if o["amount"] is not None]
        middle = pytest.approx(statistics.median(amounts)) if amounts else None
        wanted[key] = [len(rows), pytest.approx(money(paid(rows))), middle]
    assert found == wanted
    assert any(key[1] is None for key in found)


def test_a_path_groups_by_the_record_at_its_end_and_those_without_one_are_blank(shop):
    found = cells(shop.run(report(rows=[{"field": "province"}], values=[{"measure": "orders"}])), dims=1)
    assert found == {key: [len(rows)] for key, rows in grouped(shop.kept, _province).items()}


def _province(order):
    return order["who"] and order["who"]["province"]


def test_a_record_with_several_tags_counts_once_for_each_and_once_in_the_total(shop):
    frame = shop.run(report(rows=[{"field": "buyer.tags"}], values=[{"measure": "orders"}]), total=True)
    wanted = {}
    for order in shop.kept:
        for tag in (order["who"] or {}).get("tags") or [None]:
            wanted[(tag,)] = [wanted.get((tag,), [0])[0] + 1]
    assert cells(frame, dims=1) == wanted
    assert frame.total == [None, len(shop.kept)]
    assert sum(count for (count,) in wanted.values()) > len(shop.kept)


def test_the_total_of_a_distinct_count_and_of_a_ratio_is_asked_for_anew(shop):
    ask = report(rows=[{"field": "channel"}], values=[{"measure": "buyers"}, {"measure": "aov"}])
    frame = shop.run(ask, total=True)
    assert frame.total[1] == len({o["buyer"] for o in shop.kept} - {None})
    assert frame.total[2] == pytest.approx(money(paid(shop.kept)) / len(paid(shop.kept)))
    assert sum(row[1] for row in frame.rows) > frame.total[1]


def test_the_first_few_and_the_others_of_a_distinct_count(shop):
    ask = report(
        rows=[{"field": "item", "top": {"n": 3, "by": "orders"}}],
        values=[{"measure": "orders"}, {"measure": "buyers"}],
    )
    by_item = grouped(shop.kept, "item")
    first = sorted(by_item, key=lambda key: (-len(by_item[key]), key))[:3]
    rest = [o for o in shop.kept if (o["item"],) not in first]
    frame = shop.run(ask)
    assert frame.rows[-1] == ["$other", len(rest), len({o["buyer"] for o in rest} - {None})]
    assert [row[0] for row in frame.rows[:-1]] == [key[0] for key in first]


def test_the_others_of_a_list_hold_a_record_once(shop):
    ask = report(rows=[{"field": "buyer.tags", "top": {"n": 1, "by": "orders"}}], values=[{"measure": "orders"}])
    frame = shop.run(ask)
    best = frame.rows[0][0]
    others = [o for o in shop.kept if set((o["who"] or {}).get("tags") or [None]) - {best}]
    assert frame.rows[1] == ["$other", len(others)]


def test_only_the_first_few_when_no_others_are_wanted(shop):
    ask = report(
        rows=[{"field": "item", "top": {"n": 2, "by": "orders", "other": False}}], values=[{"measure": "orders"}]
    )
    frame = shop.run(ask, total=True)
    assert len(frame.rows) == 2
    assert frame.total[1] == sum(row[1] for row in frame.rows)


def test_shares_of_the_whole_of_a_row_and_of_a_column(shop):
    values = [
        {"measure": "orders", "share_of": share, "as": share, "label": {"en": share}}
        for share in ("total", "row", "column")
    ]
    ask = report(rows=[{"field": "channel"}], color=[{"field": "gift"}], values=[{"measure": "orders"}, *values])
    by_channel, by_gift = grouped(shop.kept, "channel"), grouped(shop.kept, "gift")
    for channel, gift, count, *shares in shop.run(ask).rows:
        wholes = len(shop.kept), len(by_channel[(channel,)]), len(by_gift[(gift,)])
        assert shares == [pytest.approx(count / whole) for whole in wholes]


def test_a_measure_from_another_form_is_counted_alone_so_that_nothing_doubles(shop):
    ask = report(
        rows=[{"field": "channel"}, {"field": "buyer.level"}],
        values=[{"measure": "orders"}, {"measure": "visits"}, {"measure": "conversion"}],
    )
    orders = grouped(shop.kept, "channel", lambda o: o["who"] and o["who"]["level"])
    visits = grouped(shop.visits, "source", lambda v: v["who"]["level"])
    found = cells(shop.run(ask), dims=2)
    assert found.keys() == orders.keys() | visits.keys()
    for key, (count, seen, ratio) in found.items():
        assert (count, seen) == (len(orders.get(key, ())), len(visits.get(key, ())))
        assert ratio == (pytest.approx(count / seen) if seen else None)


def test_the_period_of_another_form_is_its_own_time(shop):
    frame = shop.run(report(values=[{"measure": "visits"}]), {"period": "2026-03"})
    assert frame.rows == [[len([v for v in shop.visits if v["local"].strftime("%Y-%m") == "2026-03"])]]


@pytest.mark.parametrize("negated", [False, True])
def test_not_equal_keeps_the_blank_ones(shop, negated):
    wanted = [o for o in shop.kept if (o["channel"] != "web") == negated]
    given = [{"field": "channel", "op": "!=" if negated else "=", "value": "web"}]
    frame = shop.run(report(filter=given, values=[{"measure": "orders"}]))
    assert frame.rows == [[len(wanted)]]


def test_conditions_over_a_path_treat_a_missing_record_as_blank(shop):
    for op, test in (
        ("empty", lambda p: p is None),
        ("filled", lambda p: p is not None),
        ("!=", lambda p: p != "Sichuan"),
    ):
        given = [{"field": "buyer.city.province", "op": op, "value": "Sichuan"}]
        frame = shop.run(report(filter=given, values=[{"measure": "orders"}]))
        assert frame.rows == [[len([o for o in shop.kept if test(_province(o))])]]


def test_a_parameter_narrows_by_several_options_and_by_blank(shop):
    ask = report(params=[{"id": "where", "field": "channel"}], values=[{"measure": "orders"}])
    frame = shop.run(ask, {"where": ["web", None]})
    assert frame.rows == [[len([o for o in shop.kept if o["channel"] in ("web", None)])]]
    assert shop.run(ask, {"where": ""}).rows == [[len(shop.kept)]]
    with pytest.raises(BadParam):
        shop.run(ask, {"nowhere": 1})


def test_money_and_flags_are_compared_as_people_write_them(shop):
    given = [{"field": "amount", "op": ">=", "value": 500.5}, {"field": "gift", "value": True}]
    wanted = [o for o in shop.kept if (o["amount"] or 0) >= 500.5 and o["gift"]]
    assert shop.run(report(filter=given, values=[{"measure": "orders"}])).rows == [[len(wanted)]]


def test_the_limit_keeps_the_first_rows_and_blank_groups_come_last(shop):
    ask = report(
        rows=[{"field": "item"}], values=[{"measure": "orders"}], sort=[{"by": "orders", "desc": True}], limit=2
    )
    counts = sorted((len(rows) for rows in grouped(shop.kept, "item").values()), reverse=True)
    assert [row[1] for row in shop.run(ask).rows] == counts[:2]
    channels = [row[0] for row in shop.run(report(rows=[{"field": "channel"}], values=[{"measure": "orders"}])).rows]
    assert channels == ["web", "shop", "phone", None]


def test_growth_against_the_period_before_and_the_year_before(shop):
    compare = [{"offset": "previous"}, {"offset": "1 year"}]
    ask = report(values=[{"measure": "orders", "compare": compare}], period="2026-10")
    months = {key[0]: len(rows) for key, rows in grouped(shop.kept, lambda o: o["local"].strftime("%Y-%m")).items()}
    now, before, change, year, year_change = shop.run(ask).rows[0]
    assert (now, before, year) == (months["2026-10"], months["2026-09"], months["2025-10"])
    assert (change, year_change) == (pytest.approx(now / before - 1), pytest.approx(now / year - 1))


def test_a_running_month_is_compared_with_as_many_days_of_the_month_before(shop):
    ask = report(values=[{"measure": "orders", "compare": [{"offset": "previous"}]}], period="this month")
    now, before, _change = shop.run(ask).rows[0]
    assert now == len([o for o in shop.kept if o["local"].strftime("%Y-%m") == "2026-11"])
    assert before == len([o for o in shop.kept if "2026-10-01" <= o["local"].strftime("%Y-%m-%d") <= "2026-10-22"])


def test_each_day_stands_beside_the_day_thirty_days_before(shop):
    ask = report(
        rows=[{"field": "at", "bucket": "day", "fill": "gaps"}],
        values=[{"measure": "orders", "compare": [{"offset": "previous"}]}],
        period="last 30 days",
        limit=30,
    )
    days = grouped(shop.kept, lambda o: o["local"].date())
    frame = shop.run(ask)
    assert len(frame.rows) == 30
    for label, now, before, _change in frame.rows:
        day = type(shop.kept[0]["local"]).fromisoformat(label).date()
        past = day - timedelta(days=30)
        assert (now, before) == (len(days.get((day,), ())), len(days.get((past,), ())))


def test_running_sums_and_moving_averages_follow_time_in_each_line(shop):
    for op, size in (("running_sum", None), ("moving_avg", 3)):
        window = {"op": op} | ({"size": size} if size else {})
        ask = report(
            rows=[{"field": "at", "bucket": "month", "fill": "gaps"}], values=[{"measure": "orders", "window": window}]
        )
        plain = [row[1] for row in shop.run(ask | {"values": [{"measure": "orders"}]}).rows]
        wanted = [
            sum(plain[: n + 1]) if size is None else statistics.mean(plain[max(0, n - 2) : n + 1])
            for n in range(len(plain))
        ]
        assert [row[1] for row in shop.run(ask).rows] == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ({"rows": [{"field": "color"}]}, NoSuchField),
        ({"rows": [{"field": "buyer.orders.amount"}]}, NotToOne),
        ({"rows": [{"field": "item", "bucket": "month"}]}, BadBucket),
        ({"rows": [{"field": "gift"}], "values": [{"measure": "visits"}]}, CannotSplit),
        ({"values": [{"agg": "sum", "field": "item"}]}, BadAggregate),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_cannot_be_asked_is_told_in_both_languages(shop, parts, error):
    with pytest.raises(error) as told:
        shop.run(report(**({"values": [{"measure": "orders"}]} | parts)))
    assert all(told.value.say(language) for language in ("zh", "en"))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_measures_that_are_made_of_each_other_are_told(shop):
    dataset = {
        "id": "d",
        "source": "order",
        "measures": [{"id": "a", "calc": "b + 1"}, {"id": "b", "calc": "a + 1"}],
    }
    with pytest.raises(Ring, match="ring"):
        shop.run(report(dataset=dataset, values=[{"measure": "a"}]))
