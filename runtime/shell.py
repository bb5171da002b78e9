"""The frame around every page: apps and forms in the reader's menu, which pages exist, counts that come after."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import Flask, Response, current_app, g, request, session, url_for

from engines.apps.catalog import App, open_apps
from engines.core.access import people
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look

from . import render
from .guard import platform

MOST_NOTES = 3
BADGES: dict[str, Callable[[Look], int]] = {}
"""Counts beside an entry of the menu, by its name, such as `tasks`; a page that has one adds it here."""
BLOCKS: list[tuple[str, Callable[[Look], Any]]] = []
"""Further blocks of the home page: (template, what it is given as `block`)."""
RECORD: list[Callable[[Look, Any, dict[str, Any]], dict[str, Any]]] = []
"""What else a record's page shows: given the place and the record, more for its template."""
_figures: list[Callable[[Look], dict[str, int]]] = []


def figures(fn: Callable[[Look], dict[str, int]]) -> Callable[[Look], dict[str, int]]:
    """Registers numbers that the frame of every page shows, such as the to-dos."""
    _figures.append(fn)
    return fn


@dataclass(frozen=True)
class Frame:
    """What the frame of a page shows of the workspace. `may`: (what, app) that the reader may open; app "" is the
    workspace."""

    apps: list[App] = field(default_factory=list)
    app: App | None = None
    entries: list[dict[str, Any]] = field(default_factory=list)
    dashboards: list[Definition] = field(default_factory=list)
    may: frozenset[tuple[str, str]] = frozenset()
    figures: dict[str, int] = field(default_factory=dict)
    called: str = ""


class Shell:
    """Read when a template asks: once a request, in one snapshot."""

    @cached_property
    def _frame(self) -> Frame:
        return platform().look(g.actor, _frame) if g.get("actor") else Frame()

    @property
    def app(self) -> App | None:
        """The app whose menu is shown: the page's, else the one last visited."""
        return self._frame.app

    @property
    def entries(self) -> list[dict[str, Any]]:
        """Forms of the app in menu order: {id, label, icon, href, on}."""
        return self._frame.entries

    @property
    def dashboards(self) -> list[Definition]:
        return self._frame.dashboards

    def may(self, what: str, app: str = "") -> bool:
        """Is there a page for it, and may this person open it? `what`: admin, builder, export_app; of `app` or of
        all."""
        return (what, app) in self._frame.may and page_exists(_page_of(what, app))

    @property
    def build_url(self) -> str:
        """The designer of the form that is shown, else of the app."""
        entry = next((one for one in self.entries if one["on"]), None)
        return f"/build/{self.app.id}/forms/{entry['id']}" if self.app and entry else f"/build/{self.app.id}"

    @property
    def figures(self) -> dict[str, int]:
        """To-dos and unread notices: {todo, unread}."""
        return self._frame.figures

    @property
    def held(self) -> bool:
        """A restored copy that nobody has let go yet, told to everybody who is signed in."""
        return bool(g.get("actor")) and platform().held()

    @property
    def called(self) -> str:
        """What the reader is called: the display name where there is one."""
        return self._frame.called

    @property
    def workspace(self) -> str:
        return render.label(self.app.definition["name"]) if self.app else "Dougong"

    @property
    def theme(self) -> str:
        chosen = request.cookies.get("theme", "")
        return chosen if chosen in ("light", "dark") else ""


def _frame(look: Look) -> Frame:
    apps = visible_apps(look)
    here = (request.view_args or {}).get("app") or session.get("app")
    app = next((app for app in apps if app.id == here), apps[0] if apps else None)
    places = [("admin", ""), ("builder", ""), *((what, one.id) for one in apps for what in ("builder", "export_app"))]
    return Frame(
        apps,
        app,
        [one for one in menu(look, app) if not one["hidden"]] if app else [],
        _dashboards(look, app) if page_exists("/a/*/d/*") else [],
        frozenset((what, at) for what, at in places if look.rights.may(what, at)),
        {name: n for count in _figures for name, n in count(look).items()},
        (people.card(look.session, look.actor.id) or ("",))[0],
    )


def _page_of(what: str, app: str) -> str:
    return {"admin": "/admin", "builder": "/build/*" if app else "/build/import", "export_app": "/build/*/export"}[what]


def visible_apps(look: Look) -> list[App]:
    """Apps of which the reader may see at least one form."""
    return [app for app, forms in open_apps(look) if forms]


def menu(look: Look, app: App) -> list[dict[str, Any]]:
    """Forms that the reader may see, in the order of the app's menu: {id, label, icon, href, on, group, hidden}."""
    here = (request.view_args or {}).get("form") if (request.view_args or {}).get("app") == app.id else None
    groups = {
        item["form"]: group.get("label") for group in app.parts("menu") for item in group["items"] if "form" in item
    }
    away = {
        item["form"] for group in app.parts("menu") for item in group["items"] if "form" in item and "hidden" in item
    }
    names = [*groups, *(name for name in app.forms if name not in groups)]
    return [
        {
            "id": name,
            "label": app.forms[name].definition["label"],
            "icon": app.forms[name].definition.get("icon", "form"),
            "href": url_for("records.listing", app=app.id, form=name),
            "on": name == here,
            "group": groups.get(name),
            "hidden": name in away,
        }
        for name in names
        if name in app.forms and _sees(look, app.forms[name])
    ]


def page_exists(pattern: str) -> bool:
    """Is there a page at `/a/*/d/*`? Nothing in the frame leads nowhere."""
    known = current_app.extensions.setdefault("dougong.pages", set())
    if not known:
        known |= {re.sub(r"<[^>]+>", "*", rule.rule) for rule in current_app.url_map.iter_rules()}
    return pattern in known


def install(app: Flask) -> None:
    app.context_processor(lambda: {"shell": Shell()})
    app.after_request(_few_notes)
    app.jinja_env.globals["page_exists"] = page_exists


def _few_notes(response: Response) -> Response:
    """Whoever saves again and again without looking at a page must not carry every note along in the cookie."""
    notes = session.get("_flashes", [])
    if len(notes) > MOST_NOTES:
        session["_flashes"] = notes[-MOST_NOTES:]
    return response


def _dashboards(look: Look, app: App | None) -> list[Definition]:
    listed = _in_menu_order(app) if app else []
    return [one for one in listed if app and look.rights.may("dashboards", app.id, str(one["id"]))]


def _in_menu_order(app: App) -> list[Definition]:
    """The dashboards as the menu has them; those that it does not name come last, those that it hides not at all."""
    items = [item for group in app.parts("menu") for item in group["items"] if "dashboard" in item]
    place = {item["dashboard"]: n for n, item in enumerate(items)}
    away = {item["dashboard"] for item in items if item.get("hidden")}
    shown = [one for one in app.parts("dashboards") if one["id"] not in away]
    return sorted(shown, key=lambda one: place.get(one["id"], len(place)))


def _sees(look: Look, form: Any) -> bool:
    return bool(look.rights.scope(form.source.id).may("view"))
