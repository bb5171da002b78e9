"""696 expressions on which independent spreadsheet engines agree, on each back end, but for a committed list."""

import json

import pytest

from engines.core.formula.cases import NeedsDatabase, evaluate, run_cases

from ...conftest import ROOT

CASES = ROOT / "tests" / "data" / "formula_cases.json"
DEVIATIONS = json.loads((ROOT / "tests" / "data" / "formula_deviations.json").read_text(encoding="utf-8"))["deviations"]
RECORD = {
    "amount": 5, "name": "Ann", "paid_at": "2026-11-20T10:00:00+00:00", "born": "2000-02-29", "tags": ["a", "b"],
    "city": {"name": "X"}, "orders": [
        {"amount": 3, "status": "paid", "created_at": "2026-11-01T00:00:00+00:00"},
        {"amount": 4.5, "status": "open", "created_at": "2026-11-10T00:00:00+00:00"},
        {"amount": None, "status": "paid", "created_at": None},
    ],
}  # fmt: skip
ASKED = {
    'SUM(orders.amount WHERE status = "paid")': 3,
    "COUNT(orders)": 3,
    "COUNT(orders.amount)": 2,
    "COUNT_DISTINCT(orders.status)": 2,
    "AVERAGE(orders.amount)": 3.75,
    "MAX(orders.amount)": 4.5,
    "LATEST(orders.status)": "open",
    "EARLIEST(orders.amount)": 3,
    'LOOKUP(orders.amount WHERE status = "open")': 4.5,
    "EXISTS(orders WHERE amount > this.amount)": False,
    "COUNT(orders WHERE created_at >= TODAY() - 14)": 1,
    "city.name & name": "XAnn",
    'HAS(tags, "b") AND NOT(HAS(tags, "c"))': True,
    'HAS_ALL(tags, "a", "b")': True,
    "COUNT(tags)": 2,
    "DAYS_SINCE(paid_at)": 2,
    "HOURS_SINCE(paid_at)": 50,
    "DATE(paid_at)": "2026-11-20",
    "paid_at <= TODAY() - 2": True,
    "paid_at > TODAY() - 2": False,
    "EDATE(born, 12)": "2001-02-28",
    'DATEADD(paid_at, 2, "hour")': "2026-11-20T20:00:00+08:00",
    'STARTOF(born, "month")': "2000-02-01",
    'DATEDIF(born, TODAY(), "y")': 26,
    'IFERROR(amount / 0, "x") & paid_at': "x2026-11-20 18:00:00",
}


def runner(connection):
    return lambda statement, params: connection.execute(statement, params) if params else connection.execute(statement)


@pytest.fixture(params=["python", "sqlite", "postgresql", "browser"])
def backend(request):
    if request.param == "python":
        return "python", None
    found = request.getfixturevalue(request.param)
    return request.param, found.answers if request.param == "browser" else runner(found)


def test_the_cases_pass_but_for_the_committed_deviations(backend):
    name, run = backend
    found = run_cases(CASES, name, run)
    assert {f["expr"]: f["actual"] for f in found["failures"]} == {d["expr"]: d["ours"] for d in DEVIATIONS}
    assert len(DEVIATIONS) <= 15
    assert found["skipped"] == {"python": 0, "browser": 5}.get(name, 24)
    assert found["passed"] + found["failed"] + found["skipped"] == 696


def test_a_json_record_is_asked_about_its_links_lists_and_related_records(backend):
    name, run = backend
    now = "2026-11-22T12:00:00+00:00"
    found = {text: evaluate(text, RECORD, now, name, run=run, zone="Asia/Shanghai").get("value") for text in ASKED}
    assert found == ASKED


def test_a_fault_is_told_by_its_code(backend):
    name, run = backend
    assert evaluate("amount / 0", {"amount": 5}, "2026-11-22", name, run=run) == {"error": "DIV0"}


def test_an_unknown_back_end_is_named_in_plain_words():
    with pytest.raises(NeedsDatabase) as caught:
        evaluate("1", {}, "2026-11-22", "oracle")
    assert "oracle" in caught.value.say("zh")
