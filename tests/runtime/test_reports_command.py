"""`report run` and `report adhoc` from the command line."""

import json

import pytest

from engines.core.kernel import clock
from runtime.commands import main

from ..engines.report.shop import NOW, Shop, micros

ORDERS = """who,day,"Amount (yuan)",pieces
1,19970101,11.77,1
2,19970112,12.00,1
2,19970212,77.00,5
3,19970102,20.76,2
4,NA,NA,1
"""


@pytest.fixture
def adhoc(tmp_path, capfd):
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "orders.txt").write_text(ORDERS.replace(",", "   ").split("\n", 1)[1], encoding="utf-8")

    def ask(dataset, report, source, *options):
        given = {"sources": {"orders": source}, "dataset": dataset, "report": report}
        (tmp_path / "ask.json").write_text(json.dumps(given), encoding="utf-8")
        code = main(argv=["report", "adhoc", str(tmp_path / "ask.json"), "--data", str(tmp_path / "data"), *options])
        said = capfd.readouterr()
        return json.loads(said.out) if code == 0 else said.err

    return ask


DATASET = {
    "type": "dataset",
    "source": "orders",
    "measures": [
        {"id": "n", "agg": "count"},
        {"id": "people", "agg": "count_distinct", "field": "who"},
        {"id": "money", "agg": "sum", "field": "amount_yuan"},
        {"id": "each", "calc": "money / n"},
    ],
}
REPORT = {
    "type": "report",
    "rows": [{"field": "day", "bucket": "month"}],
    "values": [{"measure": name} for name in ("n", "people", "money", "each")],
}


def test_a_report_over_a_csv_file_that_nobody_installed(adhoc):
    source = {"file": "orders.csv", "types": {"amount_yuan": "money", "day": "date"}}
    found = adhoc(DATASET, REPORT, source)
    assert [column["id"] for column in found["columns"]] == ["day", "n", "people", "money", "each"]
    assert found["rows"] == [
        ["1997-01", 3, 3, 44.53, pytest.approx(44.53 / 3)],
        ["1997-02", 1, 1, 77, 77],
        [None, 1, 1, 0, 0],
    ]


def test_a_file_without_a_heading_whose_columns_are_parted_by_blanks(adhoc):
    source = {"file": "orders.txt", "sep": "whitespace", "header": False,
              "columns": ["who", "day", "amount_yuan", "pieces"], "types": {"day": "date"}}  # fmt: skip
    assert [row[1:4] for row in adhoc(DATASET, REPORT, source)["rows"]] == [[3, 3, 44.53], [1, 1, 77], [1, 1, 0]]


def test_rows_written_into_the_definition_itself(adhoc):
    source = {"columns": ["who", "day", "amount_yuan"], "rows": [[1, "2026-01-05", 2.5], [1, "2026-03-05", None]]}
    assert adhoc(DATASET, REPORT, source)["rows"] == [["2026-01", 1, 1, 2.5, 2.5], ["2026-03", 1, 1, 0, 0]]


def test_a_definition_that_cannot_work_is_told_on_the_error_stream(adhoc):
    told = adhoc(DATASET, REPORT | {"rows": [{"field": "when"}]}, {"file": "orders.csv"})
    assert "'orders' has no 'when'" in told


def test_a_report_of_an_app_as_json_csv_and_drawing(tmp_path, capfd, monkeypatch):
    from engines.apps.platform import open_platform

    platform = open_platform(tmp_path, sync="off")
    try:
        shop = Shop(platform)
    finally:
        platform.close()
    ask = ["report", "run", "shop", "r_channels", "--data", str(tmp_path)]
    with clock.frozen(micros(NOW)):
        assert main(argv=ask) == 0
        frame = json.loads(capfd.readouterr().out)
        assert main(argv=[*ask, "--params", '{"period": "2026-03"}', "--format", "csv", "--language", "en"]) == 0
        text = capfd.readouterr().out
        assert main(argv=[*ask, "--format", "vega"]) == 0
        drawing = json.loads(capfd.readouterr().out)
    assert sum(row[1] for row in frame["rows"]) == len(shop.kept)
    march = [o for o in shop.kept if o["local"].strftime("%Y-%m") == "2026-03"]
    assert sum(int(line.rsplit(",", 1)[1]) for line in text.splitlines()[1:]) == len(march)
    assert len(drawing["datasets"]["rows"]) == len(frame["rows"])
