"""Computed fields: worked out while a record settles, and again when what they depend on moves."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from engines.core.fields import field_types
from engines.core.fields.results import stored_result
from engines.core.formula.check import Checked, check
from engines.core.formula.env import Env
from engines.core.formula.faults import FormulaFault
from engines.core.formula.python import compile_many
from engines.core.kernel.errors import AppError, Rejected
from engines.core.kernel.work import Cause, Look, UnitOfWork
from engines.core.records import store
from engines.core.records.change import Change
from engines.core.records.facts import Outside, ahead, outside
from engines.core.records.names import SourceNames
from engines.core.records.source import Source, Way

from .compile import Form


class Ring(AppError):
    code = "ring"
    words = {"zh": "这几个字段互相计算：{fields}", "en": "These fields compute each other: {fields}"}


@dataclass(frozen=True)
class Computed:
    """The stored computed fields of a form, in an order in which each comes after what it reads."""

    order: tuple[str, ...]
    formulas: dict[str, Checked]
    run: Callable[[Any, Env], list[Any]]
    outside: Outside
    reads: frozenset[str]

    @property
    def time_dependent(self) -> bool:
        return any(formula.time_dependent for formula in self.formulas.values())

    def answers(self, source: Source, facts: dict[str, Any], env: Env) -> dict[str, Any]:
        """Stored values of the fields for these facts, `outside` among them."""
        values: dict[str, Any] = {}
        for _ in self.order:  # one field may read another: as often as there are, at most
            before = dict(values)
            for name, value in zip(self.order, self.run(facts | values, env), strict=True):
                values[name] = _stored(value, source.fields[name])
            if values == before:
                break
        return values


def computed_of(form: Form) -> Computed:
    """Compiled on first use, kept with the form's version; Ring when fields compute each other."""
    found = form.notes.get("computed")
    if found is None:
        found = form.notes["computed"] = _compile(form.source)
    return found


def _compile(source: Source) -> Computed:
    names = SourceNames(source)
    wanted = {name: text for name, text in source.computed.items() if name in source.own}
    formulas = {name: check(text, names) for name, text in wanted.items()}
    graph = {name: formula.fields & wanted.keys() for name, formula in formulas.items()}
    try:
        order = tuple(TopologicalSorter(graph).static_order())
    except CycleError as ring:
        raise Ring(fields=" → ".join(ring.args[1])) from ring
    reads = frozenset().union(*(formula.fields for formula in formulas.values()))
    run = compile_many([formulas[name] for name in order])
    return Computed(order, formulas, run, outside(source, formulas.values()), reads)


def settle(look: Look, change: Change) -> bool:
    """Set the computed fields of a change; True when one moved."""
    form = look.apps.of_source(change.source.id)
    computed = computed_of(form)
    if not computed.order or not change.alive or not _concerned(change, computed):
        return False
    env = Env(look.now, change.source.zone, user=look.actor.id)
    values = computed.answers(change.source, {**change.facts, **ahead(look, change, computed.outside, env)}, env)
    return change.set(values, cause=Cause("computed", change.source.form))


def _concerned(change: Change, computed: Computed) -> bool:
    if change.what in ("create", "touch", "restore"):
        return True
    beside = {path[0] for path in computed.outside.paths} | {one.relation for one in computed.outside.aggregates}
    return bool(change.changed & (computed.reads | beside))


def _stored(value: Any, field: dict[str, Any]) -> Any:
    """Blank where the formula fails or its answer does not fit: a computed field never stops a save."""
    if isinstance(value, FormulaFault):
        return None
    if isinstance(value, bool):
        value = int(value)
    try:
        return stored_result(value, field)
    except Rejected:
        return None


WATCHERS: list[Callable[[Any, Form], Iterable[Checked]]] = []
"""Formulas of an app's form besides its computed fields that have to be asked again when other records move; the rule
engine adds its own."""


@dataclass(frozen=True)
class Dependant:
    """Records of `source` follow those of another form over `way`; `fields` of it matter, None: all."""

    source: Source
    way: Way
    fields: frozenset[str] | None


def dependants_of(app: Any, form_id: str) -> tuple[Dependant, ...]:
    """Who looks at records of this form from another one: computed fields, and what `WATCHERS` name."""
    found = app.notes.get("dependants")
    if found is None:
        found = app.notes["dependants"] = _dependants(app)
    mine: tuple[Dependant, ...] = found.get(form_id, ())
    return mine


def _dependants(app: Any) -> dict[str, tuple[Dependant, ...]]:
    found: dict[str, list[Dependant]] = {}
    for form in app.forms.values():
        formulas = [*computed_of(form).formulas.values(), *(one for watch in WATCHERS for one in watch(app, form))]
        for way in form.source.ways.values():
            fields = _watched(formulas, way)
            if way.form and fields is not None:
                found.setdefault(way.form, []).append(Dependant(form.source, way, fields))
    return {name: tuple(ones) for name, ones in found.items()}


def _watched(formulas: list[Checked], way: Way) -> frozenset[str] | None:
    """The fields at the end of a way that the formulas read; None when they do not go that way."""
    fields: set[str] = set()
    goes = False
    for formula in formulas:
        for aggregate in formula.aggregates:
            if aggregate.relation == way.id:
                goes = True
                terms = [term for term in (aggregate.value, aggregate.where, aggregate.order) if term is not None]
                fields |= {str(t.value) for term in terms for t in term.walk() if t.op == "field"}
        for term in formula.tree.walk():
            if term.op == "path" and term.value[0] == way.id:
                goes = True
                fields.add(str(term.value[1]))
    return frozenset(fields) if goes else None


def follow(uow: UnitOfWork, change: Change) -> None:
    """Have the records looked at again that depend on this one: those it points at now, and those it pointed at."""
    app = uow.apps.app(change.source.id.partition("__")[0])
    for dependant in dependants_of(app, change.source.form):
        for record in _reached(uow, change, dependant):
            store.touch(uow, dependant.source, record)


def _reached(uow: UnitOfWork, change: Change, dependant: Dependant) -> set[int]:
    way = dependant.way
    moved = change.what in ("create", "delete", "restore") or way.field in change.changed
    watched = dependant.fields is None or bool(change.changed & dependant.fields)
    if not moved and not watched:
        return set()
    if not way.back:
        return set(store.pointing_at(uow, dependant.source, way.field, change.id)) if change.id else set()
    ends = (change.facts.get(way.field), change.before(way.field))
    return {one for end in ends if end is not None for one in (end if isinstance(end, tuple) else (end,))}


def stored_type(field: dict[str, Any]) -> str:
    """The kind of value a computed field keeps."""
    return field_types.get(field["type"]).value_type(field).kind
