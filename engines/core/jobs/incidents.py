"""What went wrong behind people's backs and waits for somebody to mend it: nothing is lost, nothing is silent."""

from typing import Any

import orjson
from sqlalchemy import BigInteger, Column, Index, Table, Text, bindparam, insert, select, text, update
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import ClauseElement

from engines.core.database.metadata import Id, id_column, system
from engines.core.database.retention import Kept, drop, kept
from engines.core.kernel.errors import AppError, Conflict, NotFound
from engines.core.kernel.work import Look, UnitOfWork

from .table import prepared

incident = Table(
    "dg_incident",
    system,
    id_column(),
    Column("kind", Text, nullable=False),
    Column("app", Text),
    Column("part", Text),
    Column("form", Text),
    Column("record", Id),
    Column("instance", Id),
    Column("job", Id),
    Column("code", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),
    Column("closed_by", Id),
    Column("how", Text),
    Index(
        "ix_dg_incident_open", "id", sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")
    ),
    Index("ix_dg_incident_instance", "instance"),
    sqlite_autoincrement=True,
)
"""`kind`: flow, rule, job. `part`: `flow:welcome`, `rule:vip`. `code` and `details` carry the words of an AppError;
any other error is the code `failed` with its text."""

NAMES = [str(c.name) for c in incident.columns]


def _insert(_dialect: Dialect) -> ClauseElement:
    return (
        insert(incident)
        .values({n: bindparam(n, type_=incident.c[n].type) for n in NAMES[1:12]})
        .returning(incident.c.id)
    )


def open_one(
    uow: UnitOfWork,
    kind: str,
    error: BaseException | str,
    *,
    app: str = "",
    part: str = "",
    form: str = "",
    record: int | None = None,
    instance: int | None = None,
    job: int | None = None,
    details: dict[str, Any] | None = None,
) -> int:
    """A new incident in the caller's transaction; `error` is what happened."""
    code, found = described(error)
    values = {
        "kind": kind,
        "app": app or None,
        "part": part or None,
        "form": form or None,
        "record": record,
        "instance": instance,
        "job": job,
        "code": code,
        "details": orjson.dumps(found | (details or {}), default=str).decode(),
        "opened_at": uow.now,
        "closed_at": None,
    }
    return int(uow.session.run(prepared(_insert, uow.session.dialect), values).fetchone()[0])


def described(error: BaseException | str) -> tuple[str, dict[str, Any]]:
    """(code, details with `zh` and `en` words) of an error; its class and text when it is nobody's on purpose."""
    if isinstance(error, AppError):
        return error.code, dict(error.details) | {"zh": error.say("zh"), "en": error.say("en")}
    words = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    return "failed", {"zh": words[:500], "en": words[:500]}


def all_open(look: Look, *, app: str = "", limit: int = 100) -> list[dict[str, Any]]:
    """Newest first."""
    statement = select(incident).where(incident.c.closed_at.is_(None)).order_by(incident.c.id.desc()).limit(limit)
    if app:
        statement = statement.where(incident.c.app == app)
    return [_plain(row) for row in look.session.run(statement).fetchall()]


def of_instance(look: Look, instance: int) -> list[dict[str, Any]]:
    """Open and closed ones of a flow's run, oldest first."""
    statement = select(incident).where(incident.c.instance == instance).order_by(incident.c.id)
    return [_plain(row) for row in look.session.run(statement).fetchall()]


def one(look: Look, number: int) -> dict[str, Any]:
    row = look.session.run(select(incident).where(incident.c.id == number)).fetchone()
    if row is None:
        raise NotFound(incident=number)
    return _plain(row)


def close(uow: UnitOfWork, number: int, how: str) -> None:
    """`how`: retried, skipped, cancelled. Conflict when somebody closed it before."""
    mine = incident.c.id == number, incident.c.closed_at.is_(None)
    done = {"closed_at": uow.now, "closed_by": uow.actor.id, "how": how}
    if not uow.session.run(update(incident).where(*mine).values(done)).rowcount:
        raise Conflict(incident=number)


def close_of_instance(uow: UnitOfWork, instance: int, how: str) -> None:
    """All that is open about one run of a flow."""
    mine = incident.c.instance == instance, incident.c.closed_at.is_(None)
    uow.session.run(update(incident).where(*mine).values(closed_at=uow.now, closed_by=uow.actor.id, how=how))


@kept.register
class ClosedIncidents(Kept):
    """One that is open stays until somebody deals with it, and its job with it."""

    type = "incidents"
    label = {"zh": "处理过的异常", "en": "Incidents that were dealt with"}
    days = 400

    def prune(self, uow: UnitOfWork, before: int, after: Any) -> Any:
        return drop(uow.session, incident, incident.c.closed_at < before, after)


def _plain(row: Any) -> dict[str, Any]:
    found = dict(zip(NAMES, row, strict=True))
    return found | {"details": orjson.loads(found["details"])}
