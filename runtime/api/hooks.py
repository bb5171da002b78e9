"""Inbound webhooks: another program's call becomes a record, and the flow that waits for it starts."""

import hashlib
from typing import Any

import orjson
from flask import Blueprint, Response, g, request

from engines.core.access.service import account
from engines.core.kernel.errors import NotFound
from engines.core.kernel.work import SYSTEM, Cause, Look, UnitOfWork

from ..guard import platform, right
from .base import send
from .refusals import BadRequest

hooks = Blueprint("hooks", "runtime.api")
LARGEST = 1 << 20
SIGNATURE = "X-Dougong-Signature"


@hooks.post("/hooks/<app>/<hook>")
@right("public", api=True)
def receive(app: str, hook: str) -> Response:
    """Opens by the hook's signature, or by a token that may create records of its form; else it looks as if there were
    none. `Idempotency-Key`: the same call again does nothing more; without one the body itself is the key."""
    request.max_content_length = LARGEST
    raw = request.get_data(cache=False)
    platform().look(SYSTEM, lambda look: _opens(look, app, hook, raw))
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as wrong:
        raise BadRequest(why_zh="正文不是 JSON", why_en="the body is no JSON") from wrong
    key = request.headers.get("Idempotency-Key") or hashlib.sha256(raw).hexdigest()

    def work(uow: UnitOfWork) -> dict[str, Any]:
        return dict(platform().flows.hook(uow, uow.apps.app(app), hook, body, key[:200]))

    return send(platform().run(account(app), work, cause=Cause("api", hook)), 202)


def _opens(look: Look, app: str, hook: str, raw: bytes) -> None:
    """NotFound for a hook that is not there, and for a caller that may not know."""
    flows = platform().flows
    flow = flows.of_hook(look.apps.app(app), hook)
    g.about = app, flow.form
    header = request.headers.get(SIGNATURE, "")
    if header and flow.trigger.get("secret") and flows.hook_opens(platform().settings, flow, raw, header):
        return
    if g.actor is None:
        raise NotFound(hook=hook)
    source = look.apps.form(app, flow.form).source.id
    if not platform().look(g.actor, lambda mine: mine.rights.scope(source).may("create")):
        raise NotFound(hook=hook)
