"""Retention, RFM and lifetime value give the numbers that others published or that a sheet of paper gives."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from engines.apps.platform import SYSTEM
from engines.core.records import query
from engines.form import submit
from engines.report.analyses.rfm import limit_scores, quantile_scores
from engines.report.drill import drill
from engines.report.errors import BadParam
from engines.report.run import run

START = datetime(2020, 6, 10, 5, tzinfo=UTC)
APP = {
    "id": "log",
    "version": "1.0.0",
    "name": {"en": "Log"},
    "languages": ["zh", "en"],
    "zone": "UTC",
    "forms": [
        {
            "id": "event",
            "label": {"en": "Event"},
            "title": "who",
            "fields": [
                {"id": "who", "type": "text", "label": {"en": "Who"}},
                {"id": "at", "type": "datetime", "label": {"en": "At"}},
                {"id": "paid", "type": "money", "label": {"en": "Paid"}},
            ],
        }
    ],
}


class Log:
    """Events of people, with what they paid."""

    def __init__(self, platform):
        self.platform = platform
        self.app = platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, APP))

    def add(self, who, *days, paid=10):
        def work(uow):
            for day in days:
                at = (START + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%SZ")
                submit.create_record(uow, self.app.form("event"), {"who": who, "at": at, "paid": paid})

        self.platform.run(SYSTEM, work)

    def ask(self, period=None, **analysis):
        report = {"id": "r", "title": {"en": "R"}, "source": "event", "params": [
            {"id": "period", "op": "period", "field": "at", "default": period}], "analysis": analysis}  # fmt: skip
        return self.platform.look(SYSTEM, lambda look: run(look, self.app, report))


@pytest.fixture
def log(platform):
    return Log(platform)


def lines(frame):
    found = defaultdict(list)
    for cohort, _, value in frame.rows:
        found[cohort].append(value)
    return list(found.values())


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_recurring_retention_by_day_is_that_of_posthog(log):
    log.add("person1", 0, 1, 2, 5, 5 + 4 / 24, 6)
    log.add("person2", 1, 2, 3, 6)
    span = {"from": "2020-06-10", "to": "2020-06-20"}
    found = lines(log.ask(span, type="cohort", entity="who", time="at", unit="day", by="each"))
    wanted = [[1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0], [2, 2, 1, 0, 1, 2, 0, 0, 0, 0], [2, 1, 0, 1, 2, 0, 0, 0, 0],
              [1, 0, 0, 1, 0, 0, 0, 0], [0] * 7, [1, 1, 0, 0, 0, 0], [2, 0, 0, 0, 0], [0] * 4, [0] * 3, [0] * 2,
              [0]]  # fmt: skip
    assert found == wanted


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_first_time_cohorts_count_each_once_whatever_the_period(log):
    log.add("old", -40, 1, 30)
    log.add("ann", 0, 20, 35)
    log.add("bo", 3, 64)
    span = {"from": "2020-06-01", "to": "2020-08-31"}
    found = lines(log.ask(span, type="cohort", entity="who", time="at", unit="month"))
    assert found == [[2, 1, 1], [0, 0], [0]]
    shares = lines(log.ask(span, type="cohort", entity="who", time="at", unit="month", show="share"))
    assert shares == [[1.0, 0.5, 0.5], [None, None], [None]]
    amounts = lines(log.ask(span, type="cohort", entity="who", time="at", unit="month", show="amount", amount="paid"))
    assert amounts[0] == [30, 40, 50]


def test_equal_values_share_a_score():
    often = dict.fromkeys(range(11_908), 1) | {n: 2 + n % 7 for n in range(11_908, 23_570)}
    scores = quantile_scores(often, 5)
    assert {scores[n] for n in range(11_908)} == {1}
    assert set(scores.values()) <= {1, 2, 3, 4, 5}


def test_scores_rise_with_the_value_and_never_split_a_tie():
    dice = random.Random(5)
    values = {n: dice.randrange(40) for n in range(500)}
    scores = quantile_scores(values, 4)
    by_value = defaultdict(set)
    for n, value in values.items():
        by_value[value].add(scores[n])
    assert all(len(one) == 1 for one in by_value.values())
    order = [by_value[value].pop() for value in sorted(by_value)]
    assert order == sorted(order)
    assert (order[0], order[-1]) == (1, 4)


def test_limits_begin_the_next_score():
    assert limit_scores({"a": 0, "b": 3, "c": 9, "d": 10}, [3, 10]) == {"a": 1, "b": 2, "c": 2, "d": 3}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_segments_lead_to_whom_they_count(shop):
    report = {"id": "r", "title": {"en": "R"}, "source": "order",
              "analysis": {"type": "rfm", "entity": "buyer", "time": "at", "amount": "amount"}}  # fmt: skip
    frame = shop.run(report)
    buyers = {o["buyer"] for o in shop.orders if o["buyer"]}
    assert sum(row[1] for row in frame.rows) == len(buyers)
    spent = sum(o["amount"] or 0 for o in shop.orders if o["buyer"])
    assert sum(row[2] for row in frame.rows) == pytest.approx(spent)

    def listed(look, row):
        found = drill(look, shop.app, report, {}, {"row": {"segment": row[0]}})
        return found.form, query.count(look, shop.app.form(found.form).source, query.Ask(where=found.where))

    for row in frame.rows:
        assert shop.platform.look(SYSTEM, lambda look, row=row: listed(look, row)) == ("buyer", row[1])
    with pytest.raises(BadParam):
        shop.platform.look(SYSTEM, lambda look: listed(look, ["nobody"]))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_lifetime_value_shows_what_it_is_made_of(log):
    log.add("ann", 0, 30, 61, paid=100)
    log.add("bo", 1, paid=40)
    log.add("cy", 2, 31, paid=60)
    frame = log.ask(type="ltv", entity="who", time="at", amount="paid", unit="month", margin=0.5)
    row = dict(zip([column.id for column in frame.columns], frame.rows[0], strict=True))
    arpu, churn = 460 / 6, 2 / 5
    assert (row["people"], row["revenue"], row["margin"]) == (3, 460, 0.5)
    assert row["realised"] == pytest.approx(460 * 0.5 / 3)
    assert (row["arpu"], row["churn"]) == (pytest.approx(arpu), pytest.approx(churn))
    assert row["expected"] == pytest.approx(arpu * 0.5 / churn)
    assert "¥76.67 × 50.0% ÷ 40.0% = ¥95.83" in frame.notes[0]["zh"]
