"""What a form shows: fields and sections whose condition does not hold are hidden, and hold nothing."""

from typing import Any

from engines.core.fields import values
from engines.core.formula.env import Env
from engines.core.formula.faults import FormulaFault
from engines.core.kernel.errors import Rejected
from engines.core.kernel.work import Look
from engines.core.records.source import Values

from .compile import Form
from .formulas import ready


def conditional(form: Form) -> dict[str, str]:
    """Formula text by field; a field in a section with a condition has that one too."""
    found = {name: str(f["visible"]) for name, f in form.fields.items() if f.get("visible")}
    for section in form.sections:
        for name in section["fields"] if section.get("visible") else ():
            own = found.get(name)
            found[name] = f"({section['visible']}) AND ({own})" if own else str(section["visible"])
    return found


def hidden(look: Look, form: Form, facts: Values) -> set[str]:
    """Fields that are not shown for a record with these stored values; a condition that fails hides nothing."""
    return {name for name, text in conditional(form).items() if _fails(look, form, text, facts)}


def defaults(look: Look, form: Form) -> Values:
    """What a new record starts with, by field, as formulas give it; a default that fails gives nothing."""
    blank = dict(form.source.blank)
    found: Values = {}
    for name, field in form.fields.items():
        if field.get("default"):
            value = evaluated(look, form, str(field["default"]), blank)
            if value not in (None, ""):
                found[name] = value
    return found


def roughly(form: Form, given: dict[str, Any]) -> Values:
    """Stored values of a page that is still being filled in: what cannot be read counts as blank."""
    facts = dict(form.source.blank)
    for name, raw in given.items():
        try:
            facts[name] = values.parse_one(form.fields[name] | {"required": False}, raw)
        except Rejected:
            continue
    return facts


def evaluated(look: Look, form: Form, text: str, facts: Values) -> Any:
    """The value of a formula over stored values, seen from outside any saved record; None when it fails."""
    formula = ready(form, text)
    env = Env(look.now, form.source.zone, user=look.actor.id, old={}, changed=frozenset())
    more = formula.outside.of_nothing() if formula.outside.keys else {}
    try:
        return formula.run({**facts, **more}, env)
    except FormulaFault:
        return None


def _fails(look: Look, form: Form, text: str, facts: Values) -> bool:
    return evaluated(look, form, text, facts) is False
