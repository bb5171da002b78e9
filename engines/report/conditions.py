"""Conditions of a definition on records of one form: formula text, or a list of {field, op, value}."""

from typing import Any

from engines.core.kernel.work import Look
from engines.core.records.query import Where
from engines.core.records.source import Source

from .cuts import Binder, Cut, where
from .model import AnyApp
from .paths import Sight


def wheres(
    given: Any, app: AnyApp, source: Source, look: Look, sight: Sight, binder: Binder
) -> tuple[Where, ...]:
    """All of which must hold; none when nothing is given."""
    if not given:
        return ()
    if isinstance(given, str):
        raise NotImplementedError
    cuts = [Cut(one["field"], one.get("op", "="), one.get("value")) for one in given]
    return tuple(where(cut, source, sight, binder) for cut in cuts)
