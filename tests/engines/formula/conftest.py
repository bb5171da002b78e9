"""Both databases, filled once a session, and Node as the browser."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Connection, create_engine, event, make_url
from sqlalchemy.pool import StaticPool

from engines.core.formula.sql import register_sqlite
from runtime.node import Node

from ...conftest import node_command
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


@pytest.fixture(scope="session")
def postgresql(postgres: str) -> Iterator[Connection]:
    """A database of its own on the server that all tests share."""
    name = f"formula_{uuid4().hex}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    engine = create_engine(make_url(postgres).set(drivername="postgresql+psycopg", database=name))
    with engine.connect() as connection:
        world.fill(connection)
        yield connection
    engine.dispose()


@pytest.fixture(scope="session")
def browser() -> Iterator[Node]:
    found = Node(node_command())
    yield found
    found.close()
