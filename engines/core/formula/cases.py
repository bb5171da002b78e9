"""Evaluates one formula, or a file of cases, on any back end; on SQL every literal is laid into a column first."""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.sql.expression import Executable

from engines.core.kernel.errors import AppError

from .browser import in_browser
from .check import Checked, check
from .env import Env, local, micros
from .faults import FormulaFault
from .functions.base import FUNCTIONS
from .grammar import parse
from .laid import Laid, TablePlace, laid_names
from .nodes import Call, Chain, Constant, Name, Node, Number, Percent, Sign, Text, Where
from .problems import FormulaError
from .python import compile_one, summarise
from .sql import NotPushable, to_sql

Run = Callable[[Executable, Any], Any]
"""Executes a Core statement with parameters (None, a mapping or a list of them) and gives its result."""
Ask = Callable[[Checked, list[dict[str, Any]], Env], list[Any]]
"""Has the browser's half work out a formula: a stored value or a FormulaFault for each row of facts."""
CONTEXT = frozenset({"OLD", "CHANGED", "CURRENT_USER", "CURRENT_ROLE", "HAS_ROLE", "IN_DEPARTMENT"})
FIXED = {"DATEADD": (2,), "HAS_ROLE": (0,), "IN_DEPARTMENT": (0,)}


class NeedsDatabase(AppError):
    code = "formula_backend"
    words = {
        "zh": "没有「{backend}」这种计算方式，可选 python、sqlite、postgresql、browser（要有 node）",
        "en": "There is no back end '{backend}': use python, sqlite, postgresql, or browser where node is installed",
    }


def evaluate(
    expr: str,
    record: Mapping[str, Any],
    now: str,
    backend: str = "python",
    *,
    run: Run | Ask | None = None,
    zone: str = "UTC",
) -> dict[str, Any]:
    """`{"value": …}` or `{"error": code}` of a formula for a JSON record at an ISO instant.

    The types of the fields are read off the record: ISO dates, instants, lists, objects (linked records), lists of
    objects (related records). FormulaError for a wrong formula, NotPushable where SQL or the browser cannot. `run`
    belongs to the back end: none for python, an Ask for browser.
    """
    env = Env(micros(instant(now)), zone)
    laid = Laid.of(record)
    checked = check(expr, laid_names(laid), context=CONTEXT)
    try:
        return {"value": plain(computed(checked, laid, env, backend, run), checked.type.kind, env)}
    except FormulaFault as fault:
        return {"error": fault.code}


def instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def computed(checked: Checked, laid: Laid, env: Env, backend: str, run: Any) -> Any:
    if backend == "python":
        return compile_one(checked)(facts_of(checked, laid, env), env)
    if backend == "browser" and run is not None:
        return shown(checked, facts_of(checked, laid, env), env, run)
    if run is None or backend not in ("sqlite", "postgresql"):
        raise NeedsDatabase(backend=backend)
    with laid.tables(lambda statement, params: run(statement, params)) as place:
        return fetched(checked, place, env, run)


def shown(checked: Checked, facts: dict[str, Any], env: Env, ask: Ask) -> Any:
    """The browser's answer; NotPushable where a function has no half there."""
    if not in_browser(checked):
        raise NotPushable(checked.text)
    (found,) = ask(checked, [facts], env)
    if isinstance(found, FormulaFault):
        raise found
    return found


def facts_of(checked: Checked, laid: Laid, env: Env) -> dict[str, Any]:
    """The facts of a laid record, with paths followed and aggregates summed."""
    facts = laid.facts()
    for aggregate in checked.aggregates:
        rows = [one.facts() for one in laid.many[aggregate.relation]]
        facts[aggregate.key] = summarise(aggregate, rows, facts, env)
    return facts


def fetched(checked: Checked, place: TablePlace, env: Env, run: Run) -> Any:
    """The value from the database; FormulaFault where its error predicate holds."""
    made = to_sql(checked, place, zone=env.zone)
    error = made.error.label("error") if made.error is not None else None
    columns = [made.value.label("value")] + ([] if error is None else [error])
    statement = select(*columns).select_from(place.table).where(place.key == place.row)
    row = run(statement, made.params(env)).one()
    if error is not None and row.error:
        raise FormulaFault(min(made.codes, default="VALUE"))
    if isinstance(row.value, float) and not math.isfinite(row.value):
        raise FormulaFault("NUM")
    return row.value


def plain(value: Any, kind: str, env: Env) -> Any:
    """A stored value as JSON."""
    if value is None:
        return None
    if kind == "boolean":
        return bool(value)
    if kind == "datetime":
        return local(value, env.zone).isoformat()
    if kind in ("number", "duration"):
        number = float(value)
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    return list(value) if isinstance(value, tuple) else value


