"""What may be written, and what it means before it has a type."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.core.formula.grammar import parse
from engines.core.formula.nodes import Call, Chain, Name, Number, Sign, Text
from engines.core.formula.printer import text_of
from engines.core.formula.problems import FormulaError

SAME = {
    "如果（且（评分 ＞ 1０，距今天数（w）＜＝ ３０），“核”，a）": 'IF(AND(评分 > 10, DAYS_SINCE(w) <= 30), "核", a)',
    "a ≥ 1 且 b ≠ 2 或 非 c": "a >= 1 AND b <> 2 OR NOT c",
    "计数(订单 其中 金额 × 2 > 3)": "COUNT(订单 WHERE 金额 * 2 > 3)",
    "求和（订单．金额）÷２": "SUM(订单.金额) / 2",
    "｛昵 称｝＆“！”": '{昵 称} & "！"',
    "sum(a,B)": "SUM(a, B)",
    "not a=1 and b<>2 or c": "NOT(a = 1) AND b <> 2 OR c",
    "真 且 假 或 为空(空)": "TRUE AND FALSE OR ISBLANK(BLANK)",
}


@pytest.mark.parametrize(("written", "plain"), SAME.items())
def test_chinese_names_and_full_width_signs_say_the_same(written, plain):
    assert parse(written) == parse(plain)


def test_signs_bind_as_in_a_spreadsheet():
    two, three = Number(2.0), Number(3.0)
    assert parse("-2^2") == Chain(Sign("-", two), (("^", two),))
    assert parse("2^3^2") == Chain(two, (("^", three), ("^", two)))
    assert parse("1+2*3") == Chain(Number(1.0), (("+", Chain(two, (("*", three),))),))
    assert parse("(1+2)*3") == Chain(Chain(Number(1.0), (("+", two),)), (("*", three),))


def test_texts_keep_every_character_between_their_quotes():
    assert parse('"a""b（，）"') == Text('a"b（，）')
    assert parse('“他说"好"”') == Text('他说"好"')


def test_every_node_knows_where_it_stands():
    node = parse("  IF( a , “b” , 3 )")
    assert (node.start, node.end) == (2, 19)
    assert [(arg.start, arg.end) for arg in node.args] == [(6, 7), (10, 13), (16, 17)]


@pytest.mark.parametrize(
    "text",
    [
        "a - (b - c)",
        "(a - b) - c",
        "(a AND b) AND c",
        "-(a + b)",
        "(-a)%",
        "--a",
        "{AND} + {x y}.z",
        "NOT(a) = b",
        "((a ^ b) ^ c) ^ d",
        "COUNT(r WHERE NOT a OR b)",
        "1e+30 + 0.1",
        'x & "a""b"',
        "(a = b) = c",
        "a.b.c",
        "TODAY()",
    ],
)
def test_printing_and_parsing_give_the_same_tree(text):
    assert parse(text_of(parse(text))) == parse(text)


HOSTILE = {
    "five thousand parentheses": "(" * 5000,
    "parentheses within the length": "(" * 3900,
    "calls": "ABS(" * 900,
    "signs": "-" * 3900 + "1",
    "a row of NOT": "NOT " * 900 + "a",
    "a row of dots": "a" + ".a" * 1900,
    "open quotes": '"' * 3999,
    "braces": "{" * 3999,
    "numbers": "1 " * 1900,
    "percent": "1" + "%" * 3900,
}


def outcome(text):
    try:
        return parse(text)
    except FormulaError as error:
        return error


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_refused_or_read_at_once(text):
    start = time.process_time()
    found = outcome(text)
    assert time.process_time() - start < 0.05
    assert found


def test_five_thousand_parentheses_cost_less_than_a_millisecond():
    def refuse() -> float:
        start = time.process_time()
        with pytest.raises(FormulaError):
            parse("(" * 5000)
        return time.process_time() - start

    assert min(refuse() for _ in range(5)) < 0.001


@settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.text(alphabet='ab1.(),+-*/^&=<>%"{}“”（）且或其中 NOTWHEIF\t\n😀_\\', max_size=40))
def test_any_text_is_parsed_or_refused_with_a_place_inside_it(text):
    found = outcome(text)
    if isinstance(found, FormulaError):
        assert all(0 <= p.start <= p.end <= len(text) for p in found.problems)
    else:
        assert parse(text_of(found)) == found


def test_a_label_that_is_a_keyword_is_printed_in_braces():
    assert text_of(Call("SUM", (Name(("WHERE",)), Name(("a b", "空"))))) == "SUM({WHERE}, {a b}.{空})"
