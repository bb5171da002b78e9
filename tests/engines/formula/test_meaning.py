"""What formulas mean: blanks, types, choices, lists, related records, the acting person."""

import json

import pytest

from engines.core.formula import functions
from engines.core.formula.browser import catalogue, given_of, in_browser, keys_of, to_browser
from engines.core.formula.check import check, checked_from_json, checked_to_json
from engines.core.formula.faults import FormulaFault
from engines.core.formula.functions import every
from engines.core.formula.python import compile_hits, compile_many, compile_one
from engines.core.formula.types import NUMBER, TEXT

from .world import ENV, NAMES, ROWS, TIER

ALL = frozenset({"OLD", "CHANGED", "CURRENT_USER", "CURRENT_ROLE", "HAS_ROLE", "IN_DEPARTMENT"})


def value(text, env=ENV, **facts):
    return compile_one(check(text, NAMES, context=ALL))(facts, env)


BLANKS = {
    "a + 1": 1,
    "a * 5": 0,
    's & "x"': "x",
    "ABS(a)": 0,
    "LEN(s)": 0,
    "SUM(a, b, 2)": 2,
    "AVERAGE(a, 4, 2)": 3,
    "MIN(a, 3)": 3,
    "MAX(a, b)": None,
    "COUNT(a, 1, s)": 1,
    "a = 0": False,
    "a <> 0": True,
    "a = BLANK": True,
    "a = b": True,
    "a < 1": False,
    "a >= 0": False,
    "NOT(a > 5)": True,
    's = ""': True,
    's <> "x"': True,
    "ISBLANK(s)": True,
    'ISBLANK("")': True,
    "ISBLANK(0)": False,
    "ISBLANK(a)": True,
    "p": None,
    "NOT p": True,
    "IF(p, 1, 2)": 2,
    "p = FALSE": False,
    "COALESCE(a, m, 7)": 7,
    'COALESCE(s, "", "z")': "z",
    "YEAR(d)": None,
    "DAYS_SINCE(d) > 30": False,
    "DAYS_SINCE(d) <= 30": False,
    "d + 1": None,
    "d = e": True,
    "d < e": False,
    "IF(FALSE, 1)": None,
    "IFERROR(1 / a, 9)": 9,
    'HAS(tags, "vip")': False,
    "COUNT(tags)": 0,
    'c = "vip"': False,
    'c <> "vip"': True,
    'c >= "vip"': False,
    "OR(p, p)": False,
    "BLANK = BLANK": True,
    "IF(TRUE, BLANK, 3)": None,
    "a = a + 0": False,
}


@pytest.mark.parametrize(("text", "expected"), BLANKS.items(), ids=list(BLANKS))
def test_a_blank_record_gives(text, expected):
    assert value(text) == expected


def test_a_condition_is_always_true_or_false():
    for text in ("a > 1 AND p", "NOT(a > b)", "XOR(p, a = b)", 's < "x"', "d <= e", 'IF(p, a > 1, s = "x")'):
        assert value(text) in (True, False)


FAULTS = {
    "1 / a": "DIV0",
    "SQRT(-1)": "NUM",
    'VALUE("x")': "VALUE",
    'FIND("x", s)': "VALUE",
    'REPT("ab", 40000)': "LIMIT",
    "1e300 * 1e300": "NUM",
    "d + 9e6": "NUM",
    'CHOOSE(3, "a")': "VALUE",
    "EDATE(d, 999999)": "NUM",
    'SUBSTITUTE(REPT("a", 9999), "a", REPT("b", 9999))': "LIMIT",
}


@pytest.mark.parametrize(("text", "code"), FAULTS.items(), ids=list(FAULTS))
def test_a_fault_says_its_code(text, code):
    with pytest.raises(FormulaFault) as caught:
        value(text, d="2026-01-01", s="y")
    assert caught.value.code == code


def test_nothing_is_computed_that_is_not_needed():
    assert value("IF(a = 0, 0, 1 / a)", a=0.0) == 0
    assert value("OR(a = 0, 1 / a > 1)", a=0.0) is True
    assert value("a <> 0 AND 1 / a > 1", a=0.0) is False
    assert value("IFS(a = 0, 1, 1 / a > 0, 2)", a=0.0) == 1


