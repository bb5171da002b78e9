"""The audit log, newest first, and whether its chain holds."""

from flask import request

from engines.core.access import audit

from ..guard import right
from .base import admin, look, page

MANY = 100


@admin.get("/audit")
@right("admin")
def audit_page() -> tuple[str, int]:
    before = request.args.get("before", type=int)
    found = look(lambda here: audit.entries(here.session, limit=MANY, before=before))
    more = found[-1]["id"] if len(found) == MANY else None
    return page("audit", "admin.audit_page", found=found, more=more)
