"""Ctrl+K in the designers: go to any part or field of the app, or run a command."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from engines.apps.catalog import PARTS
from engines.apps.diff import KINDS
from engines.apps.draft import Draft
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look
from runtime import render
from runtime.guard import right

from ..base import DESIGNERS, build, has_engine, read
from . import tours
from .telling import named

MOST = 30
ICONS = {"forms": "form", "flows": "flow", "rules": "rule", "tables": "table", "reports": "chart", "dashboards": "grid",
         "roles": "shield", "datasets": "box", "messages": "msg"}  # fmt: skip
HERE = {"undo": ("undo", _("Undo")), "redo": ("redo", _("Redo"))}
"""Commands of the page itself, by what the page calls them."""
PAGES = (
    ("overview", "home", _("Overview")),
    ("publishing", "upload", _("Publish")),
    ("menu", "list", _("Menu")),
    ("texts", "globe", _("Texts in both languages")),
    ("uses", "link", _("Where used")),
    ("leaving", "download", _("Export")),
    ("reference", "help", _("Reference")),
    ("components", "grid", _("Components")),
)
"""(route, icon, words) of pages beside the designers."""


@dataclass(frozen=True)
class Hit:
    """`score`: smaller is better."""

    score: int
    icon: str
    words: str
    beside: Label | str
    href: str = ""


@build.get("/<app>/find")
@right("builder")
def find(app: str) -> str:
    """What has the text in its name in any language, or in its id."""
    text = request.args.get("q", "").strip().lower()[:80]

    def look_up(look: Look, found: Draft) -> dict[str, Any]:
        hits = [hit for hit in (*_parts(found, text), *_pages(app, text)) if hit.score >= 0]
        told = [one for one in tours.listed(found) if _score(text, f"tour {one[0]}", {"": one[1]}) >= 0]
        return {"hits": sorted(hits, key=lambda hit: hit.score)[:MOST], "tours": told if text else []}

    commands = [(do, icon, words) for do, (icon, words) in HERE.items() if _score(text, do, {"": str(words)}) >= 0]
    kinds = [kind for kind in DESIGNERS if has_engine(kind) and _score(text, kind, {"": new_words(kind)}) >= 0]
    shown = read(app, look_up) | {"commands": commands, "kinds": kinds, "new_words": new_words}
    return render_template("build/found.html", app=app, q=text, **shown)


def new_words(kind: str) -> str:
    return gettext("New: %(what)s", what=render.label(KINDS[kind]))


def _parts(found: Draft, text: str) -> Iterator[Hit]:
    for kind in PARTS:
        if kind not in DESIGNERS or not has_engine(kind):
            continue
        for part in found.definition.get(kind, ()):
            name = str(part["id"])
            score = _score(text, name, part.get("label") or part.get("title"))
            yield Hit(score, str(part.get("icon") or ICONS.get(kind, "form")), named(part, name), KINDS[kind],
                      url_for(".page", app=found.app, kind=kind, part=name))  # fmt: skip
            if kind == "forms" and text:
                yield from _fields(found.app, part, text)


def _fields(app: str, form: Definition, text: str) -> Iterator[Hit]:
    for one in form["fields"]:
        name = str(one["id"])
        score = _score(text, name, one.get("label"))
        yield Hit(score + 1 if score >= 0 else -1, "cols", named(one, name), form.get("label", {}),
                  url_for(".page", app=app, kind="forms", part=form["id"], sel=f"field:{name}"))  # fmt: skip


def _pages(app: str, text: str) -> Iterator[Hit]:
    for route, icon, words in PAGES:
        score = _score(text, route, {"": str(words)})
        yield Hit(score + 3 if score >= 0 else -1, icon, str(words), "", url_for(f".{route}", app=app))


def _score(text: str, name: str, label: Any) -> int:
    """-1: not found; 0: begins with it; 2: has it somewhere."""
    names = [name, *(label.values() if isinstance(label, dict) else ())]
    if any(str(one).lower().startswith(text) for one in names):
        return 0
    return 2 if any(text in str(one).lower() for one in names) else -1
