"""The people of a recipe: made when they are not there yet, found by their key when they are."""

from engines.core.access import people
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork

from .values import spoken


def staff(uow: UnitOfWork, app: str, recipe: Definition, language: str) -> dict[str, int]:
    """Ids by the recipe's keys; people stay when the demo data goes, so that history keeps its names."""
    there = {one["name"]: one["id"] for one in people.everyone(uow.session)}
    found = {}
    for one in recipe.get("people", ()):
        name = str(spoken(one["name"], language))
        found[one["id"]] = there[name] if name in there else people.add(uow.session, name)
    return found