def test_numbers_are_compared_and_rounded_on_fifteen_digits():
    assert value("0.1 + 0.2 = 0.3") is True
    assert value("0.1 + 0.2 > 0.3") is False
    assert value("ROUND(1.005, 2)") == 1.01
    assert value("ROUND(-2.5)") == -3
    assert value("INT((0.1 + 0.7) * 10)") == 8
    assert value('0.1 + 0.2 & ""') == "0.3"
    assert value('1e20 & ""') == "100000000000000000000"


def test_money_is_stored_scaled_and_seen_true():
    assert value("m", m=1999) == 19.99
    assert value("m = 19.99", m=1999) is True
    assert value("m * 3", m=10) == pytest.approx(0.3)


def test_a_choice_is_compared_by_any_label_and_ordered_as_its_form_says():
    for text in ('c = "核心"', 'c = "VIP"', 'c = "vip"', '"VIP" = c', 'c < "沉默"', 'SWITCH(c, "核心", TRUE, FALSE)'):
        assert value(text, c="vip") is True
    assert value('"：" & c', c="vip") == "：核心"
    assert check('IF(p, "核心", "Active")', NAMES, wants=TIER).text == 'IF(p, "vip", "active")'


def test_a_list_is_asked_by_label_and_compared_as_a_set():
    assert value('HAS(tags, "核心")', tags=("vip", "active")) is True
    assert value('HAS_ANY(tags, "Silent", "VIP")', tags=("vip",)) is True
    assert value('HAS_ALL(tags, "Silent", "VIP")', tags=("vip",)) is False
    assert value('JOIN(tags, "、")', tags=("vip", "active")) == "核心、活跃"
    assert value("tags = tags", tags=("vip", "active")) is True


def test_text_is_formatted_by_a_pattern():
    assert value('TEXT(m, "¥#,##0.00")', m=123456789) == "¥1,234,567.89"
    assert value('TEXT(a, "0%")', a=0.256) == "26%"
    assert value('TEXT(w, "yyyy/m/d hh:mm")', w=ROWS[6]["w"]) == "2026/11/21 23:00"
    assert value('TEXT(d, "yyyy年m月d日")', d="2026-03-01") == "2026年3月1日"
    assert value('TEXT(a, "0.0")') is None


def test_a_text_is_split_into_a_list():
    assert value('COUNT(SPLIT(s, "，"))', s="甲， 乙，，甲") == 3
    assert value('JOIN(UNIQUE(SPLIT(s, ",")), "+")', s="a,b,a") == "a+b"
    assert value('HAS(SPLIT(s, ","), "b")', s="a,b") is True
    assert value('LAST(SPLIT(s, ","))', s="a,b") == "b"


AMOUNTS = {
    0: "零元整",
    1: "壹元整",
    10: "壹拾元整",
    105.5: "壹佰零伍元伍角整",
    1001.05: "壹仟零壹元零伍分",
    0.3: "叁角整",
    0.05: "伍分",
    100000: "壹拾万元整",
    10203040: "壹仟零贰拾万叁仟零肆拾元整",
    100000001: "壹亿零壹元整",
    -12.34: "负壹拾贰元叁角肆分",
}


@pytest.mark.parametrize(("amount", "words"), AMOUNTS.items())
def test_an_amount_in_capital_numerals(amount, words):
    assert value("RMB_UPPER(a)", a=float(amount)) == words


def test_an_instant_beside_a_date_is_a_day_of_the_zone():
    late = ROWS[6]["w"]
    assert value('w = "2026-11-21"', w=late) is True
    assert value('w > "2026-11-21"', w=late) is False
    assert value("w >= TODAY() - 1", w=late) is True
    assert value('DATE(w) & ""', w=late) == "2026-11-21"
    assert value("HOUR(w)", w=late) == 23


def test_branches_of_one_type_keep_it_and_others_become_text():
    assert check("IF(p, a, m)", NAMES).type == NUMBER
    assert check('IFERROR(a, "?")', NAMES).type == TEXT
    assert check("IF(p, d, w)", NAMES).type.kind == "datetime"
    assert check("IF(p, c, BLANK)", NAMES).type == TIER


def test_context_and_the_old_record():
    assert value("owner = CURRENT_USER()", owner=7) is True
    assert value('HAS_ROLE("agent") AND NOT(HAS_ROLE("boss")) AND CURRENT_ROLE() = "agent"') is True
    assert value('IN_DEPARTMENT("north")') is True
    env = type(ENV)(ENV.now, old={"m": 500}, changed=frozenset({"m"}))
    assert value("CHANGED(m) AND OLD(m) = 5 AND m > OLD(m)", env, m=600) is True


