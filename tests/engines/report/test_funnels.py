"""Funnels count each record once a step, and say where most are lost."""

import pytest


def test_a_step_needs_all_steps_before_it(shop):
    steps = [
        {"id": "all", "label": {"zh": "下单", "en": "Ordered"}},
        {"id": "big", "label": {"zh": "大单", "en": "Large"}, "when": "amount > 300"},
        {"id": "paid", "label": {"zh": "付款", "en": "Paid"}, "when": 'status = "paid"'},
    ]
    ask = {"id": "r", "dataset": "ds_orders", "title": {"en": "R"}, "analysis": {"type": "funnel", "steps": steps}}
    large = [o for o in shop.kept if (o["amount"] or 0) > 300]
    paid = [o for o in large if o["status"] == "paid"]
    counts = [len(shop.kept), len(large), len(paid)]
    frame = shop.run(ask)
    assert [row[1] for row in frame.rows] == counts
    assert [row[2] for row in frame.rows] == [pytest.approx(count / counts[0]) for count in counts]
    assert frame.rows[2][3] == pytest.approx(counts[2] / counts[1])
    assert f"{(1 - min(counts[1] / counts[0], counts[2] / counts[1])) * 100:.1f}%" in frame.notes[0]["zh"]


def test_a_funnel_over_related_records_of_one_entity(shop):
    steps = [
        {"id": "visited", "label": {"en": "Visited"}, "when": "COUNT(visits) > 0"},
        {"id": "bought", "label": {"en": "Bought"}, "when": 'COUNT(orders WHERE status = "paid") > 2'},
    ]
    ask = {"id": "r", "source": "buyer", "title": {"en": "R"}, "analysis": {"type": "funnel", "steps": steps}}
    visited = {v["buyer"] for v in shop.visits}
    paid = [o["buyer"] for o in shop.orders if o["status"] == "paid"]
    bought = {b["id"] for b in shop.buyers if paid.count(b["id"]) > 2}
    assert [row[1] for row in shop.run(ask).rows] == [len(visited), len(visited & bought)]


def test_stages_count_who_came_at_least_so_far(shop):
    ask = {"id": "r", "source": "buyer", "title": {"en": "R"}, "analysis": {"type": "stages", "field": "stage"}}
    stages = [b["stage"] for b in shop.buyers]
    order = ("seen", "asked", "bought")
    wanted = [[stage, sum(s in order[n:] for s in stages)] for n, stage in enumerate(order)]
    assert [row[:2] for row in shop.run(ask).rows] == wanted


def test_a_funnel_of_nothing_is_zeros(shop):
    ask = {
        "id": "r",
        "source": "buyer",
        "title": {"en": "R"},
        "filter": "FALSE",
        "analysis": {"type": "stages", "field": "stage"},
    }
    assert [row[1:] for row in shop.run(ask).rows] == [[0, None, None]] * 3
