"""What a writer may leave behind: a record that is new, or was edited, lies within the rows of the writer's roles."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, select

from engines.core.formula.env import Env
from engines.core.formula.faults import FormulaFault
from engines.core.formula.python import compile_one
from engines.core.kernel.errors import Invalid, Rejected
from engines.core.kernel.work import Look, UnitOfWork
from engines.core.records.change import Change
from engines.core.records.facts import Outside, ahead, outside, system_facts
from engines.core.records.source import Source, Values

from .rows import Spec, departments_of, people_of, row_formula

MAKER = ("created_by", "updated_by")
"""Who writes is both, or was before and stays it."""


@dataclass(frozen=True)
class Fence:
    """The rows, as any of `specs` names them, that one action of a set of roles may leave behind."""

    source: Source
    specs: tuple[Spec, ...]

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields of the form on which it depends."""
        return frozenset(name for spec in self.specs for name in self._of(spec))

    def adopted(self, look: Look, values: Values) -> Values:
        """Values of a new record: one that names nobody as its owner is its maker's."""
        for kind, named in self.specs:
            owners = [n for n in named if self._is_person(n)] if kind != "formula" else []
            if owners and not any(values.get(name) for name in named):
                many = owners[0] in self.source.links
                return values | {owners[0]: (look.actor.id,) if many else look.actor.id}
        return values

    def ask(self, look: Look, change: Change) -> None:
        """Invalid, at the fields that can mend it; at no field when the writer sees and sets none of them."""
        moved = self.fields & change.changed
        if change.id is not None and not moved:
            return
        if any(self._holds(look, change, spec) for spec in self.specs):
            return
        blamed = self._to_mend(look, change, moved) or [""]
        raise Invalid({name: Rejected(self._reason(name)) for name in blamed})

    def _to_mend(self, look: Look, change: Change, moved: frozenset[str]) -> list[str]:
        """What the writer can set: of an edit what it moved, where that was computed what it is computed from."""
        scope = look.rights.scope(self.source.id)
        mine = [n for n in self.source.fields if n not in self.source.computed and scope.reads(n) and scope.writes(n)]
        if change.id is None:
            return [name for name in mine if name in self.fields]
        return [name for name in mine if name in moved] or [name for name in mine if name in change.changed]

    def _of(self, spec: Spec) -> Iterable[str]:
        kind, named = spec
        if kind != "formula":
            return [name for name in named if name not in MAKER]
        ready = self._ready(named)
        ways = {self.source.ways[a.relation].field for a in ready.checked.aggregates}
        return {*ready.checked.fields, *(path[0] for path in ready.outside.paths), *ways} - set(MAKER)

    def _holds(self, look: Look, change: Change, spec: Spec) -> bool:
        kind, named = spec
        if kind == "formula":
            return self._true(look, change, named)
        return any(self._owned(look, change, name, kind) for name in named)

    def _owned(self, look: Look, change: Change, name: str, kind: str) -> bool:
        ids = set(_ids(_owner(look, change, name)))
        if self._is_department(name):
            return self._among(look, ids, departments_of, "department" if kind == "own" else kind)
        return look.actor.id in ids or (kind != "own" and self._among(look, ids, people_of, kind))

    def _among(self, look: Look, ids: set[int], those: Callable[[str], Select[Any]], kind: str) -> bool:
        """Is one of the ids among those that a statement finds for whoever acts?"""

        def make() -> Select[Any]:
            found = those(kind).subquery()
            column = next(iter(found.c))
            return select(column).where(column == bindparam("one", type_=BigInteger)).limit(1)

        one = self.source.prepared(look.session.dialect, ("fence", those.__name__, kind), make)
        return any(look.session.run(one, {"me": look.actor.id, "one": n}).fetchone() is not None for n in ids)

    def _true(self, look: Look, change: Change, text: str) -> bool:
        """As the platform sees what the formula reads of other records: the same as in a list's condition."""
        ready = self._ready(text)
        env = Env(look.now, self.source.zone, user=look.actor.id)
        own = {"_created_by": look.actor.id, "_created_at": look.now, "_updated_by": look.actor.id}
        facts = system_facts(own | change.facts | {"_updated_at": look.now})
        try:
            return bool(ready.run({**facts, **ahead(look, change, ready.outside, env)}, env))
        except FormulaFault:
            return False

    def _ready(self, text: str) -> "_Ready":
        def make() -> _Ready:
            checked = row_formula(self.source, text)
            return _Ready(checked, compile_one(checked), outside(self.source, [checked]))

        return self.source.kept(("fence", text), make)

    def _reason(self, name: str) -> str:
        kinds = {spec[0] for spec in self.specs if spec[0] != "formula" and name in spec[1]}
        if self._is_department(name) and kinds:
            return "outside_departments"
        widest = next((kind for kind in ("department_below", "department", "own") if kind in kinds), "rows")
        return f"outside_{widest}"

    def _is_person(self, name: str) -> bool:
        return bool(self.source.fields.get(name, {}).get("type") == "person")

    def _is_department(self, name: str) -> bool:
        return bool(self.source.fields.get(name, {}).get("type") == "department")


@dataclass(frozen=True)
class _Ready:
    checked: Any
    run: Any
    outside: Outside


def settle(uow: UnitOfWork, change: Change) -> bool:
    """Asked once, when the computed values of what somebody sent are there and before any rule has moved it."""
    fence, change.fence = change.fence, None
    if fence is not None:
        fence.ask(uow, change)
    return False


def fence_of(source: Source, specs: frozenset[Spec], action: str) -> Fence | None:
    """None where the action may leave any record behind, or any that its writer can leave behind anyway."""
    ours = {"updated_by"} | ({"created_by"} if action == "create" else set())
    if not specs or any(kind == "all" or (kind != "formula" and ours & set(named[0])) for kind, *named in specs):
        return None
    return Fence(source, tuple(sorted(specs, key=str)))


def _owner(look: Look, change: Change, name: str) -> Any:
    if name == "updated_by" or (name == "created_by" and change.id is None):
        return look.actor.id
    return change.facts.get("_created_by" if name == "created_by" else name)


def _ids(value: Any) -> Iterable[int]:
    return value if isinstance(value, tuple) else () if value is None else (value,)
