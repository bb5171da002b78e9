"""When a formula changes by itself: just before it the old answer, from it on the new one."""

from datetime import datetime

import pytest

from engines.core.formula.check import check
from engines.core.formula.due import next_due, window_key
from engines.core.formula.env import Env, micros
from engines.core.formula.python import compile_one

from .world import ENV, NAMES, ZONE

SECOND = 1_000_000


def at(text):
    return micros(datetime.fromisoformat(text + "+08:00"))


def due(text, now="2026-11-22T20:00:00", **facts):
    return next_due(check(text, NAMES), facts, Env(at(now), ZONE))


FLIPS = {
    "DAYS_SINCE(d) > 30": "2026-12-02T00:00:00",
    "DAYS_SINCE(d) >= 30": "2026-12-01T00:00:00",
    "d < TODAY() - 30": "2026-12-02T00:00:00",
    "DAYS_SINCE(w) > 30": "2026-12-01T00:00:00",
    "NOT(DAYS_SINCE(d) > 30) OR a > 1": "2026-12-02T00:00:00",
    "DAYS_SINCE(d) = 30": "2026-12-01T00:00:00",
    "HOURS_SINCE(x) > 2": "2026-11-22T21:30:00.000001",
    "HOURS_SINCE(x) >= 2": "2026-11-22T21:30:00",
    "x + 1 < NOW()": "2026-11-23T19:30:00.000001",
    "w >= TODAY() - 30": "2026-12-01T00:00:00",
    'DATEDIF(d, TODAY(), "y") >= 1': "2027-11-01T00:00:00",
    "TODAY() > e": "2027-01-01T00:00:00",
    "EDATE(d, 1) <= TODAY()": "2026-12-01T00:00:00",
    "IF(DAYS_SINCE(d) > 90, 1, IF(DAYS_SINCE(d) > 30, 2, 3))": "2026-12-02T00:00:00",
}
FACTS = {"d": "2026-11-01", "w": at("2026-10-31T10:00:00"), "x": at("2026-11-22T19:30:00"), "e": "2026-12-31"}


@pytest.mark.parametrize("text", FLIPS)
def test_a_time_condition_is_due_at_the_instant_it_flips(text):
    found = due(text, **FACTS)
    assert found == at(FLIPS[text])
    run = compile_one(check(text, NAMES))
    assert run(FACTS, Env(found - 1, ZONE)) == run(FACTS, Env(at("2026-11-22T20:00:00"), ZONE))
    if text.startswith(("DAYS", "HOURS", "TODAY", "d <", "IF(")):
        assert run(FACTS, Env(found, ZONE)) != run(FACTS, Env(found - 1, ZONE))


@pytest.mark.parametrize("text", ["a > 1", "DAYS_SINCE(d) > 3", "d < TODAY()", "DAYS_SINCE(d) > 99999999"])
def test_what_has_flipped_or_never_will_is_never_due(text):
    assert due(text, d="2026-01-01") is None


def test_a_blank_date_is_never_due():
    assert due("DAYS_SINCE(d) > 30") is None


@pytest.mark.parametrize(
    "text",
    ["DAYS_SINCE(d)", 'TODAY() & ""', "WEEKDAY(TODAY()) = 1", "DAY(TODAY()) = DAY(d)", "TODAY() - d > DAY(TODAY())"],
)
def test_what_moves_both_ways_is_due_at_the_next_midnight_of_the_zone(text):
    assert due(text, **FACTS) == at("2026-11-23T00:00:00")


def test_a_month_is_due_at_its_start():
    assert due("MONTH(TODAY()) = MONTH(d)", **FACTS) == at("2026-12-01T00:00:00")
    assert due("MONTH(TODAY()) = MONTH(d)", now="2026-12-05T00:00:00", **FACTS) == at("2027-01-01T00:00:00")


WINDOW = "COUNT(orders WHERE created_at >= TODAY() - 30) > 2"


def test_a_windowed_count_without_its_rows_is_due_at_midnight():
    assert due(WINDOW) == at("2026-11-23T00:00:00")
    assert due("a > 1 AND " + WINDOW) == at("2026-11-23T00:00:00")


def test_a_windowed_count_is_due_when_its_deciding_row_leaves():
    checked = check(WINDOW, NAMES)
    (aggregate,) = checked.aggregates
    newest = [at(f"2026-11-{day:02}T09:00:00") for day in (20, 10, 5, 1)]
    facts = {aggregate.key: 4.0, window_key(aggregate): newest}
    assert next_due(checked, facts, ENV) == at("2026-12-06T00:00:00")
    assert next_due(checked, {aggregate.key: 2.0, window_key(aggregate): newest[:2]}, ENV) is None


def test_a_due_instant_lies_ahead_and_so_does_the_next_one():
    checked, now = check("IF(DAYS_SINCE(d) > 90, 1, IF(DAYS_SINCE(d) > 30, 2, 3))", NAMES), at("2026-11-22T20:00:00")
    steps = []
    while now is not None and len(steps) < 9:
        now = next_due(checked, FACTS, Env(now, ZONE))
        steps.append(now)
    assert steps == [at("2026-12-02T00:00:00"), at("2027-01-31T00:00:00"), None]
