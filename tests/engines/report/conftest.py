"""The shop is filled once a database: the tests here only read it."""

import os
from urllib.parse import quote

import psycopg
import pytest

from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people

from .shop import Shop


@pytest.fixture(scope="session")
def shops(tmp_path_factory, request):
    """By (backend, zone)."""
    made = {}

    def shop(backend, zone="Asia/Shanghai"):
        key = backend, zone
        if key not in made:
            folder = tmp_path_factory.mktemp("shop")
            url = "" if backend == "sqlite" else schema_of(request.getfixturevalue("postgres"), len(made))
            platform = open_platform(folder, url=url, **({} if url else {"sync": "off"}))
            platform.run(SYSTEM, lambda uow: people.add(uow.session, "owner", "owner"))
            made[key] = Shop(platform, zone=zone)
        return made[key]

    yield shop
    for one in made.values():
        one.platform.close()


def schema_of(server, number):
    name = f"shop{os.getpid()}_{number}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create schema {name}")
    mark = "&" if "?" in server else "?"
    return server + mark + "options=" + quote(f"-csearch_path={name} -csynchronous_commit=off")


@pytest.fixture
def shop(shops, backend):
    return shops(backend)
