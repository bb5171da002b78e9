"""Two stores with one face: `read(fn)` sees one snapshot, `write(fn)` is one transaction; fn gets a Session."""

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.pool import NullPool, QueuePool

from engines.core.kernel.errors import Busy

from .statements import Session
from .turn import Turn

T = TypeVar("T")
SAFE_SQLITE = (3, 51, 3)
AGAIN = {"40001", "40P01", "55P03"}
"""PostgreSQL's own words for: serialisation failure, deadlock, lock not available in time."""


class Database(Protocol):
    """What the platform needs of a store."""

    dialect: Dialect

    def write(self, fn: Callable[[Session], T], *, bulk: bool = False) -> T: ...
    def read(self, fn: Callable[[Session], T]) -> T: ...
    def busy(self) -> bool: ...
    def close(self) -> None: ...
    def old(self) -> str | None: ...
    def sound(self) -> list[str]:
        """What is broken in it; nothing when all is well."""
        ...

    def keep_copy(self, target: Path) -> None:
        """Before an upgrade, from inside its transaction: what was committed until now, in place of an older copy.
        Nothing where the operator's own tools make copies."""
        ...


def sqlite_module() -> ModuleType:
    """pysqlite3 carries a newer SQLite than most interpreters; without it the interpreter's own is used."""
    try:
        import pysqlite3  # type: ignore[import-untyped]  # ships no types

        return pysqlite3  # type: ignore[no-any-return]  # ships no types
    except ImportError:
        import sqlite3

        return sqlite3


class SQLite:
    """WAL, FULL, one write connection with group commit by turn, readers that cannot write."""

    def __init__(
        self, path: Path, *, sync: str = "full", readers: int = 8, prepare: Callable[[Any], None] | None = None
    ) -> None:
        self.module = sqlite_module()
        self._path, self._sync, self._prepare = path, sync, prepare
        self._reading = self._engine(write=False, size=readers)
        self._writing = self._engine(write=True, size=1)
        self._turn = Turn(self._writing)
        self.dialect = self._writing.dialect

    def write(self, fn: Callable[[Session], T], *, bulk: bool = False) -> T:
        return self._turn.write(fn, bulk=bulk)

    def read(self, fn: Callable[[Session], T]) -> T:
        with self._reading.connect() as core, core.begin():
            return fn(Session(core))

    def busy(self) -> bool:
        """Somebody saved within the last half second: bulk work takes small bites."""
        return self._turn.quiet_for() < 0.5

    def close(self) -> None:
        self._turn.close()
        self._reading.dispose()
        self._writing.dispose()

    def old(self) -> str | None:
        """The version of SQLite when it is below the one we trust with several processes."""
        version = self.module.sqlite_version_info
        return None if version >= SAFE_SQLITE else ".".join(map(str, version))

    def sound(self) -> list[str]:
        with self._reading.connect() as core:
            found = [str(row[0]) for row in core.exec_driver_sql("pragma integrity_check(20)").fetchall()]
        return [] if found == ["ok"] else found

    def keep_copy(self, target: Path) -> None:
        part = target.with_suffix(".part")
        part.unlink(missing_ok=True)
        raw = self.module.connect(str(self._path), timeout=30)
        try:
            raw.execute("VACUUM INTO ?", (str(part),))
        finally:
            raw.close()
        part.replace(target)

    @property
    def commits(self) -> tuple[int, int]:
        """(batches committed, jobs in them): what group commit saves."""
        return self._turn.batches, self._turn.jobs

    def _engine(self, *, write: bool, size: int) -> Engine:
        engine = create_engine(
            f"sqlite:///{self._path}",
            module=self.module,
            paramstyle="named",
            poolclass=NullPool if write else QueuePool,
            connect_args={"check_same_thread": False, "cached_statements": 512},
            **({} if write else {"pool_size": size}),
        )
        event.listen(engine, "connect", lambda raw, _record: self._connected(raw, write))
        event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN"))
        return engine

    def _connected(self, raw: Any, write: bool) -> None:
        raw.isolation_level = None
        for pragma in (
            "journal_mode=wal",
            f"synchronous={self._sync}",
            "foreign_keys=on",
            "busy_timeout=5000",
            "cache_size=-16000",
            f"query_only={'off' if write else 'on'}",
        ):
            raw.execute(f"pragma {pragma}")
        if self._prepare:
            self._prepare(raw)


class PostgreSQL:
    """Each thread has a connection of its own; a unit of work that lost a race is run again."""

    def __init__(self, url: str, *, pool: int = 12, tries: int = 3) -> None:
        address = postgresql_address(url)
        options: dict[str, Any] = {"max_overflow": 0, "pool_timeout": 15, "pool_pre_ping": False}
        self._writing = create_engine(address, pool_size=pool, isolation_level="READ COMMITTED", **options)
        self._reading = create_engine(address, pool_size=pool, isolation_level="REPEATABLE READ", **options)
        self._tries = tries
        self.dialect = self._writing.dialect

    def write(self, fn: Callable[[Session], T], *, bulk: bool = False) -> T:
        for left in reversed(range(self._tries)):
            try:
                return self._once(fn)
            except Exception as error:
                if getattr(error, "sqlstate", None) not in AGAIN:
                    raise
                if not left:
                    raise Busy(reason=str(error)) from error
        raise AssertionError("unreachable")

    def read(self, fn: Callable[[Session], T]) -> T:
        with self._reading.connect() as core, core.begin():
            return fn(Session(core))

    def busy(self) -> bool:
        return False

    def close(self) -> None:
        self._writing.dispose()
        self._reading.dispose()

    def old(self) -> str | None:
        return None

    def sound(self) -> list[str]:
        return []

    def keep_copy(self, target: Path) -> None:
        """pg_dump makes them; all of an upgrade is one transaction."""

    def _once(self, fn: Callable[[Session], T]) -> T:
        with self._writing.connect() as core, core.begin():
            session = Session(core)
            result = fn(session)
            session.flush()
            return result


def postgresql_address(url: str) -> str:
    """With the driver that we use, whatever the operator wrote."""
    return re.sub(r"^postgres(ql)?(\+\w+)?://", "postgresql+psycopg://", url)


def open_database(url: str, **options: Any) -> Database:
    """`sqlite:///path` or `postgresql://…`; options go to the store of that kind."""
    if url.startswith("sqlite:///"):
        return SQLite(Path(url.removeprefix("sqlite:///")), **options)
    return PostgreSQL(url)
