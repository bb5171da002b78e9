"""What every page about tasks stands on: the blueprint, the reader, the clock on the wall of a task's app."""

from typing import Any, TypeVar

from flask import Blueprint

from engines.core.access import people
from engines.core.kernel.errors import NotFound
from engines.core.kernel.work import Look

T = TypeVar("T")
tasks = Blueprint("tasks", "runtime.tasks")
WHICH = ("todo", "done", "started")


def zone_of(look: Look, app: str) -> str:
    """An app's zone; that of the first app when it is gone."""
    try:
        return str(look.apps.app(app).zone)
    except NotFound:
        return first_zone(look)


def first_zone(look: Look) -> str:
    return next((str(app.zone) for app in look.apps.all()), "Asia/Shanghai")


def names(look: Look) -> dict[int, str]:
    """What people are called, by id."""
    return people.names(look.session)


def active(look: Look) -> list[dict[str, Any]]:
    """People who can be given something to do: {id, called}, by name."""
    found = [one for one in people.everyone(look.session) if one["state"] == "active"]
    made = [{"id": one["id"], "called": one["display"] or one["name"]} for one in found]
    return sorted(made, key=lambda one: str(one["called"]))
