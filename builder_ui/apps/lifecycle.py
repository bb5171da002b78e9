"""Publishing, versions, and an app as a file: out by whoever may export, in with a plan first."""

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from engines.apps import draft, exchange, plan, publish
from engines.apps.draft import Draft
from engines.apps.vacant import vacant
from engines.core.kernel.errors import AppError, BadDefinition
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from runtime.errors import STATUS
from runtime.guard import platform, right

from ..base import Page, build, read

Answer = str | AnyResponse | tuple[str, int]


@build.get("/")
@right("signed_in")
def apps() -> str:
    """Every app that the person may design or export, whether or not they may see its data."""

    def find(look: Look) -> tuple[list[Any], bool]:
        may = look.rights.may
        found = [(app, may("builder", app.id)) for app in look.apps.all()]
        return [one for one in found if one[1] or may("export_app", one[0].id)], may("builder")

    found, imports = platform().look(g.actor, find)
    return render_template("build/apps.html", apps=found, imports=imports)


@build.get("/<app>/publish")
@right("builder")
def publishing(app: str) -> str:
    """What a publish would do, what is in its way, and the versions there are."""
    return _publishing(app)


@build.post("/<app>/publish")
@right("publish")
def do_publish(app: str) -> Answer:
    note, rev = request.form.get("note", "").strip()[:500], request.form.get("rev", type=int)
    try:
        made = platform().run(
            g.actor, lambda uow: publish.publish(uow, platform().catalog, app, note=note, rev=rev), bulk=True
        )
    except AppError as error:
        return _publishing(app, error=error, note=note), _status(error)
    flash({"text": gettext("Version %(n)s is live", n=made.version), "tone": "ok"})
    return redirect(url_for(".publishing", app=app))


@build.post("/<app>/rollback")
@right("publish")
def do_rollback(app: str) -> Answer:
    """An earlier version again, as the next one."""
    version = request.form.get("version", 0, type=int)
    try:
        made = platform().run(g.actor, lambda uow: publish.rollback(uow, platform().catalog, app, version), bulk=True)
    except AppError as error:
        return _publishing(app, error=error), _status(error)
    flash(
        {"text": gettext("Version %(old)s is live again, as version %(n)s", old=version, n=made.version), "tone": "ok"}
    )
    return redirect(url_for(".publishing", app=app))


@build.post("/<app>/discard")
@right("builder")
def do_discard(app: str) -> AnyResponse:
    platform().run(g.actor, lambda uow: draft.discard(uow, app))
    flash({"text": gettext("Back to what is live"), "tone": "ok"})
    return redirect(url_for(".publishing", app=app))


@build.post("/<app>/follow")
@right("builder")
def do_follow(app: str) -> AnyResponse:
    """The draft onto the version that went live meanwhile."""
    lost = platform().run(g.actor, lambda uow: draft.follow(uow, app))
    text = gettext("Your changes are on the new version; %(n)s no longer fit and were left out", n=len(lost))
    flash({"text": text if lost else gettext("Your changes are on the new version"), "tone": "warn" if lost else "ok"})
    return redirect(url_for(".publishing", app=app))


@build.get("/<app>/compare/<int:old>/<int:new>")
@right("builder")
def compare(app: str, old: int, new: int) -> str:
    """Two versions in words; 0 is the draft."""
    page, found = read(app, lambda look, found: (Page(found, "", ""), publish.compare(look, app, old, new)))
    return render_template("build/compare.html", page=page, old=old, new=new, found=found)


@build.get("/<app>/export")
@right("export_app")
def leaving(app: str) -> str:
    """What the file will hold and what stays here; an administrator may see it without building anything."""
    found, name = platform().look(
        g.actor, lambda look: (exchange.contents(look, app), look.apps.app(app).definition["name"])
    )
    return render_template("build/export.html", app=app, name=name, found=found)


@build.post("/<app>/export")
@right("export_app")
def download(app: str) -> AnyResponse:
    def work(uow: Any) -> Definition:
        exchange.note_export(uow, app)
        return exchange.export(uow, app)

    made = platform().run(g.actor, work)
    name = f"{app}-v{made['manifest']['version']}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(exchange.file_of(made), mimetype="application/json", headers=headers)


@build.get("/import")
@right("builder")
def arriving() -> str:
    return render_template("build/import.html", found=None, error=None, text="", ticked=())


@build.post("/import")
@right("builder")
def take_in() -> Answer:
    """First the plan; then, with the same file and what was ticked, the import."""
    request.max_content_length = request.max_form_memory_size = 2 * exchange.MOST
    sent = request.files.get("file")
    text = sent.read(exchange.MOST + 1) if sent and sent.filename else request.form.get("text", "").encode()
    ticked = request.form.getlist("on")
    try:
        definition = exchange.read(text)
        if name := request.form.get("as", "").strip():
            definition = exchange.renamed(definition, name)
        if request.form.get("sure"):
            return _taken(definition, ticked)
        found = platform().look(g.actor, lambda look: exchange.plan_import(look, definition))
    except AppError as error:
        shown = render_template("build/import.html", found=None, error=error, told=_told(error), text="", ticked=())
        return shown, _status(error)
    acting = exchange.acting(definition)
    context = {"found": found, "definition": definition, "acting": acting, "secrets": exchange.secrets_of(definition)}
    return render_template("build/import.html", error=None, text=text.decode(), ticked=ticked, **context)


def _taken(definition: Definition, ticked: list[str]) -> AnyResponse:
    made = platform().run(
        g.actor, lambda uow: exchange.take_in(uow, platform().catalog, definition, on=ticked), bulk=True
    )
    return redirect(url_for(".arrived", app=made.id))


@build.get("/<app>/arrived")
@right("builder")
def arrived(app: str) -> str:
    """What an imported app still lacks in this workspace: people in its roles, secrets."""

    def find(look: Look) -> dict[str, Any]:
        found = look.apps.app(app)
        secrets = [name for name in exchange.secrets_of(found.definition) if name not in platform().settings.secrets]
        return {
            "app": found, "roles": vacant(look, found), "people": look.rights.may("admin"), "secrets": secrets,
        }  # fmt: skip

    return render_template("build/arrived.html", **platform().look(g.actor, find))


def _publishing(app: str, *, error: AppError | None = None, note: str = "") -> str:
    def find(look: Look, found: Draft) -> dict[str, Any]:
        return {
            "page": Page(found, "publish", ""),
            "plan": plan.plan(look, found.definition),
            "versions": publish.versions(look, app),
            "may": look.rights.may("publish", app),
            "exports": look.rights.may("export_app", app),
        }

    context = read(app, find)
    return render_template("build/publish.html", error=error, told=_told(error), note=note, **context)


def _told(error: AppError | None) -> list[dict[str, str]]:
    return [words | {"path": path} for path, words in error.problems[:20]] if isinstance(error, BadDefinition) else []


def _status(error: AppError) -> int:
    return next((code for kind, code in STATUS.items() if isinstance(error, kind)), 422)
