"""Roles that do not see a computed value although nobody shut them out: they may not read all it is made of."""

from engines.core.access.scopes import scope_in
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Label

from ..base import Page


def shut_out(page: Page, name: str) -> list[tuple[str, Label]]:
    """(role, its label) of each role that sees records of the form but not this value (ADR 0015)."""
    return [(role["id"], role["label"]) for role in page.parts("roles") if _misses(page, role["id"], name)]


def _misses(page: Page, role: str, name: str) -> bool:
    entry = next(one for one in page.parts("roles") if one["id"] == role)["forms"]
    given = entry.get(page.part) or entry.get("*") or {}
    actions = given.get("actions", ())
    if (actions != "*" and "view" not in actions) or given.get("fields", {}).get(name) == "hidden":
        return False
    try:
        form = page.draft.compiled.form(page.part)
        computed = name in form.source.computed
        return computed and not scope_in(page.draft.compiled, frozenset({role}), page.part, 0).reads(name)
    except (AppError, LookupError, StopIteration):
        return False
