"""Is a flow sound? Each trigger and step against its type's panel, the graph, and every formula against the form."""

from collections.abc import Iterator
from typing import Any

from engines.core.actions import formulas
from engines.core.actions.services import AnyApp, AnyForm
from engines.core.actions.wording import use_problems
from engines.core.formula.problems import FormulaError
from engines.core.formula.types import BOOLEAN, Type
from engines.core.jobs.duration import BadDuration, micros
from engines.core.kernel.errors import UnknownType
from engines.core.kernel.kind import Definition
from engines.core.records.spots import missing

from .base import node_types, trigger_types
from .compile import Flow, Problem, both, called, compile_flow, panel_problems, problems, settings_of, words


def flow_problems(app: AnyApp, definition: Definition) -> Iterator[Problem]:
    """(path, what to mend); nothing when it is sound. `definition` has passed the envelope; the app's forms are
    compiled."""
    found = [*_panels(app, definition)] or problems(app.id, definition)
    yield from found
    if found:
        return
    flow = compile_flow(app.id, definition)
    form = app.forms.get(flow.form)
    yield from _durations(definition)
    yield from _templates(app, flow, form)
    yield from _deadlines(definition)
    if form is not None:
        yield from _formulas(flow, form)
        yield from _fields(flow, form)
    elif flow.form or trigger_types.get(flow.trigger["type"]).on_records:
        yield "/form", missing(flow.form)


def _panels(app: AnyApp, definition: Definition) -> Iterator[Problem]:
    """Settings of known types against their panels; unknown types are told with the graph."""
    trigger = definition.get("trigger", {})
    places: list[tuple[str, Any, Definition]] = [("/trigger", trigger_types, trigger)]
    places += [(f"/nodes/{i}", node_types, node) for i, node in enumerate(definition["nodes"])]
    for path, registry, part in places:
        try:
            kind = registry.get(part["type"])
        except UnknownType:
            continue
        own = {name: value for name, value in settings_of(part).items() if name != "type"}
        yield from panel_problems(path, kind, own)


def _templates(app: AnyApp, flow: Flow, form: AnyForm | None) -> Iterator[Problem]:
    """Message templates that steps send; what the flow keeps is each step's outcome under its id."""
    kept = {node["id"] for node in flow.definition["nodes"]}
    for i, node in enumerate(flow.definition["nodes"]):
        if isinstance(node.get("do"), dict):
            for below, told in use_problems(app, form, node["do"], kept):
                yield f"/nodes/{i}/do{below}", told


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
            yield path, both(wrong)


def _deadlines(definition: Definition) -> Iterator[Problem]:
    """What happens when nobody acts in time must be able to happen."""
    for i, node in enumerate(definition["nodes"]):
        for j, late in enumerate(node.get("deadlines", ())):
            if late["do"] == "edge" and not late.get("port"):
                told = words(
                    "「{a}」到时要走另一条路，但没写出口叫什么：在时限里写上",
                    "'{a}' takes another way when it is late, but that way has no name: write it in the deadline",
                    a=called(node),
                )
                yield f"/nodes/{i}/deadlines/{j}", told


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
        yield from ((path, dict(problem.words)) for problem in error.problems)


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
            yield path, missing(str(name))
