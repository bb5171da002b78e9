"""What a form asks of one record: which fields are shown, what is right, what it starts with. Fields and sections whose
condition does not hold are hidden, and hold nothing."""

from typing import Any

from engines.core.fields import values
from engines.core.formula.env import Env
from engines.core.formula.faults import FormulaFault
from engines.core.kernel.errors import Rejected
from engines.core.kernel.work import Look
from engines.core.records.facts import along, own_rows, system_facts
from engines.core.records.source import Values

from .compile import Form
from .computed import computed_of
from .formulas import Ready, ready

UNSAID = {
    "zh": "这个值不合这一项的规则，换一个；规则是什么，问搭建表单的人",
    "en": "This does not keep the rule of the field: choose another value, or ask who built the form",
}


def conditional(form: Form) -> dict[str, str]:
    """Formula text by field; a field in a section with a condition has that one too."""
    found = {name: str(f["visible"]) for name, f in form.fields.items() if f.get("visible")}
    for section in form.sections:
        for name in section["fields"] if section.get("visible") else ():
            own = found.get(name)
            found[name] = f"({section['visible']}) AND ({own})" if own else str(section["visible"])
    return found


def setting(form: Form, name: str) -> dict[str, str]:
    """Formula text by field of a setting that is a condition: `required_if`, `read_only_if`."""
    return {field: str(f[name]) for field, f in form.fields.items() if f.get(name)}


def rules(form: Form) -> dict[str, str]:
    """Formula text by field of what has to hold for a value to be right."""
    return setting(form, "valid")


def hidden(look: Look, form: Form, facts: Values) -> set[str]:
    """Fields that are not shown for a record with these stored values; a condition that fails hides nothing."""
    return _refused(look, form, conditional(form), facts)


def needed(look: Look, form: Form, facts: Values) -> set[str]:
    """Fields that have to be filled in for a record with these values; a condition that fails asks for nothing."""
    return _held(look, form, setting(form, "required_if"), facts)


def fixed(look: Look, form: Form, facts: Values) -> set[str]:
    """Fields that nobody may change by hand now; a condition that fails locks nothing."""
    return _held(look, form, setting(form, "read_only_if"), facts)


def wrong(look: Look, form: Form, facts: Values) -> dict[str, Rejected]:
    """Why each filled field whose rule does not hold is not right; a rule that fails refuses nothing."""
    asked = {name: text for name, text in rules(form).items() if facts.get(name) not in (None, "", ())}
    return {name: Rejected("not_valid", mend=mend_of(form, name)) for name in _refused(look, form, asked, facts)}


def mend_of(form: Form, name: str) -> dict[str, str]:
    """What is said where a rule does not hold: the builder's words, else that there is a rule. Never the formula, which
    may name what this reader does not see."""
    return UNSAID | {language: said for language, said in (form.fields[name].get("mend") or {}).items() if said}


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
    """The value of a formula over the stored values of a record, be it saved or not; None when it fails."""
    try:
        return _run(look, form, ready(form, text), facts)
    except FormulaFault:
        return None


def env_of(look: Look, form: Form) -> Env:
    """What a formula of the form knows of time and of who acts; nothing was before."""
    return Env(look.now, form.source.zone, user=look.actor.id, old={}, changed=frozenset())


def beside(look: Look, form: Form, formula: Ready, facts: Values) -> Values:
    """What a formula needs besides the record, by key: summaries of related records, and of the record's own rows as
    they are now; values at the end of paths, wherever the relations lead now."""
    if not formula.outside.keys:
        return {}
    env, record = env_of(look, form), facts.get("_id")
    found = formula.outside.read(look, record, env) if record else formula.outside.of_nothing()
    for path in formula.outside.paths:
        found[".".join(path)] = along(look, form.source, facts.get(path[0]), path)
    return found | own_rows(formula.outside, facts, env)


def worked_out(look: Look, form: Form, facts: Values) -> Values:
    """The facts with the computed fields as they will be once the record is saved; one that is made of what this reader
    does not get stays as it is stored."""
    computed = computed_of(form)
    if not computed.order:
        return facts
    more: Values = {}
    for formula in computed.formulas.values():
        more |= beside(look, form, ready(form, formula.text), facts)
    found = computed.answers(form.source, {**facts, **more}, env_of(look, form))
    sure: set[str] = set()
    for name in computed.order:
        reads = computed.formulas[name].fields
        if reads <= facts.keys() and reads & computed.formulas.keys() <= sure:
            sure.add(name)
    return facts | {name: found[name] for name in sure}


def _held(look: Look, form: Form, texts: dict[str, str], facts: Values) -> set[str]:
    """Those of the conditions that hold."""
    if not texts:
        return set()
    facts = worked_out(look, form, facts)
    return {name for name, text in texts.items() if _holds(look, form, text, facts)}


def _refused(look: Look, form: Form, texts: dict[str, str], facts: Values) -> set[str]:
    """Those of the conditions that do not hold."""
    if not texts:
        return set()
    facts = worked_out(look, form, facts)
    return {name for name, text in texts.items() if _holds(look, form, text, facts) is False}


def _holds(look: Look, form: Form, text: str, facts: Values) -> bool | None:
    """None when the condition fails."""
    try:
        return bool(_run(look, form, ready(form, text, condition=True), facts))
    except FormulaFault:
        return None


def _run(look: Look, form: Form, formula: Ready, facts: Values) -> Any:
    return formula.run({**system_facts(facts), **beside(look, form, formula, facts)}, env_of(look, form))
