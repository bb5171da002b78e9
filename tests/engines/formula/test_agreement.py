"""Random typed formulas give the same answer in Python, SQLite, PostgreSQL and the browser, row by row."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, assume, given, seed, settings

from engines.core.formula.browser import in_browser, supported
from engines.core.formula.check import check
from engines.core.formula.grammar import parse
from engines.core.formula.nodes import Call, Chain
from engines.core.formula.printer import text_of
from engines.core.formula.problems import FormulaError
from engines.core.formula.sql import NotPushable

from ...conftest import ROOT
from . import world, written

COUNT = int(os.environ.get("DOUGONG_AGREE", "60"))
SEED = int(os.environ.get("DOUGONG_SEED", "11"))
SOME = settings(max_examples=COUNT, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck))  # fmt: skip
ONCE_DIFFERED = json.loads((ROOT / "tests" / "data" / "formula_found.json").read_text(encoding="utf-8"))["formulas"]
"""Formulas on which a back end once differed: `make agree` adds the smallest of each run that fails."""


def checked_or_not(node):
    try:
        return check(node, world.NAMES)
    except FormulaError:
        assume(False)


def differing(checked, text, sqlite, postgresql, browser):
    """{back end: its answers} of those that do not answer as Python does."""
    wanted = world.in_python(checked)
    found = {"browser": world.in_browser(checked, browser)} if in_browser(checked) else {}
    try:
        found |= {"sqlite": world.in_database(checked, sqlite), "postgresql": world.in_database(checked, postgresql)}
    except NotPushable:
        pass
    differs = {name: answers for name, answers in found.items() if answers != wanted}
    noted(bool(differs), text)
    return differs | {"python": wanted} if differs else {}


def noted(differs, text):
    """The last of a failing run is its smallest formula, which `make agree` keeps."""
    if differs and (note := os.environ.get("DOUGONG_DIFFERS")):
        Path(note).write_text(text, encoding="utf-8")


@seed(SEED)
@SOME
@given(written.formulas)
def test_all_four_back_ends_answer_alike(sqlite, postgresql, browser, node):
    checked, text = checked_or_not(node), text_of(node)
    assert differing(checked, text, sqlite, postgresql, browser) == {}, text


@seed(SEED + 1)
@settings(SOME, max_examples=COUNT)
@given(written.applied)
def test_the_browser_answers_as_python_does_where_no_database_can(browser, node):
    checked, text = checked_or_not(node), text_of(node)
    noted(world.in_browser(checked, browser) != world.in_python(checked), text)
    assert world.in_browser(checked, browser) == world.in_python(checked), text


@pytest.mark.parametrize("text", ONCE_DIFFERED)
def test_what_once_differed_agrees(sqlite, postgresql, browser, text):
    assert differing(check(text, world.NAMES), text, sqlite, postgresql, browser) == {}


@seed(13)
@settings(SOME, max_examples=60)
@given(written.formulas)
def test_printed_text_parses_to_the_same_tree(node):
    assert parse(text_of(node)) == parse(text_of(parse(text_of(node))))
    assert text_of(parse(text_of(node))) == text_of(node)


def answers(node):
    return world.in_python(checked_or_not(node))


def sure(found):
    """Which rows have a value."""
    return [answer != world.FAULT for answer in found]


@seed(14)
@settings(SOME, max_examples=30)
@given(written.yes, written.yes)
def test_the_order_of_conditions_changes_nothing_where_none_fails(x, y):
    safe = [a and b for a, b in zip(sure(answers(x)), sure(answers(y)), strict=True)]
    for op in ("AND", "OR", "XOR"):
        one, other = answers(Call(op, (x, y))), answers(Call(op, (y, x)))
        assert [a for a, fine in zip(one, safe, strict=True) if fine] == [
            b for b, fine in zip(other, safe, strict=True) if fine
        ]


@seed(15)
@settings(SOME, max_examples=30)
@given(written.yes, written.number, written.number)
def test_a_turned_condition_turns_the_branches(c, a, b):
    assert answers(Call("IF", (Call("NOT", (c,)), a, b))) == answers(Call("IF", (c, b, a)))
    assert answers(Call("IFS", (c, a, Call("TRUE", ()), b))) == answers(Call("IF", (c, a, b)))


@seed(16)
@settings(SOME, max_examples=30)
@given(written.number, written.number)
def test_arithmetic_and_comparison_keep_their_laws(a, b):
    assert answers(Chain(a, (("+", b),))) == answers(Chain(b, (("+", a),)))
    assert answers(Chain(a, (("<", b),))) == answers(Chain(b, ((">", a),)))
    assert answers(Chain(a, (("<>", b),))) == answers(Call("NOT", (Chain(a, (("=", b),)),)))
    once = Call("ROUND", (a, parse("2")))
    assert answers(Call("ROUND", (once, parse("2")))) == answers(once)
    rescued, plain = answers(Call("IFERROR", (a, b))), answers(a)
    assert [x for x, fine in zip(rescued, sure(plain), strict=True) if fine] == [x for x in plain if x != world.FAULT]


@pytest.mark.parametrize(
    "text", ["LN(0)", "SQRT(-1)", "1/0", "0^-1", "(0-8)^0.5", 'REPT("x", 99999)', "DATE(99999, 1, 1)", 'FIND("x", "y")']
)
def test_a_fault_is_a_fault_everywhere(sqlite, postgresql, browser, text):
    text = text.replace("1/0", "a/0").replace("0^-1", "(a-a)^-1")
    checked = check(text, world.NAMES)
    assert set(world.in_python(checked)) == {world.FAULT}
    assert differing(checked, text, sqlite, postgresql, browser) == {}


def test_the_browser_has_a_half_of_every_function_that_says_so_and_of_no_other(browser):
    assert browser.ask(supported=True) == {"version": 1, **supported()}
