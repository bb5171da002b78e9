"""The audit log, newest first, and whether its chain holds."""

from flask import request

from engines.core.access import audit
from engines.core.kernel.kind import Label
from engines.core.kernel.work import Look

from ..guard import right
from .base import admin, look, page

MANY = 100


@admin.get("/audit")
@right("admin")
def audit_page() -> tuple[str, int]:
    before = request.args.get("before", type=int)
    found = look(lambda here: audit.entries(here.session, limit=MANY, before=before))
    more = found[-1]["id"] if len(found) == MANY else None
    return page("audit", "admin.audit_page", found=found, more=more, called=look(_called))


def _called(here: Look) -> dict[tuple[str, str], Label]:
    """What apps, (id, ""), and their roles, (app, role), are called now; the log keeps the ids."""
    apps = [here.apps.app(name).definition for name in here.apps.versions]
    roles = {(app["id"], role["id"]): role["label"] for app in apps for role in app.get("roles", ())}
    return {(app["id"], ""): app["name"] for app in apps} | roles
