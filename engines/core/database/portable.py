"""Whole tables out and in as tuples, the same on both databases, with the ids that were handed out already."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Table

from .statements import Session

BLOCK = 2000
Row = tuple[Any, ...]


def rows(session: Session, table: str, names: Sequence[str]) -> Iterator[Row]:
    """Every row, streamed; the snapshot is the session's."""
    quote = session.dialect.identifier_preparer.quote
    wanted = f"SELECT {', '.join(quote(n) for n in names)} FROM {quote(table)}"  # noqa: S608  names of our own tables
    if not session.postgresql:
        yield from session.driver.execute(wanted)
        return
    with session.driver.cursor(name="portable") as cursor:
        cursor.itersize = BLOCK
        cursor.execute(wanted)
        yield from cursor


def put(session: Session, table: Table, names: Sequence[str], found: Iterable[Row]) -> int:
    """Streams rows into a table in blocks; how many there were."""
    count, block = 0, list[Row]()
    for row in found:
        block.append(row)
        if len(block) == BLOCK:
            session.put(table, names, block)
            count, block = count + BLOCK, []
    session.put(table, names, block)
    return count + len(block)


def handed_out(session: Session, table: str, key: str) -> int:
    """The highest id that a table ever gave out, also when that row is gone; 0 for none."""
    if not session.postgresql:
        found = session.driver.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return int(found[0]) if found else 0
    sequence = _sequence(session, table, key)
    last, called = session.driver.execute(f"SELECT last_value, is_called FROM {sequence}").fetchone()  # noqa: S608  the server's own name
    return int(last) if called else 0


def hand_out_after(session: Session, table: str, key: str, last: int) -> None:
    """The next id will be above `last`."""
    if not last:
        return
    if session.postgresql:
        session.driver.execute("SELECT setval(%s, %s, true)", (_sequence(session, table, key), last))
        return
    session.driver.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
    session.driver.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last))


def _sequence(session: Session, table: str, key: str) -> str:
    quoted = session.dialect.identifier_preparer.quote_identifier(table)
    found = session.driver.execute("SELECT pg_get_serial_sequence(%s, %s)", (quoted, key)).fetchone()
    return str(found[0])
