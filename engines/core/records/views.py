"""Saved views of a form: what somebody filtered, sorted and laid out, for themselves or for everybody."""

from typing import Any

import orjson
from sqlalchemy import Column, Index, Table, Text, bindparam, delete, insert, or_, select, update

from engines.core.database.metadata import Id, id_column, system
from engines.core.database.statements import once
from engines.core.kernel.errors import Forbidden, NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look, UnitOfWork

view_table = Table(
    "dg_view",
    system,
    id_column(),
    Column("app", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("owner", Id),
    Column("definition", Text, nullable=False),
    Index("ix_dg_view", "app", "form"),
    sqlite_autoincrement=True,
)
"""`owner` null: everybody sees it. `definition`: {label, filter, q, sort, columns, kind, group}."""


@once
def _saved() -> Any:
    c = view_table.c
    mine = or_(c.owner.is_(None), c.owner == bindparam("me"))
    where = c.app == bindparam("app"), c.form == bindparam("form"), mine
    return select(c.id, c.owner, c.definition).where(*where).order_by(c.id)


def saved(look: Look, app: str, form: str) -> list[dict[str, Any]]:
    """Shared views and the reader's own, oldest first: {id, owner, definition}."""
    params = {"app": app, "form": form, "me": look.actor.id}
    rows = look.session.run(_saved(look.session.dialect), params).fetchall()
    return [{"id": row[0], "owner": row[1], "definition": orjson.loads(row[2])} for row in rows]


def save(uow: UnitOfWork, app: str, form: str, definition: Definition, *, shared: bool = False) -> int:
    """The new view's id; Forbidden when the person may not share and wants to."""
    if shared and not uow.rights.scope(f"{app}__{form}").may("share"):
        raise Forbidden(action="share", form=form)
    body = orjson.dumps(definition).decode()
    row = insert(view_table).values(app=app, form=form, owner=None if shared else uow.actor.id, definition=body)
    return int(uow.session.run(row.returning(view_table.c.id)).fetchone()[0])


def change(uow: UnitOfWork, app: str, form: str, view: int, definition: Definition) -> None:
    """Overwrite a view; NotFound when it is not there or belongs to somebody else."""
    _mine(uow, app, form, view)
    body = orjson.dumps(definition).decode()
    uow.session.run(update(view_table).where(view_table.c.id == view).values(definition=body))


def remove(uow: UnitOfWork, app: str, form: str, view: int) -> None:
    _mine(uow, app, form, view)
    uow.session.run(delete(view_table).where(view_table.c.id == view))


def _mine(uow: UnitOfWork, app: str, form: str, view: int) -> None:
    found = {one["id"]: one for one in saved(uow, app, form)}.get(view)
    if found is None:
        raise NotFound(view=view)
    if found["owner"] is None and not uow.rights.scope(f"{app}__{form}").may("share"):
        raise Forbidden(action="share", form=form)
