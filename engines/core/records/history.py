"""What happened to a record, by whom and why; written with the record, in the same transaction."""

from functools import cache
from typing import Any

import orjson
from sqlalchemy import Delete, and_, bindparam, delete, insert, or_, select
from sqlalchemy.engine import Dialect

from engines.core.database.statements import Prepared
from engines.core.kernel.errors import NoSuchField
from engines.core.kernel.scope import Scope
from engines.core.kernel.work import Look, UnitOfWork

from . import query
from .change import Change
from .source import Source
from .tables import history

NAMES = [str(c.name) for c in history.columns]


@cache
def _insert(dialect: Dialect) -> Prepared:
    names = [name for name in NAMES if name != "id"]
    return Prepared(insert(history).values({n: bindparam(n, type_=history.c[n].type) for n in names}).inline(), dialect)


def remember(uow: UnitOfWork, change: Change) -> None:
    """One row a written change. A create keeps no values: the row has them; later changes keep what they replaced."""
    body: dict[str, Any] = {}
    if change.what != "create":
        body = {name: [_plain(old), _plain(change.facts[name])] for name, old in change.old.items()}
    if change.causes:
        body["_why"] = {name: cause.plain() for name, cause in change.causes.items()}
    uow.session.later(_insert(uow.session.dialect), row(uow, change.source.id, change.id, change.what, body=body))


def forget(form: str, record: int) -> Delete:
    """Takes the record's own rows out; a range row of an import stays for its neighbours."""
    return delete(history).where(history.c.form == form, history.c.record == record, history.c.until.is_(None))


def row(
    uow: UnitOfWork, form: str, record: int | None, what: str, *, body: dict[str, Any], until: int | None = None
) -> dict[str, Any]:
    """The values of one history row."""
    return {
        "form": form,
        "record": record,
        "until": until,
        "at": uow.now,
        "actor": uow.actor.id,
        "on_behalf": uow.on_behalf,
        "what": what,
        "cause": uow.cause.kind,
        "cause_ref": uow.cause.ref or None,
        "cascade": uow.cascade,
        "changes": orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS).decode() if body else None,
    }


def events(look: Look, source: Source, record: int, *, limit: int = 200) -> list[dict[str, Any]]:
    """The history of a record, newest first; empty for who may see the record but not its history. Hidden fields are
    left out, and with them changes that touched nothing else."""
    query.one(look, source, record)
    scope = look.rights.scope(source.id)
    if not scope.may("history"):
        return []
    covers = or_(
        history.c.record == record,
        and_(history.c.record <= record, history.c.until >= record),
    )
    statement = select(history).where(history.c.form == source.id, covers).order_by(history.c.id.desc()).limit(limit)
    rows = [dict(zip(NAMES, found, strict=True)) for found in look.session.run(statement).fetchall()]
    return [one for one in rows if _shown(one, scope)]


def why(look: Look, source: Source, record: int, field: str) -> dict[str, Any] | None:
    """The event that gave a field its value: {at, actor, cause, reason …}; None when it was never given one;
    NoSuchField when it is hidden."""
    if field not in source.fields or not look.rights.scope(source.id).compares(field):
        raise NoSuchField(field=field)
    for event in events(look, source, record):
        if event["what"] == "create" or field in event["changes"] or field in event["why"]:
            return event | {"because": event["why"].get(field)}
    return None


def why_each(look: Look, source: Source, record: int, field: str) -> dict[Any, dict[str, Any]]:
    """As `why`, for each value that a field of several values holds now."""
    values = query.one(look, source, record)[field] or ()
    found: dict[Any, dict[str, Any]] = {}
    for event in events(look, source, record):
        old, new = event["changes"].get(field, (None, None))
        for value in values:
            made = event["what"] == "create" or (value in (new or ()) and value not in (old or ()))
            if value not in found and (made or f"{field}.{value}" in event["why"]):
                found[value] = event | {"because": _because(event, field, value)}
    return {value: found[value] for value in values if value in found}


def _because(event: dict[str, Any], field: str, value: Any) -> dict[str, Any] | None:
    """Rules name each value that they give; beside those, what a person gave has no cause of its own."""
    named: dict[str, dict[str, Any]] = event["why"]
    alone = not any(name.startswith(f"{field}.") for name in named)
    return named.get(f"{field}.{value}") or (named.get(field) if alone else None)


def _shown(event: dict[str, Any], scope: Scope) -> bool:
    """Opens the event's body for this reader; False when nothing of an update is left."""
    body = orjson.loads(event["changes"]) if event["changes"] else {}
    causes = body.pop("_why", {})
    event["why"] = {name: cause for name, cause in causes.items() if scope.compares(name.partition(".")[0])}
    event["changes"] = {name: change for name, change in body.items() if scope.compares(name)}
    return event["what"] not in ("update", "touch") or bool(event["changes"]) or not body


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
