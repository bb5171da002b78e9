"""Table changes of a publish: only additive and instant ones, inside the publish's own transaction."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, PrimaryKeyConstraint, Table, Text, bindparam, delete, insert, or_, select

from engines.core.database.metadata import system
from engines.core.database.statements import Session, once
from engines.core.kernel.errors import AppError

from .source import Source

physical = Table(
    "dg_column",
    system,
    Column("table", Text),
    Column("name", Text),
    Column("type", Text, nullable=False),
    PrimaryKeyConstraint("table", "name"),
)
"""Every column and table that was ever made for a form; a field that was taken away keeps its column and its data."""


class ColumnTaken(AppError):
    code = "column_taken"
    words = {
        "zh": "「{field}」以前是另一种类型，换一个字段编号再加",
        "en": "'{field}' was of another type before: add it under another id",
    }


@dataclass(frozen=True)
class Step:
    """One change to the tables: `what` is table, column, index, or unindex for an index that nothing asks for now."""

    what: str
    table: str
    name: str = ""


def plan(session: Session, source: Source) -> list[Step]:
    """What a publish would do for this form; ColumnTaken when an old column stands in the way."""
    known = _known(session, source.table.name)
    if not known:
        steps = [Step("table", source.table.name)]
    else:
        steps = [Step("column", source.table.name, name) for name in _missing(source, known)]
        steps += [
            Step("index", source.table.name, str(i.name)) for i in source.table.indexes if f"#{i.name}" not in known
        ]
        wanted = {f"#{i.name}" for i in source.table.indexes}
        steps += [Step("unindex", source.table.name, n[1:]) for n in sorted(known) if n[:1] == "#" and n not in wanted]
    lists = {**source.links, **source.children}
    return steps + [Step("table", table.name) for table in lists.values() if not _known(session, table.name)]


def migrate(session: Session, source: Source) -> list[Step]:
    """Do what `plan` says."""
    steps = plan(session, source)
    tables = {t.name: t for t in (source.table, *source.links.values(), *source.children.values())}
    for step in steps:
        table = tables[step.table]
        if step.what == "table":
            session.create(table)
            _note(session, table, [str(c.name) for c in table.columns])
            _note_indexes(session, table)
        elif step.what == "column":
            session.add_column(table, table.c[step.name])
            _note(session, table, [step.name])
        elif step.what == "unindex":
            _drop_index(session, table, step.name)
        else:
            index = next(i for i in table.indexes if i.name == step.name)
            session.create_index(index)
            _note_indexes(session, table, [step.name])
    return steps


def _drop_index(session: Session, table: Table, name: str) -> None:
    session.drop_index(name)
    note = physical.c.table == table.name, physical.c.name == f"#{name}"
    session.run(delete(physical).where(*note))


def names_taken(session: Session, app: str, form: str) -> frozenset[str]:
    """Field ids whose column or table was ever made for a form: a new field under one would find old data."""
    name = f"{app}__{form}"
    below = "".join(f"/{sign}" if sign in "/%_" else sign for sign in f"{name}__") + "%"
    rows = session.run(_taken(session.dialect), {"here": name, "below": below}).fetchall()
    return frozenset(column if table == name else table.removeprefix(f"{name}__") for table, column in rows)


@once
def _taken() -> Any:
    own = physical.c.table == bindparam("here"), physical.c.table.like(bindparam("below"), escape="/")
    return select(physical.c.table, physical.c.name).where(or_(*own))


def number_links(session: Session) -> list[str]:
    """Every link table whose values are numbers, such as ids of files; also of fields that are gone."""
    c, other = physical.c, physical.alias()
    given = select(other.c.table).where(other.c.name == "given_by")
    wanted = select(c.table).where(c.name == "value", c.type == "biginteger", c.table.in_(given))
    return sorted(row[0] for row in session.run(wanted).fetchall())


def _missing(source: Source, known: dict[str, str]) -> list[str]:
    found = []
    for column in source.table.columns:
        kind = _kind(column)
        if column.name not in known:
            found.append(str(column.name))
        elif known[column.name] != kind:
            raise ColumnTaken(field=column.name, form=source.id)
    return found


def _known(session: Session, table: str) -> dict[str, str]:
    statement = select(physical.c.name, physical.c.type).where(physical.c.table == table)
    return dict(session.run(statement).fetchall())


def _kind(column: Column[Any]) -> str:
    return type(column.type).__name__.lower()


def _note(session: Session, table: Table, names: list[str]) -> None:
    for name in names:
        session.run(insert(physical).values(table=table.name, name=name, type=_kind(table.c[name])))


def _note_indexes(session: Session, table: Table, names: list[str] | None = None) -> None:
    for index in table.indexes:
        if names is None or index.name in names:
            session.run(insert(physical).values(table=table.name, name=f"#{index.name}", type="index"))
