"""The import wizard and the export page, step by step as a browser without scripts would go."""

import io
import re

import pytest
import xlsxwriter

from engines.apps.platform import SYSTEM
from engines.core.access import audit
from engines.core.jobs.worker import drain
from engines.form.sheets import read

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
AT = "/a/shop/buyer"
HEADER = ["名字", "电话", "消费", "来源", "不认识"]
ROWS = [["May", "1", 12.5, "直播间", "x"], ["Bo", "2", "很多", "电视", ""], ["", "3", 7, "包裹卡", ""]]


def workbook(rows=ROWS, header=HEADER):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate([header, *rows]):
            sheet.write_row(n, 0, row)
    made.seek(0)
    return made


@pytest.fixture
def zh(shop):
    shop.person("clerk", "clerk")
    return shop.browser("clerk", "zh")


def uploaded(browser, content=None, name="买家.xlsx"):
    return browser.post(f"{AT}/import", data={"file": (content or workbook(), name)}).location


def columns(browser, at, **changed):
    given = {"c0": "name", "c1": "phone", "c2": "total", "c3": "source", "c4": "", "mode": "insert"} | changed
    return browser.post(f"{at}/columns", data=given)


def brought(browser, shop, at):
    columns(browser, at)
    drain(shop.platform)
    browser.post(f"{at}/run")
    drain(shop.platform)
    return browser.get(at).text


def figures(page):
    return [re.search(rf'data-test="{name}"[^>]*>([\d,]+)', page)[1] for name in ("created", "updated", "failed")]


def test_the_columns_are_proposed_with_samples(zh):
    page = zh.get(uploaded(zh)).text
    assert re.findall(r'<option value="(\w+)" selected', page) == ["name", "phone", "total", "source"]
    assert "电视" in page
    assert "预检" in page


def test_nothing_is_written_before_the_dry_run_was_seen(zh, shop):
    at = uploaded(zh)
    assert columns(zh, at).location == at
    assert 'data-going="yes"' in zh.get(f"{at}/progress").text
    drain(shop.platform)
    page = zh.get(at).text
    assert figures(page) == ["1", "0", "2"]
    assert all(text in page for text in ("很多", "要填金额", "可以选：直播间、包裹卡", "还没填"))
    assert "总" not in zh.get(AT).text or "May" not in zh.get(AT).text
    zh.post(f"{at}/run")
    drain(shop.platform)
    assert "May" in zh.get(AT).text


def test_the_refused_rows_come_back_with_reasons(zh, shop, tmp_path):
    at = uploaded(zh)
    page = brought(zh, shop, at)
    assert "新增 1 条" in page
    (tmp_path / "back.xlsx").write_bytes(zh.get(f"{at}/failed.xlsx").data)
    header, *rows = read(tmp_path / "back.xlsx", "back.xlsx")
    assert header == [*HEADER, "要改什么"]
    assert [row[1] for row in rows] == ["2", "3"]
    assert rows[1][-1] == "名字：还没填，这一项要填"


def test_mended_rows_can_be_brought_in_by_key(zh, shop):
    brought(zh, shop, uploaded(zh))
    at = uploaded(zh, workbook([["May", "1", 99, "", ""], ["Cai", "4", 1, "", ""]]))
    assert columns(zh, at, mode="upsert", key="born").status_code == 422
    columns(zh, at, mode="upsert", key="phone")
    drain(shop.platform)
    assert figures(zh.get(at).text) == ["1", "1", "0"]


def test_undo_takes_back_what_came_in(zh, shop):
    at = uploaded(zh)
    brought(zh, shop, at)
    assert zh.post(f"{at}/undo").location == at
    drain(shop.platform)
    assert 'data-test="undone"' in zh.get(at).text
    assert "May" not in zh.get(AT).text
    assert zh.post(f"{at}/undo").status_code == 409


@pytest.mark.parametrize(
    "changed", [{"c1": "name"}, {f"c{n}": "" for n in range(4)}, {"mode": "replace"}, {"mode": "update", "key": ""}]
)
def test_columns_that_make_no_sense_are_told(zh, changed):
    answer = columns(zh, uploaded(zh), **changed)
    assert answer.status_code == 422
    assert 'data-test="problem"' in answer.text


def test_a_column_for_a_field_that_is_not_there_or_not_ones_own_is_refused(zh):
    at = uploaded(zh)
    for name in ("first", "nothing", "_id"):
        assert columns(zh, at, c4=name).status_code == 422


