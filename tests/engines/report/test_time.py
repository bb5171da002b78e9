"""Time buckets on the app's wall clock: half-open, summer time and all, the same on both databases."""

import datetime

import pytest
from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text, insert, select

from engines.apps.platform import SYSTEM
from engines.report import periods
from engines.report.buckets import UNITS, Bucket
from engines.report.zones import SPAN, instant, local, segments

from .shop import NOW, cells, grouped, report

ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe")
HOUR = 3_600_000_000


def moments(zone):
    """Instants far and near, and those around each change of the clock since 1985."""
    near = [start for start, _ in segments(zone, None, None) if start > 470_000_000_000_000][:40]
    edges = [edge + step for edge in near for step in (-1, 0, 1, -HOUR, HOUR)]
    return [*edges, SPAN[0], -1, 0, 1, *(n * 77_777_777_777_777 for n in range(-25, 50))]


@pytest.mark.parametrize("zone", ZONES)
def test_sql_and_python_put_every_instant_and_date_in_the_same_bucket(platform, zone):
    table = Table("t", MetaData(), Column("n", Integer), Column("at", BigInteger), Column("day", Text))
    given = moments(zone)
    columns = {}
    for unit in UNITS:
        for first in (1, 6, 7) if unit == "week" else (1,):
            bucket = Bucket(unit, first)
            columns[bucket, "at"] = bucket.of_instant(table.c.at, segments(zone, None, None))
            columns[bucket, "day"] = bucket.of_date(table.c.day)

    def fill_and_ask(uow):
        uow.session.create(table)
        for n, at in enumerate(given):
            day = local(at, zone).date().isoformat()
            uow.session.run(insert(table).values(n=n, at=at, day=day))
        return uow.session.run(select(table.c.n, *columns.values()).order_by(table.c.n)).fetchall()

    for n, *numbers in platform.run(SYSTEM, fill_and_ask):
        clock = local(given[n], zone)
        for (bucket, column), number in zip(columns, numbers, strict=True):
            moment = clock if column == "at" else clock.replace(hour=0, minute=0)
            assert bucket.label(number) == bucket.named(moment), (zone, given[n], bucket, column)


@pytest.mark.parametrize("zone", ZONES)
def test_the_span_of_a_label_holds_exactly_what_has_that_label(zone):
    for at in moments(zone):
        for bucket in (*(Bucket(unit) for unit in UNITS), Bucket("week", 7)):
            start, end = (instant(moment, zone) for moment in bucket.span(bucket.named(local(at, zone))))
            assert start <= at < end


def test_a_period_of_shanghai_needs_one_offset_and_a_year_of_new_york_three():
    year = [instant(datetime.datetime.fromisoformat(f"2026-{month}-01"), "UTC") for month in ("01", "12")]
    assert len(segments("Asia/Shanghai", *year)) == 1
    assert [offset // HOUR for _, offset in segments("America/New_York", *year)] == [-5, -4, -5]


@pytest.mark.parametrize("unit", ["hour", "day", "week", "month"])
def test_orders_in_new_york_are_grouped_by_its_own_clock(shops, backend, unit):
    shop = shops(backend, "America/New_York")
    bucket = Bucket(unit)
    for period in ("all", "this year"):
        frame = shop.run(
            report(rows=[{"field": "at", "bucket": unit}], values=[{"measure": "orders"}]), {"period": period}
        )
        rows = [o for o in shop.kept if period == "all" or o["local"].year == 2026]
        wanted = {key: [len(found)] for key, found in grouped(rows, lambda o: bucket.named(o["local"])).items()}
        assert cells(frame, dims=1) == wanted


def test_a_week_starts_where_the_dataset_says(shop):
    dataset = {"id": "d", "source": "order", "default_time": "at", "week_start": 7}
    frame = shop.run(report(dataset=dataset, rows=[{"field": "at", "bucket": "week"}], values=[{"measure": "count"}]))
    assert {datetime.date.fromisoformat(row[0]).isoweekday() for row in frame.rows} == {7}
    assert sum(row[1] for row in frame.rows) == len(shop.orders)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("today", "2026-11-22", "2026-11-23"),
        ("yesterday", "2026-11-21", "2026-11-22"),
        ("this week", "2026-11-16", "2026-11-23"),
        ("last week", "2026-11-09", "2026-11-16"),
        ("this month", "2026-11-01", "2026-12-01"),
        ("last quarter", "2026-07-01", "2026-10-01"),
        ("last year", "2025-01-01", "2026-01-01"),
        ("last 30 days", "2026-10-24", "2026-11-23"),
        ("last_12_months", "2025-12-01", "2026-12-01"),
        ("2026-Q3", "2026-07-01", "2026-10-01"),
        ({"from": "2026-02-01", "to": "2026-02-28"}, "2026-02-01", "2026-03-01"),
    ],
)
def test_periods_are_half_open(name, start, end):
    found = periods.period(name, NOW.replace(tzinfo=None))
    assert (found.start.date().isoformat(), found.end.date().isoformat()) == (start, end)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("last 30 days", "2026-09-24", "2026-10-24"),
        ("this month", "2026-10-01", "2026-10-23"),
        ("last month", "2026-09-01", "2026-10-01"),
        ("this quarter", "2026-07-01", "2026-08-23"),
        ("this year", "2025-01-01", "2025-11-23"),
        ("2024-02-29", "2024-02-28", "2024-02-29"),
    ],
)
def test_the_period_before_is_as_long_and_a_running_one_only_so_far(name, start, end):
    found = periods.period(name, NOW.replace(tzinfo=None)).previous()
    assert (found.start.date().isoformat(), found.end.date().isoformat()) == (start, end)


@pytest.mark.parametrize("name", ["sometime", "last 0 days", "2026-13", {"from": "2026-02-02", "to": "2026-01-01"}])
def test_what_is_no_period_is_refused(name):
    with pytest.raises(ValueError):  # noqa: PT011  the caller names the parameter
        periods.period(name, NOW.replace(tzinfo=None))


def test_a_leap_day_has_a_day_before_in_other_years():
    day = datetime.datetime.fromisoformat
    assert periods.move(day("2024-02-29"), 1, "year") == day("2025-02-28")
