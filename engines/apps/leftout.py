"""A version that a richer program published: what this release does not know is left alone, not guessed."""

from collections.abc import Callable
from typing import Any

from engines.core.actions import action_types
from engines.core.fields import field_types
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition
from engines.flow.base import node_types, trigger_types
from engines.form import check as forms

from .check import MEANING

ACTING = ("rules", "tables", "flows")
"""Parts that do something by themselves: one of them runs whole or not at all."""
Compile = Callable[[Definition], Any]


def strange(definition: Definition) -> bool:
    """Is there a type of field, action, step or trigger in it that this release does not have?"""
    fields = (field for form in definition.get("forms", ()) for field in form.get("fields", ()))
    actions = (step for rule in definition.get("rules", ()) for step in rule.get("then", ()))
    return (
        not all(map(_field_known, fields))
        or not all(step.get("type") in action_types for step in actions)
        or not all(map(_flow_known, definition.get("flows", ())))
    )


def known_part(definition: Definition, compiled: Compile) -> Definition:
    """The definition without fields of unknown types, without computed fields that read one of them, and without
    rules, tables and flows that need what is gone. `compiled` makes an app of a definition."""
    made = _thinner(definition, {form["id"]: _unknown_fields(form) for form in definition["forms"]})
    while any((broken := {form["id"]: _unreadable(compiled(made), form) for form in made["forms"]}).values()):
        made = _thinner(made, broken)
    app = compiled(made)
    sound = {kind: [part for part in made[kind] if _works(app, kind, part)] for kind in ACTING if kind in made}
    return made | sound


def _field_known(field: Definition) -> bool:
    return field.get("type") in field_types and all(map(_field_known, field.get("fields", ())))


def _flow_known(flow: Definition) -> bool:
    steps, trigger = flow.get("nodes", ()), flow.get("trigger", {})
    return trigger.get("type", "button") in trigger_types and all(map(_step_known, steps))


def _step_known(step: Definition) -> bool:
    does = step.get("do")
    return step.get("type") in node_types and (not isinstance(does, dict) or does.get("type") in action_types)


def _unknown_fields(form: Definition) -> set[str]:
    return {field["id"] for field in form["fields"] if not _field_known(field)}


def _unreadable(app: Any, form: Definition) -> set[str]:
    """Fields whose formulas or targets are not there any more."""
    places = [path.split("/") for path, _ in forms.problems(app, form)]
    return {form["fields"][int(steps[2])]["id"] for steps in places if steps[1] == "fields" and len(steps) > 2}


def _thinner(definition: Definition, gone: dict[str, set[str]]) -> Definition:
    return definition | {"forms": [_without(form, gone[form["id"]]) for form in definition["forms"]]}


def _without(form: Definition, gone: set[str]) -> Definition:
    if not gone:
        return form
    made = form | {"fields": [field for field in form["fields"] if field["id"] not in gone]}
    if "layout" in form:
        made["layout"] = [s | {"fields": [name for name in s["fields"] if name not in gone]} for s in form["layout"]]
    return {name: value for name, value in made.items() if name != "title" or value not in gone}


def _works(app: Any, kind: str, part: Definition) -> bool:
    try:
        return not any(MEANING[kind](app, part))
    except (AppError, LookupError, StopIteration):
        return False
