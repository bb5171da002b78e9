"""Datasets and reports made ready: every name resolved once per version of the app."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from engines.core.kernel.kind import Definition, Label
from engines.core.records.source import Source

from .buckets import Bucket
from .errors import BadAggregate, BadBucket, NoSuchMeasure
from .made import MARK
from .paths import Path, resolve

AGGREGATES = ("count", "count_distinct", "sum", "average", "min", "max", "median", "last")
ADDED = {"sum", "average", "median"}
"""Aggregates that need a number."""


class AnyForm(Protocol):
    @property
    def source(self) -> Source: ...
    @property
    def definition(self) -> Definition: ...


class AnyApp(Protocol):
    """What the report engine asks of an app; the catalog's App is one."""

    @property
    def id(self) -> str: ...
    @property
    def definition(self) -> Definition: ...
    @property
    def zone(self) -> str: ...
    @property
    def forms(self) -> Mapping[str, Any]: ...
    @property
    def notes(self) -> dict[str, Any]: ...
    def form(self, name: str) -> Any: ...
    def parts(self, name: str) -> list[Definition]: ...
    def part(self, name: str, part_id: str) -> Definition: ...


@dataclass(frozen=True)
class Measure:
    """One number per group. `calc` is arithmetic over other measures; `form` names another form that it comes from,
    and `map` what the dataset's fields are called there."""

    id: str
    label: Label
    agg: str = "count"
    field: str = ""
    where: Any = None
    calc: str = ""
    form: str = ""
    map: Mapping[str, str] = dataclasses.field(default_factory=dict)
    filter: Any = None
    format: str = "number"
    decimals: int | None = None
    currency: str = ""

    @property
    def zero(self) -> bool:
        """Nothing there counts as 0, not as blank."""
        return not self.calc and self.agg in ("count", "count_distinct", "sum")


@dataclass(frozen=True)
class Top:
    """Only the first `n` by a measure; `other`: the rest together."""

    n: int
    by: str
    other: bool = True


@dataclass(frozen=True)
class Dim:
    """`id` is the result's column; `field` a path from the dataset's form. `fill`: empty buckets are shown too."""

    id: str
    path: Path
    label: Label
    bucket: Bucket | None = None
    top: Top | None = None
    fill: bool = False
    role: str = "row"

    @property
    def field(self) -> str:
        return self.path.text


@dataclass(frozen=True)
class Value:
    """A measure as a report shows it. `compare` are offsets: `previous`, or (count, unit) back."""

    id: str
    measure: Measure
    label: Label
    compare: tuple[Any, ...] = ()
    window: Definition | None = None
    share: str = ""


@dataclass(frozen=True)
class Dataset:
    id: str
    source: Source
    time: str
    filter: Any
    measures: dict[str, Measure]
    dimensions: dict[str, Definition]
    hierarchies: list[Definition]
    first: int

    def measure(self, name: str) -> Measure:
        if name not in self.measures:
            raise NoSuchMeasure(measure=name, known=", ".join(self.measures))
        return self.measures[name]


@dataclass(frozen=True)
class Report:
    """A report over its dataset; `definition` keeps what only charts and pages read."""

    id: str
    title: Label
    dataset: Dataset
    filter: Any
    params: list[Definition]
    dims: tuple[Dim, ...]
    values: tuple[Value, ...]
    definition: Definition

    def measure(self, name: str) -> Measure:
        """A value of the report or a measure of its dataset; NoSuchMeasure when it is neither."""
        return next((one.measure for one in self.values if one.id == name), None) or self.dataset.measure(name)

    @property
    def sort(self) -> list[Definition]:
        return list(self.definition.get("sort", ()))

    @property
    def chart(self) -> Definition:
        return dict(self.definition.get("chart", {"type": "table"}))


def report_of(app: AnyApp, report: str | Definition) -> Report:
    """A report of the app by id, compiled once per version; or a definition that is not stored (a preview)."""
    if isinstance(report, dict):
        return _report(app, report)
    kept = app.notes.setdefault("reports", {})
    if report not in kept:
        kept[report] = _report(app, app.part("reports", report))
    found: Report = kept[report]
    return found


def dataset_of(app: AnyApp, given: str | Definition) -> Dataset:
    """A dataset by id, one written out, or the bare id of a form."""
    if isinstance(given, str):
        known = {one["id"]: one for one in app.parts("datasets")}
        return dataset_of(app, known.get(given) or {"id": given, "source": given})
    source: Source = app.form(given["source"]).source
    count = Measure("count", {"zh": "数量", "en": "Count"})
    measures = {"count": count} | {one["id"]: _measure(app, source, one) for one in given.get("measures", ())}
    return Dataset(
        given["id"],
        source,
        given.get("default_time", "created_at"),
        given.get("filter"),
        measures,
        {one["id"]: one for one in given.get("dimensions", ())},
        list(given.get("hierarchies", ())),
        int(given.get("week_start") or app.definition.get("week_start") or 1),
    )


