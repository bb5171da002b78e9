"""What engines would have worked out on the way: computed values, and what rules hold, of records written in bulk."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engines.apps.catalog import App
from engines.core.kernel.work import UnitOfWork
from engines.core.records import store
from engines.form.compile import Form
from engines.form.computed import computed_of, dependants_of
from engines.rule import engine as rules
from engines.rule.compile import rules_of


def settling(app: App) -> Iterator[Form]:
    """Forms with something to work out, each after those that it looks at."""
    looks_at: dict[str, list[str]] = {}
    for name in app.forms:
        for dependant in dependants_of(app, name):
            looks_at.setdefault(dependant.source.form, []).append(name)
    seen: set[str] = set()
    for name in app.forms:
        yield from (app.form(found) for found in _after(name, looks_at, seen) if _has_work(app, app.form(found)))


def settle(uow: UnitOfWork, form: Form, records: Iterable[int]) -> None:
    """Work out these records by the engines' own steps; event rules take note of what is true and do nothing."""
    uow.steps = replace(uow.steps, followers=(), reactors=(rules.acquaint,))
    for record in records:
        store.touch(uow, form.source, record)


def _after(name: str, looks_at: dict[str, list[str]], seen: set[str]) -> Iterator[str]:
    if name in seen:
        return
    seen.add(name)
    for other in looks_at.get(name, ()):
        yield from _after(other, looks_at, seen)
    yield name


def _has_work(app: App, form: Form) -> bool:
    ruled = rules_of(app, form)
    remembering = any(event.condition and not event.definition.get("each_time") for event in ruled.events)
    return bool(computed_of(form).order or ruled.lines or remembering)
