"""The routes that all designers share: a page, its panes after a command, problems, live JSON, static files."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, g, redirect, render_template, request, send_from_directory, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from engines.apps import draft
from engines.apps.catalog import PARTS
from engines.apps.draft import Draft, Stale
from engines.apps.edits import has
from engines.core.fields import field_types
from engines.core.kernel.errors import AppError, BadDefinition, Invalid, NotFound
from engines.core.kernel.work import Look, UnitOfWork
from runtime import render
from runtime.errors import STATUS
from runtime.guard import platform, right

from .apps import finding, telling, tours
from .base import DESIGNERS, Designer, Page, build, has_engine, icon, read
from .once import once
from .unknown import unknown

STATIC = Path(__file__).parent / "static"
Answer = str | AnyResponse | tuple[str, int]


@build.get("/static/<mark>/<path:name>")
@right("public")
def static(mark: str, name: str) -> AnyResponse:
    """One of the builder's own files; `mark` names the state of all of them, so each can be kept for ever, and modules
    that import each other by relative paths stay one."""
    return send_from_directory(STATIC, name, max_age=31_536_000)


@cache
def _mark() -> str:
    content = b"".join(path.read_bytes() for path in sorted(STATIC.rglob("*")) if path.is_file())
    return hashlib.sha256(content).hexdigest()[:8]


def built(name: str) -> str:
    """The address of one of the builder's own files."""
    return url_for("build.static", mark=_mark(), name=name)


@build.context_processor
def words() -> dict[str, Any]:
    return {
        "m_icon": icon_of,
        "icon": icon,
        "type_words": type_words,
        "unknown": unknown,
        "built": built,
        "tabs": tabs,
        "log_words": telling.lines,
        "spot_of": place_of,
        "has_engine": has_engine,
        "beside_pages": lambda: finding.PAGES[1:],
        "keys_of": keys_of,
        "tour_of": tours.tour_of,
        "tour_offered": tours.offered,
    }


@build.get("/<app>")
@right("builder")
def overview(app: str) -> str:
    """Everything that the app is made of, and who changed what since the last publish."""
    found, log = read(app, lambda look, found: (found, draft.log(look, app)))
    kinds = [(kind, found.definition.get(kind, [])) for kind in PARTS if kind in DESIGNERS and has_engine(kind)]
    return render_template("build/overview.html", page=Page(found, "", ""), kinds=kinds, log=log[:50])


@build.get("/<app>/<kind>")
@right("builder")
def first(app: str, kind: str) -> AnyResponse:
    """The first part of a kind; its empty page when there is none."""
    _designer(kind)
    found = read(app, lambda look, found: found.definition.get(kind, []))
    part = str(found[0]["id"]) if found else "-"
    return redirect(url_for(".page", app=app, kind=kind, part=part))


@build.get("/<app>/forms/<part>", defaults={"kind": "forms"})
@build.get("/<app>/<kind>/<part>")
@right("builder")
def page(app: str, kind: str, part: str) -> Answer:
    """A designer."""
    made = _designer(kind)
    if part == "-":
        return render_template("build/empty.html", page=Page(read(app, lambda look, found: found), kind, ""))
    shown, context = read(
        app, lambda look, found: _context(look, made, Page(found, kind, part, request.args.get("sel", "")))
    )
    return render_template(f"build/{made.folder}/page.html", page=shown, designer=made, **context)


@build.post("/<app>/<kind>/<part>/panes")
@right("builder")
def panes(app: str, kind: str, part: str) -> Answer:
    """The panes for a selection, or `only` one of them; pieces.py says what of them is sent."""
    made, sent = _designer(kind), request.form
    found = read(app, lambda look, found: _context(look, made, Page(found, kind, part, sent.get("sel", ""))))
    return _panes(made, *found, only=sent.get("only", ""))


@build.post("/<app>/<kind>/<part>/cmd")
@right("builder")
def command(app: str, kind: str, part: str) -> Answer:
    """One edit, undo or redo; the panes come back as they are then."""
    made, sent = _designer(kind), request.form
    op, rev, sel = sent.get("op", ""), sent.get("rev", type=int), sent.get("sel", "")
    said: dict[str, Any] | None = None

    def work(uow: UnitOfWork) -> Page:
        nonlocal said
        before = Page(draft.current(uow, app), kind, part, sel)
        if op in draft.STEPS:
            what, args, after = op, None, sel
        else:
            what, args, after = made.edit(uow, before, op, sent)
        shown = Page(draft.edit(uow, app, what, args, rev=rev, before=before.draft), kind, part, after)
        said = telling.heard(what, args or {}, before, shown)
        return shown

    try:
        shown = once(sent.get("key", ""), lambda: platform().run(g.actor, work), lambda: _seen(app, kind, part, sel))
    except Invalid as refused:
        return _refused(made, app, kind, part, refused)
    except AppError as error:
        return told_of(app, error, kind, part)
    if not has(draft.kept(shown.draft).definition, [kind, part]):
        return _elsewhere(url_for(".first", app=app, kind=kind))
    return _again(made, shown, heard=said)


