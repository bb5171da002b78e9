"""A report run for one reader: SELECTs under the reader's scopes, then a small frame."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look

from .analyses import analyses
from .columns import dimension_column, measure_columns
from .compare import earlier
from .cuts import Cut
from .facts import Asking, Row, Table
from .frame import OTHER, Frame, by_series, moving, ordered, spread
from .model import AnyApp, Dim, Measure, Report, Value, report_of
from .params import Chosen, chosen


def run(
    look: Look,
    app: AnyApp,
    report: str | Definition,
    params: Mapping[str, Any] | None = None,
    *,
    cuts: Sequence[Cut] = (),
    total: bool = False,
) -> Frame:
    """The result frame of a report (its id, or a definition that is not stored yet) for the reader of `look`.

    `params` are values by parameter id, `cuts` further conditions; `total` asks for the row of totals too. AppError
    for what cannot be answered: a hidden field, a parameter that is unknown, too many groups.
    """
    return Running(look, app, report_of(app, report), params or {}, cuts).frame(total=total)


class Running:
    """One report with its parameters resolved."""

    def __init__(
        self, look: Look, app: AnyApp, report: Report, params: Mapping[str, Any], cuts: Sequence[Cut] = ()
    ) -> None:
        self.look, self.app, self.report = look, app, report
        self.chosen: Chosen = chosen(report, params, look.now, app.zone, cuts)
        self.asking = Asking(look, app, report.dataset, (report.filter,))
        self.measures = list({value.measure.id: value.measure for value in report.values}.values())
        self.tops: dict[str, tuple[list[Any], bool]] = {}
        self.tops = self._tops()

    def frame(self, *, total: bool = False) -> Frame:
        report = self.report
        if analysis := report.definition.get("analysis"):
            return analyses.get(analysis["type"]).frame(self, analysis)
        table = self._filled(self.table(report.dims, self.measures, self.chosen.all()))
        columns = [dimension_column(self.look, dim) for dim in report.dims]
        columns += [column for value in report.values for column in measure_columns(value)]
        rows = [list(key) for key in table]
        for value in report.values:
            for extra in self._columns(value, table, report.dims):
                for row, one in zip(rows, extra, strict=True):
                    row.append(one)
        rows = ordered(report, columns, rows)
        rows = self._windows(rows)
        if "limit" in report.definition:
            rows = rows[: int(report.definition["limit"])]
        frame = Frame(columns, rows, self._total() if total else None)
        frame.columns[: len(report.dims)] = [
            dimension_column(self.look, dim, {row[n] for row in rows}) for n, dim in enumerate(report.dims)
        ]
        return frame

    def table(self, dims: Sequence[Dim], measures: Sequence[Measure], cuts: Sequence[Cut]) -> Table:
        """Grouped values; a dimension with a top gets its first few and, asked for anew, the others.
        A record of the first few may hold further tags: those are the others' business."""
        split = [n for n, dim in enumerate(dims) if dim.id in self.tops]
        cuts = [*cuts, *self.outside(dims)]
        found: Table = {}
        for others in product((False, True), repeat=len(split)):
            taken = dict(zip(split, others, strict=True))
            if any(other and not self._has_other(dims[n]) for n, other in taken.items()):
                continue
            near = [dim for n, dim in enumerate(dims) if not taken.get(n)]
            narrowed = [*cuts, *(self._top_cut(dims[n], other) for n, other in taken.items())]
            for key, values in self.asking.table(near, measures, narrowed).items():
                full = _with_others(key, len(dims), taken)
                if all(full[n] in self.tops[dims[n].id][0] for n, other in taken.items() if not other):
                    found[full] = values
        return found

    def said(self, row: Mapping[str, Any]) -> Label:
        """The values of a mark in words: `Channel Web, Ordered at 2026-11`."""
        dims = {dim.id: dim for dim in self.report.dims}
        columns = {name: dimension_column(self.look, dims[name], {value}) for name, value in row.items()}
        return {
            language: comma.join(f"{columns[n].name(language)} {columns[n].shown(v, language)}" for n, v in row.items())
            for language, comma in (("zh", "，"), ("en", ", "))
        }

    def mark_cut(self, dim: Dim, value: Any) -> Cut:
        """What a mark on a dimension means for records; a bucket is the span that was counted."""
        if value == OTHER:
            return self._top_cut(dim, True)
        if value is None:
            return Cut(dim.field, "empty")
        if dim.bucket:
            return Cut(dim.field, "bucket", {"unit": dim.bucket.unit, "first": dim.bucket.first, "label": value})
        return Cut(dim.field, "in", [value])

    def _top_cut(self, dim: Dim, other: bool) -> Cut:
        return Cut(dim.field, "others" if other else "in", self.tops[dim.id][0])

    def _has_other(self, dim: Dim) -> bool:
        return bool(dim.top and dim.top.other and self.tops[dim.id][1])

    def outside(self, dims: Sequence[Dim]) -> list[Cut]:
        """A top without others narrows the whole report, also where its dimension is not shown."""
        shown = {dim.id for dim in dims}
        gone = [d for d in self.report.dims if d.id in self.tops and d.id not in shown and d.top and not d.top.other]
        return [self._top_cut(dim, False) for dim in gone]

    def _tops(self) -> dict[str, tuple[list[Any], bool]]:
        """The first few values of each dimension that has a top, and whether there are others."""
        found: dict[str, tuple[list[Any], bool]] = {}
        for dim in self.report.dims:
            if dim.top is None:
                continue
            by = self.report.measure(dim.top.by)
            table = self.asking.table([dim], [by], self.chosen.all())
            best = sorted(table, key=lambda key, t=table: (t[key][by.id] is None, -(t[key][by.id] or 0), _last(key[0])))  # type: ignore[misc]  # bound at once
            found[dim.id] = [key[0] for key in best[: dim.top.n]], len(best) > dim.top.n
        return found

    def _filled(self, table: Table) -> Table:
        for n, dim in enumerate(self.report.dims):
            if not (dim.fill and dim.bucket):
                continue
            span = self.chosen.period if self.chosen.time == dim.field else None
            labels = sorted({key[n] for key in table if key[n] is not None})
            if span is not None:
                end = span.end if span.until is None else min(span.end, span.until)
                table = spread(self.report, table, dim.bucket.between(span.start, end), n)
            elif labels:
                last = dim.bucket.span(labels[-1])[1]
                table = spread(self.report, table, dim.bucket.between(dim.bucket.span(labels[0])[0], last), n)
        return table

    def _columns(self, value: Value, table: Table, dims: Sequence[Dim]) -> list[list[Any]]:
        """The value's own column, then two for each comparison."""
        name = value.measure.id
        main = self._shares(value, table, dims) if value.share else [values.get(name) for values in table.values()]
        found = [main]
        for offset in value.compare:
            before = self._before(value, offset, table, dims)
            found += [before, [_change(now, old) for now, old in zip(main, before, strict=True)]]
        return found

    def _before(self, value: Value, offset: Any, table: Table, dims: Sequence[Dim]) -> list[Any]:
        shift = earlier(dims, self.chosen, offset)
        if shift is None:
            return [None] * len(table)
        past = self.table(dims, [value.measure], self.chosen.within(shift.period))
        zero = 0 if value.measure.zero else None
        return [past.get(shift.key(key), {}).get(value.measure.id, zero) for key in table]

    def _shares(self, value: Value, table: Table, dims: Sequence[Dim]) -> list[Any]:
        keep = {"row": ("row",), "column": ("column", "color")}.get(value.share, ())
        places = [n for n, dim in enumerate(dims) if dim.role in keep]
        whole = self.table([dims[n] for n in places], [value.measure], self.chosen.all())
        name = value.measure.id
        return [
            _ratio(values.get(name), whole.get(tuple(key[n] for n in places), {}).get(name))
            for key, values in table.items()
        ]

    def _windows(self, rows: list[list[Any]]) -> list[list[Any]]:
        at = len(self.report.dims)
        time = next((n for n, dim in enumerate(self.report.dims) if dim.bucket), 0)
        for value in self.report.values:
            if value.window and self.report.dims:
                for line in by_series(rows, time, range(len(self.report.dims))):
                    for n, new in zip(line, moving([rows[n][at] for n in line], value.window), strict=True):
                        rows[n][at] = new
            at += 1 + 2 * len(value.compare)
        return rows

    def _total(self) -> list[Any]:
        """Under the same conditions without any dimension, so that ratios and distinct counts are right."""
        table = self.table((), self.measures, self.chosen.all()) or {(): {}}
        cells: list[Any] = [None] * len(self.report.dims)
        for value in self.report.values:
            cells += [column[0] for column in self._columns(value, table, ())]
        return cells


def _with_others(key: Row, size: int, taken: Mapping[int, bool]) -> Row:
    rest = iter(key)
    return tuple(OTHER if taken.get(n) else next(rest) for n in range(size))


def _last(value: Any) -> Any:
    return (value is None, isinstance(value, str), value if value is not None else 0)


def _change(now: Any, before: Any) -> float | None:
    """The growth as a share; blank when there was nothing to grow from."""
    ratio = _ratio(now, before)
    return None if ratio is None or now is None else float(f"{ratio - 1:.15g}")


def _ratio(part: Any, whole: Any) -> float | None:
    return float(f"{part / whole:.15g}") if part is not None and whole else None
