"""Many new records at once: ids first, then rows, links and history each as one batch of tuples."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import func, select, text

from engines.core.database.statements import Session
from engines.core.kernel.work import UnitOfWork

from . import history
from .source import Source, Values
from .store import STAMPS, giver
from .tables import history as history_table

HISTORY = [name for name in history.NAMES if name != "id"]


def create_many(uow: UnitOfWork, source: Source, records: Sequence[Values]) -> list[int]:
    """New records in one go, with one history row for the whole range; nobody reacts to them, so the caller only
    uses it for forms without rules, flows and dependants, or touches the records afterwards. Child rows are not
    taken."""
    if not records:
        return []
    ids = reserve(uow.session, source, len(records))
    stamp = (uow.now, uow.actor.id, uow.now, uow.actor.id, 1, None)
    pick = _picker(source.own)
    rows = [(number, *stamp, *pick(values)) for number, values in zip(ids, records, strict=True)]
    uow.session.put(source.table, ["_id", *STAMPS, *source.own], rows)
    for name, link in source.links.items():
        pairs = [(n, v, giver(uow)) for n, one in zip(ids, records, strict=True) for v in one.get(name) or ()]
        uow.session.put(link, ["record", "value", "given_by"], pairs)
    whole = history.row(uow, source.id, ids[0], "create", body={}, until=ids[-1])
    uow.session.put(history_table, HISTORY, [tuple(whole[name] for name in HISTORY)])
    return ids


def reserve(session: Session, source: Source, count: int) -> list[int]:
    """Ids that nobody else gets: from the sequence on PostgreSQL, under the write lock on SQLite."""
    if session.postgresql:
        sequence = func.pg_get_serial_sequence(f'"{source.table.name}"', "_id")
        ask = select(func.nextval(sequence)).select_from(func.generate_series(1, count))
        return [int(row[0]) for row in session.run(ask).fetchall()]
    row = session.run(
        text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": source.table.name}
    ).fetchone()
    start = (row[0] if row else 0) + 1
    return list(range(start, start + count))


def _picker(names: list[str]) -> Callable[[Values], tuple[Any, ...]]:
    """The values of `names` as a tuple, blank where a record says nothing."""
    blank, pick = dict.fromkeys([*names, ""]), itemgetter(*names, "")
    return lambda values: pick(blank | values)[:-1]