def _seen(app: str, kind: str, part: str, sel: str) -> Page:
    """The page as it is, for a command that was done already and whose answer got lost."""
    found: Page = read(app, lambda look, found: Page(found, kind, part, sel))
    return found


@build.get("/<app>/problems")
@right("builder")
def problems(app: str) -> str:
    """Everything that stands between the draft and its publish, each with the way to its place."""
    found = read(app, lambda look, found: [(*place_of(found, path), words) for path, words in found.problems])
    return render_template("build/problems.html", app=app, problems=found)


@build.get("/<app>/<kind>/<part>/json")
@right("builder")
def definition(app: str, kind: str, part: str) -> Response:
    """The definition as it stands in the draft."""
    found = read(app, lambda look, found: Page(found, kind, part).body)
    return Response(json.dumps(found, ensure_ascii=False, indent=2), mimetype="application/json")


def place_of(found: Draft, path: str) -> tuple[str, str, str]:
    """(kind, part, sel) that a problem's path leads to."""
    steps = path.strip("/").split("/")
    items = found.definition.get(steps[0], [])
    if len(steps) < 2 or not steps[1].isdigit() or int(steps[1]) >= len(items):
        return (steps[0] if steps[0] in DESIGNERS else "forms"), "", ""
    part = items[int(steps[1])]
    if steps[0] == "forms" and len(steps) > 3 and steps[2] == "fields":
        return "forms", part["id"], f"field:{part['fields'][int(steps[3])].get('id', '')}"
    return steps[0], str(part.get("id", "")), "/".join(steps[2:4])


def tabs() -> list[tuple[str, str]]:
    """(kind, icon) of the designers that this release has."""
    icons = {"forms": "form", "flows": "flow", "rules": "rule", "reports": "chart", "roles": "shield"}
    return [(kind, icon) for kind, icon in icons.items() if kind in DESIGNERS and has_engine(kind)]


def keys_of() -> list[tuple[str, str]]:
    """(keys, what they do), the same in every designer."""
    return [
        ("↑ ↓ ← →", gettext("Select the one before or after")),
        ("Alt ↑ ↓", gettext("Move it")),
        ("Alt Shift → ↓", gettext("Change the size of a tile")),
        ("Enter", gettext("To its properties")),
        ("Esc", gettext("Back to the canvas")),
        ("F6", gettext("To the next pane")),
        ("F2", gettext("Rename it where it stands")),
        ("Ctrl C", gettext("Copy")),
        ("Ctrl V", gettext("Put in a copy, also in another form")),
        ("Ctrl D", gettext("Duplicate")),
        ("Del", gettext("Delete")),
        ("Ctrl Z", gettext("Undo")),
        ("Ctrl Shift Z", gettext("Redo")),
        ("Ctrl S", gettext("Everything is saved already")),
        ("Ctrl K", gettext("Go to")),
        ("?", gettext("Keys")),
    ]


def icon_of(kind: str) -> str:
    return field_types.get(kind).icon if kind in field_types else "help"


def type_words(kind: str) -> str:
    return render.label(field_types.get(kind).label) if kind in field_types else kind


def _designer(kind: str) -> Designer:
    if kind not in DESIGNERS or not has_engine(kind):
        raise NotFound(kind=kind)
    return DESIGNERS[kind]


def _context(look: Look, made: Designer, shown: Page) -> tuple[Page, dict[str, Any]]:
    return shown, made.context(look, shown)


def _panes(made: Designer, shown: Page, context: dict[str, Any], *, only: str = "") -> str:
    """All panes, or the one that another selection changes."""
    panes = [pane for pane in made.panes if pane == only] or made.panes
    return render_template("build/panes.html", page=shown, designer=made, panes=panes, **context)


def _again(made: Designer, shown: Page, **more: Any) -> str:
    page, context = platform().look(g.actor, lambda look: _context(look, made, shown))
    return _panes(made, page, context | more)


def _refused(made: Designer, app: str, kind: str, part: str, refused: Invalid) -> tuple[str, int]:
    """The panel again, with what was typed and what is wrong with it."""
    sent = request.form
    typed = {name: sent.get(name) for name in refused.problems if name in sent}

    def again(look: Look, found: Draft) -> tuple[Page, dict[str, Any]]:
        return _context(look, made, Page(found, kind, part, sent.get("sel", ""), dict(refused.problems), typed))

    return _panes(made, *read(app, again)), 422


def told_of(app: str, error: AppError, kind: str, part: str) -> tuple[str, int]:
    """What went wrong, in a strip above the canvas; a draft that somebody else changed shows what they did and offers
    two ways on."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 422)
    told = [words for _, words in error.problems[:3]] if isinstance(error, BadDefinition) else []
    if not isinstance(error, Stale):
        return render_template("build/told.html", error=error, told=told), status
    between = read(app, lambda look, found: telling.meanwhile(look, found, error, kind, part))
    return render_template("build/clash.html", error=error, rev=error.details.get("rev"), **between), status


def _elsewhere(url: str) -> str:
    return render_template("build/elsewhere.html", url=url)
