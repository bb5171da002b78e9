"""A form as the formula language sees it: its fields, the system's own, and the ways to other forms."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from engines.core.fields import field_types
from engines.core.formula.names import FieldRef, RelationRef
from engines.core.formula.types import DATETIME, LINK_PERSON, NUMBER, Type

from .source import Source, Way

SYSTEM = {
    "created_at": ("_created_at", DATETIME, {"zh": "创建时间", "en": "Created at"}),
    "created_by": ("_created_by", LINK_PERSON, {"zh": "创建人", "en": "Created by"}),
    "updated_at": ("_updated_at", DATETIME, {"zh": "修改时间", "en": "Changed at"}),
    "updated_by": ("_updated_by", LINK_PERSON, {"zh": "修改人", "en": "Changed by"}),
}
"""What every record knows of itself: (column, type, labels) by the name that formulas use."""


@dataclass(frozen=True)
class SourceNames:
    """A name is tried as an id, then as any label; a field of the form wins over the system's own."""

    source: Source

    @cached_property
    def refs(self) -> dict[str, FieldRef]:
        own = {
            name: FieldRef(name, field_types.get(f["type"]).value_type(f), f["label"])
            for name, f in self.source.fields.items()
            if field_types.get(f["type"]).children(f) is None
        }
        system = {name: FieldRef(name, kind, labels) for name, (_, kind, labels) in SYSTEM.items()}
        return system | {"_id": FieldRef("_id", NUMBER)} | own

    def field(self, name: str) -> FieldRef | None:
        return self.refs.get(name) or next((r for r in self.refs.values() if name in r.labels.values()), None)

    def relation(self, name: str) -> RelationRef | None:
        for way in self.source.ways.values():
            if name == way.id or name in labels_of_way(self.source, way).values():
                return self._ref(way)
        return None

    def known(self) -> Iterable[str]:
        for ref in self.refs.values():
            yield from (ref.id, *ref.labels.values())
        for way in self.source.ways.values():
            yield from (way.id, *labels_of_way(self.source, way).values())

    def _ref(self, way: Way) -> RelationRef:
        names = ChildNames(self.source, way.field) if not way.form else SourceNames(self.source.others[way.form])
        return RelationRef(way.id, names, way.many, labels_of_way(self.source, way))


@dataclass(frozen=True)
class ChildNames:
    """The rows of a child table."""

    source: Source
    child: str

    @cached_property
    def refs(self) -> dict[str, FieldRef]:
        field = self.source.fields[self.child]
        inner = field_types.get(field["type"]).children(field) or []
        return {f["id"]: FieldRef(f["id"], _type(f), f["label"]) for f in inner}

    def field(self, name: str) -> FieldRef | None:
        return self.refs.get(name) or next((r for r in self.refs.values() if name in r.labels.values()), None)

    def relation(self, name: str) -> RelationRef | None:
        return None

    def known(self) -> Iterable[str]:
        for ref in self.refs.values():
            yield from (ref.id, *ref.labels.values())


def _type(field: dict[str, object]) -> Type:
    return field_types.get(str(field["type"])).value_type(field)


def labels_of_way(source: Source, way: Way) -> dict[str, str]:
    """A way forth is called like its field, a way back as that field's `reverse` says."""
    if not way.back:
        return dict(source.fields[way.field]["label"])
    return dict(source.others[way.form].fields[way.field].get("reverse", {}).get("label", {}))
