"""Counts over all records of a form, for whoever plans a change of it: how many hold a value, which, how often."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from engines.core.kernel.errors import Forbidden
from engines.core.kernel.work import Look

from . import query
from .place import Place
from .source import Source, Values


def alike(
    look: Look, source: Source, made: Callable[[Place], Sequence[ColumnElement[Any]]], params: Values
) -> list[tuple[Any, ...]]:
    """(what each comes to …, how many living records) over those that the reader may see."""
    place, scope = query.place_of(look, source), look.rights.scope(source.id)
    columns = [column.label(f"c{n}") for n, column in enumerate(made(place))]
    each = select(*columns).where(query.visible(source, scope, place)).subquery()
    statement = select(*each.c, func.count()).group_by(*each.c)
    rows: list[tuple[Any, ...]] = look.session.run(statement, dict(scope.params) | params).fetchall()
    return rows


def filled(look: Look, source: Source, field: str) -> int:
    """Living records that hold something in a field."""
    return _number(look, source, _holding(source, field))


def holding(look: Look, source: Source, field: str, values: Sequence[Any]) -> int:
    """Living records that hold one of these stored values."""
    return _number(look, source, _holding(source, field, list(values))) if values else 0


def spread(look: Look, source: Source, field: str, *, most: int) -> list[tuple[Any, int]]:
    """(stored value, how many living records hold it) of a column, the most frequent first."""
    _whole(look, source)
    column, count = source.table.c[field], func.count()
    alive = source.table.c["_deleted_at"].is_(None)
    statement = (
        select(column, count).where(alive, column.is_not(None)).group_by(column).order_by(count.desc()).limit(most)
    )
    return [(value, int(n)) for value, n in look.session.run(statement).fetchall()]


def living(look: Look, source: Source) -> int:
    return _number(look, source, None)


def repeated(look: Look, source: Source, field: str) -> int:
    """Living records that share the value of a column with another one."""
    _whole(look, source)
    column, alive = source.table.c[field], source.table.c["_deleted_at"].is_(None)
    shared = select(func.count().label("n")).where(alive, column.is_not(None)).group_by(column).having(func.count() > 1)
    row = look.session.run(select(func.sum(shared.subquery().c.n))).fetchone()
    return int(row[0] or 0)


def _holding(source: Source, field: str, values: list[Any] | None = None) -> ColumnElement[bool] | None:
    """None: the field is read through others and holds nothing itself."""
    main = source.table.c
    if field in source.links:
        link = source.links[field].c
        rows: Select[Any] = select(link.record)
        return main["_id"].in_(rows.where(link.value.in_(values)) if values is not None else rows)
    if field in source.children:
        return main["_id"].in_(select(source.children[field].c["_parent"]))
    if field not in main:
        return main["_id"] < 0
    return main[field].in_(values) if values is not None else main[field].is_not(None)


def _number(look: Look, source: Source, where: ColumnElement[bool] | None) -> int:
    _whole(look, source)
    conditions = [source.table.c["_deleted_at"].is_(None)] + ([where] if where is not None else [])
    statement = select(func.count()).select_from(source.table).where(*conditions)
    return int(look.session.run(statement).fetchone()[0])


def _whole(look: Look, source: Source) -> None:
    """Only for those who see every record: a count of some rows would be a wrong plan."""
    if look.rights.scope(source.id).rows is not None:
        raise Forbidden(action="view")
