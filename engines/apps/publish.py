"""Draft to version: publish in one transaction, list versions, publish an earlier one again."""

from typing import Any

from engines.core.access import audit, people
from engines.core.kernel.errors import BadDefinition, Forbidden, NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look, UnitOfWork

from . import draft, plan
from .catalog import App, Catalog
from .diff import Difference, differences
from .draft import Stale


class Behind(Stale):
    """Another version went live after the draft was begun."""

    code = "draft_behind"
    words = {
        "zh": "草稿开始以后又发布过一版（v{newest}）：先把改动接到新版上，再发布",
        "en": "Version {newest} went live after this draft was begun: take your edits over to it, then publish",
    }


class NothingToPublish(NotFound):
    code = "nothing_to_publish"
    words = {"zh": "没有要发布的改动", "en": "There is nothing to publish"}


def publish(uow: UnitOfWork, catalog: Catalog, app_id: str, *, note: str = "", rev: int | None = None) -> App:
    """The draft becomes the next version and is live when this commits; the draft is clear then. BadDefinition with
    all problems, PlanStopped, Behind, or Stale when the draft is no longer at `rev`."""
    require(uow, "publish", app_id)
    found = draft.current(uow, app_id)
    if rev is not None and rev != found.rev:
        raise Stale(who="", rev=found.rev, seen=rev)
    if not found.edits:
        raise NothingToPublish
    if found.behind:
        raise Behind(newest=found.newest)
    app = put(uow, catalog, found.definition, note=note)
    draft.close(uow, app_id, "published", app.version)
    return app


def put(uow: UnitOfWork, catalog: Catalog, definition: Definition, *, note: str = "", what: str = "app.publish") -> App:
    """Publish a whole definition when its plan has nothing that stops it; the new version is live when this commits."""
    planned = plan.plan(uow, definition)
    if planned.problems:
        raise BadDefinition(list(planned.problems))
    if planned.stops:
        raise plan.PlanStopped(planned.stops)
    app = catalog.publish(uow, definition, note=note)
    audit.record(uow, what, f"app:{app.id}", {"version": app.version, "note": note[:200]})
    return app


def rollback(uow: UnitOfWork, catalog: Catalog, app_id: str, version: int, *, note: str = "") -> App:
    """An earlier version's definition as the next version; a draft stays as it is."""
    require(uow, "publish", app_id)
    if version == uow.apps.app(app_id).version:
        raise NothingToPublish
    definition = uow.apps.version(app_id, version).definition
    return put(uow, catalog, definition, note=note or f"v{version}", what="app.rollback")


def versions(look: Look, app_id: str) -> list[dict[str, Any]]:
    """Newest first: {version, at, by, who, note, live}."""
    draft.allow(look, app_id)
    live, names = look.apps.app(app_id).version, people.names(look.session)
    found = look.apps.history(app_id)
    return [one | {"who": names.get(one["by"], ""), "live": one["version"] == live} for one in found]


def compare(look: Look, app_id: str, old: int, new: int) -> list[Difference]:
    """What differs between two versions; 0 is the draft."""
    draft.allow(look, app_id)
    sides = [
        look.apps.version(app_id, n).definition if n else draft.current(look, app_id).definition for n in (old, new)
    ]
    return differences(*sides)


def require(look: Look, right: str, app_id: str) -> None:
    """NotFound when the app may not be known, Forbidden when this may not be done to it."""
    look.apps.app(app_id)
    if not look.rights.may(right, app_id):
        raise Forbidden(action=right) if look.rights.may("open", app_id) else NotFound(app=app_id)
