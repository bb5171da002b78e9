"""Core builds, the driver runs: a statement is compiled once into text and constants."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, cast

from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.schema import Column, Index, Table

Params = dict[str, Any]
Statement = "Prepared | ClauseElement"


class Prepared:
    """Bind only int, float, str, None: type processors are passed by. A value the statement needs and does not get
    is the driver's error, never a silent NULL."""

    __slots__ = ("constants", "sql")

    def __init__(self, statement: ClauseElement, dialect: Dialect, keys: Sequence[str] | None = None) -> None:
        spread = {"render_postcompile": True}  # an IN of a list becomes one parameter a value
        made = statement.compile(dialect=dialect, column_keys=list(keys) if keys else None, compile_kwargs=spread)
        compiled = cast(SQLCompiler, made)
        self.sql = str(compiled)
        needed = {name for name, bind in compiled.binds.items() if bind.required}
        self.constants = {k: v for k, v in compiled.params.items() if k not in needed}

    def bound(self, params: Params | None) -> Params:
        return self.constants | params if params else self.constants


def once(make: Callable[[], ClauseElement]) -> Callable[[Dialect], Prepared]:
    """A statement that never changes: compiled when a dialect asks for it the first time."""
    made: dict[str, Prepared] = {}

    @wraps(make)
    def ready(dialect: Dialect) -> Prepared:
        if dialect.name not in made:
            made[dialect.name] = Prepared(make(), dialect)
        return made[dialect.name]

    return ready


class Session:
    """The statements of one transaction."""

    def __init__(self, core: Connection) -> None:
        self.core = core
        self.driver: Any = core.connection.driver_connection
        self.dialect = core.dialect
        self.postgresql = core.dialect.name == "postgresql"
        self._later: list[tuple[Prepared, Params]] = []
        self._depth = 0

    def run(self, statement: "Prepared | ClauseElement", params: Params | None = None) -> Any:
        """The cursor; sees what was put off. A bare Core statement is compiled on the spot: cold paths only."""
        if self._later:
            self.flush()
        prepared = self._prepared(statement)
        return self.driver.execute(prepared.sql, prepared.bound(params))

    def later(self, statement: "Prepared | ClauseElement", params: Params | None = None) -> None:
        """A write whose result nobody needs: sent with the others before the commit, in one pipeline on PostgreSQL."""
        prepared = self._prepared(statement)
        self._later.append((prepared, prepared.bound(params)))

    def flush(self) -> None:
        todo, self._later = self._later, []
        if self.postgresql and len(todo) > 1:
            with self.driver.pipeline():
                self._send(todo)
        else:
            self._send(todo)

    def put(self, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Many rows as tuples in the order of `names`; COPY on PostgreSQL. Triggers of the engines are not rung."""
        if not rows:
            return
        quote = self.dialect.identifier_preparer.quote
        into, columns = quote(table.name), ", ".join(quote(n) for n in names)
        if self.postgresql:
            with self.driver.cursor() as cursor, cursor.copy(f"COPY {into} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(names))
            sql = f"INSERT INTO {into} ({columns}) VALUES ({marks})"  # noqa: S608  names come from a compiled table
            self.driver.executemany(sql, rows)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What happens inside is taken back when it raises; the rest of the transaction stands."""
        self.flush()
        self._depth += 1
        name = f"inner_{self._depth}"
        self.driver.execute(f"SAVEPOINT {name}")
        try:
            yield
            self.flush()
        except BaseException:
            self._later.clear()
            self.driver.execute(f"ROLLBACK TO SAVEPOINT {name}")
            raise
        finally:
            self.driver.execute(f"RELEASE SAVEPOINT {name}")
            self._depth -= 1

    def create(self, *tables: Table) -> None:
        """Instant DDL, inside the transaction."""
        for table in tables:
            self._ddl(CreateTable(table))
            for index in sorted(table.indexes, key=lambda i: str(i.name)):
                self.create_index(index)

    def create_index(self, index: Index) -> None:
        self._ddl(CreateIndex(index))

    def drop_index(self, name: str) -> None:
        """Also when it is gone already."""
        self.driver.execute(f"DROP INDEX IF EXISTS {self.dialect.identifier_preparer.quote(name)}")

    def add_column(self, table: Table, column: Column[Any]) -> None:
        """Instant on both databases: nullable, without a default."""
        quote = self.dialect.identifier_preparer.quote
        kind = column.type.compile(self.dialect)
        self.driver.execute(f"ALTER TABLE {quote(table.name)} ADD COLUMN {quote(column.name)} {kind}")

    def _prepared(self, statement: "Prepared | ClauseElement") -> Prepared:
        return statement if isinstance(statement, Prepared) else Prepared(statement, self.dialect)

    def _send(self, todo: list[tuple[Prepared, Params]]) -> None:
        for prepared, params in todo:
            self.driver.execute(prepared.sql, params)

    def _ddl(self, element: Any) -> None:
        self.driver.execute(str(element.compile(dialect=self.dialect)))
