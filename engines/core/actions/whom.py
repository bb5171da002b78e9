"""Who is meant by `assign`: people's ids, each once, in the order named."""

from collections.abc import Callable
from typing import Any

from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork

from .base import Context
from .services import People

Way = Callable[[UnitOfWork, Context, Any, int | None], list[int]]


def people_of(uow: UnitOfWork, context: Context, assign: list[Definition], *, assignee: int | None = None) -> list[int]:
    """Everybody meant who still works here; `assignee` is whose supervisor `assignee` means."""
    found: list[int] = []
    for one in assign:
        found += candidates(uow, context, one, assignee=assignee)
    return list(dict.fromkeys(found))


def candidates(uow: UnitOfWork, context: Context, one: Definition, *, assignee: int | None = None) -> list[int]:
    """The people of one entry, before any of them is picked."""
    people: People = uow.service("people")
    way = next(name for name in one if name != "pick")
    found = WAYS[way](uow, context, one[way], assignee)
    return [person for person in dict.fromkeys(found) if people.active(uow, person)]


def _users(uow: UnitOfWork, context: Context, value: Any, assignee: int | None) -> list[int]:
    people: People = uow.service("people")
    found = [one if isinstance(one, int) else people.find(uow, one) for one in value]
    return [one for one in found if one is not None]


def _role(uow: UnitOfWork, context: Context, value: Any, assignee: int | None) -> list[int]:
    people: People = uow.service("people")
    return people.members_of_role(uow, context.app.id, value)


def _field(uow: UnitOfWork, context: Context, value: Any, assignee: int | None) -> list[int]:
    held = context.facts.get(value)
    return [int(one) for one in (held if isinstance(held, tuple) else (held,)) if one is not None]


def _starter(uow: UnitOfWork, context: Context, value: Any, assignee: int | None) -> list[int]:
    return [context.person] if context.person else []


def _admin(uow: UnitOfWork, context: Context, value: Any, assignee: int | None) -> list[int]:
    people: People = uow.service("people")
    return people.admins(uow)[:1]


def _supervisor(uow: UnitOfWork, context: Context, value: Any, assignee: int | None) -> list[int]:
    people: People = uow.service("people")
    if value.startswith("field:"):
        below = _field(uow, context, value.removeprefix("field:"), assignee)
    else:
        below = [person for person in ([context.person] if value == "starter" else [assignee]) if person]
    above = [people.supervisor_of(uow, person) for person in below]
    return [person for person in above if person is not None]


def _department_head(uow: UnitOfWork, context: Context, value: Any, assignee: int | None) -> list[int]:
    people: People = uow.service("people")
    heads = [people.department_head(uow, department) for department in _field(uow, context, value, assignee)]
    return [person for person in heads if person is not None]


WAYS: dict[str, Way] = {
    "users": _users,
    "role": _role,
    "field": _field,
    "starter": _starter,
    "admin": _admin,
    "supervisor": _supervisor,
    "department_head": _department_head,
}
