"""The one MetaData of the platform's own tables (`dg_*`); each store declares its tables on it."""

from typing import Any

from sqlalchemy import BigInteger, Column, Identity, Integer, MetaData

system = MetaData()
Id = BigInteger().with_variant(Integer, "sqlite")


def id_column(name: str = "id") -> Column[Any]:
    """A key that the database hands out and never reuses (with `sqlite_autoincrement=True` on the table)."""
    return Column(name, Id, Identity(always=False), primary_key=True)
