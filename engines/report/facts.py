"""Measures grouped by dimensions: each form of a report alone, then laid side by side, so that nothing counts twice."""

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from engines.core.kernel.work import Look
from engines.core.records.query import Where
from engines.core.records.source import Source

from . import calc, conditions
from .cuts import Binder, Cut, where
from .errors import CannotSplit
from .model import AnyApp, Dataset, Dim, Measure
from .paths import Path, Sight, resolve
from .query import Grouping, Key, Part, plain
from .store import MOST, VALUES, fetch
from .zones import SPAN, Segment, instant, segments

Row = tuple[Any, ...]
Table = dict[Row, dict[str, Any]]
"""Values by measure id, by the keys of the dimensions in order."""


@dataclass
class Asking:
    """One report being run for one reader; `base` are conditions on the dataset's own form."""

    look: Look
    app: AnyApp
    dataset: Dataset
    base: tuple[Any, ...] = ()
    most: int = MOST
    sight: Sight = field(init=False)
    binder: Binder = field(init=False)

    def __post_init__(self) -> None:
        self.sight, self.binder = Sight(self.look, self.app.zone), Binder(self.app.zone, prefix="a")

    def table(self, dims: Sequence[Dim], measures: Sequence[Measure], cuts: Sequence[Cut]) -> Table:
        """Every measure for every group that has any; calculated ones from the groups' own parts."""
        wanted = calc.closure(self.dataset.measures, measures)
        found: Table = defaultdict(dict)
        for members in _facts([m for m in wanted if not m.calc]):
            for key, values in _Fact(self, members, cuts).rows(dims).items():
                found[key] |= values
        for values in found.values():
            for measure in wanted:
                if not measure.calc:
                    values.setdefault(measure.id, 0 if measure.zero else None)
            calc.add(self.dataset.measures, values, [m for m in wanted if m.calc])
        return dict(found)

    def given(self, condition: Any) -> tuple[Where, ...]:
        """A condition of a definition on the dataset's own form."""
        return conditions.wheres(condition, self.dataset.source, self.sight, self.binder)

    def cut(self, cuts: Sequence[Cut]) -> tuple[Where, ...]:
        """Structured conditions on the dataset's own form."""
        return tuple(where(one, self.dataset.source, self.sight, self.binder) for one in cuts)


def counts(asking: Asking, parts: Sequence[Part], cuts: Sequence[Cut]) -> list[int]:
    """Several counts over the dataset's form in one SELECT."""
    fact = _Fact(asking, [Measure("count", {})], cuts)
    row = fact.fetch(Grouping(fact.source, (), fact.where, tuple(parts)))[0]
    return [int(number) for number in row]


def _facts(measures: Sequence[Measure]) -> list[list[Measure]]:
    """Measures that one SELECT can answer together."""
    groups: dict[Any, list[Measure]] = defaultdict(list)
    for measure in measures:
        groups[(measure.form, repr(sorted(measure.map.items())), repr(measure.filter))].append(measure)
    return list(groups.values())


