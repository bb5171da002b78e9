"""Formulas of rules and flows over the record at hand, compiled once a version."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engines.core.formula.check import Checked, check
from engines.core.formula.env import Env
from engines.core.formula.faults import FormulaFault
from engines.core.formula.names import FieldRef, RelationRef
from engines.core.formula.python import Formula, compile_one
from engines.core.formula.types import BOOLEAN, TEXT, Type
from engines.core.kernel.errors import AppError
from engines.core.kernel.work import Look
from engines.core.records.facts import Outside, outside, system_facts
from engines.core.records.names import SourceNames

from .base import Context
from .services import AnyForm

CHANGE = frozenset({"OLD", "CHANGED", "CURRENT_USER"})
"""What a formula may ask about the change that set it off."""


class FormulaFailed(AppError):
    """`fault` is the formula language's own code, such as DIV0."""

    code = "formula_failed"
    words = {"zh": "公式算不出来（{fault}）：{text}", "en": "The formula has no result ({fault}): {text}"}


@dataclass(frozen=True)
class Compiled:
    checked: Checked
    run: Formula
    outside: Outside


@dataclass(frozen=True)
class Names:
    """The fields of a form, and names that the flow keeps: the outcome of a step is called like the step."""

    source: SourceNames
    kept: frozenset[str]

    def field(self, name: str) -> FieldRef | None:
        return self.source.field(name) or (FieldRef(name, TEXT) if name in self.kept else None)

    def relation(self, name: str) -> RelationRef | None:
        return self.source.relation(name)

    def known(self) -> Iterable[str]:
        yield from self.source.known()
        yield from self.kept


def compiled(form: AnyForm, text: str, *, wants: Type | None = None, kept: frozenset[str] = frozenset()) -> Compiled:
    """FormulaError with every problem; made on first use, kept with what is known of the form."""

    def make() -> Compiled:
        checked = check(text, Names(SourceNames(form.source), kept), context=CHANGE, wants=wants)
        return Compiled(checked, compile_one(checked), outside(form.source, [checked]))

    return form.source.kept(("formula", text, wants, kept), make)


def value(look: Look, context: Context, text: str, *, wants: Type | None = None) -> Any:
    """The value for the context's record; money counts in whole units. FormulaFailed says which formula."""
    form, record = context.about("formula")
    kept = frozenset(context.values)
    made = compiled(form, text, wants=wants, kept=kept)
    env = _env(look, context)
    facts = system_facts({**context.values, **context.facts, "_id": record})
    facts |= made.outside.read(look, record, env)
    try:
        return made.run(facts, env)
    except FormulaFault as fault:
        raise FormulaFailed(fault=str(fault), text=text) from fault


def holds(look: Look, context: Context, text: str) -> bool:
    """A condition."""
    return bool(value(look, context, text, wants=BOOLEAN))


def _env(look: Look, context: Context) -> Env:
    old = context.old or {}
    changed = frozenset(name for name in old if old[name] != context.facts.get(name))
    return Env(look.now, context.app.zone, user=context.person or look.actor.id, old=old, changed=changed)
