"""What rules and decision tables mean: conditions, fields and actions that fit their form."""

from typing import Any

from engines.core.actions.base import action_types
from engines.core.actions.services import AnyApp, AnyForm
from engines.core.actions.wording import use_problems
from engines.core.fields import field_types
from engines.core.fields.schemas import checker
from engines.core.fields.values import json_schema, parse_one
from engines.core.formula.check import check
from engines.core.formula.env import Env
from engines.core.formula.problems import FormulaError
from engines.core.formula.types import BOOLEAN
from engines.core.jobs.schedule import BadSchedule, rule_of
from engines.core.kernel.errors import Rejected, UnknownType
from engines.core.kernel.kind import Definition
from engines.core.records.names import SourceNames
from engines.core.records.spots import Found, formula_problems, missing

from .compile import TRIGGERED
from .gaps import findings
from .tables import cell_test

GIVES = ("add_tag", "set_field")


def rule_problems(app: Any, rule: Definition) -> Found:
    """(path within the rule, words)."""
    if rule["form"] not in app.forms:
        yield "/form", missing(rule["form"])
        return
    form, state = app.form(rule["form"]), rule.get("kind", "event") == "state"
    if text := rule.get("when"):
        yield from formula_problems(
            form.source, text, "/when", wants=BOOLEAN, context=frozenset() if state else TRIGGERED
        )
    if schedule := rule.get("on", {}).get("schedule"):
        yield from _schedule(schedule, state)
    for name in rule.get("on", {}).get("watch", ()):
        if name not in form.fields:
            yield "/on/watch", missing(name)
    for n, step in enumerate(rule["then"]):
        yield from _gift(form, step, f"/then/{n}") if state else _action(app, form, step, f"/then/{n}")


def table_problems(app: Any, table: Definition) -> Found:
    if table["form"] not in app.forms:
        yield "/form", missing(table["form"])
        return
    form = app.form(table["form"])
    for n, column in enumerate(table["inputs"]):
        yield from formula_problems(form.source, column["formula"], f"/inputs/{n}/formula")
    if table["sets"] not in form.fields:
        yield "/sets", missing(table["sets"])
        return
    collects = table.get("hit") == "collect"
    if collects and form.fields[table["sets"]]["type"] != "tags":
        yield "/hit", NO_LIST
        return
    for n, row in enumerate(table["rows"]):
        yield from _row(form, table, row, f"/rows/{n}")
    if table.get("hit") == "unique":
        yield from _doubled(form, table)


def _row(form: AnyForm, table: Definition, row: Definition, path: str) -> Found:
    if len(row["when"]) != len(table["inputs"]):
        yield f"{path}/when", {"zh": "格数和条件列数不同", "en": "not as many cells as there are input columns"}
        return
    for n, (column, cell) in enumerate(zip(table["inputs"], row["when"], strict=True)):
        yield from _cell(form, str(column["formula"]), str(cell), f"{path}/when/{n}")
    then = [row["then"]] if table.get("hit") == "collect" else row["then"]
    yield from _value(form, table["sets"], then, f"{path}/then")


def _cell(form: AnyForm, formula: str, cell: str, path: str) -> Found:
    """The first mistake of a cell; its spot in the text that is made of it would say nothing to the reader."""
    try:
        check(cell_test(formula, cell) or "TRUE", SourceNames(form.source), wants=BOOLEAN)
    except FormulaError as error:
        yield path, error.problems[0].words


NO_LIST = {
    "zh": "「全部收集」要写入标签字段；换一个标签字段，或改成「从上到下第一行」",
    "en": "Collecting all rows needs a field of tags: choose one, or let the first row decide",
}


def _doubled(form: AnyForm, table: Definition) -> Found:
    """Rows of a table in which only one may hold, that both hold for something."""
    found = findings(table, SourceNames(form.source), Env(0, form.source.zone))
    for a, b in sorted(found.overlaps) if found else ():
        words = {
            "zh": f"和第 {a + 1} 行会同时成立，结果却不同；改窄其中一行，或改成「从上到下第一行」",
            "en": f"Holds together with row {a + 1}, with another outcome: narrow one, or let the first row decide",
        }
        yield f"/rows/{b}", words


def _schedule(schedule: Definition, state: bool) -> Found:
    if state:
        words = {"zh": "一直有效的规则不用排时间", "en": "a rule that holds needs no schedule"}
        yield "/on/schedule", words
        return
    try:
        rule_of(schedule)
    except BadSchedule as wrong:
        yield "/on/schedule", {language: wrong.say(language) for language in ("zh", "en")}


def _gift(form: AnyForm, step: Definition, path: str) -> Found:
    if step.get("type") not in GIVES:
        words = {
            "zh": "一直有效的规则只能加标签或设字段；要做别的事，用「发生时」的规则",
            "en": "a rule that holds can only give a tag or a value; anything else needs a rule on an event",
        }
        yield f"{path}/type", words
        return
    given = step["values"][0] if "values" in step else step
    name = given.get("field")
    if name not in form.fields:
        yield f"{path}/field", missing(str(name))
    elif step["type"] == "add_tag":
        yield from _value(form, name, [step["tag"]], f"{path}/tag")
    else:
        yield from _value(form, name, given.get("value"), f"{path}/value")


def _value(form: AnyForm, name: str, value: Any, path: str) -> Found:
    try:
        parse_one(form.fields[name] | {"required": False}, value)
    except Rejected as wrong:
        words = field_types.get(form.fields[name]["type"]).reasons.get(wrong.code)
        yield path, words or {"zh": wrong.code, "en": wrong.code}


def _action(app: AnyApp, form: AnyForm, step: Definition, path: str) -> Found:
    try:
        kind = action_types.get(str(step.get("type")))
    except UnknownType as unknown:
        yield f"{path}/type", {language: unknown.say(language) for language in ("zh", "en")}
        return
    own = {name: value for name, value in step.items() if name != "type"}
    closed = json_schema(kind.config) | {"additionalProperties": False}
    for error in checker(closed).iter_errors(own):
        where = "".join(f"/{part}" for part in error.absolute_path)
        yield f"{path}{where}", {"zh": error.message[:200], "en": error.message[:200]}
    for below, words in (*kind.problems(own), *use_problems(app, form, step)):
        yield path + below, words
