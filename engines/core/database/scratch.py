"""A database for one question: a temporary SQLite file, or temporary tables of a PostgreSQL server."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from engines.core.formula.sql import register_sqlite

from .engines import postgresql_address, sqlite_module

Run = Callable[[Any, Any], Any]


@contextmanager
def scratch(url: str = "") -> Iterator[Run]:
    """Runs Core statements with parameters until the block ends; nothing stays. `url`: a PostgreSQL server."""
    with tempfile.TemporaryDirectory(prefix="dougong-scratch-") as folder:
        engine = create_engine(postgresql_address(url)) if url else _file(Path(folder) / "scratch.db")
        try:
            with engine.connect() as connection:
                yield _runner(connection)
        finally:
            engine.dispose()


def _file(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", module=sqlite_module(), poolclass=StaticPool)
    event.listen(engine, "connect", lambda raw, _record: register_sqlite(raw))
    return engine


def _runner(connection: Connection) -> Run:
    return lambda statement, params: connection.execute(statement, params) if params else connection.execute(statement)
