"""Runs of flows by state, what is stuck with its way out, and every message with why it has not left."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from engines.core.jobs import incidents
from engines.core.kernel.errors import AppError, Invalid, NotFound, Rejected
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.core.messages import outbox
from engines.core.messages.base import HELD, channel_types
from engines.core.records import query
from engines.flow import inbox, mending

from .. import render
from ..guard import platform, right
from ..tasks import words
from ..tasks.base import first_zone, names
from .base import admin, look, page, run

MANY = 50


@admin.get("/runs")
@right("admin")
def runs_page() -> tuple[str, int]:
    return _runs()


@admin.get("/runs/<int:number>")
@right("admin")
def run_page(number: int) -> tuple[str, int]:
    return _run(number)


@admin.post("/runs/<int:number>/cancel")
@right("admin")
def cancel_run(number: int) -> Response | tuple[str, int]:
    """Stops it, for a reason that its history keeps."""
    why = request.form.get("why", "").strip()[:500]
    try:
        if not why:
            raise Invalid({"why": Rejected("required")})
        run(lambda uow: platform().flows.cancel(uow, number, why=why))
    except NotFound:
        raise
    except AppError as error:
        return _run(number, error=error)
    flash({"text": gettext("Stopped"), "tone": "ok"})
    return redirect(url_for("admin.run_page", number=number), 303)


@admin.post("/incidents/<int:number>")
@right("admin")
def mend(number: int) -> Response | tuple[str, int]:
    """`do`: retry, or skip the step. A retry that fails again is a new incident."""
    act = mending.retry if request.form.get("do") == "retry" else mending.skip
    try:
        run(lambda uow: act(uow, number))
    except NotFound:
        raise
    except AppError as error:
        return _runs(error=error)
    flash({"text": gettext("Tried again") if act is mending.retry else gettext("Skipped"), "tone": "ok"})
    return redirect(url_for("admin.runs_page"), 303)


@admin.get("/outbox")
@right("admin")
def outbox_page() -> tuple[str, int]:
    state = request.args.get("state", "unsent")
    before = request.args.get("before", type=int)
    wanted = state if state in ("unsent", "sent") else ""
    found = look(lambda here: _open(here, outbox.listed(here, state=wanted, before=before, limit=MANY)))
    kinds = {kind.type: kind for kind in channel_types}
    more = found[-1]["id"] if len(found) == MANY else None
    return page("outbox", "admin.outbox_page", found=found, state=state, kinds=kinds, why=_why, more=more)


def _open(here: Look, found: list[Definition]) -> list[Definition]:
    """Messages as this administrator may read them: being one gives no right to data, so what was written about a
    record is for those who may see it."""
    return [one if _sees(here, one["form"], one["record"]) else one | SHUT for one in found]


SHUT: Definition = {"subject": "", "body": "", "to": "", "answer": "", "shut": True}


def _sees(here: Look, form: str | None, record: int | None) -> bool:
    """`form` is `<app>__<form>`; what is about no record may be read."""
    if not form or record is None:
        return True
    try:
        return bool(query.many(here, here.apps.of_source(form).source, [record]))
    except NotFound:
        return False


def _why(message: Definition) -> str:
    """Why a message is still here."""
    if message["state"] == "kept":
        held = HELD.get(message["why"] or "")
        return render.label(held) if held else str(message["why"])
    if message["state"] == "failed":
        return gettext("Failed: %(why)s", why=message["answer"] or "–")
    return gettext("Waits for its turn") if message["state"] == "queued" else ""


def _runs(**more: Any) -> tuple[str, int]:
    given = {name: request.args.get(name, "") for name in ("app", "flow", "state")}
    before = request.args.get("before", type=int)

    def find(here: Look) -> dict[str, Any]:
        found = inbox.runs(here, given["app"], flow=given["flow"], state=given["state"], before=before, limit=MANY)
        stuck = incidents.all_open(here, app=given["app"])
        return {"found": found, "stuck": stuck, "apps": list(here.apps.all()), "flows": _flows(here, given["app"])}

    found = look(find)
    older = found["found"][-1]["id"] if len(found["found"]) == MANY else None
    return page("runs", "admin.runs_page", given=given, older=older, **found, **more)


def _run(number: int, **more: Any) -> tuple[str, int]:
    def find(here: Look) -> tuple[Definition, list[dict[str, Any]]]:
        one, lines = inbox.run(here, number), words_of(here, number)
        seen = _sees(here, f"{one['app']}__{one['form']}" if one["form"] else None, one["record"])
        return one, lines if seen else [line | {"said": None} for line in lines]

    one, lines = look(find)
    return page("run", "admin.runs_page", one=one, lines=lines, **more)


@admin.app_template_global()
def cause_words(app: str, cause: str) -> str:
    """`flow:welcome` as people say it."""
    kind, _, ref = (cause or "").partition(":")
    said = str(CAUSES.get(kind, kind))
    if kind not in ("flow", "rule") or not app:
        return said
    listed = look(lambda here: here.apps.app(app).parts(f"{kind}s"))
    found = next((part for part in listed if part["id"] == ref), None)
    return f"{said} · {render.label(found['label']) if found else ref}"


CAUSES = {
    "person": lazy_gettext("By hand"),
    "rule": lazy_gettext("Rule"),
    "flow": lazy_gettext("Flow"),
    "import": lazy_gettext("Import"),
    "api": lazy_gettext("Interface"),
    "link": lazy_gettext("Public form"),
    "job": lazy_gettext("Clock"),
    "demo": lazy_gettext("Demo data"),
}


def words_of(here: Look, number: int) -> list[dict[str, Any]]:
    """A run's history in words."""
    return words.lines(inbox.history(here, number), names(here), first_zone(here))


def _flows(here: Look, app: str) -> list[tuple[str, str]]:
    """(id, label) of the flows of an app, or of all."""
    apps = [one for one in here.apps.all() if not app or one.id == app]
    return [(str(part["id"]), render.label(part["label"])) for one in apps for part in one.parts("flows")]
