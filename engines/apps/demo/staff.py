"""The people of a recipe: made when they are not there yet, found by their name when they are."""

from engines.core.access import commands, departments, people
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork

from .values import spoken


def staff(uow: UnitOfWork, app: str, recipe: Definition, language: str) -> dict[str, int]:
    """Ids by the recipe's keys, with their departments and their roles in the app. People and departments stay when
    the demo data goes, so that history keeps its names."""
    there = {one["name"]: one["id"] for one in people.everyone(uow.session)}
    found = {}
    for one in recipe.get("people", ()):
        name = handle(one["id"])
        found[one["id"]] = there.get(name) or _person(uow, name, one, language)
    for key, place in _departments(uow, recipe, found, language).items():
        for one in recipe["people"]:
            if one.get("department") == key:
                departments.place(uow.session, found[one["id"]], [place])
    for one in recipe.get("people", ()):
        for role in one.get("roles", ()):
            commands.give(uow, found[one["id"]], app, role)
    return found


def handle(key: str) -> str:
    """The sign-in name of a person of a recipe; nobody real is called so."""
    return f"{key}.demo"


def _person(uow: UnitOfWork, name: str, one: Definition, language: str) -> int:
    shown = str(spoken(one["name"], language))
    return people.add(uow.session, name, display=shown, email=one.get("email", ""))


def _departments(uow: UnitOfWork, recipe: Definition, staff: dict[str, int], language: str) -> dict[str, int]:
    """Ids by key; a department of that name under that one is the same department."""
    there = {(one["name"], one["parent"]): one["id"] for one in departments.all_of(uow.session)}
    found: dict[str, int] = {}
    for one in recipe.get("departments", ()):
        name, parent = str(spoken(one["name"], language)), found.get(one.get("parent", ""))
        found[one["id"]] = there.get((name, parent)) or departments.add(uow.session, name, parent=parent)
        if "head" in one:
            departments.lead(uow.session, found[one["id"]], staff[one["head"]])
    return found
