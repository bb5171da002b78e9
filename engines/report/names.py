"""The fields of a form as the formula language looks them up."""

from collections.abc import Iterable

from engines.core.fields import field_types
from engines.core.formula.names import FieldRef, RelationRef
from engines.core.formula.types import NUMBER
from engines.core.records.source import Source, Way

from .paths import SYSTEM


class SourceNames:
    """Ids first, then labels."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def field(self, name: str) -> FieldRef | None:
        source = self._source
        if name not in source.fields and name in SYSTEM and name != "id":
            kind, label = SYSTEM[name]
            return FieldRef(name, kind, label)
        if name == "_id":
            return FieldRef(name, NUMBER)
        known = name if name in source.fields else self._labelled(name)
        if known is None or known in source.children:
            return None
        found = source.fields[known]
        return FieldRef(known, field_types.get(found["type"]).value_type(found), found["label"])

    def relation(self, name: str) -> RelationRef | None:
        way = self._source.ways.get(name) or self._source.ways.get(self._labelled(name) or "")
        if way is None or not way.form:
            return None
        return RelationRef(way.id, SourceNames(self._source.others[way.form]), way.many, self._label(way))

    def known(self) -> Iterable[str]:
        for name, field in self._source.fields.items():
            yield from (name, *field["label"].values())
        yield from self._source.ways

    def _labelled(self, name: str) -> str | None:
        return next((key for key, field in self._source.fields.items() if name in field["label"].values()), None)

    def _label(self, way: Way) -> dict[str, str]:
        if not way.back:
            return dict(self._source.fields[way.field]["label"])
        found = self._source.others[way.form].fields[way.field].get("reverse", {}).get("label", {})
        return dict(found)
