"""After a publish: records are looked at again whose stored computed values or rules are no longer the same."""

from collections.abc import Iterator
from typing import Any

from engines.core.fields import field_types
from engines.core.jobs import queue
from engines.core.jobs.base import Job, JobKind, job_kinds
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork
from engines.core.records import query
from engines.core.records import store as records
from engines.rule import engine as rules

BLOCK = 500
SEEN_ONLY = frozenset({"label", "help", "width", "visible", "searchable", "sensitive", "unit", "icon", "published"})
"""Settings that change how a field looks, not what it holds."""


def forms_to_redo(old: Definition, new: Definition) -> list[str]:
    """Forms of the new version, by id, of which every record has to be looked at again."""
    before = {form["id"]: form for form in old.get("forms", ())}
    found = {f["id"] for f in new["forms"] if f["id"] in before and _computes(before[f["id"]]) != _computes(f)}
    found |= {str(form) for kind in ("rules", "tables") for form in _ruled(old.get(kind, ()), new.get(kind, ()))}
    return [form["id"] for form in new["forms"] if form["id"] in found and form["id"] in before]


def _computes(form: Definition) -> Definition:
    """What the computed fields of a form are made of."""
    fields = [f for f in form["fields"] if field_types.get(f["type"]).computed_by(f) is not None]
    return {f["id"]: {name: value for name, value in f.items() if name not in SEEN_ONLY} for f in fields}


def _ruled(old: Any, new: Any) -> Iterator[str]:
    before, after = ({part["id"]: part for part in parts} for parts in (old, new))
    for name in before.keys() | after.keys():
        one, other = before.get(name), after.get(name)
        if one != other:
            yield from (part["form"] for part in (one, other) if part)


def follow(uow: UnitOfWork, app: Any, before: Any | None) -> None:
    """Enqueue what a publish makes necessary, in its own transaction; `app` goes live after `before`."""
    for form in forms_to_redo(before.definition, app.definition) if before else ():
        source = app.form(form).source.id
        queue.enqueue(
            uow, "recompute", {"form": source, "after": 0}, key=f"recompute:{source}", replace=True, priority=5
        )


@job_kinds.register
class Recompute(JobKind):
    """A block of records, then itself again: no save waits longer than a block. Whatever comes true by it is noted and
    sets nothing off, since a publish is no event."""

    type = "recompute"
    label = {"zh": "发布后重算", "en": "Work out again after a publish"}
    icon = "sum"
    examples = [({"form": "shop__buyer", "after": 0},)]

    def handle(self, uow: UnitOfWork, job: Job, result: Any) -> None:
        source = uow.apps.of_source(job.payload["form"]).source
        ask = query.Ask(sort=(("_id", False),), after=(job.payload["after"],), limit=BLOCK)
        page = query.page(uow, source, ask)
        for row in page.rows:
            records.touch(uow, source, row["_id"])
        uow.settle()
        for change in uow.written:
            rules.acquaint(uow, change)
        if page.after:
            payload = {"form": source.id, "after": page.rows[-1]["_id"]}
            queue.enqueue(uow, "recompute", payload, key=f"recompute:{source.id}", priority=5)
