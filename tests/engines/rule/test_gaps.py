"""Gaps, overlaps and idle rows of decision tables: found beforehand, the same as trying every value."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.core.formula.check import check
from engines.core.formula.env import Env
from engines.core.formula.names import FieldRef, PlainNames
from engines.core.formula.python import compile_one
from engines.core.formula.types import BOOLEAN, DATE, NUMBER, TEXT, choice
from engines.rule.gaps import findings
from engines.rule.tables import condition_of

LEVEL = choice(("gold", ("金",)), ("silver", ("银",)), ("none", ("无",)))
TYPES = {"spent": NUMBER, "level": LEVEL, "member": BOOLEAN, "seen": DATE, "city": TEXT}
NAMES = PlainNames({name: FieldRef(name, kind) for name, kind in TYPES.items()})
ENV = Env(1_790_000_000_000_000)
DAYS = [f"2026-01-0{n}" for n in range(1, 8)]
VALUES = {
    "spent": [None, *(n / 2 for n in range(-3, 10))],
    "level": [None, "gold", "silver", "none"],
    "member": [None, 0, 1],
    "seen": [None, *DAYS],
    "city": [None, "0", "A", "AA", "B", "BB", "C", "D"],
}
number = st.integers(0, 3).map(str)
day = st.sampled_from(DAYS[1:6]).map(lambda d: f'"{d}"')
sign = st.sampled_from(["<", "<=", ">", ">=", "=", "<>"])


def cells_of(values, *, ordered=True):
    signs = sign if ordered else st.sampled_from(["=", "<>"])
    one = st.builds(lambda s, v: f"{s} {v}", signs, values)
    several = st.lists(values, min_size=1, max_size=3).map(", ".join)
    both = st.builds(lambda a, b, c, d: f"{a}{b}..{c}{d}", st.sampled_from("[("), values, values, st.sampled_from("])"))
    found = st.one_of(st.just(""), one, several, st.just("BLANK"), *([both] if ordered else []))
    return st.one_of(found, found.filter(lambda c: c not in ("", "BLANK")).map(lambda c: f"not({c})"))


CELLS = {
    "spent": cells_of(number),
    "level": cells_of(st.sampled_from(['"gold"', '"silver"', '"none"']), ordered=False),
    "member": st.sampled_from(["", "TRUE", "FALSE", "not(TRUE)", "BLANK"]),
    "seen": cells_of(day),
    "city": cells_of(st.sampled_from(['"A"', '"B"', '"C"'])),
}


@st.composite
def tables(draw):
    columns = draw(st.lists(st.sampled_from(sorted(TYPES)), min_size=1, max_size=3, unique=True))
    row = st.builds(lambda when, then: {"when": when, "then": then}, st.tuples(*(CELLS[c] for c in columns)), number)
    rows = draw(st.lists(row, min_size=1, max_size=5))
    return {"inputs": [{"formula": name} for name in columns], "rows": rows}


def tried(table):
    """(is there a gap, overlapping pairs, rows that are never first though they hold, rows that never hold)."""
    columns = [column["formula"] for column in table["inputs"]]
    made = [compile_one(check(condition_of(table["inputs"], r["when"]), NAMES, wants=BOOLEAN)) for r in table["rows"]]
    gap, pairs, firsts, held = False, set(), set(), set()
    for values in product(*(VALUES[name] for name in columns)):
        facts = dict.fromkeys(TYPES) | dict(zip(columns, values, strict=True))
        hits = [n for n, test in enumerate(made) if test(facts, ENV)]
        gap |= not hits
        firsts.update(hits[:1])
        held.update(hits)
        then = [row["then"] for row in table["rows"]]
        pairs |= {(a, b) for a in hits for b in hits if a < b and then[a] != then[b]}
    every = set(range(len(made)))
    return gap, pairs, sorted(held - firsts), sorted(every - held)


@given(tables())
@settings(max_examples=150, deadline=None)
def test_what_is_found_is_what_trying_every_value_finds(table):
    found = findings(table, NAMES, ENV)
    gap, pairs, never, dead = tried(table)
    assert bool(found.gaps) == gap
    assert set(found.overlaps) == pairs
    assert found.never == never
    assert found.dead == dead


@given(tables())
@settings(max_examples=60, deadline=None)
def test_the_row_that_is_offered_for_a_gap_fills_it(table):
    for cells in findings(table, NAMES, ENV).gaps:
        wider = table | {"rows": [*table["rows"], {"when": cells, "then": "gap"}]}
        again = findings(wider, NAMES, ENV)
        assert len(table["rows"]) not in [*again.dead, *again.never]


def table_of(*rows, inputs=("spent",)):
    return {"inputs": [{"formula": text} for text in inputs], "rows": [{"when": w, "then": t} for w, t in rows]}


def test_a_gap_between_two_ranges_is_told_as_a_cell():
    found = findings(table_of((["< 10"], 1), (["> 20"], 2), (["BLANK"], 3)), NAMES, ENV)
    assert found.gaps == [("[10..20]",)]


def test_counts_have_no_value_between_one_and_two():
    assert findings(table_of((["<= 1"], 1), ([">= 2"], 2), (["BLANK"], 3)), NAMES, ENV).gaps == [("(1..2)",)]
    whole = table_of((["<= 1"], 1), ([">= 2"], 2), inputs=("DAYS(seen, seen)",))
    assert findings(whole, NAMES, ENV, filled=frozenset({"DAYS(seen, seen)"})).gaps == []


def test_a_column_that_makes_no_difference_stays_open_in_the_row_that_is_offered():
    table = table_of((["> 10", ""], 1), (["<= 10", ""], 2), inputs=("spent", "level"))
    assert findings(table, NAMES, ENV).gaps == [("BLANK", "")]


def test_two_columns_that_ask_the_same_are_one():
    table = table_of((["> 10", ""], 1), (["", "<= 10"], 2), (["BLANK", ""], 3), inputs=("spent", "spent"))
    assert findings(table, NAMES, ENV).gaps == []


def test_a_cell_that_says_more_than_a_comparison_is_not_held_against_a_row():
    table = table_of((["> LEN(city)"], 1), ([""], 2))
    found = findings(table, NAMES, ENV)
    assert (found.gaps, found.overlaps, found.never, found.dead) == ([], {}, [], [])


def test_a_column_that_cannot_be_read_leaves_nothing_to_say():
    assert findings(table_of((["> 1"], 1), inputs=("nobody",)), NAMES, ENV) is None


@pytest.mark.parametrize("rows", [100])
def test_a_hundred_rows_of_six_columns_are_looked_through_or_said_not_to_be(rows):
    inputs = ("spent", "level", "member", "seen", "city", "LEN(city)")
    made = [([f"[{n}..{n + 20})", '"gold"' if n % 3 else "", "", f'>= "{DAYS[n % 6]}"', "", f"> {n % 4}"], n % 5)
            for n in range(rows)]  # fmt: skip
    found = findings(table_of(*made, inputs=inputs), NAMES, ENV)
    assert found.gaps
    assert found.overlaps
