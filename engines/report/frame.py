"""The result frame: columns and rows as plain data, and what happens to them after the SELECTs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from engines.core.kernel.kind import Definition, Label

from .facts import Row, Table
from .model import Dim, Report

OTHER = "$other"
"""The value of a dimension that stands for all but the first few."""
OTHER_LABEL = {"zh": "其他", "en": "Other"}
MOST_SPREAD = 5_000
BLANK_LABEL = {"zh": "（空）", "en": "(blank)"}


@dataclass(frozen=True)
class Column:
    """`role`: dimension, measure, compare, change or share. `labels`: what values of a dimension are called."""

    id: str
    label: Label
    type: str
    role: str
    format: str = ""
    currency: str = ""
    decimals: int | None = None
    unit: str = ""
    of: str = ""
    labels: dict[Any, Label] = field(default_factory=dict)

    def plain(self) -> Definition:
        full = {
            "id": self.id,
            "label": self.label,
            "type": self.type,
            "role": self.role,
            "format": self.format,
            "currency": self.currency,
            "decimals": self.decimals,
            "bucket": self.unit,
            "of": self.of,
            "labels": {str(key): label for key, label in self.labels.items()},
        }
        return {name: value for name, value in full.items() if value not in ("", None, {})}

    def name(self, language: str) -> str:
        return self.label.get(language) or next(iter(self.label.values()))

    def shown(self, value: Any, language: str) -> str:
        """What a reader calls a value of this dimension."""
        if value is None:
            return BLANK_LABEL[language]
        found = OTHER_LABEL if value == OTHER else self.labels.get(value)
        return str(value) if found is None else found.get(language) or next(iter(found.values()))


@dataclass
class Frame:
    """`rows` are lists in the order of `columns`; `total` is the row of totals, each asked for anew."""

    columns: list[Column]
    rows: list[list[Any]]
    total: list[Any] | None = None
    notes: list[Label] = field(default_factory=list)

    def plain(self) -> Definition:
        """As JSON carries it."""
        found: Definition = {"columns": [column.plain() for column in self.columns], "rows": self.rows}
        if self.total is not None:
            found["total"] = self.total
        if self.notes:
            found["notes"] = self.notes
        return found

    def index(self, name: str) -> int:
        return next(n for n, column in enumerate(self.columns) if column.id == name)

    def of_role(self, *roles: str) -> list[int]:
        return [n for n, column in enumerate(self.columns) if column.role in roles]


def ordered(report: Report, columns: Sequence[Column], rows: list[list[Any]]) -> list[list[Any]]:
    """By what the report says, else time and options in their own order, else the largest first; `other` is last."""
    keys = [(one["by"], bool(one.get("desc", False))) for one in report.sort] or _natural(report)
    names = [column.id for column in columns]
    for name, down in reversed(keys):
        at = names.index(name)
        rank = _rank(report, columns[at])
        filled = [row for row in rows if row[at] is not None]
        blank = [row for row in rows if row[at] is None]
        rows = sorted(filled, key=lambda row, at=at, rank=rank: rank(row[at]), reverse=down) + blank  # type: ignore[misc]  # bound at once
    dims = [n for n, column in enumerate(columns) if column.role == "dimension"]
    return sorted(rows, key=lambda row: [row[n] == OTHER for n in dims])


def _natural(report: Report) -> list[tuple[str, bool]]:
    dims = [dim.id for dim in report.dims if dim.bucket or _options(dim)]
    loose = [dim.id for dim in report.dims if dim.id not in dims]
    first = [(value.id, True) for value in report.values[:1]] if loose else []
    return [*((name, False) for name in dims), *first, *((name, False) for name in loose)]


def _options(dim: Dim) -> tuple[str, ...]:
    kind = dim.path.type.item or dim.path.type
    return tuple(option for option, _ in kind.options)


def _rank(report: Report, column: Column) -> Callable[[Any], Any]:
    dim = next((dim for dim in report.dims if dim.id == column.id), None)
    options = _options(dim) if dim else ()
    if options:
        place = {option: n for n, option in enumerate(options)}
        return lambda value: (place.get(value, len(place)), str(value))
    return lambda value: (isinstance(value, str), value)


def spread(report: Report, table: Table, wanted: Sequence[str], at: int) -> Table:
    """Buckets without records get rows of their own: 0 where nothing counts as 0, else blank. With so many series that
    nobody would see a gap they stay away."""
    rest = {key[:at] + key[at + 1 :] for key in table} or {()}
    zero = {value.measure.id: 0 if value.measure.zero else None for value in report.values}
    if (len(report.dims) > 1 and not table) or len(rest) * len(wanted) > MOST_SPREAD:
        return table
    full: Table = {}
    for other in rest:
        for label in wanted:
            full[(*other[:at], label, *other[at:])] = dict(zero)
    return full | table


def moving(values: Sequence[Any], window: Definition) -> list[Any]:
    """A running sum, or the mean, sum, least or greatest of the last `size` values; blank ones are left out."""
    import pandas  # type: ignore[import-untyped]  # no types; a second and 40 MB: only reports with windows pay

    series = pandas.Series(values, dtype="float64")
    if window["op"] == "running_sum":
        found = series.fillna(0).cumsum()
    else:
        rolling = series.rolling(int(window["size"]), min_periods=1)
        found = {"moving_avg": rolling.mean, "moving_sum": rolling.sum, "moving_min": rolling.min,
                 "moving_max": rolling.max}[window["op"]]()  # fmt: skip
    return [None if value != value else float(f"{value:.15g}") for value in found]


def by_series(rows: Sequence[Row | list[Any]], time: int, dims: Sequence[int]) -> list[list[int]]:
    """Row numbers of each line of a chart, in the order of time."""
    groups: dict[Any, list[int]] = {}
    for n, row in enumerate(rows):
        groups.setdefault(tuple(row[d] for d in dims if d != time), []).append(n)
    return [sorted(found, key=lambda n: (rows[n][time] is None, rows[n][time])) for found in groups.values()]
