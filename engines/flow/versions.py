"""Compiled definitions by their hash: a run finds the very one it was started with, in every process."""

from collections import OrderedDict
from threading import Lock

import orjson

from engines.core.kernel.errors import NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look

from . import store
from .compile import Flow, compile_flow
from .single import single

MOST = 512
"""Compiled flows that a process keeps; the one that was not asked for the longest goes first."""
_compiled: OrderedDict[tuple[str, str], Flow] = OrderedDict()
"""The same hash is the same definition, whichever workspace it stands in."""
_lock = Lock()


def known(app: str, definition: Definition) -> Flow:
    """The compiled flow of a definition, made once while it is in use."""
    flow = compile_flow(app, definition)
    with _lock:
        found = _compiled.setdefault((app, flow.hash), flow)
        _compiled.move_to_end((app, flow.hash))
        while len(_compiled) > MOST:
            _compiled.popitem(last=False)
    return found


def of_run(look: Look, row: store.Row) -> Flow:
    """The flow of a stored run (`app`, `hash`, `form`, `own`) with what the run alone has; NotFound when its
    definition was never kept."""
    flow = _version(look, row["app"], row["hash"])
    return single(flow, row["form"] or "", orjson.loads(row["own"])) if row["own"] else flow


def _version(look: Look, app: str, key: str) -> Flow:
    with _lock:
        if (app, key) in _compiled:
            _compiled.move_to_end((app, key))
            return _compiled[app, key]
    body = store.version_body(look, key)
    if body is None:
        raise NotFound(flow=key)
    return known(app, orjson.loads(body))