class _Fact:
    """The measures of one form under one set of conditions."""

    def __init__(self, asking: Asking, measures: list[Measure], cuts: Sequence[Cut]) -> None:
        self.asking, self.measures = asking, measures
        first = measures[0]
        self.other = bool(first.form)
        self.source: Source = asking.app.form(first.form).source if first.form else asking.dataset.source
        self.map = first.map
        asking.sight.scope(self.source)  # met even where nothing but rows is counted: the statement is this reader's
        self.binder = Binder(asking.app.zone)
        self.cuts = [cut.to(self._there(cut.field)) for cut in cuts]
        given = (first.filter,) if self.other else (asking.dataset.filter, *asking.base)
        self.where = (*self._given(given), *self._cut())
        self.zone = self._zone()

    def rows(self, dims: Sequence[Dim]) -> Table:
        keys = tuple(Key(self._path(dim.field), dim.bucket) for dim in dims)
        found = self._grouped(keys)
        for measure in self.measures:
            if measure.agg in ("median", "last"):
                for key, value in self._whole(keys, measure).items():
                    found.setdefault(key, {})[measure.id] = value
        return found

    def _grouped(self, keys: tuple[Key, ...]) -> Table:
        plan = [(m, _parts(m, self._value(m), self._narrow(m))) for m in self.measures]
        parts = tuple(part for _, own in plan for part in own) or (Part("rows"),)
        found: Table = {}
        for row in self.fetch(Grouping(self.source, keys, self.where, parts, zone=self.zone)):
            values, at = {}, len(keys)
            for measure, own in plan:
                values[measure.id] = _answer(measure, self._value(measure), row[at : at + len(own)])
                at += len(own)
            found[_key(keys, row)] = values
        return found

    def _whole(self, keys: tuple[Key, ...], measure: Measure) -> dict[Row, Any]:
        """Median and last need the values themselves."""
        path = self._open(measure.field)
        order = self._path(self.asking.dataset.time) if measure.agg == "last" else path
        raw = (path, order, self._path("id"))
        groups: dict[Row, list[Any]] = defaultdict(list)
        narrow = self._narrow(measure)
        for row in self.fetch(Grouping(self.source, keys, self.where, raw=raw, narrow=narrow, zone=self.zone)):
            value, moment, number = row[len(keys) :]
            if value is not None and moment is not None:
                groups[_key(keys, row)].append((moment, number, value))
        pick = _median if measure.agg == "median" else _last
        return {key: plain(path.type, pick(values)) for key, values in groups.items()}

    def fetch(self, grouping: Grouping) -> list[Row]:
        sight = self.asking.sight
        params = dict(sight.params)
        for condition in (*self.where, *grouping.narrow, *(w for part in grouping.parts for w in part.where)):
            params |= condition.params
        paths = [*(key.path for key in grouping.keys), *(part.path for part in grouping.parts), *grouping.raw]
        for path in paths:
            params |= path.params(sight.env) if path else {}
        most = VALUES if grouping.raw else self.asking.most
        make = partial(grouping.select, sight)
        return fetch(self.asking.look, self.source, grouping.shape(sight), make, params, most=most)

    def _there(self, name: str) -> str:
        """What a field of the dataset is called in this form."""
        if not self.other or name in self.map.values() or name == "id":
            return name
        if name not in self.map:
            raise CannotSplit(measure=self.measures[0].id, field=name)
        return self.map[name]

    def _path(self, name: str) -> Path:
        return self.asking.sight.open(resolve(self.source, self._there(name)))

    def _open(self, name: str) -> Path:
        """A field by what this form calls it."""
        return self.asking.sight.open(resolve(self.source, name))

    def _value(self, measure: Measure) -> Path | None:
        return self._open(measure.field) if measure.field else None

    def _narrow(self, measure: Measure) -> tuple[Where, ...]:
        return self._given((measure.where,))

    def _given(self, given: Sequence[Any]) -> tuple[Where, ...]:
        asking = self.asking
        return tuple(
            condition for one in given for condition in conditions.wheres(one, self.source, asking.sight, self.binder)
        )

    def _cut(self) -> tuple[Where, ...]:
        return tuple(where(cut, self.source, self.asking.sight, self.binder) for cut in self.cuts)

    def _zone(self) -> tuple[Segment, ...]:
        """The offsets of the app's zone, only of the time that is asked for."""
        zone = self.asking.app.zone
        for cut in self.cuts:
            if cut.op == "period" and resolve(self.source, cut.field).type.kind == "datetime":
                start, end = (instant(moment, zone) for moment in cut.value)
                return segments(zone, max(start, SPAN[0]), min(end, SPAN[1]))
        return segments(zone, None, None)


def _parts(measure: Measure, path: Path | None, narrow: tuple[Where, ...]) -> tuple[Part, ...]:
    kinds = {
        "count": ("count",) if path else ("rows",),
        "count_distinct": ("distinct",),
        "sum": ("sum",),
        "average": ("sum", "count"),
        "min": ("min",),
        "max": ("max",),
    }
    return tuple(Part(kind, path, narrow) for kind in kinds.get(measure.agg, ()))


def _answer(measure: Measure, path: Path | None, raw: Row) -> Any:
    if measure.agg in ("median", "last"):
        return None
    if measure.agg in ("count", "count_distinct"):
        return int(raw[0])
    if path is None:
        return None
    if measure.agg == "average":
        return plain(path.type, float(raw[0]) / raw[1]) if raw[1] and not path.type.scale else _mean(path, raw)
    return plain(path.type, raw[0] if raw[0] is not None or measure.agg != "sum" else 0)


def _mean(path: Path, raw: Row) -> Any:
    """Money is divided last."""
    return float(f"{int(raw[0]) / raw[1] / 10**path.type.scale:.15g}") if raw[1] else None


def _median(values: list[Any]) -> Any:
    return statistics.median(value for _moment, _number, value in values)


def _last(values: list[Any]) -> Any:
    return max(values, key=lambda one: one[:2])[2]


def _key(keys: tuple[Key, ...], row: Row) -> Row:
    return tuple(key.read(raw) for key, raw in zip(keys, row, strict=False))
