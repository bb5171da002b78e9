"""A command whose answer got lost is sent again under the same key, and is done once."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from flask import current_app

MOST = 2000
Made = TypeVar("Made")
_lock = Lock()


def once(key: str, work: Callable[[], Made], instead: Callable[[], Made]) -> Made:
    """`work`, or `instead` when work under this key has come through before; a key that failed may try again. After a
    restart the revision that travels with a command still keeps it from being done twice."""
    done: OrderedDict[str, None] = current_app.extensions.setdefault("dougong.done", OrderedDict())
    with _lock:
        known = bool(key) and key in done
    if known:
        return instead()
    made = work()
    if key:
        with _lock:
            done[key] = None
            while len(done) > MOST:
                done.popitem(last=False)
    return made
