"""A spreadsheet becomes a form: the type of each column is found from what stands in it."""

import datetime
from datetime import UTC

import pytest

from engines.form.guess import guess, title_of


def kind(heading, *cells):
    return guess([heading], [[cell] for cell in cells])[0]["type"]


@pytest.mark.parametrize(
    ("heading", "cells", "wanted"),
    [
        ("姓名", ["王珂", "小雨", "陈一鸣"], "text"),
        ("手机", [13800138000, 13800138001], "phone"),
        ("联系电话", ["010-12345678", "13800138000"], "phone"),
        ("编号", ["0012", "0013"], "text"),
        ("数量", [1, 2, 3.5], "number"),
        ("单价", [12.5, "¥8"], "money"),
        ("Paid", ["¥12", "¥9.50"], "money"),
        ("完成率", ["12%", "98.5%"], "percent"),
        ("生日", ["1992-03-18", "2001/1/2"], "date"),
        ("下单", [datetime.datetime(2026, 11, 2, tzinfo=UTC), datetime.date(2026, 11, 3)], "date"),
        (
            "开播",
            [datetime.datetime(2026, 11, 2, 20, 0, tzinfo=UTC), datetime.datetime(2026, 11, 3, tzinfo=UTC)],
            "datetime",
        ),
        ("邮箱", ["a@example.com", "b@example.com"], "email"),
        ("主页", ["https://example.com/a", "https://example.com/b"], "link"),
        ("会员", ["是", "否", "是"], "checkbox"),
        ("状态", ["待付款", "已付款", "已付款", "待付款", "已付款", "已付款"], "select"),
        ("标签", ["甲、乙", "乙", "甲，乙", "甲", "乙、甲", "乙"], "tags"),
        ("备注", ["第一行\n第二行", "好"], "long_text"),
        ("空", [], "text"),
    ],
)
def test_a_column_gets_the_type_of_what_it_holds(heading, cells, wanted):
    assert kind(heading, *cells) == wanted


def test_a_choice_gets_its_options_from_the_cells():
    found = guess(["Status"], [["Open"], ["Paid"], ["Open"], ["Paid"], ["Open"], ["Open"]], language="en")[0]
    assert found["options"] == [{"id": "open", "label": {"en": "Open"}}, {"id": "paid", "label": {"en": "Paid"}}]


def test_ids_are_of_latin_letters_and_each_is_there_once():
    found = guess(["名称", "数量", "Unit price (¥)", "", "2024"], [["a", 1, 2, "", 5]])
    assert [f["id"] for f in found] == ["field", "field_2", "unit_price", "field_3"]
    assert found[2]["label"] == {"zh": "Unit price (¥)"}


def test_a_record_is_called_by_its_first_text():
    assert title_of(guess(["数量", "名称"], [[1, "甲"], [2, "乙"]])) == "field_2"
    assert title_of(guess(["数量"], [[1]])) == "field"


def test_a_ragged_sheet_and_one_without_rows_are_read():
    assert [f["type"] for f in guess(["a", "b"], [["x"], ["y", 2, "z"]])] == ["text", "number", "text"]
    assert guess([], []) == []
