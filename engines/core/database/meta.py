"""A few facts about the workspace itself, by name: which tables it has, whether it is a restored copy."""

from sqlalchemy import Column, Table, Text, delete, insert, select

from .metadata import system
from .statements import Session

table = Table("dg_meta", system, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))


def get(session: Session, name: str) -> str | None:
    row = session.run(select(table.c.value).where(table.c.name == name)).fetchone()
    return str(row[0]) if row else None


def put(session: Session, name: str, value: str | None) -> None:
    """None takes the fact away."""
    session.run(delete(table).where(table.c.name == name))
    if value is not None:
        session.run(insert(table).values(name=name, value=value))
