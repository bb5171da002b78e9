"""The sample app with its demo data, loaded once in each language, on the same day."""

import datetime
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from engines.apps.demo import Demo, read_recipe
from engines.apps.folder import read_folder
from engines.apps.platform import SYSTEM, Platform, open_platform
from engines.core.kernel import clock
from engines.core.records import query

from ...conftest import ROOT

FOLDER = ROOT / "sample_apps" / "crm_livestream"
ZONE = datetime.timezone(datetime.timedelta(hours=8))
INSTALLED = datetime.datetime(2026, 11, 27, 14, 30, tzinfo=ZONE)
DAY = 86_400_000_000


def micros(day: datetime.datetime) -> int:
    return round(day.timestamp() * 1_000_000)


MIDNIGHT = micros(INSTALLED.replace(hour=0, minute=0))


def local(instant: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(instant / 1e6, ZONE)


@dataclass(frozen=True)
class Loaded:
    """A workspace with the demo data in it, read by SQL; `@` stands for the app's tables."""

    platform: Platform
    made: dict[str, int]

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.platform.data / "dougong.db") as connection:
            return connection.execute(sql.replace("@", "crm_livestream__"), values).fetchall()

    def count(self, form: str) -> int:
        app = self.platform.look(SYSTEM, lambda look: look.apps.app("crm_livestream"))
        return self.platform.look(SYSTEM, lambda look: query.count(look, app.form(form).source))

    def one(self, sql: str, *values: Any) -> Any:
        return self.rows(sql, *values)[0][0]


def load(folder: Any, language: str) -> Loaded:
    platform = open_platform(folder, sync="off")
    with clock.frozen(micros(INSTALLED)):
        platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, read_folder(FOLDER)))
        made = Demo(platform, "crm_livestream").load(read_recipe(FOLDER), language=language)
    return Loaded(platform, made)


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Loaded]]:
    found: dict[str, Loaded] = {}

    def in_language(language: str) -> Loaded:
        if language not in found:
            found[language] = load(tmp_path_factory.mktemp(f"crm_{language}"), language)
        return found[language]

    yield in_language
    for one in found.values():
        one.platform.close()


@pytest.fixture(params=["zh", "en"])
def demo(request: pytest.FixtureRequest, loaded: Callable[[str], Loaded]) -> Loaded:
    return loaded(request.param)
