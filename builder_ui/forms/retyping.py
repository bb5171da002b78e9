"""Another type for a field: which there are, what would become of what people entered, and the change itself."""

import re
from typing import Any

from flask import render_template, request
from flask_babel import gettext

from engines.apps import retype
from engines.apps.draft import Draft
from engines.apps.edits import find, has
from engines.core.fields import field_types
from engines.core.fields.values import COMMON
from engines.core.kernel.errors import AppError, NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from runtime.guard import right

from ..base import Page, build, fresh, read
from .new_fields import STARTS

SHARED = tuple(one["id"] for one in COMMON)
MOST_OPTIONS = 60


@build.get("/<app>/forms/<part>/retype/<field>")
@right("builder")
def retyping(app: str, part: str, field: str) -> str:
    """The types that a field may get; with `to`, what the change would do."""
    to = request.args.get("to", "")

    def look_up(look: Look, found: Draft) -> dict[str, Any]:
        page = Page(found, "forms", part)
        old = find(found.definition, ["forms", part, "fields", field])
        made = _made(look, page, field, to) if to else None
        return {"old": old, "types": turns_of(page, field), "to": to, "new": made,
                "impact": _impact(look, page, field, made) if made else None}  # fmt: skip

    return render_template("build/forms/retype.html", app=app, part=part, field=field, **read(app, look_up))


def turns_of(page: Page, field: str) -> list[tuple[Any, bool, str]]:
    """(type, may it be, why not) of every type of the palette but its own."""
    old = find(page.definition, ["forms", page.part, "fields", field])
    live = _live(page, field)
    found = []
    for kind in field_types:
        if not kind.in_palette or kind.type == (live or old)["type"] == old["type"]:
            continue
        may = live is None or kind.type == live["type"] or _may(live, _blank(page, old, kind.type))
        why = "" if may else gettext("kept in another way: add a new field, then hide this one")
        found.append((kind, may, why))
    return sorted(found, key=lambda one: not one[1])


def retyped(look: Look, page: Page, field: str, to: str) -> Definition:
    """The field with its new type; NotFound for a type that the palette has not."""
    if not any(kind.type == to and kind.in_palette for kind in field_types):
        raise NotFound(type=to)
    return _made(look, page, field, to)


def _live(page: Page, field: str) -> Definition | None:
    at = ["forms", page.part, "fields", field]
    live = page.draft.live.definition
    found: Definition | None = find(live, at) if has(live, at) else None
    return found


def _may(old: Definition, new: Definition) -> bool:
    try:
        return retype.may_turn(old, new)
    except (AppError, LookupError, StopIteration):
        return False


def _blank(page: Page, old: Definition, to: str) -> Definition:
    """What every field has is kept, and what the new type has a setting of the same name for."""
    kind = field_types.get(to)
    own = {one["id"] for one in kind.config}
    kept = {name: value for name, value in old.items() if name in SHARED or name in own}
    made = kept | {"type": to}
    start = STARTS[to](page, made) if to in STARTS else {}
    return start | made


def _made(look: Look, page: Page, field: str, to: str) -> Definition:
    """A choice among options gets those that the records hold."""
    old = find(page.definition, ["forms", page.part, "fields", field])
    live = _live(page, field)
    if live is not None and live["type"] == to:
        return {**live, **{name: old[name] for name in SHARED if name in old and name != "type"}}
    made = _blank(page, old, to)
    if to == "select" and live is not None and "options" not in live:
        held = retype.held(look, page.draft.live.form(page.part).source, field, most=MOST_OPTIONS)
        made["options"] = _options([str(value) for value in held]) or made["options"]
    return made


def _options(values: list[str]) -> list[Definition]:
    found: dict[str, Definition] = {}
    for n, value in enumerate(values, 1):
        slug = re.sub(r"[^a-z0-9]+", "_", value.lower()).strip("_")[:24]
        name = fresh(slug if slug and slug[0].isalpha() else f"option_{n}", found)
        text = value.strip()[:80]
        found[name] = {"id": name, "label": {"zh": text, "en": text}}
    return list(found.values())


def _impact(look: Look, page: Page, field: str, new: Definition) -> retype.Impact | None:
    """None when nobody has entered anything yet, or the type is the one that is live."""
    live = _live(page, field)
    if live is None or live["type"] == new["type"] or not _may(live, new):
        return None
    source = page.draft.live.form(page.part).source
    return retype.impact(look, source, live, new, page.definition["languages"][0])
