"""Every API token of the workspace: whose, for what, until when, last used; taken back here."""

from typing import Any

from flask import redirect, url_for

from engines.core.access import tokens
from engines.core.kernel import clock

from ..guard import right
from .base import admin, look, page, run


@admin.get("/tokens")
@right("admin")
def tokens_page() -> tuple[str, int]:
    found = look(lambda here: tokens.listed(here.session))
    return page("tokens", "admin.tokens_page", found=found, now=clock.wall())


@admin.post("/tokens/<int:token>/revoke")
@right("admin")
def revoke_token(token: int) -> Any:
    run(lambda uow: tokens.revoke(uow, token))
    return redirect(url_for("admin.tokens_page"))
