"""What each role of each app may do, as a matrix to read; the designer edits it, people are given it here."""

from typing import Any

from engines.core.access import people
from engines.core.access.policy import entries
from engines.core.kernel.scope import ACTIONS

from ..guard import right
from .base import admin, look, page
from .people import app_roles


@admin.get("/roles")
@right("admin")
def roles_page() -> tuple[str, int]:
    found, everyone = look(lambda here: (app_roles(here), people.everyone(here.session)))
    apps = [(app, [_card(app, role, everyone) for role in roles]) for app, roles in found]
    return page("roles", "admin.roles_page", apps=apps, actions=ACTIONS)


def _card(app: Any, role: dict[str, Any], everyone: list[dict[str, Any]]) -> tuple[Any, ...]:
    """The role, what it may do, and who has it."""
    return role, _matrix(app, role), [one for one in everyone if (app.id, role["id"]) in one["roles"]]


def _matrix(app: Any, role: dict[str, Any]) -> list[dict[str, Any]]:
    """A line a form: {form, actions, rows, fields} where rows is a word or a formula's text."""
    lines = []
    for form in app.forms.values():
        for entry in entries([role], form.id):
            special = {name: level for name, level in entry.fields.items() if name == "*" or name in form.fields}
            lines.append({"form": form, "actions": entry.actions, "rows": entry.rows, "fields": special})
    return lines
