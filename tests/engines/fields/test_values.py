"""What happens to a whole record that is sent: blanks, all problems at once, words, the record's schema."""

import pytest

from engines.core.fields.schemas import checker
from engines.core.fields.values import COMMON, fits_in_rows, json_schema, parse_all, parse_one, say
from engines.core.kernel.errors import Invalid, Rejected

OPTIONS = [
    {"id": "douyin", "label": {"zh": "抖音", "en": "Douyin"}},
    {"id": "wechat", "label": {"zh": "微信", "en": "WeChat"}},
]
FIELDS = [
    {"id": "name", "type": "text", "label": {"zh": "名称", "en": "Name"}, "required": True, "max_length": 5},
    {"id": "platform", "type": "select", "label": {"zh": "平台", "en": "Platform"}, "options": OPTIONS},
    {"id": "marks", "type": "tags", "label": {"zh": "标签", "en": "Tags"}, "options": OPTIONS, "required": True},
    {"id": "spent", "type": "money", "label": {"zh": "消费", "en": "Spent"}, "min": 0},
    {
        "id": "double",
        "type": "formula",
        "label": {"zh": "两倍", "en": "Double"},
        "formula": "spent * 2",
        "result": "money",
    },
]
SCHEMA = checker(json_schema(FIELDS, blanks=True))


def test_all_problems_are_told_at_once():
    with pytest.raises(Invalid) as refused:
        parse_all(FIELDS, {"name": "　", "platform": "tv", "marks": [], "spent": -1, "double": 4})
    codes = {name: problem.code for name, problem in refused.value.problems.items()}
    assert codes == {
        "name": "required",
        "platform": "not_an_option",
        "marks": "required",
        "spent": "too_small",
        "double": "computed",
    }


def test_what_was_not_sent_is_left_out_and_what_was_sent_empty_is_blank():
    assert parse_all(FIELDS, {"spent": "", "platform": None}) == {"spent": None, "platform": None}
    assert parse_all(FIELDS, {}) == {}


@pytest.mark.parametrize(
    ("record", "sound"),
    [
        ({"name": "阿May", "marks": ["wechat"]}, True),
        ({"name": "阿May", "marks": ["wechat"], "platform": None, "spent": None}, True),
        ({"name": "阿May", "marks": []}, False),
        ({"name": "", "marks": ["wechat"]}, False),
        ({"name": "  ", "marks": ["wechat"]}, False),
        ({"name": None, "marks": ["wechat"]}, False),
        ({"name": "too long", "marks": ["wechat"]}, False),
        ({"name": "a", "marks": ["wechat"], "platform": "tv"}, False),
        ({"name": "a", "marks": ["wechat"], "spent": -0.01}, False),
    ],
)
def test_the_schema_of_a_record_and_the_parser_agree(record, sound):
    assert SCHEMA.is_valid(record) == sound
    if sound:
        parse_all(FIELDS, record)
    else:
        with pytest.raises(Invalid):
            parse_all(FIELDS, record)


def test_what_every_field_has_is_a_panel_that_describes_itself():
    panel = checker(json_schema(COMMON))
    for setting in COMMON:
        panel.validate(setting)
    assert not panel.is_valid({"id": "a__b", "type": "text", "label": {"zh": "甲"}})
    assert not panel.is_valid({"id": "a", "type": "text", "label": {"zh": "甲"}, "width": 13})


def test_a_refused_row_is_told_by_its_number_its_column_and_what_to_mend():
    lines = {"id": "lines", "type": "subform", "label": {"zh": "明细", "en": "Lines"}, "fields": [FIELDS[0], FIELDS[3]]}
    with pytest.raises(Rejected) as refused:
        parse_one(lines, [{"name": "a"}, {}, {"name": "toolong", "spent": -1}, {"_id": 3, "name": ""}])
    assert [(n, name, code) for n, name, code, _ in refused.value.details["problems"]] == [
        (3, "name", "too_long"),
        (3, "spent", "too_small"),
        (4, "name", "required"),
    ]
    assert say(lines, refused.value, "zh").startswith(
        "第 3 行「名称」最多 5 个字，多了 2 个；第 3 行「消费」不能小于 0"
    )
    assert say(lines, refused.value, "en").startswith("row 3, Name: At most 5 characters, 2 too many; row 3, Spent:")


def test_an_existing_row_keeps_what_is_not_sent_and_is_taken_once():
    lines = {"id": "lines", "type": "subform", "label": {"zh": "明细"}, "fields": [FIELDS[0], FIELDS[3]]}
    assert parse_one(lines, [{"_id": 7, "spent": 1}]) == ({"_id": 7, "spent": 100},)
    with pytest.raises(Rejected) as refused:
        parse_one(lines, [{"_id": 7, "spent": 1}, {"_id": "7", "spent": 2}])
    assert refused.value.details["problems"] == [(2, "_id", "twice", {})]


def test_rows_take_columns_but_neither_links_nor_rows_nor_numbers_of_their_own():
    fit = {f["id"]: fits_in_rows(f) for f in FIELDS}
    assert fit == {"name": True, "platform": True, "marks": False, "spent": True, "double": True}
    assert not fits_in_rows({"id": "n", "type": "autonumber"})
    assert not fits_in_rows({"id": "n", "type": "options"})


def test_a_pattern_that_would_hang_an_ordinary_engine_answers_at_once():
    field = {"id": "x", "type": "text", "label": {"zh": "x"}, "pattern": "(a+)+(b|c)*(a|aa)+", "max_length": 9000}
    hostile = "a" * 5000 + "!"
    with pytest.raises(Rejected, match="no_match"):
        parse_one(field, hostile)
    assert not checker(json_schema([field])).is_valid({"x": hostile})


@pytest.mark.parametrize(
    "raw", ["2026-11-22" + " " * 200_000 + "x", " " * 200_000 + "0:0", "9" * 100_000, "1," * 50_000]
)
@pytest.mark.parametrize("kind", ["date", "datetime", "number", "money", "percent", "phone", "email", "link"])
def test_hostile_lengths_are_refused_at_once(kind, raw):
    with pytest.raises(Rejected):
        parse_one({"id": "x", "type": kind, "label": {"zh": "x"}}, raw + "!")


def test_json_is_refused_when_it_is_none_or_too_large():
    field = {"id": "x", "type": "json", "label": {"zh": "x"}, "max_size": 1}
    deep = []
    for _ in range(2000):
        deep = [deep]
    for raw, code in [({"a": {1, 2}}, "not_json"), (deep, "not_json"), (["x" * 2000], "too_large")]:
        with pytest.raises(Rejected, match=code):
            parse_one(field, raw)
