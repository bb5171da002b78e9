"""Whatever is stored comes back the same through JSON and through a spreadsheet cell."""

import datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engines.core.fields import field_types
from engines.core.fields.schemas import checker
from engines.core.fields.values import parse_one
from engines.core.kernel.errors import Rejected

FAST = settings(max_examples=150, deadline=None, derandomize=True)
ZONES = ["UTC", "Asia/Shanghai", "Europe/Berlin", "America/St_Johns", "Pacific/Apia"]
SCALARS = [
    "text",
    "long_text",
    "number",
    "money",
    "percent",
    "date",
    "datetime",
    "checkbox",
    "rating",
    "phone",
    "email",
    "link",
]


def there_and_back(field, stored):
    kind = field_types.get(field["type"])
    plain, cell = kind.plain(stored, field), kind.to_text(stored, field, "zh")
    assert parse_one(field, plain) == stored
    assert parse_one(field, kind.from_text(str(cell), field)) == stored


def outcome(field, raw):
    try:
        return parse_one(field, raw), None
    except Rejected as refused:
        return None, refused.code


@FAST
@given(st.integers(1 - 10**15, 10**15 - 1), st.integers(0, 4))
def test_money_to_the_last_digit(stored, scale):
    there_and_back({"id": "x", "type": "money", "scale": scale}, stored)


@FAST
@given(st.floats(-1e15, 1e15), st.one_of(st.none(), st.integers(0, 9)))
def test_numbers_at_any_scale(value, scale):
    field = {"id": "x", "type": "number"} | ({} if scale is None else {"scale": scale})
    assume(abs(value) < 999_999_999_999_999)
    there_and_back(field, parse_one(field, value))


@FAST
@given(st.floats(-1e6, 1e6), st.integers(0, 6))
def test_percents_at_any_scale(value, scale):
    field = {"id": "x", "type": "percent", "scale": scale}
    there_and_back(field, parse_one(field, value))


@FAST
@given(st.integers(-30_000_000_000_000_000, 250_000_000_000_000_000), st.sampled_from(ZONES))
def test_instants_in_any_zone(stored, zone):
    there_and_back({"id": "x", "type": "datetime", "zone": zone}, stored)


@FAST
@given(st.integers(0, 3 * 3600 * 1_000_000), st.sampled_from(ZONES))
def test_instants_while_clocks_are_set_back(offset, zone):
    night = datetime.datetime(2026, 10, 25, tzinfo=datetime.UTC)
    there_and_back({"id": "x", "type": "datetime", "zone": zone}, int(night.timestamp()) * 1_000_000 + offset)


@FAST
@given(st.dates())
def test_days_in_every_way_of_writing(day):
    field = {"id": "x", "type": "date"}
    there_and_back(field, day.isoformat())
    y, m, d = f"{day.year:04}", day.month, day.day
    for written in (f"{y}/{m}/{d}", f"{y}.{m:02}.{d:02}", f"{y}年{m}月{d}日", f"{y}{m:02}{d:02}", f"{y}-{m}-{d} 0:00"):
        assert parse_one(field, written) == day.isoformat()


@FAST
@given(st.text(max_size=60))
def test_tags_whatever_their_labels_contain(text):
    text = text.strip()
    assume(
        text and not set(text) & set("\r\n") and text.strip(",，、;；| ") == text and text.lower() not in ("z", "other")
    )
    options = [{"id": "a", "label": {"zh": text}}, {"id": "z", "label": {"zh": "other"}}]
    there_and_back({"id": "x", "type": "tags", "options": options}, ("a", "z"))


@FAST
@given(
    st.sampled_from(SCALARS),
    st.one_of(st.text(max_size=80), st.integers(), st.floats(), st.booleans(), st.binary(max_size=9)),
)
def test_anything_is_either_kept_or_refused_with_a_code_that_has_words(kind, raw):
    field = {"id": "x", "type": kind, "label": {"zh": "x"}}
    stored, code = outcome(field, raw)
    assert code in {None, *field_types.get(kind).reasons}
    if stored is not None:
        plain = field_types.get(kind).plain(stored, field)
        checker(field_types.get(kind).schema(field)).validate(plain)
        assert parse_one(field, plain) == stored


@FAST
@given(st.text(alphabet="<>/abp =\"'&;!-scriptonhref:\n", max_size=80))
def test_cleaned_html_is_clean(text):
    field = {"id": "x", "type": "long_text", "rich": True}
    once = parse_one(field, text)
    assert parse_one(field, once) == once


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        ("1", "1900-01-01"),
        ("59", "1900-02-28"),
        ("61", "1900-03-01"),
        ("46348", "2026-11-22"),
        ("46348.75", "2026-11-22"),
    ],
)
def test_a_spreadsheet_serial_is_a_day(serial, day):
    field = {"id": "x", "type": "date"}
    assert parse_one(field, field_types.get("date").from_text(serial, field)) == day


def test_a_spreadsheet_serial_with_a_fraction_is_a_time_on_the_wall_of_the_zone():
    field, kind = {"id": "x", "type": "datetime", "zone": "Asia/Shanghai"}, field_types.get("datetime")
    stored = parse_one(field, kind.from_text("46348.5833333333", field))
    assert kind.to_text(stored, field, "zh") == "2026-11-22 14:00"


def test_a_bare_number_of_a_cell_is_the_fraction_behind_the_percent_format():
    field, kind = {"id": "x", "type": "percent"}, field_types.get("percent")
    assert parse_one(field, kind.from_text("0.125", field)) == parse_one(field, kind.from_text("12.5%", field)) == 0.125
