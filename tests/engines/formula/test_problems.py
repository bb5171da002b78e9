"""Wrong formulas: every mistake at once, each at its spot, in plain words of two languages."""

import pytest

from engines.core.formula.check import check
from engines.core.formula.problems import WORDS, FormulaError

from .world import NAMES


def problems(text, **options):
    with pytest.raises(FormulaError) as caught:
        check(text, NAMES, **options)
    return caught.value.problems


CASES = {
    "": ("empty", "", ""),
    "1 +* 2": ("no_value", "*", ""),
    "a b": ("no_operator", "b", "b"),
    "(a": ("open_paren", "(", ""),
    "a)": ("stray_paren", ")", ""),
    'a & "x': ("open_quote", '"', '"'),
    "{昵 称": ("open_brace", "{", "{"),
    "a @ b": ("unreadable", "@", "@"),
    "1 WHERE 2": ("misplaced", "WHERE", "WHERE"),
    "1e999": ("too_large", "1e999", ""),
    "ownr = 1": ("unknown_name", "ownr", "owner"),
    "{累计销费} > 1": ("unknown_name", "{累计销费}", "累计消费"),
    "SUMM(a)": ("unknown_function", "SUMM", "SUM"),
    "四舍五人(a)": ("unknown_function", "四舍五人", "四舍五入"),
    'c = "vipp"': ("unknown_option", '"vipp"', "VIP"),
    'HAS(tags, "沉墨")': ("unknown_option", '"沉墨"', "沉默"),
    "a + s": ("wrong_type", "s", "s"),
    'a = "5"': ("no_compare", 'a = "5"', ""),
    "IF(a)": ("too_few", "IF(a)", ""),
    "NOT(p, p)": ("too_much", "NOT(p, p)", ""),
    "IFS(p, 1, p)": ("pairs", "IFS(p, 1, p)", ""),
    "orders": ("relation", "orders", "orders"),
    "city": ("needs_field", "city", "city"),
    "SUM(orders)": ("needs_field", "orders", "orders"),
    "LATEST(a)": ("not_related", "a", "a"),
    "COUNT(orders WHERE m > 1)": ("outer_name", "m", ""),
    "SUM(orders.status)": ("wrong_type", "orders.status", "orders.status"),
    "this.a": ("this", "this.a", ""),
    "s.name": ("no_path", "s.name", ""),
    "OLD(a) = 1": ("not_here", "OLD(a)", ""),
    "CURRENT_USER() = owner": ("not_here", "CURRENT_USER()", ""),
    'DATEDIF(d, e, "week")': ("one_of", '"week"', ""),
    "__class__": ("unknown_name", "__class__", ""),
    "аbs(a)": ("unknown_function", "аbs", ""),
    "exec(a)": ("unknown_function", "exec", ""),
    "__import__(s)": ("unknown_function", "__import__", ""),
}


@pytest.mark.parametrize("text", [text for text, expected in CASES.items() if expected])
def test_a_problem_points_at_its_spot(text):
    code, spot, near = CASES[text]
    found = problems(text)
    assert [p.code for p in found] == [code]
    assert spot in (text[found[0].start : found[0].end], "")
    assert found[0].near == near or not near
    assert found[0].words["zh"]
    assert found[0].words["en"]


@pytest.mark.parametrize(
    "text",
    ["s.__class__.__mro__", "{0.__class__}", "{__builtins__}.x", "s.format", "COUNT(orders WHERE COUNT(orders) > 1)"],
)
def test_payloads_are_names_that_nobody_knows(text):
    assert {p.code for p in problems(text)} <= {"unknown_name", "no_path", "nested"}


def test_all_mistakes_are_told_at_once():
    found = problems("IF(spnd > 1, 2, foo(3)) + {昵 称} + c")
    assert [p.code for p in found] == ["unknown_name", "unknown_function", "wrong_type", "wrong_type"]
    assert [p.start for p in found] == sorted(p.start for p in found)


def test_after_twenty_mistakes_the_rest_is_not_looked_at():
    assert len(problems(" + ".join(f"nam{i}" for i in range(300)))) == 20


def test_words_say_the_gap_and_the_mend():
    (found,) = problems("a + s")
    assert found.words == {
        "zh": "这里要数字，「s」是文字，用 VALUE(…) 转成数字",
        "en": "a number is needed here and 's' is a text: turn it into a number with VALUE(…)",
    }
    (found,) = problems('c = "VIPP"')
    assert found.words["zh"] == "「c」没有「VIPP」这个选项，是不是「VIP」？"
    assert found.words["en"] == "'c' has no option 'VIPP': did you mean 'VIP'?"


def test_the_error_says_how_many_in_both_languages():
    with pytest.raises(FormulaError) as caught:
        check("foo + bar", NAMES)
    assert caught.value.say("zh").startswith("公式有 2 处要改")
    assert caught.value.say("en").startswith("2 to mend")


def test_where_only_the_database_can_answer_an_application_function_is_refused():
    (found,) = problems('TEXT(a, "0") = "1"', pushdown=True)
    assert (found.code, found.start, found.end) == ("application_only", 0, 12)
    assert check('TEXT(a, "0") = "1"', NAMES).pushable is False


def test_no_words_ask_please_or_shout():
    for words in WORDS.values():
        assert set(words) == {"zh", "en"}
        assert not any(mark in words["zh"] + words["en"] for mark in ("请", "非法", "失败", "！", "!"))


def test_a_formula_that_grows_exponentially_is_refused():
    text = "SWITCH(" * 20 + "1" + ", 1, 2, 3, 4)" * 20
    assert [p.code for p in problems(text)] == ["too_big"]
