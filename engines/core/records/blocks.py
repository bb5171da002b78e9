"""Many records at once: ids set aside, rows as tuples, one history row for all; the engines are not rung."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, bindparam, cast, column, delete, func, insert, select, table, update
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.sql import ClauseElement

from engines.core.database.statements import Session
from engines.core.kernel.errors import Busy
from engines.core.kernel.work import UnitOfWork

from . import history
from .source import Source, Values
from .store import STAMPS
from .tables import history as history_table

TRIES = 20
_sequence = table("sqlite_sequence", column("name"), column("seq"))


def reserve(session: Session, into: Table, count: int) -> int:
    """The first of `count` ids that nobody else will get."""
    if session.postgresql:
        return _reserve_by_sequence(session, into, count)
    found = session.run(select(_sequence.c.seq).where(_sequence.c.name == into.name)).fetchone()
    if found is None:
        session.run(insert(_sequence).values(name=into.name, seq=count))
        return 1
    session.run(update(_sequence).where(_sequence.c.name == into.name).values(seq=found[0] + count))
    return int(found[0]) + 1


def _reserve_by_sequence(session: Session, into: Table, count: int) -> int:
    """Numbers drawn one by one; drawn again when somebody else drew one in between."""
    sequence = func.pg_get_serial_sequence(session.dialect.identifier_preparer.quote(into.name), "_id")
    series = func.generate_series(1, count).table_valued("n")
    drawn = select(func.nextval(cast(sequence, REGCLASS)).label("id")).select_from(series).subquery()
    ends = select(func.min(drawn.c.id), func.max(drawn.c.id))
    for _ in range(TRIES):
        first, last = session.run(ends).fetchone()
        if last - first + 1 == count:
            return int(first)
    raise Busy(reason=f"no {count} ids in a row for {into.name}")


def put(uow: UnitOfWork, source: Source, rows: Sequence[Values], *, giver: str) -> None:
    """New records with ids of their own: each row has `_id`, may have `_created_at` and `_created_by`, and holds stored
    values; what it leaves out is blank. `giver`: who gave the values of links, such as `person:0`."""
    blank = source.blank
    full = [blank | _stamps(uow, row) | row for row in rows]
    names = ["_id", *STAMPS, *source.own]
    uow.session.put(source.table, names, [tuple(row[name] for name in names) for row in full])
    for name, link in source.links.items():
        pairs = [(row["_id"], value, giver) for row in full for value in row[name]]
        uow.session.put(link, ["record", "value", "given_by"], pairs)
    for name, child in source.children.items():
        _put_children(uow, child, [(row["_id"], row[name]) for row in full])


def remember(uow: UnitOfWork, source: Source, first: int, last: int) -> None:
    """One history row says that the records `first` to `last` were made, by whom and why."""
    values = history.row(uow, source.id, first, "create", body={}, until=last)
    uow.session.run(insert(history_table).values(values))


def erase(uow: UnitOfWork, source: Source, first: int, last: int) -> int:
    """Take records away for good, with their links, child rows and history; how many there were."""
    span = {"first": first, "last": last}
    for link in source.links.values():
        uow.session.run(_within(link, "record"), span)
    for child in source.children.values():
        uow.session.run(_within(child, "_parent"), span)
    _forget(uow, source, span)
    return int(uow.session.run(_within(source.table, "_id"), span).rowcount)


def let_go(uow: UnitOfWork, source: Source, name: str, first: int, last: int) -> None:
    """Records of `source` that point at `first` to `last` over the relation `name` point at nothing."""
    span = {"first": first, "last": last}
    if name in source.links:
        uow.session.run(_within(source.links[name], "value"), span)
        return
    c = source.table.c[name]
    uow.session.run(update(source.table).where(*_span(c)).values({name: None}), span)


def _stamps(uow: UnitOfWork, row: Values) -> Values:
    at, by = row.get("_created_at", uow.now), row.get("_created_by", uow.actor.id)
    return dict(zip(STAMPS, (at, by, at, by, 1, None), strict=True))


def _put_children(uow: UnitOfWork, child: Table, groups: list[tuple[int, Sequence[Values]]]) -> None:
    own = [str(c.name) for c in child.columns if c.name not in ("_id", "_parent", "_position")]
    rows = [
        (parent, position, *(row.get(name) for name in own))
        for parent, found in groups
        for position, row in enumerate(found)
    ]
    uow.session.put(child, ["_parent", "_position", *own], rows)


def _forget(uow: UnitOfWork, source: Source, span: Values) -> None:
    c = history_table.c
    uow.session.run(delete(history_table).where(c.form == source.id, *_span(c.record)), span)


def _within(where: Table, name: str) -> ClauseElement:
    return delete(where).where(*_span(where.c[name]))


def _span(c: Any) -> tuple[Any, Any]:
    return c >= bindparam("first", type_=c.type), c <= bindparam("last", type_=c.type)
