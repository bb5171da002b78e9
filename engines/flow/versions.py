"""Compiled definitions by their hash: a run finds the very one it was started with, in every process."""

import orjson

from engines.core.kernel.errors import NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look

from . import store
from .compile import Flow, compile_flow

_compiled: dict[tuple[str, str], Flow] = {}
"""The same hash is the same definition, whichever workspace it stands in."""


def known(app: str, definition: Definition) -> Flow:
    """The compiled flow of a definition, made once."""
    flow = compile_flow(app, definition)
    return _compiled.setdefault((app, flow.hash), flow)


def version(look: Look, app: str, key: str) -> Flow:
    """The definition of this hash; NotFound when no run ever used it."""
    if (app, key) not in _compiled:
        body = store.version_body(look, key)
        if body is None:
            raise NotFound(flow=key)
        known(app, orjson.loads(body))
    return _compiled[app, key]