def _report(app: AnyApp, given: Definition) -> Report:
    dataset = dataset_of(app, given.get("dataset") or given["source"])
    dims = [_dim(dataset, one, "row") for one in given.get("rows", ())]
    dims += [_dim(dataset, one, "column") for one in given.get("columns", ())]
    dims += [_dim(dataset, one, "color") for one in given.get("color", ())]
    return Report(
        given["id"],
        given.get("title") or {"en": given["id"]},
        dataset,
        given.get("filter"),
        list(given.get("params", ())),
        _apart(dims),
        tuple(_value(app, dataset, one) for one in given.get("values", ())),
        given,
    )


def _measure(app: AnyApp, base: Source, given: Definition) -> Measure:
    source = app.form(given["from"]).source if given.get("from") else base
    field = _named(given)
    path = resolve(source, field) if field else None
    agg = given.get("agg", "count")
    if path is not None and (path.listed or (agg in ADDED and path.type.kind not in ("number", "duration"))):
        raise BadAggregate(field=path.text, agg=agg)
    if path is None and agg not in ("count",) and not given.get("calc"):
        raise BadAggregate(field=given["id"], agg=agg)
    known = {name: given[name] for name in ("calc", "where", "map", "filter", "decimals") if name in given}
    fallback = _format(path, agg)
    return Measure(
        given["id"],
        given.get("label") or (path.label if path else {"en": given["id"]}),
        agg,
        field,
        form=given.get("from", ""),
        format=given.get("format", fallback),
        currency=str(path.definition.get("currency", "CNY")) if path and fallback == "money" else "",
        **known,
    )


def _named(given: Definition) -> str:
    """The field of a dimension or a measure, or its formula."""
    return MARK + given["formula"] if given.get("formula") else str(given.get("field", ""))


def _format(path: Path | None, agg: str) -> str:
    if path is None or agg in ("count", "count_distinct"):
        return "number"
    return {"money": "money", "percent": "percent"}.get(path.definition.get("type", ""), path.type.kind)


def _dim(dataset: Dataset, given: Definition, role: str) -> Dim:
    name = str(given["field"])
    base = dataset.dimensions.get(name, {})
    path = resolve(dataset.source, _named(base) or name)
    unit: str | None = given.get("bucket", base.get("bucket"))
    if unit and path.type.kind not in ("date", "datetime"):
        raise BadBucket(field=path.text, bucket=unit)
    if path.type.kind == "datetime" and not unit:
        unit = "day"
    bucket = Bucket(unit, int(given.get("week_start", dataset.first))) if unit else None
    top = given.get("top")
    return Dim(
        str(given.get("as", name)),
        path,
        given.get("label") or base.get("label") or path.label,
        bucket,
        Top(int(top["n"]), top["by"], bool(top.get("other", True))) if top else None,
        given.get("fill") == "gaps",
        role,
    )


def _apart(dims: list[Dim]) -> tuple[Dim, ...]:
    """One field may stand in two places, by year and by month: its columns have names of their own."""
    found: dict[str, Dim] = {}
    for dim in dims:
        unit = f"_{dim.bucket.unit}" if dim.bucket else "_2"
        name = dim.id if dim.id not in found else dim.id + unit
        found[name] = dataclasses.replace(dim, id=name)
    return tuple(found.values())


def _value(app: AnyApp, dataset: Dataset, given: Definition) -> Value:
    measure = dataset.measure(given["measure"]) if "measure" in given else _own(app, dataset, given)
    return Value(
        given.get("as", measure.id),
        measure,
        given.get("label") or measure.label,
        tuple(_offset(one["offset"]) for one in given.get("compare", ())),
        given.get("window"),
        given.get("share_of", ""),
    )


def _own(app: AnyApp, dataset: Dataset, given: Definition) -> Measure:
    """A measure that a report defines for itself."""
    name = given.get("as") or "_".join(filter(None, (given["agg"], given.get("field", "").replace(".", "_"))))
    return _measure(app, dataset.source, {"id": name, **{k: v for k, v in given.items() if k != "compare"}})


def _offset(text: str) -> Any:
    """`previous`, or `1 year` as (1, "year")."""
    if text in ("previous", "previous period"):
        return "previous"
    count, unit = text.split()
    return int(count), unit.rstrip("s")
