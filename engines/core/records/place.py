"""A form's table inside a statement, as the formula language sees it: columns, links, and the ways to other forms."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, and_, select

from engines.core.kernel.errors import NoSuchField

from .source import Source

NAMED = {
    "created_at": "_created_at",
    "created_by": "_created_by",
    "updated_at": "_updated_at",
    "updated_by": "_updated_by",
}
"""System columns that formulas may name."""


class Place:
    """`table` is the form's table or an alias of it. `hide` gives the condition for rows of another form that the
    reader may see; without it only the bin is left out. `reads` says which fields the reader may name; one that is
    hidden is NoSuchField, like one that does not exist."""

    def __init__(
        self,
        source: Source,
        table: FromClause,
        hide: Callable[["Place"], ColumnElement[bool]] | None = None,
        reads: Callable[[Source, str], bool] | None = None,
    ) -> None:
        self.source, self.table, self._hide, self._reads = source, table, hide, reads

    @property
    def key(self) -> ColumnElement[Any]:
        return self.table.c["_id"]

    def raw(self, name: str) -> ColumnElement[Any]:
        """A column by its own name, the system's too."""
        self.ask(name)
        if name in self.source.virtual and name not in self.table.c:
            published = self.source.fields[name].get("published")
            return (Place(self.source, self.table) if published else self).through(self.source.virtual[name])
        return self.table.c[name]

    def through(self, path: tuple[str, ...]) -> ColumnElement[Any]:
        """The stored value at the end of a path over single relations; NULL where one of them is blank or hidden."""
        tables, joins, here = [], [], self
        for way in path[:-1]:
            table, here, join = here.related(way)
            tables.append(table)
            joins.append(join)
        return select(here.column(path[-1])).select_from(*tables).where(and_(*joins)).limit(1).scalar_subquery()

    def column(self, field: str) -> ColumnElement[Any]:
        """The stored value of a field that has one column."""
        return self.raw(NAMED.get(field, field))

    def ask(self, field: str) -> None:
        """NoSuchField when the reader may not name the field."""
        if self._reads and not field.startswith("_") and not self._reads(self.source, field):
            raise NoSuchField(field=field)

    def link(self, field: str) -> tuple[Table, ColumnElement[Any], ColumnElement[Any]]:
        """The link table of a field, fresh for each use: (table, record column, value column)."""
        self.ask(field)
        link: Any = self.source.links[field].alias()
        return link, link.c.record, link.c.value

    def related(self, way_id: str) -> tuple[FromClause, "Place", ColumnElement[bool]]:
        """Over a way to another form: (table alias, its place, the condition that joins and hides)."""
        way = self.source.ways[way_id]
        if way.form == "":
            return self._child(way_id)
        other = self.source.others[way.form]
        alias = other.table.alias()
        place = Place(other, alias, self._hide, self._reads)
        joined = self._joined(way.field, way.back, place)
        return alias, place, and_(joined, self._seen(place))

    def _joined(self, field: str, back: bool, place: "Place") -> ColumnElement[bool]:
        near, far = (place, self) if back else (self, place)
        if field in near.source.links:
            link, record, value = near.link(field)
            return link.select().where(record == near.key, value == far.key).exists()
        return near.raw(field) == far.key

    def _seen(self, place: "Place") -> ColumnElement[bool]:
        return self._hide(place) if self._hide else place.raw("_deleted_at").is_(None)

    def _child(self, field: str) -> tuple[FromClause, "Place", ColumnElement[bool]]:
        self.ask(field)
        alias = self.source.children[field].alias()
        place = Place(self.source, alias, self._hide)
        return alias, place, alias.c["_parent"] == self.key
