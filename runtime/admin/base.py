"""What the administrators' pages share: the blueprint, the tabs, the address that links carry."""

from collections.abc import Callable
from typing import Any, TypeVar

import segno
from flask import Blueprint, current_app, render_template, request
from flask_babel import lazy_gettext

from engines.core.access import departments, people
from engines.core.kernel.errors import AppError
from engines.core.kernel.work import Look

from ..guard import actor, platform

T = TypeVar("T")
admin = Blueprint("admin", "runtime.admin", url_prefix="/admin")
TABS = [
    ("admin.people_page", "users", lazy_gettext("People")),
    ("admin.departments_page", "branch", lazy_gettext("Departments")),
    ("admin.roles_page", "shield", lazy_gettext("Roles")),
    ("admin.tokens_page", "lock", lazy_gettext("API tokens")),
    ("admin.runs_page", "flow", lazy_gettext("Flow runs")),
    ("admin.outbox_page", "mail", lazy_gettext("Outbox")),
    ("admin.audit_page", "history", lazy_gettext("Audit log")),
]
HELD = ("admin.held_page", "history", lazy_gettext("Restored copy"))


def tabs() -> list[tuple[str, str, Any]]:
    """With the restored copy in front while it holds back."""
    return [HELD, *TABS] if platform().held() else TABS


def look(fn: Callable[[Look], T]) -> T:
    return platform().look(actor(), fn)


def run(fn: Callable[[Any], T]) -> T:
    return platform().run(actor(), fn)


def page(template: str, on: str, *, error: AppError | None = None, **given: Any) -> tuple[str, int]:
    """One of the tabs; with an error it answers 422 and says what is wrong above the page."""
    found = look(_around)
    text = render_template(f"admin/{template}.html", tabs=tabs(), tab=on, error=error, **found, **given)
    return text, 422 if error else 200


def _around(here: Look) -> dict[str, Any]:
    return {"named": people.names(here.session), "places": departments.all_of(here.session), "zone": zone(here)}


def zone(here: Look) -> str:
    """The clock on the wall of the workspace: its first app's."""
    return next((app.zone for app in here.apps.all()), "Asia/Shanghai")


def link_page(path: str, called: str, hours: int) -> str:
    """A one-time link, shown once: to copy, and as a picture for a phone."""
    base = current_app.config.get("PUBLIC_URL") or request.host_url
    address = base.rstrip("/") + path
    picture = segno.make(address, error="m").svg_data_uri(scale=4, border=2)
    return render_template(
        "admin/link.html",
        tabs=tabs(),
        tab="admin.people_page",
        address=address,
        picture=picture,
        called=called,
        hours=hours,
    )


def number(name: str) -> int | None:
    """An id that a form sent; None for a blank one."""
    return request.form.get(name, type=int)
