"""What the import and export pages share."""

from flask import Blueprint, g, render_template

from engines.core.kernel.work import Look

from ..guard import platform
from ..views.base import Place

transfer = Blueprint("transfer", "runtime.transfer")
STEPS = ("upload", "columns", "check", "result")


def place_for(app: str, form: str) -> Place:
    """The form of the address for whoever may do something on it; the guard has checked what."""

    def find(look: Look) -> Place:
        found = look.apps.app(app)
        made = found.form(form)
        return Place(found, made, look.rights.scope(made.source.id))

    return platform().look(g.actor, find)


def page(template: str, place: Place, **given: object) -> str:
    return render_template(f"transfer/{template}.html", place=place, **given)
