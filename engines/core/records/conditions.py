"""A formula as a condition of a query: checked against the form, evaluated in the database."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import bindparam

from engines.core.formula.check import Checked, check
from engines.core.formula.env import Env
from engines.core.formula.names import FieldRef, RelationRef
from engines.core.formula.sql import to_sql
from engines.core.formula.types import BOOLEAN
from engines.core.kernel.work import Look

from .names import SourceNames, labels_of_way
from .place import Place
from .query import Where
from .source import Source, Way

CONTEXT = frozenset({"CURRENT_USER"})


@dataclass(frozen=True)
class SeenNames(SourceNames):
    """The names that a reader may use: a field that is hidden is one that does not exist, in hints too."""

    reads: Callable[[Source, str], bool]

    @cached_property
    def refs(self) -> dict[str, FieldRef]:
        hidden = {name for name in self.source.fields if not self.reads(self.source, name)}
        return {name: ref for name, ref in SourceNames(self.source).refs.items() if name not in hidden}

    def relation(self, name: str) -> RelationRef | None:
        found = super().relation(name)
        way = self.source.ways[found.id] if found else None
        if found is None or way is None or not self._seen(way):
            return None
        names = SeenNames(self.source.others[way.form], self.reads) if way.form else found.names
        return RelationRef(found.id, names, found.many, found.labels)

    def known(self) -> Iterable[str]:
        for ref in self.refs.values():
            yield from (ref.id, *ref.labels.values())
        for way in filter(self._seen, self.source.ways.values()):
            yield from (way.id, *labels_of_way(self.source, way).values())

    def _seen(self, way: Way) -> bool:
        return self.reads(self.source.others[way.form] if way.back else self.source, way.field)


def checked_filter(source: Source, text: str, names: SourceNames | None = None) -> Checked:
    """FormulaError, pointing at the spot, when the text is no condition that the database can evaluate."""
    return check(text, names or SourceNames(source), context=CONTEXT, pushdown=True, wants=BOOLEAN)


def formula_where(source: Source, checked: Checked, env: Env) -> Where:
    """The condition for this instant and person; a row on which it fails is left out."""
    late = source.kept(("late", checked.text), lambda: to_sql(checked, Place(source, source.table), zone=source.zone))
    return Where(
        lambda place: to_sql(checked, place, zone=source.zone).where,
        ("formula", checked.text),
        late.params(env),
    )


def among(records: Sequence[int]) -> Where:
    """These records, as far as the reader may see them."""
    names = [f"among{n}" for n in range(len(records))]
    return Where(
        lambda place: place.key.in_([bindparam(name) for name in names]),
        ("among", len(names)),
        dict(zip(names, records, strict=True)),
    )


def asked(look: Look, source: Source, text: str) -> Where:
    """A condition that a reader wrote, over what this reader may see; FormulaError."""
    rights = look.rights

    def reads(of: Source, name: str) -> bool:
        return name in of.fields and rights.scope(of.id).compares(name)

    checked = checked_filter(source, text, SeenNames(source, reads))
    return formula_where(source, checked, Env(look.now, source.zone, user=look.actor.id))