def run_cases(
    path: str | Path, backend: str = "python", run: Run | Ask | None = None, *, now: str = "2026-11-22T12:00:00+00:00"
) -> dict[str, Any]:
    """Runs `{cases:[{expr,expected,type}]}`: counts of passed, failed, skipped (evaluated only in the application)
    and the failures with what came instead."""
    cases = json.loads(Path(path).read_text(encoding="utf-8"))["cases"]
    env = Env(micros(instant(now)))
    found = list(answers([case["expr"] for case in cases], backend, run, env))
    skipped = sum(answer is SKIPPED for answer in found)
    failures = [
        {"expr": case["expr"], "expected": case["expected"], "actual": answer}
        for case, answer in zip(cases, found, strict=True)
        if answer is not SKIPPED and not alike(answer, case["expected"])
    ]
    passed = len(cases) - skipped - len(failures)
    return {"passed": passed, "failed": len(failures), "skipped": skipped, "failures": failures}


SKIPPED = object()


def answers(texts: list[str], backend: str, run: Any, env: Env) -> Iterator[Any]:
    """One plain answer for each text, SKIPPED where the back end leaves it to the application."""
    if backend in ("python", "browser"):
        for text in texts:
            yield answer(partial(worked_out, text, env, backend, run), env)
        return
    if run is None:
        raise NeedsDatabase(backend=backend)
    laid = [literals_out(parse(text)) for text in texts]
    with laid_table([values for _, values in laid], run) as places:
        for (node, _), place in zip(laid, places, strict=True):
            yield answer(partial(asked, node, place, env, run), env)


def worked_out(text: str, env: Env, backend: str, run: Any) -> tuple[Any, Checked]:
    checked = check(text, laid_names(Laid({})))
    return computed(checked, Laid({}), env, backend, run), checked


def asked(node: Node, place: TablePlace, env: Env, run: Run) -> tuple[Any, Checked]:
    checked = check(node, place.names)
    return fetched(checked, place, env, run), checked


def answer(ask: Callable[[], tuple[Any, Checked]], env: Env) -> Any:
    try:
        value, checked = ask()
    except FormulaFault as fault:
        return {"error": fault.code}
    except NotPushable:
        return SKIPPED
    except FormulaError as error:
        return {"problem": error.say("en")}
    return plain(value, checked.type.kind, env)


@contextmanager
def laid_table(rows: list[dict[str, Any]], run: Run) -> Iterator[list[TablePlace]]:
    """All literals of all cases in one table, a row a case."""
    everything = Laid.together(rows)
    with everything.all_rows(run, rows) as places:
        yield places


def literals_out(node: Node) -> tuple[Node, dict[str, Any]]:
    """The formula with a field in the place of each literal, and the values of those fields."""
    values: dict[str, Any] = {}
    return moved(node, values), values


def moved(node: Node, values: dict[str, Any]) -> Node:
    if isinstance(node, Number | Text) or (isinstance(node, Constant) and node.value is not None):
        kind = {Number: "n", Text: "t", Constant: "b"}[type(node)]
        name = f"{kind}{sum(key[0] == kind for key in values)}"
        values[name] = node.value
        return Name((name,), start=node.start, end=node.end)
    if isinstance(node, Call):
        return replace(
            node, args=tuple(arg if fixed(node, i) else moved(arg, values) for i, arg in enumerate(node.args))
        )
    if isinstance(node, Chain):
        return replace(
            node, first=moved(node.first, values), rest=tuple((op, moved(part, values)) for op, part in node.rest)
        )
    if isinstance(node, Sign | Percent):
        return replace(node, operand=moved(node.operand, values))
    if isinstance(node, Where):
        return replace(node, condition=moved(node.condition, values))
    return node


def fixed(node: Call, at: int) -> bool:
    """Whether this argument must be a text in quotes."""
    made = FUNCTIONS.get(node.name)
    words = made is not None and at < len(made.params) and bool(made.params[at].words)
    return words or at in FIXED.get(node.name, ())


def alike(answer: Any, expected: Any) -> bool:
    """Numbers agree to 1e-9 of their size; a blank text and an empty one are the same."""
    if isinstance(answer, bool) != isinstance(expected, bool):
        return False
    if isinstance(answer, int | float) and isinstance(expected, int | float):
        return abs(answer - expected) <= 1e-9 * max(1.0, abs(expected))
    return bool(answer == expected or (answer is None and expected == ""))
