"""The rules and decision tables of one form made ready: every condition in one code object, each field loaded once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from engines.core.actions.services import AnyForm
from engines.core.fields.values import parse_one
from engines.core.formula.check import Checked, check
from engines.core.formula.env import Env
from engines.core.formula.faults import FormulaFault
from engines.core.formula.python import compile_hits
from engines.core.formula.types import BOOLEAN
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Cause
from engines.core.records.facts import Outside, outside
from engines.core.records.names import SourceNames

from .tables import condition_of

TRIGGERED = frozenset({"OLD", "CHANGED", "CURRENT_USER", "CURRENT_ROLE", "HAS_ROLE"})
Hits = Callable[[Any, Env], tuple[list[int], dict[int, FormulaFault]]]


@dataclass(frozen=True)
class Gift:
    """What a state rule gives while it holds: a tag of a tags field, or a value of any other."""

    field: str
    value: Any
    tag: bool


@dataclass(frozen=True)
class Line:
    """One condition and its gifts: a state rule, or one row of a table. The first row that hits wins, unless the table
    collects what all of them give."""

    rule: str
    label: dict[str, str]
    condition: Checked
    gifts: tuple[Gift, ...]
    table: bool = False
    row: int = 0
    collected: bool = False

    @cached_property
    def cause(self) -> Cause:
        """The rule and its condition in words, for the history."""
        reason = tuple((language, self.condition.labelled(language)) for language in ("zh", "en"))
        return Cause("table" if self.table else "rule", self.rule, self.row, reason)


@dataclass(frozen=True)
class Event:
    """A rule that does something once, when its condition comes true."""

    rule: str
    definition: Definition
    condition: Checked | None
    hit: Hits | None
    outside: Outside


@dataclass(frozen=True)
class RuleSet:
    """`owned`: fields that rules set, with the value that stands when none of them holds."""

    lines: tuple[Line, ...]
    hits: Hits
    outside: Outside
    owned: dict[str, Any]
    tagged: dict[str, dict[str, tuple[str, ...]]]
    events: tuple[Event, ...]
    reads: frozenset[str] = field(default_factory=frozenset)

    @property
    def formulas(self) -> list[Checked]:
        """Every condition, for those who ask what a rule depends on."""
        return [line.condition for line in self.lines] + [e.condition for e in self.events if e.condition is not None]


def watching(app: Any, form: AnyForm) -> list[Checked]:
    """Conditions to be asked again when related records move: of what holds, and of what acts when it comes true."""
    rules = rules_of(app, form)
    remembered = [e.condition for e in rules.events if e.condition and not e.definition.get("each_time", False)]
    return [line.condition for line in rules.lines] + remembered


def rules_of(app: Any, form: AnyForm) -> RuleSet:
    """The enabled rules and tables of a form; compiled on first use, kept with the version."""
    found = form.notes.get("rules")
    if found is None:
        found = form.notes["rules"] = _compile(app, form)
    made: RuleSet = found
    return made


def _compile(app: Any, form: AnyForm) -> RuleSet:
    mine = [r for r in app.parts("rules") if r["form"] == form.id and r.get("enabled", True)]
    tables = [t for t in app.parts("tables") if t["form"] == form.id and t.get("enabled", True)]
    state = [rule for rule in mine if rule.get("kind", "event") == "state"]
    lines = [_line(form, rule) for rule in state] + [line for table in tables for line in _rows(form, table)]
    needed = outside(form.source, [line.condition for line in lines])
    reads = frozenset().union(*(line.condition.fields for line in lines))
    events = tuple(_event(form, rule) for rule in mine if rule.get("kind", "event") == "event")
    hits = compile_hits([line.condition for line in lines])
    return RuleSet(tuple(lines), hits, needed, _owned(state, tables, lines), _tagged(lines), events, reads)


def _line(form: AnyForm, rule: Definition) -> Line:
    condition = check(rule["when"], SourceNames(form.source), wants=BOOLEAN)
    gifts = tuple(gift_of(form, step) for step in rule["then"])
    return Line(rule["id"], rule["label"], condition, gifts)


def gift_of(form: AnyForm, step: Definition) -> Gift:
    """A step of a state rule: `add_tag {field, tag}`, or `set_field {field, value}` or `{values: [{field, value}]}`."""
    if step["type"] == "add_tag":
        return Gift(step["field"], step["tag"], tag=True)
    given = step["values"][0] if "values" in step else step
    return Gift(given["field"], stored(form.fields[given["field"]], given["value"]), tag=False)


def _rows(form: AnyForm, table: Definition) -> list[Line]:
    names = SourceNames(form.source)
    found = []
    for number, row in enumerate(table["rows"]):
        condition = check(condition_of(table["inputs"], row["when"]), names, wants=BOOLEAN)
        gift = _given(form, table, row["then"])
        label = row.get("label") or table["label"]
        line = Line(table["id"], label, condition, (gift,), table=True, row=number + 1, collected=gift.tag)
        found.append(line)
    return found


def _given(form: AnyForm, table: Definition, then: Any) -> Gift:
    """What a row gives: a value, or a tag where all rows that hit give one each."""
    if table.get("hit") == "collect":
        return Gift(table["sets"], then, tag=True)
    return Gift(table["sets"], stored(form.fields[table["sets"]], then), tag=False)


def _event(form: AnyForm, rule: Definition) -> Event:
    text = rule.get("when")
    condition = check(text, SourceNames(form.source), context=TRIGGERED, wants=BOOLEAN) if text else None
    needed = outside(form.source, [condition] if condition else [])
    return Event(rule["id"], rule, condition, compile_hits([condition]) if condition else None, needed)


def _owned(state: list[Definition], tables: list[Definition], lines: list[Line]) -> dict[str, Any]:
    owned = {gift.field: None for line in lines for gift in line.gifts if not gift.tag}
    for rule in state:
        owned |= {step["field"]: step.get("value") for step in rule.get("else", ()) if step["field"] in owned}
    return owned | {table["sets"]: table.get("default") for table in tables if table.get("hit") != "collect"}


def _tagged(lines: list[Line]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Field -> tag -> the rules that give it."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for line in lines:
        for gift in line.gifts:
            if gift.tag:
                tags = found.setdefault(gift.field, {})
                tags[gift.value] = (*tags.get(gift.value, ()), line.rule)
    return found


def stored(field: Definition, value: Any) -> Any:
    """A value as a rule gives it to a field; Rejected for what the field cannot hold."""
    return parse_one(field | {"required": False}, value)
