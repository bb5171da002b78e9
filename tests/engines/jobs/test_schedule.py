"""Schedules: wall-clock rules in a zone, next from the planned instant."""

import datetime

import pytest

from engines.core.jobs.schedule import BadSchedule, missed, next_after, to_instant

BERLIN, SHANGHAI = "Europe/Berlin", "Asia/Shanghai"


def at(text, zone=SHANGHAI):
    return to_instant(datetime.datetime.fromisoformat(text), zone)


def utc(text):
    return int(datetime.datetime.fromisoformat(text).timestamp()) * 1_000_000


def test_an_hour_that_summer_time_skips_is_the_first_valid_instant_after():
    assert at("2026-03-29T02:30", BERLIN) == utc("2026-03-29T01:00+00:00")


def test_an_hour_that_comes_twice_is_the_first_of_the_two():
    assert at("2026-10-25T02:30", BERLIN) == utc("2026-10-25T00:30+00:00")


def test_a_daily_time_stays_on_the_clock_face_across_summer_time():
    rule = {"rrule": "FREQ=DAILY", "time": "09:00"}
    first = next_after(rule, BERLIN, utc("2026-03-28T07:00+00:00"))
    second = next_after(rule, BERLIN, first)
    assert (first, second) == (utc("2026-03-28T08:00+00:00"), utc("2026-03-29T07:00+00:00"))


def test_a_skipped_hour_is_due_once_that_day():
    rule = {"rrule": "FREQ=DAILY", "time": "02:30"}
    first = next_after(rule, BERLIN, utc("2026-03-28T22:00+00:00"))
    assert first == utc("2026-03-29T01:00+00:00")
    assert next_after(rule, BERLIN, first) == utc("2026-03-30T00:30+00:00")


def test_every_hour_counts_time_itself_when_an_hour_comes_twice():
    rule = {"rrule": "FREQ=HOURLY;INTERVAL=1"}
    start = utc("2026-10-25T00:00+00:00")
    assert next_after(rule, BERLIN, start) == start + 3_600_000_000


@pytest.mark.parametrize(
    ("schedule", "after", "expected"),
    [
        ({"rrule": "FREQ=WEEKLY;BYDAY=TU,TH,SA", "time": "20:00"}, "2026-11-27T10:00", "2026-11-28T20:00"),
        ({"rrule": "FREQ=MONTHLY;BYMONTHDAY=-1", "time": "18:00"}, "2026-02-10T00:00", "2026-02-28T18:00"),
        ({"rrule": "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=18", "time": "08:00"}, "2026-06-18T08:00", "2027-06-18T08:00"),
        ({"rrule": "FREQ=WEEKLY;INTERVAL=2", "start": "2026-11-02T09:00"}, "2026-11-03T00:00", "2026-11-16T09:00"),
        ({"cron": "*/30 9-10 * * 1-5"}, "2026-11-27T10:30", "2026-11-30T09:00"),
        ({"cron": "0 9 1 */3 *"}, "2026-11-27T00:00", "2027-01-01T09:00"),
    ],
)
def test_the_next_planned_instant(schedule, after, expected):
    assert next_after(schedule, SHANGHAI, at(after)) == at(expected)


def test_a_rule_that_has_ended_has_no_next():
    assert next_after({"rrule": "FREQ=DAILY;COUNT=2", "start": "2026-01-01T09:00"}, SHANGHAI, at("2026-01-03")) is None


def test_what_was_missed_while_nobody_ran():
    rule = {"rrule": "FREQ=DAILY", "time": "09:00"}
    days = missed(rule, SHANGHAI, at("2026-11-20T09:00"), at("2026-11-23T12:00"))
    assert days == [at(f"2026-11-{day}T09:00") for day in (21, 22, 23)]


BROKEN = [{"cron": "61 * * * *"}, {"cron": "* * *"}, {"rrule": "DAILY"}, {"rrule": "FREQ=WEEKLY;BYDAY=XX"}]


@pytest.mark.parametrize("schedule", BROKEN)
def test_a_schedule_that_cannot_be_read_says_where(schedule):
    with pytest.raises(BadSchedule) as refused:
        next_after(schedule, SHANGHAI, 0)
    assert refused.value.say("zh")
    assert refused.value.details["gap"]
