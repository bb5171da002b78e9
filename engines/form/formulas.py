"""Service `formulas`: text over the fields of a form, checked and compiled once a version."""

from dataclasses import dataclass
from typing import Any

from engines.core.formula.check import Checked, check
from engines.core.formula.env import Env
from engines.core.formula.python import compile_one
from engines.core.formula.types import BOOLEAN
from engines.core.kernel.work import Look
from engines.core.records.facts import Outside, outside, system_facts
from engines.core.records.names import SourceNames
from engines.core.records.source import Values

from .compile import Form

CONTEXT = frozenset({"CURRENT_USER", "CURRENT_ROLE", "HAS_ROLE", "OLD", "CHANGED"})


@dataclass(frozen=True)
class Ready:
    """A formula of one form, ready to run."""

    checked: Checked
    run: Any
    outside: Outside


def ready(form: Form, text: str, *, condition: bool = False) -> Ready:
    """FormulaError when the text does not fit the form."""
    key = f"formula:{int(condition)}:{text}"
    found = form.notes.get(key)
    if found is None:
        made = check(text, SourceNames(form.source), context=CONTEXT, wants=BOOLEAN if condition else None)
        found = form.notes[key] = Ready(made, compile_one(made), outside(form.source, [made]))
    return found


class FormulaService:
    """What actions and flows evaluate."""

    def value(self, look: Look, app: Any, form: Form, text: str, facts: Values, *, old: Values | None = None) -> Any:
        """The value for a record whose stored values are `facts`; a money field counts in whole units."""
        return _run(look, ready(form, text), form, facts, old)

    def holds(self, look: Look, app: Any, form: Form, text: str, facts: Values, *, old: Values | None = None) -> bool:
        """A condition."""
        return bool(_run(look, ready(form, text, condition=True), form, facts, old))


def _run(look: Look, formula: Ready, form: Form, facts: Values, old: Values | None) -> Any:
    before = old or {}
    changed = frozenset(name for name, value in before.items() if facts.get(name) != value)
    env = Env(look.now, form.source.zone, user=look.actor.id, old=before, changed=changed)
    more: Values = {}
    if formula.outside.keys:
        record = facts.get("_id")
        more = formula.outside.read(look, record, env) if record else formula.outside.of_nothing()
    return formula.run({**system_facts(facts), **more}, env)
