"""Is a flow sound? Each trigger and step against its type's panel, the graph, and every formula against the form."""

from collections.abc import Iterator, Mapping
from typing import Any

from engines.core.actions import formulas
from engines.core.actions.services import AnyForm
from engines.core.fields.schemas import checker
from engines.core.fields.values import json_schema
from engines.core.formula.problems import FormulaError
from engines.core.formula.types import BOOLEAN, Type
from engines.core.jobs.duration import BadDuration, micros
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition, Kind

from .base import node_types, trigger_types
from .compile import Flow, Problem, compile_flow, problems, settings_of


def check_flow(app: str, definition: Definition, forms: Mapping[str, AnyForm]) -> list[Problem]:
    """(path, what to mend), [] when it is sound. `definition` has passed the envelope; `forms` are compiled."""
    found = problems(app, definition)
    if found:
        return found
    flow = compile_flow(app, definition)
    found = [*_durations(definition)]
    found += _panel("/trigger", trigger_types.get(flow.trigger["type"]), flow.trigger, ("type",))
    for i, node in enumerate(definition["nodes"]):
        found += _panel(f"/nodes/{i}", node_types.get(node["type"]), settings_of(node), ())
    form = forms.get(flow.form)
    if form is None and (flow.form or trigger_types.get(flow.trigger["type"]).on_records):
        return [*found, ("/form", f"there is no form '{flow.form}'")]
    return found if form is None else [*found, *_formulas(flow, form), *_fields(flow, form)]


def _panel(path: str, kind: Kind, settings: Definition, besides: tuple[str, ...]) -> Iterator[Problem]:
    own = {name: value for name, value in settings.items() if name not in besides}
    schema = json_schema(kind.config) | {"additionalProperties": False}
    for error in checker(schema).iter_errors(own):
        yield path + "".join(f"/{step}" for step in error.absolute_path), error.message[:200]


def _durations(definition: Definition) -> Iterator[Problem]:
    """Lengths of time, wherever they stand."""
    named: list[tuple[str, Any]] = [("/trigger/offset", definition["trigger"].get("offset"))]
    for i, node in enumerate(definition["nodes"]):
        do = node.get("do", {})
        named += [(f"/nodes/{i}/{name}", node.get(name)) for name in ("due", "for")]
        named += [(f"/nodes/{i}/at/offset", node.get("at", {}).get("offset")), (f"/nodes/{i}/do/due", do.get("due"))]
        for where, settings in (("", node), ("/do", do)):
            for j, deadline in enumerate(settings.get("deadlines", ())):
                path = f"/nodes/{i}{where}/deadlines/{j}"
                named += [(f"{path}/{name}", deadline.get(name)) for name in ("after", "repeat")]
    for path, text in named:
        try:
            micros(text or "P0D")
        except BadDuration as wrong:
            yield path, wrong.say("en")


def _formulas(flow: Flow, form: AnyForm) -> Iterator[Problem]:
    kept = flow.people
    yield from _one("/trigger/when", flow.trigger.get("when"), form, frozenset(), BOOLEAN)
    for i, edge in enumerate(flow.definition["edges"]):
        yield from _one(f"/edges/{i}/when", edge.get("when"), form, kept, BOOLEAN)
    for i, node in enumerate(flow.definition["nodes"]):
        yield from _one(f"/nodes/{i}/until", node.get("until"), form, kept, None)
        for j, value in enumerate(node.get("do", {}).get("values", ())):
            yield from _one(f"/nodes/{i}/do/values/{j}/formula", value.get("formula"), form, kept, None)


def _one(path: str, text: str | None, form: AnyForm, kept: frozenset[str], wants: Type | None) -> Iterator[Problem]:
    if not text:
        return
    try:
        formulas.compiled(form, text, wants=wants, kept=kept)
    except FormulaError as error:
        yield from ((path, problem.words["en"]) for problem in error.problems)
    except AppError as error:
        yield path, error.say("en")


def _fields(flow: Flow, form: AnyForm) -> Iterator[Problem]:
    """Fields that are named outside formulas."""
    named: list[tuple[str, Any]] = [("/trigger/field", flow.trigger.get("field"))]
    named += [(f"/trigger/watch/{i}", name) for i, name in enumerate(flow.trigger.get("watch", ()))]
    for i, node in enumerate(flow.definition["nodes"]):
        for part in ("fields", "required"):
            named += [(f"/nodes/{i}/{part}/{j}", name) for j, name in enumerate(node.get(part, ()))]
        named.append((f"/nodes/{i}/at/field", node.get("at", {}).get("field")))
        for j, one in enumerate(node.get("assign", ())):
            named += [(f"/nodes/{i}/assign/{j}", one[way]) for way in ("field", "department_head") if way in one]
    for path, name in named:
        if name is not None and name.partition(".")[0] not in form.fields:
            yield path, f"form '{form.id}' has no field '{name}'"
