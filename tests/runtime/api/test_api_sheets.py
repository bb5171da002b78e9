"""Spreadsheets over the API: dry run, reasons, upsert, export under a filter and on record."""

import io

import pytest
import xlsxwriter

from engines.apps.platform import SYSTEM
from engines.core.access import audit
from engines.form.sheets import read

AT = "/apps/shop/forms/buyer"
HEADER = ["名字", "电话", "消费", "来源", "客服"]
ROWS = [["May", "1", 12.5, "直播间", "clerk"], ["Bo", "2", "很多", "电视", ""], ["Cai", "3", 7, "Parcel card", "谁"]]
SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def workbook(rows=ROWS, header=HEADER):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate([header, *rows]):
            sheet.write_row(n, 0, row)
    return made.getvalue()


def sent(clerk, content=None, **query):
    file = (io.BytesIO(content or workbook()), "buyers.xlsx")
    return clerk("POST", f"{AT}/import", data={"file": file}, query_string=query)


def test_a_dry_run_names_each_bad_cell_and_the_run_brings_the_good_rows(clerk):
    clerk.language = "zh"
    dry = sent(clerk, dry_run="1").json
    assert {name: dry[name] for name in ("total", "created", "updated", "failed")} == {
        "total": 3, "created": 1, "updated": 0, "failed": 2,
    }  # fmt: skip
    told = [(one["row"], one["column"], one["value"], one["code"]) for one in dry["problems"]]
    assert told == [
        (3, "消费", "很多", "not_an_amount"),
        (3, "来源", "电视", "not_an_option"),
        (4, "客服", "谁", "no_match"),
    ]
    assert dry["problems"][2]["detail"] == "找不到叫「谁」的客服"
    assert clerk("GET", f"{AT}/records").json["records"] == []
    done = sent(clerk).json
    assert (done["dry_run"], done["created"], done["failed"]) == (False, 1, 2)
    may = clerk("GET", f"{AT}/records").json["records"][0]
    assert (may["name"], may["source"], may["seller"]) == ("May", "live", may["_created_by"])


@SQLITE
def test_records_are_found_by_key_and_columns_may_be_named_by_hand(clerk):
    sent(clerk)
    rows = workbook([["May", "1", 99]], ["谁", "电话", "花了"])
    columns = '{"谁": "name", "花了": "total"}'
    done = sent(clerk, rows, key="phone", columns=columns).json
    assert (done["created"], done["updated"]) == (0, 1)
    assert clerk("GET", f"{AT}/records").json["records"][0]["total"] == 99.0


@SQLITE
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"mode": "replace"}, "mode"),
        ({"mode": "upsert"}, "key"),
        ({"key": "born"}, "key"),
        ({"columns": "[]"}, "columns"),
        ({"columns": '{"名字": "nothing"}'}, "columns"),
        ({"columns": '{"没有": "name"}'}, "columns"),
    ],
)
def test_a_mapping_that_means_nothing_is_told_where(clerk, query, field):
    answer = sent(clerk, **query)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)


@SQLITE
def test_a_file_that_is_no_spreadsheet_is_told_and_nothing_stays(clerk, platform):
    answer = clerk("POST", f"{AT}/import", data={"file": (io.BytesIO(b"PK\x03\x04no"), "bomb.xlsx")})
    assert (answer.status_code, answer.json["code"]) == (422, "bad_sheet")
    csv = clerk("POST", f"{AT}/import", data=b"name,phone\nMay,1\n", headers={"Content-Type": "text/csv"})
    assert csv.json["created"] == 1
    assert list((platform.data / "imports").iterdir()) == []


def test_an_export_holds_what_the_filter_leaves_and_is_on_record(clerk, platform, tmp_path):
    sent(clerk)
    clerk("POST", f"{AT}/records", {"name": "=1+1", "phone": "9", "total": 3})
    query = {"format": "xlsx", "filter": "total > 5", "fields": "name,total,seller"}
    (tmp_path / "a.xlsx").write_bytes(clerk("GET", f"{AT}/export", query_string=query).data)
    assert list(read(tmp_path / "a.xlsx", "a.xlsx")) == [["Name", "Spent", "Seller"], ["May", 12.5, "clerk"]]
    text = clerk("GET", f"{AT}/export", query_string={"format": "csv"}).text
    assert '"\'=1+1"' in text
    whole = clerk("GET", f"{AT}/export", query_string={"format": "json", "sort": "name"}).json
    assert [one["name"] for one in whole] == ["=1+1", "May"]
    told = platform.look(SYSTEM, lambda look: audit.entries(look.session))
    assert [(one["what"], one["object"], one["details"]["records"]) for one in told if one["what"] == "exported"] == [
        ("exported", "form:shop__buyer", 2),
        ("exported", "form:shop__buyer", 2),
        ("exported", "form:shop__buyer", 1),
    ]


@SQLITE
def test_without_the_right_nothing_goes_out_or_in(shop):
    reader = shop.caller("reader", "reader")
    assert reader("GET", f"{AT}/export").status_code == 403
    assert sent(reader).status_code == 403
    viewer = shop.caller("vera", "clerk", scopes=("shop:buyer:view,import",))
    assert viewer("GET", f"{AT}/export").status_code == 403
    refused = sent(viewer)
    assert refused.status_code == 403
