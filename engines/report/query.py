"""One grouped SELECT over one form: dimensions, conditions, and the parts that measures are made of."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, distinct, func, literal_column, select, text

from engines.core.formula.types import Type
from engines.core.records.query import Where
from engines.core.records.source import Source

from .buckets import Bucket
from .paths import Path, Sight, Walk
from .zones import Segment


@dataclass(frozen=True)
class Key:
    """What rows are grouped by."""

    path: Path
    bucket: Bucket | None

    @property
    def shape(self) -> Hashable:
        return self.path.text, self.bucket

    def column(self, walk: Walk, parts: tuple[Segment, ...]) -> ColumnElement[Any]:
        column = walk.column(self.path)
        if self.bucket is None:
            return column
        is_date = self.path.type.kind == "date"
        return self.bucket.of_date(column) if is_date else self.bucket.of_instant(column, parts)

    def read(self, raw: Any) -> Any:
        """The key as a frame holds it: a bucket's label, money as its true number, None for blank."""
        if raw is None:
            return None
        return self.bucket.label(raw) if self.bucket else plain(self.path.type.item or self.path.type, raw)


@dataclass(frozen=True)
class Part:
    """One aggregate of SQL: rows, count, distinct, sum, min, max; `where` narrows it."""

    kind: str
    path: Path | None = None
    where: tuple[Where, ...] = ()

    @property
    def shape(self) -> Hashable:
        return self.kind, self.path and self.path.text, tuple(w.key for w in self.where)

    def column(self, walk: Walk) -> ColumnElement[Any]:
        value = walk.column(self.path) if self.path else literal_column("1")
        if self.where:
            value = case((and_(*(w.make(walk.place) for w in self.where)), value))
        if self.kind in ("rows", "count"):
            return func.count(value)
        if self.kind == "distinct":
            return func.count(distinct(value))
        return getattr(func, self.kind)(value)  # type: ignore[no-any-return]  # sum, min, max


@dataclass(frozen=True)
class Grouping:
    """A whole SELECT; `raw` asks for every value of the paths instead of aggregates."""

    source: Source
    keys: tuple[Key, ...]
    where: tuple[Where, ...]
    parts: tuple[Part, ...] = ()
    raw: tuple[Path, ...] = ()
    narrow: tuple[Where, ...] = ()
    zone: tuple[Segment, ...] = ()

    def shape(self, sight: Sight) -> Hashable:
        return (
            sight.key,
            tuple(key.shape for key in self.keys),
            tuple(w.key for w in (*self.where, *self.narrow)),
            tuple(part.shape for part in self.parts),
            tuple(path.text for path in self.raw),
            self.zone if any(key.bucket for key in self.keys) else (),
        )

    def select(self, sight: Sight) -> Select[Any]:
        walk = Walk(self.source, sight)
        keys = [key.column(walk, self.zone) for key in self.keys]
        values = [part.column(walk) for part in self.parts] + [walk.column(path) for path in self.raw]
        conditions = [w.make(walk.place) for w in (*self.where, *self.narrow)]
        columns = [column.label(f"c{n}") for n, column in enumerate([*keys, *values])]
        statement = select(*columns).select_from(walk.table).where(sight.hide(walk.place), *conditions)
        if self.raw or not keys:
            return statement
        return statement.group_by(*(text(str(n + 1)) for n in range(len(keys))))


def plain(kind: Type, raw: Any) -> Any:
    """A stored value or an aggregate of some as a plain one; sums keep 15 digits, so that databases agree."""
    if raw is None or isinstance(raw, str):
        return raw
    if kind.kind == "number" and kind.scale:
        exact = raw if isinstance(raw, float) else int(raw)
        return float(f"{exact / 10**kind.scale:.15g}")
    if kind.kind == "boolean":
        return bool(raw)
    if isinstance(raw, float):
        return int(raw) if raw.is_integer() and abs(raw) < 2**53 else float(f"{raw:.15g}")
    return int(raw)
