"""The tables of all forms, what was taken out of them too, as they were noted when they were made."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Double, MetaData, SmallInteger, Table, Text, delete, select

from engines.core.database.statements import Session
from engines.core.kernel.errors import AppError

from .migrate import physical
from .source import Source
from .tables import child_table, link_table, main_table

TYPES: dict[str, Any] = {"biginteger": BigInteger, "double": Double, "smallinteger": SmallInteger, "text": Text}
"""Types of field columns by the name they are noted under."""


class StrangeTable(AppError):
    code = "strange_table"
    words = {
        "zh": "表 {table} 不知道怎么建：这份备份由更新的程序写成",
        "en": "Nothing here knows how to make the table {table}: a newer program wrote this backup",
    }


def noted(session: Session) -> dict[str, dict[str, str]]:
    """{table: {column: type}} of everything that was ever made for a form."""
    found: dict[str, dict[str, str]] = {}
    c = physical.c
    for table, name, kind in session.run(select(c.table, c.name, c.type).order_by(c.table, c.name)).fetchall():
        if not name.startswith("#"):
            found.setdefault(table, {})[name] = kind
    return found


def make(session: Session, sources: Iterable[Source]) -> dict[str, Table]:
    """Makes every noted table in an empty database, live ones with their indexes; by name."""
    live = {t.name: t for s in sources for t in (s.table, *s.links.values(), *s.children.values())}
    made = {}
    for name, columns in noted(session).items():
        table = live[name] if name in live else _retired(name, columns)
        session.create(table)
        for column in [one for one in columns if one not in table.c]:
            extra = Column(column, _type(name, columns[column]))
            session.add_column(table, extra)
            table = table.to_metadata(MetaData())
            table.append_column(extra)
        made[name] = table
    _forget_indexes(session, [name for name in made if name not in live])
    return made


def _forget_indexes(session: Session, retired: list[str]) -> None:
    """A form that comes back finds that its indexes are to be made."""
    c = physical.c
    session.run(delete(physical).where(c.table.in_(retired), c.name.startswith("#")))


def _retired(name: str, columns: dict[str, str]) -> Table:
    """A table whose field or form is gone: what it holds comes back when the field does."""
    if "given_by" in columns:
        return link_table(name, _type(name, columns["value"]), MetaData())
    if "_parent" in columns:
        own = [Column(n, _type(name, kind)) for n, kind in columns.items() if not n.startswith("_")]
        return child_table(name, own, MetaData())
    if "_version" in columns:
        return main_table(name, [], MetaData())
    raise StrangeTable(table=name)


def _type(table: str, kind: str) -> Any:
    if kind not in TYPES:
        raise StrangeTable(table=table)
    made = TYPES[kind]()
    return Text().with_variant(Text(collation="C"), "postgresql") if kind == "text" else made
