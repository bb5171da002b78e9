"""Performs actions as the app itself, on behalf of somebody, with the cause that history keeps."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Cause, UnitOfWork

from .base import Context, action_types
from .services import Records


def perform(uow: UnitOfWork, context: Context, settings: Definition) -> Mapping[str, Any]:
    """One action in the caller's transaction; what it wrote has settled when this returns."""
    with acting(uow, context.cause, person=context.person):
        before = len(uow.written)
        found = action_types.get(settings["type"]).run(uow, context, settings)
        uow.settle()
        _chain(uow, context, before)
    return found


def perform_all(uow: UnitOfWork, context: Context, steps: list[Definition]) -> list[Mapping[str, Any]]:
    """One after the other; each sees what those before it wrote."""
    done = []
    for settings in steps:
        done.append(perform(uow, context, settings))
        context = refreshed(uow, context)
    return done


def _chain(uow: UnitOfWork, context: Context, before: int) -> None:
    """What was written carries the chain of flows that led to it, so that a ring can be seen."""
    for change in uow.written[before:] if context.root is not None else ():
        if change.chain is None:
            change.chain = (context.root, context.depth)


def refreshed(uow: UnitOfWork, context: Context) -> Context:
    """The same with the record as it is now."""
    if context.form is None or context.record is None:
        return context
    records: Records = uow.service("records")
    return replace(context, facts=records.read(uow, context.form, context.record))


@contextmanager
def acting(uow: UnitOfWork, cause: Cause, *, person: int | None) -> Iterator[None]:
    """Inside, writes carry this cause and stand for this person; what was waiting is written first, under its own."""
    uow.settle()
    before = uow.cause, uow.on_behalf
    uow.cause, uow.on_behalf = cause, person or uow.on_behalf
    try:
        yield
    finally:
        uow.cause, uow.on_behalf = before
