"""What every page of a form stands on: the blueprint, the form it shows, and who may see it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, g, request, session

from engines.apps.catalog import App
from engines.core.kernel.errors import NotFound
from engines.core.kernel.scope import Scope
from engines.core.kernel.work import Look
from engines.core.records.source import Values
from engines.form.compile import Form
from engines.form.read import Known

from ..guard import platform

T = TypeVar("T")
records = Blueprint("records", "runtime.records")


@dataclass
class Place:
    """The app and form that a page is about, and what its reader may do there."""

    app: App
    form: Form
    scope: Scope

    @property
    def link(self) -> dict[str, str]:
        """Arguments of `url_for` that every page of the form shares."""
        return {"app": self.app.id, "form": self.form.id}

    def may(self, action: str) -> bool:
        return self.scope.may(action)

    def writes(self, name: str) -> bool:
        return self.scope.writes(name)

    @property
    def one(self) -> dict[str, str]:
        """What a single record is called."""
        return dict(self.form.definition.get("one") or self.form.definition["label"])


def place_of(look: Look, app: str, form: str, action: str = "view") -> Place:
    """NotFound for a form that is not there or not for this reader; both look alike."""
    found = look.apps.app(app)
    made = Place(found, found.form(form), look.rights.scope(found.form(form).source.id))
    if not made.may(action):
        raise NotFound(form=form)
    return made


def at(app: str, form: str, fn: Callable[[Look, Place], T], *, action: str = "view") -> tuple[Place, T]:
    """One snapshot of the database for a whole page."""

    def read(look: Look) -> tuple[Place, T]:
        place = place_of(look, app, form, action)
        return place, fn(look, place)

    if session.get("app") != app:
        session["app"] = app
    return platform().look(g.actor, read)


def hang(known: Known, form: Form, rows: list[Values]) -> Known:
    """Each file gets the address under which this reader may fetch it: through the record that holds it."""
    for row in rows:
        for name, field in form.fields.items():
            if field["type"] in ("file", "image"):
                for number in row.get(name) or ():
                    if number in known.files:
                        known.files[number]["href"] = f"/a/{form.app}/{form.id}/{row['_id']}/files/{name}/{number}"
    return known


def partial() -> bool:
    """Did a script ask for a piece of a page?"""
    return "HX-Request" in request.headers


def back_to(fallback: str) -> str:
    """Where a posted form wants to return to: only ever a path of our own."""
    wanted = request.form.get("back", "") or request.args.get("back", "")
    return wanted if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) else fallback


def short(value: Any, most: int = 60) -> str:
    text = str(value if value not in (None, "") else "–")
    return text if len(text) <= most else text[: most - 1] + "…"
