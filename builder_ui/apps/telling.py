"""What is said of an edit: where it went, what is gone, and what somebody else did meanwhile."""

from typing import Any

from flask_babel import gettext

from engines.apps import draft, ops
from engines.apps.diff import differences
from engines.apps.draft import Draft, Stale
from engines.apps.edits import find, has, position
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from runtime import render

from ..base import Page

MOST_TOLD = 5


def named(thing: Any, name: str) -> str:
    """What a part or an item is called; its id when nobody named it."""
    label = thing.get("label") or thing.get("title") or thing.get("name") if isinstance(thing, dict) else None
    return render.label(label) if isinstance(label, dict) and label else name


def heard(op: str, args: dict[str, Any], before: Page, after: Page) -> dict[str, Any] | None:
    """{text, undoable} of an edit for those who do not see it; None when the page says enough by itself."""
    at = [str(step) for step in args.get("at", ())]
    if op in draft.STEPS:
        return {"text": gettext("Undone") if op == "undo" else gettext("Done again"), "undoable": False}
    if op == "remove":
        text = gettext("Deleted: %(name)s", name=named(find(before.definition, at), at[-1]))
        return {"text": text, "undoable": True}
    if op == "add" and isinstance(args.get("value"), dict):
        at = [*at, str(args["value"].get("id", ""))]
    if op not in ("add", "move") or not has(after.definition, at):
        return None
    return {"text": _stands(after.definition, at), "undoable": False}


def _stands(definition: Definition, at: list[str]) -> str:
    """The item and its place among its neighbours."""
    name = named(find(definition, at), at[-1])
    if at[0] == "forms" and len(at) == 4 and at[2] == "fields":
        form = find(definition, at[:2])
        section, index = ops.place_of(form, at[3])
        count = len(next(one for one in ops.sections_of(form) if one["id"] == section)["fields"])
    else:
        siblings = find(definition, at[:-1])
        if not isinstance(siblings, list):
            return name
        index, count = position(siblings, at[-1]), len(siblings)
    return gettext("%(name)s, place %(n)s of %(all)s", name=name, n=index + 1, all=count)


def meanwhile(look: Look, found: Draft, stale: Stale, kind: str, part: str) -> dict[str, Any]:
    """What others changed since a revision, those of the open part first: {theirs, more}."""
    seen = draft.at(look, found.app, stale.details["seen"] or 0)
    if seen is None:
        return {"theirs": [], "more": 0}
    told = differences(seen, found.definition)
    told.sort(key=lambda one: (one.kind, one.part) != (kind, part))
    return {"theirs": [one.words for one in told[:MOST_TOLD]], "more": max(0, len(told) - MOST_TOLD)}


def lines(one: dict[str, Any]) -> str:
    """An edit of the log in a few words: where it was made."""
    at, value = one["args"].get("at", []), one["args"].get("value")
    name = value.get("label") if isinstance(value, dict) and isinstance(value.get("label"), dict) else None
    return " / ".join(map(str, at[1:])) + (f" · {render.label(name)}" if name else "")
