"""Random typed formulas give the same answer in Python, in SQLite and in PostgreSQL, row by row."""

import os

import pytest
from hypothesis import HealthCheck, Phase, assume, given, seed, settings

from engines.core.formula.check import check
from engines.core.formula.grammar import parse
from engines.core.formula.printer import text_of
from engines.core.formula.problems import FormulaError
from engines.core.formula.sql import NotPushable

from . import world, written

COUNT = int(os.environ.get("DOUGONG_AGREE", "60"))
SOME = settings(max_examples=COUNT, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck))  # fmt: skip


def same_on(connection, node):
    try:
        checked = check(node, world.NAMES)
    except FormulaError:
        assume(False)
    try:
        found = world.in_database(checked, connection)
    except NotPushable:
        return
    assert found == world.in_python(checked), text_of(node)


@seed(int(os.environ.get("DOUGONG_SEED", "11")))
@SOME
@given(written.formulas)
def test_sqlite_answers_as_python_does(sqlite, node):
    same_on(sqlite, node)


@seed(int(os.environ.get("DOUGONG_SEED", "12")))
@SOME
@given(written.formulas)
def test_postgresql_answers_as_python_does(postgresql, node):
    same_on(postgresql, node)


@seed(13)
@settings(SOME, max_examples=60)
@given(written.formulas)
def test_printed_text_parses_to_the_same_tree(node):
    assert parse(text_of(node)) == parse(text_of(parse(text_of(node))))
    assert text_of(parse(text_of(node))) == text_of(node)


@pytest.mark.parametrize(
    "text", ["LN(0)", "SQRT(-1)", "1/0", "0^-1", "(0-8)^0.5", 'REPT("x", 99999)', "DATE(99999, 1, 1)", 'FIND("x", "y")']
)
def test_a_fault_is_a_fault_everywhere(sqlite, postgresql, text):
    checked = check(text.replace("1/0", "a/0").replace("0^-1", "(a-a)^-1"), world.NAMES)
    assert set(world.in_python(checked)) == {world.FAULT}
    assert world.in_database(checked, sqlite) == world.in_database(checked, postgresql) == world.in_python(checked)
