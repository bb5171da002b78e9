"""The platform's own tables: every store's module is imported, so that each `dg_*` table is known before it is made."""

import importlib
import pkgutil
from pathlib import Path
from types import ModuleType

from engines.core import access, jobs, messages, records
from engines.core.database import upgrade
from engines.core.database.engines import Database

STORES = ("engines.flow.store", "engines.rule.store", "engines.report.store")
PACKAGES: tuple[ModuleType, ...] = (access, jobs, messages, records)


def declare() -> None:
    """Every `dg_*` table is on the one MetaData after this."""
    for package in PACKAGES:
        for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            importlib.import_module(module.name)
    for name in STORES:
        importlib.import_module(name)
    for module in pkgutil.iter_modules(importlib.import_module("engines.apps").__path__, "engines.apps."):
        importlib.import_module(module.name)


def make_tables(db: Database, data: Path) -> None:
    """New tables in a new workspace; an older one is brought up to this program, after a copy into its folder."""
    declare()
    db.write(lambda session: upgrade.bring_up(session, lambda number: db.keep_copy(data / kept_as(number))))


def kept_as(number: int) -> str:
    """The file name of the copy that an upgrade from `number` leaves."""
    return f"before-upgrade-{number:04}.db"