def test_a_summary_is_read_from_the_facts_under_its_canonical_text():
    checked = check('SUM(订单.amount 其中 status = "已付" 且 amount > this.累计消费) > 3', NAMES)
    (aggregate,) = checked.aggregates
    assert aggregate.key == 'SUM(orders.amount WHERE status = "paid" AND amount > this.m)'
    assert checked.fields == {"m"}
    assert checked.relations == {"orders"}
    assert compile_one(checked)({aggregate.key: 4.0}, ENV) is True


def test_a_path_follows_a_link_to_one():
    checked = check('城市.name = "上海"', NAMES)
    assert checked.paths == {"city.name"}
    assert compile_one(checked)({"city.name": "上海"}, ENV) is True


def test_text_is_shown_with_the_labels_of_a_language():
    checked = check('IF(m > 1 AND s = "x", SUM(orders.amount WHERE status = "paid"), 0)', NAMES)
    assert checked.labelled("zh") == '如果(累计消费 > 1 且 {昵 称} = "x", 求和(订单.amount 其中 status = "已付"), 0)'
    assert (
        checked.labelled("en")
        == 'IF({Total spend} > 1 AND {Nick name} = "x", SUM(Orders.amount WHERE status = "Paid"), 0)'
    )
    assert check(checked.labelled("zh"), NAMES).text == checked.text == check(checked.labelled("en"), NAMES).text


def test_a_checked_formula_survives_json():
    for text in (
        'c >= "活跃" AND COUNT(orders WHERE amount > this.m) > 2',
        "DAYS_SINCE(w) > 3",
        "city.name & s",
        'HAS(tags, "vip")',
    ):
        checked = check(text, NAMES)
        assert checked_from_json(json.loads(json.dumps(checked_to_json(checked)))) == checked


def test_flags_tell_what_a_formula_needs():
    assert check("DAYS_SINCE(w) > 3", NAMES).time_dependent is True
    assert check("COUNT(orders WHERE created_at > NOW() - 1) > 3", NAMES).time_dependent is True
    assert check("a > 3", NAMES).time_dependent is False
    assert check("PROPER(s)", NAMES).pushable is False
    assert check("CHANGED(a)", NAMES, context=ALL).context == {"CHANGED"}


def test_a_rule_set_is_one_code_object():
    texts = ["a > 0", "1 / a > 0", "p", 's = "abc"', "a + b"]
    checked = [check(text, NAMES) for text in texts]
    found = compile_many(checked)(ROWS[2], ENV)
    assert [type(one) for one in found] == [bool, FormulaFault, int, bool, float]
    hits, faults = compile_hits(checked[:4])(ROWS[0], ENV)
    assert (hits, faults) == ([0, 1, 2, 3], {})
    hits, faults = compile_hits(checked[:4])(ROWS[2], ENV)
    assert (hits, {place: fault.code for place, fault in faults.items()}) == ([], {1: "DIV0"})


def test_deep_formulas_compile_and_stay_lazy():
    deep = "a" + "".join(f" + IF(a = {i}, 1 / (a - {i}), 0)" for i in range(3))
    assert value("IF(p, " * 30 + "1 / 0" + ", 5)" * 30, p=0) == 5
    with pytest.raises(FormulaFault):
        value(deep, a=1.0)


@pytest.mark.parametrize("made", list(every()), ids=lambda made: made.name)
def test_a_function_says_everything_about_itself(made):
    assert any(not alias.isascii() for alias in made.aliases) or made.name in ("T", "N")
    assert made.words["zh"]
    assert made.words["en"]
    assert made.example.startswith(made.name + "(") or made.name in made.example
    assert hasattr(functions, made.group)


def test_the_browser_gets_the_tree_and_no_name_of_what_the_server_gives():
    checked = check("COUNT(orders) + LEN(city.name & s)", NAMES)
    assert list(given_of(checked)) == ["COUNT(orders)", "city.name"]
    made = to_browser(checked.tree, keys_of(checked))
    assert made[0] == "+"
    assert ["given", "number", "g0"] in made
    assert "orders" not in str(made)
    assert "city" not in str(made)
    assert len(catalogue()) >= 105


def test_a_function_without_a_half_in_the_browser_keeps_its_formula_on_the_server():
    assert in_browser(check('LEN(UPPER(s)) > 2 AND VALUE("1") = 1', NAMES))
    assert not in_browser(check("PROPER(s)", NAMES))
