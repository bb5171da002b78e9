"""Addresses below /api/v1 that lead nowhere: 404 as for what is hidden, 405 where another method would do."""

from flask import current_app, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from engines.core.kernel.errors import NotFound

from ..guard import right
from .base import api

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@api.route("/<path:rest>", methods=METHODS)
@right("signed_in", api=True)
def stray(rest: str) -> None:
    adapter = current_app.create_url_adapter(request)
    if adapter is None:
        raise NotFound
    allowed = []
    for method in METHODS:
        try:
            endpoint, _ = adapter.match(method=method)
        except HTTPException:
            continue
        if endpoint != "api.stray":
            allowed.append(method)
    if allowed:
        raise MethodNotAllowed(valid_methods=allowed)
    raise NotFound
