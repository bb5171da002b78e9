"""How the names of a formula find their fields: the little that the language asks of the form above it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from .types import Type

Labels = Mapping[str, str]


@dataclass(frozen=True)
class FieldRef:
    """A field that a name stands for; `labels` by language, only for showing."""

    id: str
    type: Type
    labels: Labels = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class RelationRef:
    """Records reached from here: `many` of them, or the one that a link points at."""

    id: str
    names: "Names"
    many: bool
    labels: Labels = field(default_factory=dict, compare=False)


class Names(Protocol):
    """A form, as far as formulas see it. A name is tried as an id, then as any label."""

    def field(self, name: str) -> FieldRef | None: ...

    def relation(self, name: str) -> RelationRef | None: ...

    def known(self) -> Iterable[str]:
        """Every id and label, for "did you mean"."""
        ...


@dataclass(frozen=True)
class PlainNames:
    """Names out of two mappings by id; labels are found in the refs."""

    fields: Mapping[str, FieldRef]
    relations: Mapping[str, RelationRef] = field(default_factory=dict)

    @classmethod
    def of(cls, relations: Iterable[RelationRef] = (), **fields: Type) -> "PlainNames":
        refs = {key: FieldRef(key, kind) for key, kind in fields.items()}
        return cls(refs, {relation.id: relation for relation in relations})

    def field(self, name: str) -> FieldRef | None:
        found = self.fields.get(name)
        return found or next((f for f in self.fields.values() if name in f.labels.values()), None)

    def relation(self, name: str) -> RelationRef | None:
        found = self.relations.get(name)
        return found or next((r for r in self.relations.values() if name in r.labels.values()), None)

    def known(self) -> Iterable[str]:
        refs: list[FieldRef | RelationRef] = [*self.fields.values(), *self.relations.values()]
        for ref in refs:
            yield from (ref.id, *ref.labels.values())
