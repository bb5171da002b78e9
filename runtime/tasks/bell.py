"""Behind the bell: one's notices, and the figures in the frame of every page, asked for again twice a minute."""

from typing import Any

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engines.core.kernel.errors import NotFound
from engines.core.kernel.work import Look
from engines.core.messages import notices
from engines.flow import inbox

from .. import shell
from ..guard import platform, right
from .base import first_zone, tasks

ICONS = {"task": "flag", "remind": "bell", "escalate": "alarm", "done": "check"}
MANY = 20


@shell.figures
def figures(look: Look) -> dict[str, int]:
    """{todo, unread}: two counts a page."""
    me = look.actor.id
    return {"todo": inbox.waiting(look, me), "unread": notices.unread(look, me)}


@tasks.get("/pulse")
@right("signed_in")
def pulse() -> str:
    """The figures by themselves, each for its place."""
    return render_template("tasks/pulse.html")


@tasks.get("/notices")
@right("signed_in")
def listed() -> str:
    """The newest notices, as the menu under the bell."""

    def find(look: Look) -> dict[str, Any]:
        return {"found": notices.listed(look, g.actor.id, limit=MANY), "zone": first_zone(look), "icons": ICONS}

    return render_template("tasks/notices.html", **platform().look(g.actor, find))


@tasks.post("/notices/read")
@right("signed_in")
def read_all() -> Any:
    """All that the menu showed; those that came meanwhile stay unread."""
    until = request.form.get("until", type=int)
    platform().run(g.actor, lambda uow: notices.mark_read(uow, g.actor.id, until=until))
    if request.headers.get("HX-Request"):
        return listed() + render_template("tasks/pulse.html")
    return redirect("/")


@tasks.post("/notices/<int:number>")
@right("signed_in")
def follow(number: int) -> Response:
    """Read, and on to what it is about."""

    def find(look: Look) -> dict[str, Any]:
        found = notices.listed(look, g.actor.id, before=number + 1, limit=1)
        if not found or found[0]["id"] != number:
            raise NotFound(notice=number)
        return found[0]

    notice = platform().look(g.actor, find)
    platform().run(g.actor, lambda uow: notices.mark_read(uow, g.actor.id, only=number))
    return redirect(_about(notice), 303)


def _about(notice: dict[str, Any]) -> str:
    if notice["task"]:
        return url_for(".one", number=notice["task"])
    if notice["app"] and notice["form"] and notice["record"]:
        form = notice["form"].rpartition("__")[2]
        return url_for("records.detail", app=notice["app"], form=form, record=notice["record"])
    return "/"
