"""A field seen from a form, over relations to one record each: `amount`, `region.name`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from dataclasses import field as with_default
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, literal_column, not_, select

from engines.core.fields import field_types
from engines.core.formula.check import Checked
from engines.core.formula.env import Env
from engines.core.formula.types import DATETIME, NUMBER, PERSON, Type
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.scope import Scope
from engines.core.kernel.work import Look
from engines.core.records.place import NAMED, Place
from engines.core.records.query import visible
from engines.core.records.source import Source, Values, Way

from .errors import Hidden, NoSuchField, NotToOne
from .made import MARK, checked_value, late, value_of

SYSTEM: dict[str, tuple[Type, Label]] = {
    "created_at": (DATETIME, {"zh": "创建时间", "en": "Created"}),
    "created_by": (PERSON, {"zh": "创建人", "en": "Created by"}),
    "updated_at": (DATETIME, {"zh": "修改时间", "en": "Updated"}),
    "updated_by": (PERSON, {"zh": "修改人", "en": "Updated by"}),
    "id": (NUMBER, {"zh": "编号", "en": "Number"}),
}
COLUMNS = {**NAMED, "id": "_id"}


@dataclass(frozen=True)
class Path:
    """`ways` lead to `source`, where `field` is; `definition` is empty for a system column."""

    text: str
    start: Source
    ways: tuple[Way, ...]
    source: Source
    field: str
    type: Type
    label: Label
    definition: Definition = with_default(default_factory=dict)
    formula: Checked | None = None
    shown: tuple[tuple[Source, str], ...] = ()
    """Lookups that the text names: they must be readable besides what they look at."""

    @property
    def listed(self) -> bool:
        """Several values a record, in a link table."""
        return self.field in self.source.links

    def at(self, place: Place) -> ColumnElement[Any]:
        """The stored value, or what the formula makes, over a place at the end of the ways."""
        return place.raw(COLUMNS.get(self.field, self.field)) if self.formula is None else value_of(self.formula, place)

    def params(self, env: Env) -> Values:
        """What the formula binds for this instant and person."""
        return {} if self.formula is None else late(self.source, self.formula).params(env)


def resolve(source: Source, text: str) -> Path:
    """NoSuchField with what there is, NotToOne when the way leads to several records; `=…` is a formula."""
    if text.startswith(MARK):
        checked = checked_value(source, text[1:])
        said = {"zh": checked.text, "en": checked.text}
        return Path(text, source, (), source, "", checked.type, said, formula=checked)
    *steps, name = text.split(".")
    here, ways = source, []
    for step in steps:
        way = here.ways.get(step)
        if way is None:
            raise NoSuchField(form=here.form, field=text, known=", ".join(here.ways) or "–")
        if way.many or not way.form:
            raise NotToOne(field=text)
        ways.append(way)
        here = here.others[way.form]
    return _end(source, text, tuple(ways), here, name)


def _end(start: Source, text: str, ways: tuple[Way, ...], source: Source, name: str) -> Path:
    if name in SYSTEM and name not in source.fields:
        kind, label = SYSTEM[name]
        return Path(text, start, ways, source, name, kind, label)
    if name not in source.fields or name in source.children:
        raise NoSuchField(form=source.form, field=text, known=", ".join([*source.fields, *SYSTEM]))
    if name in source.virtual:
        return _looked_up(start, text, ways, source, name)
    if name not in source.links and name not in source.table.c:
        raise NoSuchField(form=source.form, field=text, known=", ".join([*source.own, *source.links, *SYSTEM]))
    found = source.fields[name]
    return Path(
        text, start, ways, source, name, field_types.get(found["type"]).value_type(found), found["label"], found
    )


def _looked_up(start: Source, text: str, ways: tuple[Way, ...], source: Source, name: str) -> Path:
    """A lookup is the path to what it shows, under its own name."""
    end = resolve(source, ".".join(source.virtual[name]))
    shown = ((source, name), *end.shown)
    label = source.fields[name]["label"]
    return replace(end, text=text, start=start, ways=(*ways, *end.ways), label=label, shown=shown)


class Sight:
    """What one reader may see: the scopes that a statement meets, their shapes and values."""

    def __init__(self, look: Look, zone: str) -> None:
        self._rights = look.rights
        self.env = Env(look.now, zone, look.actor.id)
        self._met: dict[str, Scope] = {}

    def scope(self, source: Source) -> Scope:
        if source.id not in self._met:
            self._met[source.id] = self._rights.scope(source.id)
        return self._met[source.id]

    def open(self, path: Path) -> Path:
        """The path itself, once each of its steps may be read; else Hidden."""
        if path.formula is not None:
            self.open_all(path.source, path.formula)
            return path
        here = path.start
        for way in path.ways:
            self._require(here, way.field, path)
            here = here.others[way.form]
        for source, name in ((here, path.field), *path.shown):
            self._require(source, name, path)
        return path

    def open_all(self, source: Source, checked: Checked) -> None:
        """Every field that a formula reads must be one that the reader may read: a filter tells values too."""
        for name in (*checked.fields, *checked.paths):
            if name != "_id":
                self.open(resolve(source, name))
        for aggregate in checked.aggregates:
            other = source.others[source.ways[aggregate.relation].form]
            self.scope(other)
            for term in (aggregate.value, aggregate.where, aggregate.order):
                for part in term.walk() if term else ():
                    if part.op in ("field", "path") and part.value != "_id":
                        self.open(resolve(other, part.value if part.op == "field" else ".".join(part.value)))

    def hide(self, place: Place) -> ColumnElement[bool]:
        return visible(place.source, self.scope(place.source), place)

    def place(self, source: Source, table: FromClause) -> Place:
        """A place whose ways lead only to records that the reader may see."""
        return Place(source, table, self.hide, self.compares)

    def compares(self, source: Source, name: str) -> bool:
        """May a statement group, sort, filter or reckon by the field? Not by a masked one."""
        return self.scope(source).compares(name)

    @property
    def key(self) -> tuple[Any, ...]:
        return tuple(sorted((form, repr(scope.key), scope.may("view")) for form, scope in self._met.items()))

    @property
    def params(self) -> Values:
        found: Values = {}
        for scope in self._met.values():
            found |= scope.params
        return found

    def _require(self, source: Source, name: str, path: Path) -> None:
        scope = self.scope(source)
        if not scope.may("view") or not (scope.compares(name) or (name in SYSTEM and name not in source.fields)):
            raise Hidden(field=path.text)


Test = Callable[[Place], ColumnElement[bool]]


def reach(place: Place, ways: tuple[Way, ...], test: Test, *, blank: bool) -> ColumnElement[bool]:
    """`test` at the end of the ways. `blank`: a record that leads nowhere passes; then `test` is never NULL."""
    if not ways:
        return test(place)
    table, there, joined = place.related(ways[0].id)
    inner = reach(there, ways[1:], test, blank=blank)
    found: Select[Any] = select(literal_column("1")).select_from(table).correlate(place.table)
    if blank:
        return not_(found.where(joined, not_(inner)).exists())
    return found.where(joined, inner).exists()


class Walk:
    """The FROM of one statement: the fact's table, and each record that a path leads to joined once."""

    def __init__(self, source: Source, sight: Sight) -> None:
        self.place = sight.place(source, source.table)
        self.table: FromClause = source.table
        self._places: dict[tuple[str, ...], Place] = {(): self.place}
        self._columns: dict[str, ColumnElement[Any]] = {}

    def column(self, path: Path) -> ColumnElement[Any]:
        """The stored value; a list field gives a row for each of its values, and one row when it has none."""
        place = self._at(path.ways)
        if not path.listed:
            return path.at(place)
        if path.text not in self._columns:
            link, record, value = place.link(path.field)
            self.table = self.table.outerjoin(link, record == place.key)
            self._columns[path.text] = value
        return self._columns[path.text]

    def _at(self, ways: tuple[Way, ...]) -> Place:
        key = tuple(way.id for way in ways)
        if key not in self._places:
            table, place, joined = self._at(ways[:-1]).related(ways[-1].id)
            self.table = self.table.outerjoin(table, joined)
            self._places[key] = place
        return self._places[key]
