"""What stands beside the types: running numbers, uploads, results of formulas, choices in cells, figures."""

import datetime
from decimal import Decimal

import pytest

from engines.core.fields import field_types
from engines.core.fields.attachments import check_file
from engines.core.fields.choices import id_of, ids_of
from engines.core.fields.figures import decimal_of
from engines.core.fields.numbering import counter, numbered
from engines.core.fields.results import stored_result
from engines.core.formula.types import Type
from engines.core.kernel.errors import Rejected

DAY = datetime.date(2026, 11, 2)
NUMBER = {"id": "no", "type": "autonumber", "format": "DD-{yyyymmdd}-{0000}"}


def test_a_running_number_starts_again_when_its_date_changes_and_grows_past_its_zeros():
    assert numbered(NUMBER, DAY, 7) == "DD-20261102-0007"
    assert numbered(NUMBER, DAY, 12345) == "DD-20261102-12345"
    assert counter(NUMBER, DAY) != counter(NUMBER, DAY + datetime.timedelta(days=1))
    monthly = NUMBER | {"format": "{yy}{mm}/{000}"}
    assert counter(monthly, DAY) == counter(monthly, DAY + datetime.timedelta(days=1))
    assert numbered({"id": "no", "type": "autonumber"}, DAY, 3) == "0003"


@pytest.mark.parametrize(
    ("config", "name", "media_type", "size", "code"),
    [
        ({}, "a.pdf", "application/pdf", 50_000_000, None),
        ({"max_size": 1}, "a.pdf", "application/pdf", 1_000_001, "too_big"),
        ({"accept": "image/*, .pdf"}, "A.PDF", "application/pdf", 1, None),
        ({"accept": "image/*, .pdf"}, "a", "image/png", 1, None),
        ({"accept": "image/png"}, "a.png", "image/svg+xml", 1, "wrong_kind"),
        ({"accept": "image/*"}, "a.png.exe", "application/x-dosexec", 1, "wrong_kind"),
    ],
)
def test_an_upload_is_taken_by_its_size_and_what_it_is(config, name, media_type, size, code):
    def check():
        check_file({"id": "x", "type": "file", **config}, name=name, media_type=media_type, size=size)

    if code is None:
        check()
    else:
        with pytest.raises(Rejected, match=code):
            check()


@pytest.mark.parametrize(
    ("result", "answer", "stored"),
    [
        ({"result": "money"}, 128.505, 12851),
        ({"result": "number", "scale": 1}, 2.25, 2.3),
        ({"result": "percent"}, 1 / 3, 0.3333),
        ({"result": "checkbox"}, False, 0),
        ({"result": "date"}, "2026-11-22", "2026-11-22"),
        ({"result": "datetime"}, 1_795_327_200_000_000, 1_795_327_200_000_000),
        ({"result": "text"}, "", None),
        ({"result": "money"}, None, None),
    ],
)
def test_what_a_formula_gives_is_stored_like_a_field_of_its_result_type(result, answer, stored):
    assert stored_result(answer, {"id": "x", "type": "formula", "formula": "a", **result}) == stored


def test_an_answer_that_does_not_fit_is_refused_with_a_reason():
    with pytest.raises(Rejected, match="too_many_digits"):
        stored_result(1e15, {"id": "x", "type": "formula", "formula": "a", "result": "money"})


@pytest.mark.parametrize(
    ("config", "formula"),
    [
        ({"aggregate": "count"}, "COUNT(orders)"),
        ({"aggregate": "count", "where": 'status = "paid"'}, 'COUNT(orders WHERE status = "paid")'),
        (
            {"aggregate": "sum", "field": "amount", "where": 'status = "paid"'},
            'SUM(orders.amount WHERE status = "paid")',
        ),
        ({"aggregate": "count_distinct", "field": "sku"}, "COUNT_DISTINCT(orders.sku)"),
    ],
)
def test_a_rollup_is_a_formula(config, formula):
    field = {"id": "x", "type": "rollup", "relation": "orders", **config}
    assert field_types.get("rollup").computed_by(field) == formula


def test_a_lookup_looks_like_what_it_looks_up():
    options = [{"id": "a", "label": {"zh": "甲", "en": "A"}}]
    field = {
        "id": "x",
        "type": "lookup",
        "relation": "shop",
        "field": "city",
        "result": {"type": "select", "options": options},
    }
    kind = field_types.get("lookup")
    assert kind.value_type(field) == Type("choice", options=(("a", ("甲", "A")),))
    assert kind.to_text("a", field, "zh") == "甲"
    several = field | {"result": field["result"] | {"many": True}}
    assert kind.value_type(several).kind == "list"
    assert kind.to_text(("a", "a"), several, "en") == "A、A"


def test_a_cell_names_options_by_label_in_any_language_whatever_the_labels_contain():
    field = {
        "options": [
            {"id": "a", "label": {"zh": "护肤", "en": "Skin"}},
            {"id": "b", "label": {"zh": "护肤、彩妆", "en": "Skin, make-up"}},
            {"id": "c", "label": {"zh": "a", "en": "C"}},
        ]
    }
    assert id_of(" skin ", field) == "a"
    assert id_of("a", field) == "c"
    assert id_of("新的", field) == "新的"
    assert ids_of("护肤、彩妆、护肤; 新的，C", field) == ["b", "a", "新的", "c"]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1,234,567.8", "1234567.8"),
        ("1,0000", "10000"),
        ("１２．５", "12.5"),
        ("−3", "-3"),
        ("2亿", "200000000"),
        ("1.5e3", "1500"),
        (".5", "0.5"),
        ("5.", "5"),
        ("1_000", None),
        ("0x10", None),
        ("1,23", None),
        ("--5", None),
        ("", None),
        (".", None),
        ("万", None),
        ("٣", None),
        (float("inf"), None),
        (True, None),
        ([1], None),
    ],
)
def test_figures_are_read_as_written_or_not_at_all(written, number):
    assert decimal_of(written) == (None if number is None else Decimal(number))


def test_a_unit_or_currency_may_stand_on_either_side():
    assert decimal_of("-¥ 5", marks=("¥",)) == decimal_of("-5¥", marks=("¥",)) == Decimal(-5)
    assert decimal_of("60.5㎡", marks=("㎡",)) == Decimal("60.5")
