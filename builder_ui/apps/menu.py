"""The menu of an app: groups of forms and dashboards in an order of their own, and what is not shown in it."""

from typing import Any

from flask import g, render_template, request
from flask_babel import gettext

from engines.apps import draft
from engines.apps.draft import Draft
from engines.core.kernel.errors import AppError, NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look, UnitOfWork
from runtime import render
from runtime.guard import platform, right

from ..base import Page, Sent, build, read
from ..web import Answer, told_of
from .telling import named

Menu = list[Definition]
KINDS = {"form": "forms", "dashboard": "dashboards", "report": "reports"}


class Panes:
    """What the shared templates ask of a designer."""

    folder, panes = "menu", ("canvas",)


@build.get("/<app>/menu")
@right("builder")
def menu(app: str) -> str:
    """The whole menu; what no group names stands in the last one."""
    return _shown(app, "build/menu/page.html")


@build.post("/<app>/menu/panes")
@right("builder")
def menu_panes(app: str) -> str:
    """The same as it is by now."""
    return _shown(app, "build/panes.html")


@build.post("/<app>/menu/cmd")
@right("builder")
def menu_command(app: str) -> Answer:
    """One change of the menu, undo or redo."""
    op, rev = request.form.get("op", ""), request.form.get("rev", type=int)

    def work(uow: UnitOfWork) -> None:
        if op in draft.STEPS:
            draft.edit(uow, app, op, rev=rev)
            return
        if op not in OPS:
            raise NotFound(op=op)
        now = whole(draft.current(uow, app).definition)
        draft.edit(uow, app, "set", {"at": ["menu"], "value": _tidy(OPS[op](now, request.form))}, rev=rev)

    try:
        platform().run(g.actor, work)
    except AppError as error:
        return told_of(app, error, "menu", "")
    return _shown(app, "build/panes.html")


def whole(definition: Definition) -> Menu:
    """The groups with everything in them that the app has: forms and dashboards that none names come last."""
    groups = [
        {**one, "items": [i for i in one["items"] if _there(definition, i)]} for one in definition.get("menu", ())
    ]
    known = {tuple(_key(item)) for one in groups for item in one["items"]}
    for kind in ("form", "dashboard"):
        rest = [{kind: part["id"]} for part in definition.get(KINDS[kind], ()) if (kind, part["id"]) not in known]
        if rest:
            groups.append({"items": rest})
    return groups


def _there(definition: Definition, item: Definition) -> bool:
    kind, name = _key(item)
    return any(part["id"] == name for part in definition.get(KINDS[kind], ()))


def _key(item: Definition) -> tuple[str, str]:
    return next((kind, str(name)) for kind, name in item.items() if kind in KINDS)


def _shown(app: str, template: str) -> str:
    def find(look: Look, found: Draft) -> dict[str, Any]:
        return {"page": Page(found, "menu", ""), "groups": [_group(found, one) for one in whole(found.definition)]}

    return render_template(template, designer=Panes, **read(app, find))


def _group(found: Draft, one: Definition) -> dict[str, Any]:
    items = []
    for item in one["items"]:
        kind, name = _key(item)
        part = next(part for part in found.definition[KINDS[kind]] if part["id"] == name)
        icon = part.get("icon") or {"form": "form", "dashboard": "chart", "report": "chart"}[kind]
        items.append({"id": f"{kind}:{name}", "name": named(part, name), "icon": icon, "kind": KINDS[kind],
                      "part": name, "hidden": bool(item.get("hidden"))})  # fmt: skip
    return {"label": one.get("label"), "items": items}


def _tidy(groups: Menu) -> Menu:
    return [one for one in groups if one["items"] or one.get("label")]


def _at(groups: Menu, name: str) -> tuple[int, int]:
    """(group, place) of an item such as `form:sale`; NotFound."""
    kind, _, part = name.partition(":")
    for n, one in enumerate(groups):
        for place, item in enumerate(one["items"]):
            if item.get(kind) == part:
                return n, place
    raise NotFound(item=name)


def _move(groups: Menu, sent: Sent) -> Menu:
    """An item to place `index` of group `to`."""
    n, place = _at(groups, sent["id"])
    item = groups[n]["items"].pop(place)
    to = max(0, min(sent.get("to", n, type=int), len(groups) - 1))
    groups[to]["items"].insert(max(0, sent.get("index", 0, type=int)), item)
    return groups


def _nudge(groups: Menu, sent: Sent) -> Menu:
    """One place up or down, over the edge into the next group."""
    n, place = _at(groups, sent["id"])
    by = sent.get("by", 1, type=int)
    item = groups[n]["items"].pop(place)
    index, to = place + by, n
    if not 0 <= index <= len(groups[n]["items"]) and 0 <= n + by < len(groups):
        to = n + by
        index = 0 if by > 0 else len(groups[to]["items"])
    groups[to]["items"].insert(max(0, index), item)
    return groups


def _hide(groups: Menu, sent: Sent) -> Menu:
    n, place = _at(groups, sent["id"])
    item = groups[n]["items"][place]
    kind, name = _key(item)
    groups[n]["items"][place] = {kind: name} | ({} if item.get("hidden") else {"hidden": True})
    return groups


def _add_group(groups: Menu, sent: Sent) -> Menu:
    return [*groups, {"label": {render.language(): gettext("New group")}, "items": []}]


def _name(groups: Menu, sent: Sent) -> Menu:
    """The name of group `n` in the reader's language; blank takes the name away."""
    one = _numbered(groups, sent)
    label = {
        k: v for k, v in {**one.get("label", {}), render.language(): sent.get("text", "").strip()[:80]}.items() if v
    }
    one.pop("label", None)
    if label:
        one["label"] = label
    return groups


def _move_group(groups: Menu, sent: Sent) -> Menu:
    one = _numbered(groups, sent)
    groups.remove(one)
    groups.insert(max(0, sent.get("index", 0, type=int)), one)
    return groups


def _drop_group(groups: Menu, sent: Sent) -> Menu:
    """What is in it goes to the group before, or after when it is the first."""
    n = sent.get("n", 0, type=int)
    one = _numbered(groups, sent)
    groups.remove(one)
    if one["items"]:
        if not groups:
            return [{"items": one["items"]}]
        home = groups[max(0, n - 1)]
        home["items"] = [*home["items"], *one["items"]]
    return groups


def _numbered(groups: Menu, sent: Sent) -> Definition:
    n = sent.get("n", -1, type=int)
    if not 0 <= n < len(groups):
        raise NotFound(group=n)
    return groups[n]


OPS: dict[str, Any] = {
    "move": _move,
    "nudge": _nudge,
    "hide": _hide,
    "add_group": _add_group,
    "name": _name,
    "move_group": _move_group,
    "drop_group": _drop_group,
}
