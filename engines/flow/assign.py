"""Whom a task goes to: the people meant, picked by turn or by load; when there is nobody, an administrator."""

from dataclasses import dataclass

from engines.core.actions.base import Context
from engines.core.actions.services import People
from engines.core.actions.whom import candidates
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork

from . import store


@dataclass(frozen=True)
class Assigned:
    """`fallback`: nobody was there who was meant, so it went to an administrator."""

    people: tuple[int, ...]
    fallback: bool = False


def assigned(
    uow: UnitOfWork, context: Context, assign: list[Definition], place: str, *, assignee: int | None = None
) -> Assigned:
    """`place` names the round robin, `<flow>/<step>`; `assignee` is whose supervisor is asked for."""
    found: list[int] = []
    for n, one in enumerate(assign):
        meant = candidates(uow, context, one, assignee=assignee)
        found += picked(uow, context.app.id, meant, one.get("pick", "all"), f"{place}/{n}")
    people = tuple(dict.fromkeys(found))
    return Assigned(people) if people else Assigned(last_resort(uow), fallback=True)


def picked(uow: UnitOfWork, app: str, meant: list[int], pick: str, place: str) -> list[int]:
    """One of several by turn or by load, or all."""
    if len(meant) < 2 or pick == "all":
        return meant
    return [_by_turn(uow, app, meant, place) if pick == "round_robin" else _by_load(uow, meant)]


def last_resort(uow: UnitOfWork) -> tuple[int, ...]:
    """An administrator; the platform itself (0) only in a workspace that has none."""
    people: People = uow.service("people")
    return tuple(people.admins(uow)[:1]) or (0,)


def _by_turn(uow: UnitOfWork, app: str, meant: list[int], place: str) -> int:
    """The next in the order of ids after the last one, who may have left meanwhile."""
    ring, last = sorted(meant), store.last_turn(uow, app, place)
    chosen = next((person for person in ring if last is not None and person > last), ring[0])
    store.set_turn(uow, app, place, chosen)
    return chosen


def _by_load(uow: UnitOfWork, meant: list[int]) -> int:
    """The fewest open tasks; among equals, the order they were named in."""
    loads = store.loads(uow, meant)
    return min(meant, key=lambda person: (loads[person], meant.index(person)))
