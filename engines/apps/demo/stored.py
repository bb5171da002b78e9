"""Rows of a recipe as storage keeps them: options checked, money scaled, rows replaced by their ids, numbers given."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engines.core.fields import field_types
from engines.core.fields.numbering import counter, numbered
from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition
from engines.form.compile import Form

from .days import Calendar
from .values import BadRecipe, Row, spoken

Store = Callable[[Row, Any], Any]
Values = dict[str, Any]


class Shelf:
    """Turns the rows of one form into stored values; `people` are ids by the recipe's keys."""

    def __init__(self, form: Form, calendar: Calendar, people: Mapping[str, int], language: str) -> None:
        self._form, self._calendar, self._people, self._language = form, calendar, people, language
        self._counters: dict[tuple[str, str], int] = {}
        self._batches: dict[str, set[str]] = {}
        self._stores = {name: self._store(field) for name, field in form.fields.items()}

    def rows(self, rows: list[Row]) -> Iterator[Values]:
        """One by one, in order, since running numbers depend on it."""
        for row in rows:
            yield self._one(row)

    def _one(self, row: Row) -> Values:
        given = self._given(row["_batch"])
        values: Values = {"_id": row["_id"]}
        if "_at" in row:
            values["_created_at"] = int(row["_at"])
        if "_by" in row:
            values["_created_by"] = self._people.get(row["_by"], 0)
        for name, store in self._stores.items():
            if name in given:
                values[name] = store(row, row[name])
            elif field_types.get(self._form.fields[name]["type"]).assigned:
                values[name] = store(row, None)
        return values

    def _given(self, batch: Definition) -> set[str]:
        """What a batch says of a record; its variables are not among it, also when they are called like a field."""
        if batch["id"] not in self._batches:
            each = {name for one in batch.get("each", ()) for name in one}
            self._batches[batch["id"]] = {*batch.get("set", {}), *batch.get("rows", {}), *each}
        return self._batches[batch["id"]]

    def _store(self, field: Definition) -> Store:
        kind = field_types.get(field["type"])
        blank = () if kind.links(field) is not None or kind.children(field) is not None else None
        if kind.assigned:
            return lambda row, value: self._number(field, row)
        if (inner := kind.children(field)) is not None:
            return self._children(inner)
        stored = self._pointer(field) if _points(field) else self._parsed(field)
        return lambda row, value: blank if value is None or value == [] else stored(row, value)

    def _children(self, fields: list[Definition]) -> Store:
        stores = {field["id"]: self._store(field) for field in fields}
        return lambda row, value: [
            {name: store(child, child[name]) for name, store in stores.items() if name in child} for child in value
        ]

    def _pointer(self, field: Definition) -> Store:
        def one(value: Any) -> int:
            return int(value["_id"] if isinstance(value, dict) else self._people[value])

        many = field_types.get(field["type"]).links(field) is not None
        return lambda row, value: tuple(sorted(one(each) for each in value)) if many else one(value)

    def _parsed(self, field: Definition) -> Store:
        kind, known = field_types.get(field["type"]), dict[Any, Any]()
        instant = kind.value_type(field).kind == "datetime"

        def store(row: Row, value: Any) -> Any:
            if instant:
                return int(value)
            value = spoken(value, self._language)
            key = tuple(value) if isinstance(value, list) else value
            if key not in known:
                known[key] = self._parse(field, value)
            return known[key]

        return store

    def _parse(self, field: Definition, value: Any) -> Any:
        try:
            return field_types.get(field["type"]).parse(value, field)
        except Rejected as refused:
            raise BadRecipe(f"{self._form.id}.{field['id']}: {value!r}: {refused.code}") from refused

    def _number(self, field: Definition, row: Row) -> str:
        day = self._calendar.date(row.get("_at", self._calendar.now))
        key = field["id"], counter(field, day)
        self._counters[key] = self._counters.get(key, 0) + 1
        return numbered(field, day, self._counters[key])


def _points(field: Definition) -> bool:
    value = field_types.get(field["type"]).value_type(field)
    return (value.item or value).kind == "link"
