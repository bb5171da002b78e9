"""Finding a record by what it is called: in every form for the palette, in one form for a relation's control."""

from typing import Any

from flask import g, jsonify, render_template, request
from werkzeug.wrappers import Response

from engines.core.kernel.work import Look
from engines.core.records import query
from engines.form import lists, read
from engines.form.compile import Form

from .. import render
from ..guard import platform, right
from ..shell import menu, visible_apps
from .base import Place, at, partial, records

IN_FORM = 5
IN_ALL = 24


@records.get("/search")
@right("signed_in")
def search() -> str:
    """Forms whose name has the text, then records whose title has it."""
    text = request.args.get("q", "").strip()[:80]

    def find(look: Look) -> dict[str, Any]:
        apps = visible_apps(look)
        pages = [one | {"app": app} for app in apps for one in menu(look, app) if _matches(one["label"], text)]
        hits: list[dict[str, Any]] = []
        for app in apps if text else []:
            for one in menu(look, app):
                if len(hits) < IN_ALL:
                    hits += _hits(look, app.form(one["id"]), text)
        return {"pages": pages[:12], "hits": hits[:IN_ALL], "q": text}

    template = "parts/found.html" if partial() else "search.html"
    return render_template(template, **platform().look(g.actor, find))


@records.get("/a/<app>/<form>/lookup")
@right("app", action="view")
def lookup(app: str, form: str) -> Response:
    """[{value, text}] of records to choose from; those that match best by title."""
    text = request.args.get("q", "").strip()[:80]

    def find(look: Look, place: Place) -> list[dict[str, Any]]:
        rows = named(look, place.form, text, 20)
        titles = read.titles(look, place.form.source, [row["_id"] for row in rows])
        return [{"value": row["_id"], "text": str(titles.get(row["_id"]) or "–")} for row in rows]

    return jsonify(at(app, form, find)[1])


def named(look: Look, form: Form, text: str, limit: int) -> list[dict[str, Any]]:
    """Records whose title has the text; the newest without one."""
    title = form.source.title
    seen = {f["id"] for f in lists.sortable(look, form)}
    fits = lists.shape(form.fields[title])["type"] in ("text", "long_text", "phone", "email", "link")
    if text and (title not in seen or not fits):
        view = lists.View("all", lists.ALL, q=text)
    elif text:
        view = lists.View("all", lists.ALL, filter=({"field": title, "op": "contains", "value": text},))
    else:
        view = lists.View("all", lists.ALL)
    ask = lists.ask(look, form, view, form.zone)
    return query.page(look, form.source, query.Ask(where=ask.where, limit=limit)).rows


def _hits(look: Look, form: Form, text: str) -> list[dict[str, Any]]:
    rows = named(look, form, text, IN_FORM)
    titles = read.titles(look, form.source, [row["_id"] for row in rows])
    icon = form.definition.get("icon", "form")
    return [
        {"title": titles.get(row["_id"]), "form": form.definition["label"], "icon": icon,
         "href": f"/a/{form.app}/{form.id}/{row['_id']}"}
        for row in rows
    ]  # fmt: skip


def _matches(label: dict[str, str], text: str) -> bool:
    return not text or any(text.lower() in words.lower() for words in label.values()) or text in render.label(label)
