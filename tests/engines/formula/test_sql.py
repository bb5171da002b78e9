"""SQL of formulas: conditions that an index serves, two-valued answers, grouped summaries, parts bound late."""

import pytest
from sqlalchemy import Index, select, text

from engines.core.formula.check import check, checked_from_json, checked_to_json
from engines.core.formula.problems import FormulaError
from engines.core.formula.python import compile_one, summarise
from engines.core.formula.sql import NotPushable, grouped, to_sql

from .world import BOUGHT, ENV, META, NAMES, PEOPLE, PLACE, ROWS, ZONE, full, in_database, in_python, neat

CONTEXT = frozenset({"CURRENT_USER", "HAS_ROLE", "CURRENT_ROLE"})
SARGABLE = {
    "m > 19.99": "m",
    "m = 0.3": "m",
    "m >= 0.005": "m",
    "a > 5": "a",
    'c = "核心"': "c",
    "w >= TODAY() - 30": "w",
    'w <= "2026-11-20"': "w",
    "DAYS_SINCE(w) > 30": "w",
    "DAYS_SINCE(d) <= 30": "d",
    "d > TODAY() - 7": "d",
    "HOURS_SINCE(w) > 2": "w",
    "owner = CURRENT_USER()": "owner",
    's = "abc"': "s",
    'c >= "活跃"': "c",
    "5 < a": "a",
}


def filtered(checked):
    made = to_sql(checked, PLACE, zone=ZONE)
    return select(PEOPLE.c["_id"]).where(made.where).order_by(PEOPLE.c["_id"]), made.params(ENV)


@pytest.mark.parametrize("condition", SARGABLE)
def test_a_bare_column_against_a_constant_is_served_by_an_index(sqlite, condition):
    column = SARGABLE[condition]
    index = Index(f"by_{column}", PEOPLE.c[column])
    index.create(sqlite, checkfirst=True)
    statement, params = filtered(check(condition, NAMES, context=CONTEXT))
    made = statement.order_by(None).compile(sqlite)
    plan = sqlite.exec_driver_sql(
        "EXPLAIN QUERY PLAN " + str(made), tuple((made.params | params)[name] for name in made.positiontup)
    ).all()
    index.drop(sqlite)
    PEOPLE.indexes.discard(index)
    assert f"by_{column}" in str(plan), (str(made), plan)


def test_a_filter_keeps_the_rows_that_python_keeps(sqlite, postgresql):
    for condition in (
        *SARGABLE,
        "NOT(a > 1)",
        "NOT(p)",
        "1 / a > 0",
        "IFERROR(1 / a > 0, TRUE)",
        'NOT(c >= "活跃")',
        'NOT(HAS(tags, "vip"))',
    ):
        checked = check(condition, NAMES, context=CONTEXT)
        wanted = [row["_id"] for row, kept in zip(ROWS, in_python(checked), strict=True) if kept is True]
        statement, params = filtered(checked)
        for connection in (sqlite, postgresql):
            assert list(connection.scalars(statement, params)) == wanted, condition


RELATED = [
    "COUNT(orders)",
    "COUNT(orders WHERE created_at >= TODAY() - 20)",
    'SUM(orders.amount WHERE status = "paid")',
    "AVERAGE(orders.amount)",
    "MIN(orders.amount)",
    "MAX(orders.a WHERE amount > this.a)",
    "EXISTS(orders WHERE amount = 0)",
    "LATEST(orders.status)",
    "EARLIEST(orders.amount)",
    "COUNT_DISTINCT(orders.status)",
    "LOOKUP(orders.a)",
    "COUNT(orders WHERE 100 / amount > 1)",
    "SUM(orders.amount) + COUNT(tags) * 100",
    "LATEST(orders.a, orders.amount)",
]


@pytest.mark.parametrize("formula", RELATED)
def test_a_summary_is_the_same_row_by_row(sqlite, postgresql, formula):
    checked = check(formula, NAMES)
    wanted = []
    for row in ROWS:
        try:
            full(row, checked)
        except Exception:  # noqa: BLE001  # a row with a fault has no facts; it is compared below
            wanted.append("fault")
        else:
            wanted.append(in_python_row(checked, row))
    assert in_database(checked, sqlite) == wanted
    assert in_database(checked, postgresql) == wanted


def in_python_row(checked, row):
    return neat(compile_one(checked)(full(row, checked), ENV), checked.type.kind)


@pytest.mark.parametrize("formula", [text_ for text_ in RELATED if "tags" not in text_ and "100 / amount" not in text_])
def test_a_grouped_summary_has_a_row_for_every_record(sqlite, postgresql, formula):
    checked = check(formula, NAMES)
    (aggregate,) = checked.aggregates
    found = {row["_id"]: summarise(aggregate, [s for s in BOUGHT if s["_of"] == row["_id"]], row, ENV) for row in ROWS}
    wanted = {key: neat(value, checked.type.kind) for key, value in found.items()}
    statement = grouped(aggregate, PLACE, zone=ZONE)
    params = to_sql(checked, PLACE, zone=ZONE).params(ENV)
    for connection in (sqlite, postgresql):
        found = {key: neat(value, checked.type.kind) for key, value in connection.execute(statement, params)}
        assert found == wanted


def test_what_depends_on_the_instant_is_bound_late_by_a_steady_name(sqlite):
    checked = check('w >= TODAY() - 30 AND d >= TODAY() - 30 AND HAS_ROLE("agent")', NAMES, context=CONTEXT)
    first, again = (
        to_sql(checked, PLACE, zone=ZONE),
        to_sql(checked_from_json(checked_to_json(checked)), PLACE, zone=ZONE),
    )
    assert first.params(ENV) == again.params(ENV)
    assert str(first.value) == str(again.value)
    later = type(ENV)(ENV.now + 86_400_000_000, ZONE)
    assert first.params(later) != first.params(ENV)


def test_a_late_part_that_fails_is_a_fault_and_not_a_crash(sqlite, postgresql):
    checked = check("a > 0 OR 1 / (YEAR(TODAY()) - 2026) > 0", NAMES)
    assert in_database(checked, sqlite) == in_database(checked, postgresql) == in_python(checked)


def test_what_only_the_application_computes_is_not_pushed():
    for formula in (
        "PROPER(s)",
        'TEXT(a, "0")',
        "tags = tags",
        'JOIN(tags, ",")',
        "NETWORKDAYS(d, e)",
        "ISBLANK(IF(p, tags, tags))",
        'HAS(SPLIT(s, ","), u)',
    ):
        with pytest.raises(NotPushable):
            to_sql(check(formula, NAMES), PLACE)
        assert check(formula, NAMES).pushable is False
        with pytest.raises(FormulaError):
            check(formula, NAMES, pushdown=True)


def test_nested_operands_grow_in_line_and_not_by_doubling():
    def size(depth):
        return len(str(to_sql(check("MOD(a + " * depth + "b" + ", 7)" * depth, NAMES), PLACE).value.compile()))

    assert size(12) < 15 * size(1)


def test_above_64_kb_the_database_is_spared():
    formula = " + ".join(f"IFERROR(EDATE(d, {i}) - EDATE(e, a / b), SEARCH(s, u, {i}))" for i in range(20))
    with pytest.raises(NotPushable):
        to_sql(check(formula, NAMES), PLACE)


def test_the_databases_hold_the_same_rows(sqlite, postgresql):
    assert (
        sqlite.scalar(text("SELECT count(*) FROM people"))
        == postgresql.scalar(text("SELECT count(*) FROM people"))
        == len(ROWS)
    )
    assert META.tables["people"] is PEOPLE
