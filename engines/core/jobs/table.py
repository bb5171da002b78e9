"""The job table and its statements, each compiled once."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, bindparam, delete, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement

from engines.core.database.metadata import id_column, system
from engines.core.database.statements import Prepared

READY, LEASED, DEAD = "ready", "leased", "dead"

job = Table(
    "dg_job",
    system,
    id_column(),
    Column("kind", Text, nullable=False),
    Column("run_at", BigInteger, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_by", Text),
    Column("lease_until", BigInteger),
    Column("dedup_key", Text, unique=True),
    Column("subject", Text),
    Column("payload", Text),
    Column("error", Text),
    Column("created", BigInteger, nullable=False),
    Index("ix_dg_job_due", "run_at", "id", sqlite_where=text("state='ready'"), postgresql_where=text("state='ready'")),
    Index(
        "ix_dg_job_leased", "lease_until", sqlite_where=text("state='leased'"), postgresql_where=text("state='leased'")
    ),
    Index("ix_dg_job_subject", "subject"),
    sqlite_autoincrement=True,
)
"""Ids are never reused: they are idempotency keys. `run_at` is business time, `lease_until` time on the wall. A job
that is done has no row."""

c = job.c
_compiled: dict[tuple[str, Any], Prepared] = {}


def prepared(make: Callable[[Dialect], ClauseElement], dialect: Dialect) -> Prepared:
    """The statement that `make` builds, compiled once a dialect."""
    found = _compiled.get((dialect.name, make))
    if found is None:
        found = _compiled[dialect.name, make] = Prepared(make(dialect), dialect)
    return found


def _ready(column: Any) -> Any:
    """Literal, so that the partial index is used."""
    return column == text("'ready'")


def add(dialect: Dialect) -> Any:
    """A job; one that waits under the same key already stays as it is, and no id comes back."""
    return _insert(dialect).on_conflict_do_nothing(index_elements=["dedup_key"]).returning(c.id)


def put(dialect: Dialect) -> Any:
    """A job in place of the one that waits under the same key."""
    made: Any = _insert(dialect)
    fresh = {n: made.excluded[n] for n in ("run_at", "priority", "subject", "payload", "state", "attempts", "error")}
    return made.on_conflict_do_update(index_elements=["dedup_key"], set_=fresh).returning(c.id)


def due(dialect: Dialect) -> ClauseElement:
    """The oldest due jobs; those that another worker is taking are passed by on PostgreSQL."""
    wanted = select(c.id, c.kind, c.run_at, c.attempts, c.subject, c.payload, c.priority)
    statement = wanted.where(_ready(c.state), c.run_at <= bindparam("now")).order_by(c.run_at, c.id)
    limited = statement.limit(bindparam("limit"))
    return limited.with_for_update(skip_locked=True) if dialect.name == "postgresql" else limited


def next_due(dialect: Dialect) -> ClauseElement:
    return select(func.min(c.run_at)).where(_ready(c.state))


def overdue(dialect: Dialect) -> ClauseElement:
    return select(func.count()).where(_ready(c.state), c.run_at <= bindparam("now"))


def lease(dialect: Dialect) -> ClauseElement:
    taken = {"state": LEASED, "attempts": c.attempts + 1, "lease_by": bindparam("by"), "lease_until": bindparam("til")}
    return update(job).where(c.id == bindparam("b_id"), _ready(c.state)).values(taken)


def done(dialect: Dialect) -> ClauseElement:
    mine = c.id == bindparam("b_id"), c.state == LEASED, c.lease_by == bindparam("by")
    return delete(job).where(*mine)


def held(dialect: Dialect) -> ClauseElement:
    """Pushes the end of a lease that is still ours."""
    mine = c.id == bindparam("b_id"), c.state == LEASED, c.lease_by == bindparam("by")
    return update(job).where(*mine).values(lease_until=bindparam("til"))


def failed(dialect: Dialect) -> ClauseElement:
    mine = c.id == bindparam("b_id"), c.state == LEASED, c.lease_by == bindparam("by")
    values: dict[str, Any] = {
        "state": bindparam("b_state"),
        "run_at": bindparam("at"),
        "error": bindparam("why"),
        "lease_by": None,
    }
    return update(job).where(*mine).values(values)


def lost(dialect: Dialect) -> ClauseElement:
    """Leases whose time is over become ready again; the attempt was counted when they were taken."""
    over = c.state == text("'leased'"), c.lease_until < bindparam("wall")
    return update(job).where(*over).values(state=READY, lease_by=None)


def any_lost(dialect: Dialect) -> ClauseElement:
    return select(func.count()).where(c.state == text("'leased'"), c.lease_until < bindparam("wall"))


def holders(dialect: Dialect) -> ClauseElement:
    return select(c.lease_by).where(c.state == text("'leased'")).distinct()


def freed(dialect: Dialect) -> ClauseElement:
    """Everything one worker holds."""
    return update(job).where(c.state == text("'leased'"), c.lease_by == bindparam("by")).values(state=READY)


def revived(dialect: Dialect) -> ClauseElement:
    """A dead job is due again, as if it were new."""
    fresh: dict[str, Any] = {"state": READY, "attempts": 0, "run_at": bindparam("now"), "error": None}
    return update(job).where(c.id == bindparam("b_id"), c.state == DEAD).values(fresh)


def drop_dead(dialect: Dialect) -> ClauseElement:
    return delete(job).where(c.id == bindparam("b_id"), c.state == DEAD)


def drop_key(dialect: Dialect) -> ClauseElement:
    return delete(job).where(c.dedup_key == bindparam("key"))


def drop_subject(dialect: Dialect) -> ClauseElement:
    return delete(job).where(c.subject == bindparam("b_subject"))


def _insert(dialect: Dialect) -> Any:
    make = postgresql.insert if dialect.name == "postgresql" else sqlite.insert
    names = ("kind", "run_at", "priority", "dedup_key", "subject", "payload", "created")
    values: dict[str, Any] = {n: bindparam(n, type_=c[n].type) for n in names}
    return make(job).values(values | {"state": READY, "attempts": 0, "error": None})
