"""Whom an owner may open the workspace as while demo data is there: the people of the recipe."""

from typing import Any

from engines.core.access import people
from engines.core.kernel.work import Look
from engines.core.records import marks

from .staff import handle
from .values import spoken

LANGUAGES = ("zh", "en")


def personas(look: Look) -> list[dict[str, Any]]:
    """[{person, label {zh, en}}] over every app whose demo data is whole."""
    loads = {app: load for app in look.apps.all() if (load := marks.load_of(look, app.id)) and load.whole}
    there = {one["name"]: one["id"] for one in people.everyone(look.session)} if loads else {}
    found = []
    for app, load in loads.items():
        roles = {role["id"]: role["label"] for role in app.parts("roles")}
        for one in load.recipe.get("people", ()):
            if person := there.get(handle(one["id"])):
                found.append({"person": person, "label": _label(one, roles)})
    return found


def _label(one: dict[str, Any], roles: dict[str, dict[str, str]]) -> dict[str, str]:
    """Name and first role: 敏姐 · 主管."""
    role = roles.get((one.get("roles") or [""])[0], {})
    return {
        language: " · ".join(part for part in (str(spoken(one["name"], language)), role.get(language)) if part)
        for language in LANGUAGES
    }
