"""The form designer: palette, canvas of runtime fields, property panel."""

from functools import lru_cache
from typing import Any

from flask import render_template
from markupsafe import Markup

from engines.apps import ops, usage
from engines.apps.diff import KINDS
from engines.apps.edits import has
from engines.core.fields import field_types
from engines.core.fields.values import fits_in_rows
from engines.core.kernel.errors import NotFound
from engines.core.kernel.kind import Label
from engines.core.kernel.work import Look
from runtime import render

from ..apps.roles import LEVELS
from ..base import Designer, Edit, Page, Sent, designer, spots
from ..drawn import drawn, remembered
from .edits import OPS
from .new_fields import WIDE
from .panel import TABS, panel, target
from .past import gone
from .shut_out import shut_out

GROUPS: dict[str, Label] = {
    "basic": {"zh": "基础", "en": "Basic"},
    "advanced": {"zh": "高级", "en": "Advanced"},
    "related": {"zh": "关联", "en": "Related"},
}
FIRST = ["text", "long_text", "number", "money", "select", "tags", "date", "datetime", "phone", "email"]
WIDTHS = ((3, "1/4"), (4, "1/3"), (6, "1/2"), (8, "2/3"), (12, "1/1"))


@designer
class Forms(Designer):
    """`sel` is `field:<id>`, `column:<field>/<id>`, `section:<id>`, or "" for the form itself."""

    kind = "forms"
    folder = "forms"

    def context(self, look: Look, page: Page) -> dict[str, Any]:
        body, found = page.body, target(page)
        live = page.draft.live.definition
        return {
            "body": body,
            "sections": ops.sections_of(body),
            "fields": {f["id"]: f for f in body["fields"]},
            "palette": _tiles(render.language(), tuple(kind.type for kind in field_types)),
            "gone": list(gone(look, page)),
            "wrong": spots(page.part_problems(), body),
            "what": found.what,
            "name": found.name,
            "it": found.settings,
            "sel": found.sel,
            "live": has(live, found.at),
            "widths": WIDTHS,
            "panel": panel(page, found),
            "panel_tabs": TABS,
            "used": _used(page, found.name) if found.what == "field" else [],
            "roles": _levels(page, found.name) if found.what == "field" else [],
            "levels": list(LEVELS.items()),
            "shut_out": shut_out(page, found.name) if found.what == "field" else [],
            "drawn": lambda field: drawn(page, field),
            "remembered": remembered(page),
        }

    def edit(self, look: Look, page: Page, op: str, sent: Sent) -> Edit:
        if op not in OPS:
            raise NotFound(op=op)
        edit: Edit = OPS[op](look, page, sent)
        return edit


def palette() -> list[tuple[Label, list[dict[str, Any]]]]:
    """Groups of field types, as the registry knows them: {kind, width, fits} each; `fits`: may be a column of rows."""
    kinds = [kind for kind in field_types if kind.in_palette]
    kinds.sort(key=lambda kind: FIRST.index(kind.type) if kind.type in FIRST else len(FIRST))
    return [(label, [_tile(kind) for kind in kinds if kind.group == group]) for group, label in GROUPS.items()]


@lru_cache(maxsize=8)
def _tiles(language: str, types: tuple[str, ...]) -> Markup:
    """The palette as it is drawn in a language while there are these `types`; the same for every form."""
    return Markup(render_template("build/forms/palette.html", palette=palette()))  # noqa: S704  a template escapes itself


def _tile(kind: Any) -> dict[str, Any]:
    blank = {"id": "x", "type": kind.type, "label": kind.label, "options": [], "form": "x"}
    try:
        fits = fits_in_rows(blank)
    except (KeyError, StopIteration):
        fits = False
    return {"kind": kind, "width": 12 if kind.type in WIDE else 6, "fits": fits}


def _used(page: Page, name: str) -> list[tuple[Label, int]]:
    """How many parts of each kind use a field."""
    uses = usage.uses_of_field(page.definition, page.part, name)
    kinds = [kind for kind in KINDS if any(use.kind == kind for use in uses)]
    return [(KINDS[kind], len({use.part for use in uses if use.kind == kind})) for kind in kinds]


def _levels(page: Page, field: str) -> list[tuple[str, Label, str]]:
    """(role, its label, what it may do with the field)."""
    found = []
    for role in page.parts("roles"):
        given = role["forms"].get(page.part) or role["forms"].get("*") or {}
        found.append((role["id"], role["label"], given.get("fields", {}).get(field, "")))
    return found
