"""The tree of departments with their heads."""

from typing import Any

from flask import redirect, request, url_for

from engines.core.access import commands, people
from engines.core.kernel.errors import AppError, NotFound

from ..guard import right
from .base import admin, look, number, page, run


@admin.get("/departments")
@right("admin")
def departments_page() -> tuple[str, int]:
    return _tree()


@admin.post("/departments")
@right("admin")
def add_department() -> Any:
    name, parent = request.form.get("name", ""), number("parent")
    return _then(lambda uow: commands.add_department(uow, name, parent))


@admin.post("/departments/<int:department>")
@right("admin")
def change_department(department: int) -> Any:
    name, parent, head = request.form.get("name", ""), number("parent"), number("head")
    return _then(lambda uow: commands.change_department(uow, department, name, parent, head))


@admin.post("/departments/<int:department>/remove")
@right("admin")
def remove_department(department: int) -> Any:
    return _then(lambda uow: commands.remove_department(uow, department))


def _then(fn: Any) -> Any:
    try:
        run(fn)
    except NotFound:
        raise
    except AppError as error:
        return _tree(error=error)
    return redirect(url_for("admin.departments_page"))


def _tree(**given: Any) -> tuple[str, int]:
    everyone = look(lambda here: people.everyone(here.session))
    members: dict[int, list[dict[str, Any]]] = {}
    for one in everyone:
        for place in one["departments"]:
            members.setdefault(place, []).append(one)
    return page("departments", "admin.departments_page", everyone=everyone, members=members, **given)
