"""Somebody imports a thousand rows, gets the seven bad ones back with reasons, mends them and takes it all back."""

import re

import pytest
import xlsxwriter
from playwright.sync_api import expect

from engines.form.sheets import read

from .conftest import both_widths

HEADER = ["粉丝昵称", "Platform", "联系方式", "生日", "标签", "别的"]
BAD = {100: "？", 250: "", 333: "QQ", 400: "TV", 512: "x", 777: "抖 音 号", 1000: "-"}


def workbook(path, rows):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate([HEADER, *rows]):
            sheet.write_row(n, 0, row)
    return path


def fans():
    for n in range(1, 1001):
        yield [f"测试粉丝{n:04}", BAD.get(n, "抖音" if n % 3 else "Kuaishou"), "", "1998-06-01", "护肤品偏好", "不要"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_thousand_rows_come_in_and_seven_come_back(served, page, tmp_path, language):
    page.goto(served)
    if language == "en":
        page.goto(page.url + "language/en")
    page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + "/a/crm_livestream/fan")
    page.locator("[data-test=import]").first.click()
    both_widths(page, f"import_upload_{language}")
    page.locator("[data-test=file]").set_input_files(workbook(tmp_path / "粉丝名单.xlsx", fans()))
    page.locator("[data-test=upload]").click()
    expect(page.locator("[data-test=column-0]")).to_have_value("handle")
    expect(page.locator("[data-test=column-5]")).to_have_value("")
    both_widths(page, f"import_columns_{language}")
    page.locator("[data-test=check]").click()
    expect(page.locator("[data-test=run]")).to_be_visible(timeout=30_000)
    expect(page.locator("[data-test=created]")).to_have_text("993")
    expect(page.locator("[data-test=failed]")).to_have_text("7")
    expect(page.locator("[data-test=problems] tbody tr")).to_have_count(7)
    expect(page.locator("[data-test=problems] tbody tr").first).to_contain_text("101")
    both_widths(page, f"import_check_{language}")
    page.locator("[data-test=run]").click()
    expect(page.locator("[data-test=progress], [data-test=done]")).to_be_visible()
    both_widths(page, f"import_running_{language}")
    expect(page.locator("[data-test=done]")).to_contain_text("993", timeout=120_000)
    both_widths(page, f"import_done_{language}")
    with page.expect_download() as download:
        page.locator("[data-test=failed-file]").click()
    download.value.save_as(tmp_path / "back.xlsx")
    header, *rows = read(tmp_path / "back.xlsx", "back.xlsx")
    assert header[-1] == ("要改什么" if language == "zh" else "What to mend")
    assert [row[0] for row in rows] == [f"测试粉丝{n:04}" for n in BAD]
    assert all(("抖音" if language == "zh" else "Douyin") in row[-1] for row in rows if row[1])
    page.locator("[data-test=see]").click()
    expect(page.locator("[data-test=totals]")).to_contain_text("993")
    page.go_back()
    page.locator("[data-test=undo-import]").click()
    page.locator("[data-test=confirm]").click()
    expect(page.locator("[data-test=undone]")).to_contain_text("993", timeout=120_000)
    assert [g for g in page.grumbles if not re.search("422|ERR_ABORTED", g)] == []
