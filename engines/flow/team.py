"""Tasks of many people: what a supervisor sees of those below, and the owner of everybody."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from engines.core.access import departments
from engines.core.jobs import schedule
from engines.core.kernel.work import Look

from . import inbox
from .tables import candidate, instance, task

DUE = ("overdue", "today", "week", "none")
STATES = ("open", "done", "other")
OTHERS = ("skipped", "expired", "cancelled")


@dataclass(frozen=True)
class Ask:
    """What a list of tasks wants; "" and None are no condition. `flow` is `app/flow`; `assignee` 0 is nobody yet."""

    assignee: int | None = None
    state: str = "open"
    due: str = ""
    flow: str = ""
    q: str = ""
    escalated: bool = False


def over(look: Look) -> Collection[int] | None:
    """Whose tasks the reader may see besides their own: people in departments that they head, and below. None, which
    the owner gets, is everybody's."""
    return None if look.rights.may("owner") else departments.led_by(look.session, look.actor.id)


def listing(look: Look, ask: Ask, zone: str, *, page: int = 0, limit: int = 50) -> inbox.Page:
    """Cards that fit and that the reader may see, the most urgent first; done ones newest first."""
    where = [*_seen(look), *_asked(look, ask, zone)]
    newest: list[ColumnElement[Any]] = [task.c.acted_at.desc(), task.c.id.desc()]
    urgent: list[ColumnElement[Any]] = [task.c.due_at.asc().nulls_last(), task.c.id.asc()]
    return inbox.paged(look, where, urgent if ask.state == "open" else newest, page, limit)


def _seen(look: Look) -> list[ColumnElement[bool]]:
    people = over(look)
    if people is None:
        return []
    mine = [*people, look.actor.id]
    free = select(candidate.c.task).where(candidate.c.person.in_(mine))
    return [or_(task.c.assignee.in_(mine), task.c.assignee.is_(None) & task.c.id.in_(free))]


def _asked(look: Look, ask: Ask, zone: str) -> list[ColumnElement[bool]]:
    states = {"open": ("open",), "done": ("done",), "other": OTHERS}.get(ask.state, ("open",))
    found = [task.c.state.in_(states), *_due(look, ask.due, zone)]
    if ask.assignee is not None:
        found.append(task.c.assignee == ask.assignee if ask.assignee else task.c.assignee.is_(None))
    if ask.flow:
        app, _, flow = ask.flow.partition("/")
        found += [instance.c.app == app, instance.c.flow == flow]
    if ask.escalated:
        found.append(task.c.escalated_at.is_not(None))
    return [*found, inbox.titled(ask.q)] if ask.q else found


def _due(look: Look, due: str, zone: str) -> list[ColumnElement[bool]]:
    at = task.c.due_at
    if due == "overdue":
        return [at < look.now]
    if due == "none":
        return [at.is_(None)]
    if due in ("today", "week"):
        return [at >= look.now, at < _midnight(look.now, zone, 1 if due == "today" else 7)]
    return []


def _midnight(now: int, zone: str, days: int) -> int:
    """The instant at which today, or the day some days from now, is over."""
    day = schedule.to_local(now, zone).date() + datetime.timedelta(days)
    return schedule.to_instant(datetime.datetime.combine(day, datetime.time()), zone)
