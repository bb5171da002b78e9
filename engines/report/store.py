"""The one place where reports run statements; at most so many groups come back."""

from collections.abc import Callable, Hashable
from typing import Any

from sqlalchemy import Select

from engines.core.kernel.work import Look
from engines.core.records.source import Source, Values

from .errors import TooManyRows

MOST = 50_000


def fetch(
    look: Look, source: Source, key: Hashable, make: Callable[[], Select[Any]], params: Values
) -> list[tuple[Any, ...]]:
    """The rows of a statement that is compiled once per shape; TooManyRows beyond `MOST`."""
    prepared = source.prepared(look.session.dialect, ("report", key), lambda: make().limit(MOST + 1))
    rows: list[tuple[Any, ...]] = look.session.run(prepared, params).fetchall()
    if len(rows) > MOST:
        raise TooManyRows(most=MOST)
    return rows
