"""The platform's own tables follow the program at start: all in one transaction, under a lock, after a copy."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Column, Inspector, Table, func, inspect, select
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable, DDLElement

from engines.core.kernel.errors import AppError

from . import meta, revisions
from .metadata import system
from .revision import FIRST, newest
from .revision import revisions as registered
from .statements import Session

LOCK = 0x6475_7570
"""PostgreSQL: one process upgrades at a time; SQLite has only one writer."""
registered.load(revisions)
_ddl: dict[tuple[Table, str], list[str]] = {}
"""A start asks twice: to make the tables and to note what they look like."""


class NewerDatabase(AppError):
    code = "newer_database"
    words = {
        "zh": "这份数据由更新的程序写成（表的版本 {there}，这个程序只到 {here}）；装上新程序再启动，或恢复升级前的副本",
        "en": "A newer program wrote this data (its tables are at {there}, this program knows {here}): start that "
        "program, or restore the copy that was made before the upgrade",
    }


class TablesDiffer(AppError):
    code = "tables_differ"
    words = {
        "zh": "平台自己的表和程序对不上：{gaps}；恢复升级前的副本，或把这一行发给我们",
        "en": "The platform's own tables are not what the program expects: {gaps}; restore the copy from before the "
        "upgrade, or report this line",
    }


def bring_up(session: Session, copy: Callable[[int], None]) -> None:
    """Tables that are missing are made, an older workspace is brought up to this program. `copy(number)` is called
    before anything changes in a workspace that holds something. NewerDatabase, TablesDiffer, and then nothing was
    changed."""
    if session.postgresql:
        session.run(select(func.pg_advisory_xact_lock(LOCK)))
    there = inspect(session.core)
    if not any(name in system.tables for name in there.get_table_names()):
        for statement in statements(session.dialect):
            session.driver.execute(statement)
        _note(session)
        return
    at = _at(session, there)
    if at > newest():
        raise NewerDatabase(there=at, here=newest())
    if at < newest() or meta.get(session, "shape") != shape(session.dialect):
        copy(at)
        _climb(session, at)


def gaps(session: Session) -> list[str]:
    """Where the real tables differ from the declared ones: `dg_task.title is missing`."""
    there = inspect(session.core)
    return [gap for table in system.sorted_tables for gap in _gaps_of(there, table, session.dialect)]


def shape(dialect: Dialect) -> str:
    """A hash of all declared tables; while it stays the same a start has nothing to compare."""
    return hashlib.sha256("\n".join(statements(dialect)).encode()).hexdigest()


def statements(dialect: Dialect) -> Iterator[str]:
    """The DDL of the declared tables, in order."""
    for table in system.sorted_tables:
        key = (table, dialect.name)
        if key not in _ddl:
            indexes = sorted(table.indexes, key=lambda one: str(one.name))
            made: list[DDLElement] = [CreateTable(table), *map(CreateIndex, indexes)]
            _ddl[key] = [str(one.compile(dialect=dialect)).strip() for one in made]
        yield from _ddl[key]


def _at(session: Session, there: Inspector) -> int:
    """The number of the workspace's tables; before they were numbered it is the first."""
    if not there.has_table(meta.table.name):
        session.create(meta.table)
        return FIRST
    return int(meta.get(session, "tables") or FIRST)


def _climb(session: Session, at: int) -> None:
    for step in registered:
        if int(step.type) > at:
            step.up(session)
    _add_missing(session)
    if found := gaps(session):
        raise TablesDiffer(gaps="; ".join(found[:5]))
    _note(session)


def _add_missing(session: Session) -> None:
    """Whole tables, columns that may be empty, and indexes need no step of their own."""
    there = inspect(session.core)
    names = set(there.get_table_names())
    session.create(*[table for table in system.sorted_tables if table.name not in names])
    for table in [one for one in system.sorted_tables if one.name in names]:
        known = {column["name"] for column in there.get_columns(table.name)}
        for column in table.columns:
            if column.name not in known and column.nullable:
                session.add_column(table, column)
        indexed = {index["name"] for index in there.get_indexes(table.name)}
        for index in table.indexes:
            if index.name not in indexed:
                session.create_index(index)


def _gaps_of(there: Inspector, table: Table, dialect: Dialect) -> Iterator[str]:
    if not there.has_table(table.name):
        yield f"{table.name} is missing"
        return
    real = {column["name"]: column for column in there.get_columns(table.name)}
    for column in table.columns:
        if column.name not in real:
            yield f"{table.name}.{column.name} is missing"
        elif (found := _said(real[column.name], dialect)) != (wanted := _wanted(column, dialect)):
            yield f"{table.name}.{column.name} is {found}, not {wanted}"
    for name in real.keys() - {column.name for column in table.columns}:
        yield f"{table.name}.{name} is not known"
    for name in {str(i.name) for i in table.indexes} - {str(i["name"]) for i in there.get_indexes(table.name)}:
        yield f"the index {name} is missing"


def _said(found: Any, dialect: Dialect) -> str:
    return f"{found['type'].compile(dialect)}{'' if found['nullable'] else ' NOT NULL'}"


def _wanted(column: Column[Any], dialect: Dialect) -> str:
    return f"{column.type.compile(dialect)}{'' if column.nullable else ' NOT NULL'}"


def _note(session: Session) -> None:
    meta.put(session, "tables", str(newest()))
    meta.put(session, "shape", shape(session.dialect))
