"""The one place where reports run statements; at most so many groups come back."""

from collections.abc import Callable, Hashable
from typing import Any

from sqlalchemy import Select

from engines.core.kernel.work import Look
from engines.core.records.source import Source, Values

from .errors import TooManyRows

MOST = 50_000
VALUES = 1_000_000
"""Single values, which only a median or a last one asks for."""


def fetch(
    look: Look, source: Source, key: Hashable, make: Callable[[], Select[Any]], params: Values, *, most: int = MOST
) -> list[tuple[Any, ...]]:
    """The rows of a statement that is compiled once per shape; TooManyRows beyond `most`."""
    prepared = source.prepared(look.session.dialect, ("report", key, most), lambda: make().limit(most + 1))
    rows: list[tuple[Any, ...]] = look.session.run(prepared, params).fetchall()
    if len(rows) > most:
        raise TooManyRows(most=most)
    return rows
