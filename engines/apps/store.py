"""What a draft is in the database: where it starts from, its revision, and every edit with what takes it back."""

import secrets
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from engines.core.access.tables import person_role
from engines.core.database.metadata import Id, system
from engines.core.database.statements import once
from engines.core.kernel.work import Look, UnitOfWork

draft = Table(
    "dg_draft",
    system,
    Column("app", Text, primary_key=True),
    Column("mark", Text, nullable=False),
    Column("base", Integer, nullable=False),
    Column("rev", Integer, nullable=False),
)
"""`mark` is new with every draft and every new start: (mark, rev) names one state of it for ever."""
edit = Table(
    "dg_draft_edit",
    system,
    Column("app", Text),
    Column("seq", Integer),
    Column("state", Text, nullable=False),
    Column("actor", Id, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("op", Text, nullable=False),
    Column("args", Text, nullable=False),
    Column("changes", Text, nullable=False),
    Column("inverse", Text, nullable=False),
    Column("version", Integer),
    PrimaryKeyConstraint("app", "seq"),
    Index("ix_dg_draft_edit", "app", "state", "seq"),
)
"""`state`: done, undone (can be redone), dropped (another edit came after the undo, or it no longer fits), published
with `version`, discarded. Nothing is ever deleted: who changed what can be asked for later."""

e = edit.c
NAMES = ("seq", "state", "actor", "at", "op", "args", "changes", "inverse", "version")
Row = dict[str, Any]


def find(look: Look, app: str) -> Row | None:
    """{mark, base, rev} of the draft; None when nobody has ever edited."""
    row = look.session.run(_find(look.session.dialect), {"named": app}).fetchone()
    return dict(zip(("mark", "base", "rev"), row, strict=True)) if row else None


@once
def _find() -> Any:
    return select(draft.c.mark, draft.c.base, draft.c.rev).where(draft.c.app == bindparam("named"))


def start(uow: UnitOfWork, app: str, base: int) -> None:
    """A draft of a version, when there is none."""
    values = {"app": app, "mark": secrets.token_hex(8), "base": base, "rev": 0}
    uow.session.run(_start(uow.session.dialect), values)


@once
def _start() -> Any:
    return upsert(draft).values(_given(draft)).on_conflict_do_nothing(index_elements=["app"])


def advance(uow: UnitOfWork, app: str, rev: int) -> bool:
    """To the next revision; False when somebody was faster."""
    return bool(uow.session.run(_advance(uow.session.dialect), {"named": app, "seen": rev}).rowcount)


@once
def _advance() -> Any:
    where = draft.c.app == bindparam("named"), draft.c.rev == bindparam("seen")
    return update(draft).where(*where).values(rev=draft.c.rev + 1)


def base_on(uow: UnitOfWork, app: str, base: int) -> None:
    """A draft without edits starts from whatever is live when the first one comes."""
    uow.session.run(update(draft).where(draft.c.app == app).values(base=base))


def rest_on(uow: UnitOfWork, app: str, base: int) -> None:
    """The draft now starts from another version; its revision goes on counting, so that an old page is still stale."""
    values = {"base": base, "mark": secrets.token_hex(8), "rev": draft.c.rev + 1}
    uow.session.run(update(draft).where(draft.c.app == app).values(values))


def append(uow: UnitOfWork, app: str, op: str, args: Any, *, changes: Any, inverse: Any) -> int:
    """The edit's number; edits that were undone before it cannot be redone any more."""
    mark(uow, app, "undone", "dropped")
    last = uow.session.run(_last_seq(uow.session.dialect), {"named": app}).fetchone()[0] or 0
    body = {"args": _text(args), "changes": _text(changes), "inverse": _text(inverse)}
    values = {"app": app, "seq": last + 1, "state": "done", "actor": uow.actor.id, "at": uow.now, "op": op}
    uow.session.run(_append(uow.session.dialect), values | body)
    return int(last) + 1


@once
def _last_seq() -> Any:
    return select(func.max(e.seq)).where(e.app == bindparam("named"))


@once
def _append() -> Any:
    return insert(edit).values({name: given for name, given in _given(edit).items() if name != "version"}).inline()


def mark(uow: UnitOfWork, app: str, old: str, new: str, *, seq: int | None = None, version: int | None = None) -> None:
    """Edits of one state, or a single one of them, get another."""
    if seq is None and version is None:
        uow.session.run(_mark(uow.session.dialect), {"named": app, "old": old, "new": new})
        return
    where = [e.app == app, e.state == old] + ([e.seq == seq] if seq is not None else [])
    values: dict[str, Any] = {"state": new} | ({"version": version} if version is not None else {})
    uow.session.run(update(edit).where(*where).values(values))


@once
def _mark() -> Any:
    return update(edit).where(e.app == bindparam("named"), e.state == bindparam("old")).values(state=bindparam("new"))


def rewrite(uow: UnitOfWork, app: str, seq: int, inverse: Any) -> None:
    """What takes an edit back, now that it stands on another version."""
    uow.session.run(update(edit).where(e.app == app, e.seq == seq).values(inverse=_text(inverse)))


def edits(look: Look, app: str, *states: str) -> list[Row]:
    """Edits of these states in the order in which they were made."""
    columns = [e[name] for name in NAMES]
    statement = select(*columns).where(e.app == app, e.state.in_(states)).order_by(e.seq)
    return [_row(row) for row in look.session.run(statement).fetchall()]


def last(look: Look, app: str, state: str, *, first: bool = False) -> Row | None:
    """The newest edit of a state, or the oldest."""
    columns = [e[name] for name in NAMES]
    order = e.seq if first else e.seq.desc()
    statement = select(*columns).where(e.app == app, e.state == state).order_by(order).limit(1)
    row = look.session.run(statement).fetchone()
    return _row(row) if row else None


def counts(look: Look, app: str) -> dict[str, int]:
    """How many edits there are of each state."""
    rows = look.session.run(_counts(look.session.dialect), {"named": app}).fetchall()
    return {state: int(n) for state, n in rows}


@once
def _counts() -> Any:
    return select(e.state, func.count()).where(e.app == bindparam("named")).group_by(e.state)


def holders(look: Look, app: str) -> int:
    """How many people have a role in the app."""
    statement = select(func.count(person_role.c.person.distinct())).where(person_role.c.app == app)
    return int(look.session.run(statement).fetchone()[0])


def _given(table: Table) -> dict[str, Any]:
    return {str(one.name): bindparam(one.name, type_=one.type) for one in table.columns}


def _row(row: Any) -> Row:
    found = dict(zip(NAMES, row, strict=True))
    return found | {name: orjson.loads(found[name]) for name in ("args", "changes", "inverse")}


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()
