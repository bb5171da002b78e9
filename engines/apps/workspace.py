"""The platform's own tables: every store's module is imported, so that each `dg_*` table is known before it is made."""

import importlib
import pkgutil
from types import ModuleType

from sqlalchemy import inspect

from engines.core import access, jobs, messages, records
from engines.core.database.metadata import system
from engines.core.database.statements import Session

STORES = ("engines.flow.store", "engines.rule.store", "engines.report.store")
PACKAGES: tuple[ModuleType, ...] = (access, jobs, messages, records)


def make_tables(session: Session) -> None:
    """The tables that are not there yet."""
    for package in PACKAGES:
        for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            importlib.import_module(module.name)
    for name in STORES:
        importlib.import_module(name)
    for module in pkgutil.iter_modules(importlib.import_module("engines.apps").__path__, "engines.apps."):
        importlib.import_module(module.name)
    there = set(inspect(session.core).get_table_names())
    session.create(*[table for table in system.sorted_tables if table.name not in there])
