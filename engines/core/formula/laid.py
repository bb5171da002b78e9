"""A JSON record laid out for the language: types read off its values, facts for Python, throw-away tables for SQL."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import BigInteger, Column, Double, FromClause, Integer, MetaData, SmallInteger, Table, Text, insert
from sqlalchemy.schema import CreateTable, DropTable
from sqlalchemy.sql.elements import ColumnElement

from .env import micros
from .names import FieldRef, Names, PlainNames, RelationRef
from .types import BOOLEAN, DATE, DATETIME, NUMBER, TEXT, Type, list_of

Run = Callable[[Any, Any], Any]
SERIAL = count(1)
COLUMNS: dict[str, Any] = {"number": Double, "boolean": SmallInteger, "datetime": BigInteger}


def typed(value: Any) -> tuple[Type, Any]:
    """The type that a JSON value shows, and its stored shape."""
    if isinstance(value, bool):
        return BOOLEAN, int(value)
    if isinstance(value, int | float):
        return NUMBER, float(value)
    if isinstance(value, list):
        item = typed(value[0])[0] if value else TEXT
        return list_of(item), tuple(typed(one)[1] for one in value)
    return moment(value) if isinstance(value, str) and value else (TEXT if value == "" else Type("blank"), None)


def moment(text: str) -> tuple[Type, Any]:
    """ISO dates and ISO instants with a zone; every other text is a text."""
    try:
        if len(text) == 10:
            return DATE, date.fromisoformat(text).isoformat()
        found = datetime.fromisoformat(text)
        return (DATETIME, micros(found)) if found.tzinfo and len(text) > 10 else (TEXT, text)
    except ValueError:
        return TEXT, text


@dataclass
class Laid:
    """Fields, the records that links point at, and sets of related records."""

    fields: dict[str, tuple[Type, Any]]
    one: dict[str, "Laid"] = field(default_factory=dict)
    many: dict[str, list["Laid"]] = field(default_factory=dict)

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Laid":
        one = {key: cls.of(value) for key, value in record.items() if isinstance(value, dict)}
        many = {key: [cls.of(row) for row in value] for key, value in record.items() if rows(value)}
        rest = {key: typed(value) for key, value in record.items() if key not in one and key not in many}
        return cls(rest, one, many)

    @classmethod
    def together(cls, records: list[dict[str, Any]]) -> "Laid":
        """The fields of all records, without values."""
        return cls(
            {
                key: (typed(value)[0] if key[0] != "t" else TEXT, None)
                for record in records
                for key, value in record.items()
            }
        )

    def facts(self) -> dict[str, Any]:
        found = {"_id": 1} | {key: value for key, (_, value) in self.fields.items()}
        for relation, laid in self.one.items():
            found |= {f"{relation}.{key}": value for key, value in laid.facts().items()}
        return found

    def table(self, name: str) -> Table:
        plain = [
            (key, kind) for key, (kind, _) in self.fields.items() if kind.kind not in ("list", "blank") and key != "_id"
        ]
        columns = [Column(key, COLUMNS.get(kind.kind, Text)) for key, kind in plain]
        return Table(f"dg_laid_{name}_{next(SERIAL)}", MetaData(), Column("_id", Integer, primary_key=True),
                     Column("_of", Integer), *columns, prefixes=["TEMPORARY"])  # fmt: skip

    @contextmanager
    def tables(self, run: Run) -> Iterator["TablePlace"]:
        """A temporary table for the record and each of its relations; dropped afterwards."""
        made: list[Table] = []
        yield self.place(run, made, "record", [self])
        for table in made:
            run(DropTable(table), None)

    def place(self, run: Run, made: list[Table], name: str, rows: list["Laid"]) -> "TablePlace":
        shape = shape_of(rows)
        table = shape.table(name)
        run(CreateTable(table), None)
        made.append(table)
        for at, row in enumerate(rows, 1):
            values = {
                key: value for key, (kind, value) in row.fields.items() if key in table.c and kind.kind != "blank"
            }
            run(insert(table), {"_id": at, "_of": 1} | values)
        place = TablePlace(table, laid_names(shape if name != "record" else self), 1)
        for row in rows[:1] if name == "record" else ():
            place.relations |= {key: row.place(run, made, key, [one]) for key, one in row.one.items()}
            place.relations |= {key: row.place(run, made, key, many) for key, many in row.many.items()}
            place.links |= {
                key: linked(run, made, key, value, kind)
                for key, (kind, value) in row.fields.items()
                if kind.kind == "list"
            }
        return place

    @contextmanager
    def all_rows(self, run: Run, records: list[dict[str, Any]]) -> Iterator[list["TablePlace"]]:
        """One table with a row a record."""
        table = self.table("cases")
        run(CreateTable(table), None)
        blank = dict.fromkeys(table.c.keys())
        stored = ({key: stored_as(value) for key, value in record.items()} for record in records)
        run(insert(table), [blank | {"_id": at} | record for at, record in enumerate(stored, 1)])
        yield [TablePlace(table, laid_names(self), at) for at in range(1, len(records) + 1)]
        run(DropTable(table), None)


def shape_of(rows_: list[Laid]) -> Laid:
    """The fields of several records; a blank says nothing about the type."""
    fields: dict[str, tuple[Type, Any]] = {}
    for row in rows_:
        fields |= {key: found for key, found in row.fields.items() if key not in fields or found[0].kind != "blank"}
    return Laid(fields)


def stored_as(value: Any) -> Any:
    """An empty text is a blank, a boolean is 0 or 1."""
    return int(value) if isinstance(value, bool) else None if value == "" else value


def rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def linked(run: Run, made: list[Table], name: str, values: tuple[Any, ...], kind: Type) -> Table:
    """The link table of a list."""
    item = COLUMNS.get(kind.item.kind if kind.item else "text", Text)
    table = Table(
        f"dg_laid_{name}_{next(SERIAL)}",
        MetaData(),
        Column("record", Integer),
        Column("value", item),
        prefixes=["TEMPORARY"],
    )
    run(CreateTable(table), None)
    made.append(table)
    for value in values:
        run(insert(table), {"record": 1, "value": value})
    return table


def laid_names(laid: Laid) -> Names:
    """The names of a laid record."""
    fields = {key: FieldRef(key, kind) for key, (kind, _) in laid.fields.items()}
    fields.setdefault("_id", FieldRef("_id", NUMBER))
    merged = {key: shape_of(many) for key, many in laid.many.items()}
    relations = {key: RelationRef(key, laid_names(one), False) for key, one in laid.one.items()}
    relations |= {key: RelationRef(key, laid_names(one), True) for key, one in merged.items()}
    return PlainNames(fields, relations)


@dataclass
class TablePlace:
    """A place over one table; `row` is the record that is asked about."""

    table: Table
    names: Names
    row: int
    relations: dict[str, "TablePlace"] = field(default_factory=dict)
    links: dict[str, Table] = field(default_factory=dict)
    source: Any = None

    @property
    def columns(self) -> Any:
        return (self.table if self.source is None else self.source).c

    @property
    def key(self) -> ColumnElement[Any]:
        found: ColumnElement[Any] = self.columns["_id"]
        return found

    def column(self, field_id: str) -> ColumnElement[Any]:
        found: ColumnElement[Any] = self.columns[field_id]
        return found

    def link(self, field_id: str) -> tuple[FromClause, ColumnElement[Any], ColumnElement[Any]]:
        table = self.links[field_id]
        return table, table.c.record, table.c.value

    def related(self, relation_id: str) -> tuple[FromClause, "TablePlace", ColumnElement[bool]]:
        inner = self.relations[relation_id]
        source = inner.table.alias()
        place = TablePlace(inner.table, inner.names, 0, inner.relations, inner.links, source)
        return source, place, source.c["_of"] == self.key