def test_a_file_that_is_no_spreadsheet_is_told_on_the_spot(zh):
    answer = zh.post(f"{AT}/import", data={"file": (io.BytesIO(b"MZ"), "program.exe")})
    assert (answer.status_code, "只读 .xlsx" in answer.text) == (422, True)
    assert zh.post(f"{AT}/import").status_code == 422


def test_an_import_is_its_uploaders_own_and_of_one_form(zh, shop):
    at = uploaded(zh)
    shop.person("other", "clerk")
    other = shop.browser("other")
    assert other.get(at).status_code == 404
    assert other.post(f"{at}/run").status_code == 404
    assert zh.get(at.replace("/buyer/", "/sale/")).status_code == 404


def test_without_the_right_there_is_no_import_and_no_export(shop):
    shop.person("reader", "reader")
    reader = shop.browser("reader")
    for path in ("import", "export", "export/file", "import/template"):
        assert reader.get(f"{AT}/{path}").status_code == 403


def test_the_blank_table_has_the_headings_that_are_recognised(zh, tmp_path):
    (tmp_path / "blank.xlsx").write_bytes(zh.get(f"{AT}/import/template").data)
    assert list(read(tmp_path / "blank.xlsx", "a.xlsx")) == [
        ["名字", "电话", "消费", "生日", "来源", "标记", "成本", "客服"]
    ]


def test_an_export_keeps_the_lists_conditions_and_the_columns_chosen(zh, shop):
    for n in range(3):
        shop.make("buyer", name=f"b{n}", total=n, source="live" if n else "card")
    page = zh.get(f"{AT}/export?f=source.is.live").text
    assert "2 条" in page
    assert "直播间" in page
    answer = zh.get(f"{AT}/export/file?f=source.is.live&format=csv&field=name&field=source&sort=name")
    assert answer.data.decode("utf-8-sig").splitlines() == ['"名字","来源"', '"b1","直播间"', '"b2","直播间"']
    picked = zh.get(f"{AT}/export/file?ids=1&format=csv&field=name").data.decode("utf-8-sig").splitlines()
    assert picked == ['"名字"', '"b0"']
    told = shop.platform.look(SYSTEM, lambda look: audit.entries(look.session))
    assert [one["details"]["records"] for one in told if one["what"] == "exported"] == [1, 2]


NAMES = ("First", "By hand", "Second", "Third", "Ann", "Bea", "Cy", "May")


def seen(browser, page):
    """Names in the list that the result leads to, and that page."""
    tag = re.search(r'<a [^>]*data-test="see"[^>]*>', page)[0]
    listed = browser.get(re.search(r'href="([^"]+)"', tag)[1].replace("&amp;", "&")).text
    rows = listed.partition("<tbody>")[2]
    return sorted(name for name in NAMES if f">{name}<" in rows), listed


def test_the_records_of_one_import_are_exactly_those_it_brought_whoever_else_worked_today(zh, shop):
    brought(zh, shop, uploaded(zh, workbook([["First", "1", 1, "直播间", ""]])))
    zh.post(f"{AT}/new", data={"name": "By hand", "phone": "9"})
    second = brought(zh, shop, uploaded(zh, workbook([["Second", "2", 2, "直播间", ""], ["Third", "3", 3, "", ""]])))
    names, page = seen(zh, second)
    assert names == ["Second", "Third"]
    assert "买家.xlsx" in page


def test_the_result_of_an_import_is_an_address_that_can_be_read_again(zh, shop):
    at = uploaded(zh)
    first = brought(zh, shop, at)
    again = zh.get(at).text
    assert figures(first) == figures(again)
    assert 'data-test="failed-file"' in again
    assert seen(zh, again)[0] == seen(zh, first)[0]


def test_records_that_an_import_changed_are_among_them(zh, shop):
    brought(zh, shop, uploaded(zh, workbook([["Ann", "1", 1, "", ""], ["Bea", "2", 2, "", ""]])))
    at = uploaded(zh, workbook([["Ann", "1", 5, "", ""], ["Cy", "3", 3, "", ""]]))
    columns(zh, at, mode="upsert", key="phone")
    drain(shop.platform)
    zh.post(f"{at}/run")
    drain(shop.platform)
    page = zh.get(at).text
    assert figures(page)[:2] == ["1", "1"]
    assert seen(zh, page)[0] == ["Ann", "Cy"]


def test_somebody_elses_import_is_no_filter(zh, shop):
    at = uploaded(zh)
    brought(zh, shop, at)
    shop.person("other", "clerk")
    number = at.rpartition("/")[2]
    assert "May" not in shop.browser("other", "zh").get(f"{AT}?f=_import.is.{number}").text
