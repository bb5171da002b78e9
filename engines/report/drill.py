"""From a mark of a chart to exactly the records that it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look
from engines.core.records.query import Where

from . import conditions
from .analyses import Analysis, analyses
from .compare import earlier
from .cuts import Binder, Cut, where
from .errors import BadParam, CannotSplit
from .model import AnyApp, Measure, report_of
from .paths import Sight
from .run import Running

MARK = {"row", "measure", "offset"}


@dataclass(frozen=True)
class Drill:
    """`form` is the records' form, `where` what `query.page` and `query.count` take, `sentence` what was meant."""

    form: str
    where: tuple[Where, ...]
    sentence: Label


def drill(
    look: Look,
    app: AnyApp,
    report: str | Definition,
    params: Mapping[str, Any] | None,
    mark: Mapping[str, Any],
    *,
    cuts: Sequence[Cut] = (),
) -> Drill:
    """`mark` is {row: {dimension id: value}, measure: value id, offset: n}; fewer dimensions mean a subtotal, no
    measure the records behind all of them, an offset those of a comparison. BadParam for what is not of this report.
    """
    return _Drilling(Running(look, app, report_of(app, report), params or {}, cuts), mark).result()


class _Drilling:
    def __init__(self, running: Running, mark: Mapping[str, Any]) -> None:
        self.running, self.report, self.mark = running, running.report, mark
        self.row: Mapping[str, Any] = mark.get("row", {})
        self.analysis: Definition = self.report.definition.get("analysis") or {}
        if self.analysis:
            self.dims, self.measure = [], None
            return
        known = {dim.id: dim for dim in self.report.dims}
        for name in [*(set(mark) - MARK), *(set(self.row) - set(known))]:
            raise BadParam(param=name, value=mark.get(name, self.row.get(name)))
        self.dims = [known[name] for name in self.row]
        self.measure = self._measure()

    def result(self) -> Drill:
        running, app = self.running, self.running.app
        kind = analyses.get(self.analysis["type"]) if self.analysis else None
        if kind and kind.home(running, self.analysis) != self.report.dataset.source.form:
            return self._elsewhere(kind)
        fact = self.measure if self.measure and self.measure.form else None
        source = app.form(fact.form).source if fact else self.report.dataset.source
        cuts = self._cuts()
        if fact:
            cuts = [cut.to(_there(fact, cut.field)) for cut in cuts]
        given = [fact.filter] if fact else [self.report.dataset.filter, self.report.filter]
        given += [self.measure.where] if self.measure else []
        sight, binder = running.asking.sight, Binder(app.zone)
        made = [w for one in given for w in conditions.wheres(one, source, sight, binder)]
        made += [where(cut, source, sight, binder) for cut in cuts]
        if kind:
            made += kind.behind(running, self.analysis, dict(self.row))
        return Drill(source.form, tuple(seen(one, sight) for one in made), self._sentence(source.form))

    def _elsewhere(self, kind: Analysis) -> Drill:
        """Records of another form: which ones was found under the report's conditions."""
        found, form = kind.behind(self.running, self.analysis, dict(self.row)), kind.home(self.running, self.analysis)
        return Drill(form, tuple(seen(one, self.running.asking.sight) for one in found), self._sentence(form))

    def _cuts(self) -> list[Cut]:
        chosen = self.running.chosen
        period, row = chosen.period, dict(self.row)
        if self.mark.get("offset") is not None:
            shift = earlier(self.dims, chosen, self._offset())
            if shift is None:
                raise BadParam(param="offset", value=self.mark["offset"])
            period = shift.period
            row = dict(zip(row, shift.key(tuple(row.values())), strict=True))
        narrow = [self.running.mark_cut(dim, row[dim.id]) for dim in self.dims]
        return [*chosen.within(period), *narrow, *self.running.outside(self.dims)]

    def _offset(self) -> Any:
        offsets = [offset for value in self.report.values for offset in value.compare]
        try:
            return offsets[int(self.mark["offset"])]
        except (IndexError, TypeError, ValueError):
            raise BadParam(param="offset", value=self.mark["offset"]) from None

    def _measure(self) -> Measure | None:
        name = self.mark.get("measure")
        if name is None:
            return None
        found = next((value.measure for value in self.report.values if value.id == name), None)
        if found is None:
            raise BadParam(param="measure", value=name)
        return None if found.calc else found

    def _sentence(self, form: str) -> Label:
        """`Orders: channel Web, ordered at 2026-11`."""
        name = self.running.app.form(form).definition["label"]
        said = self._step() if self.analysis else self.running.said(self.row)
        found = {}
        for language, colon in (("zh", "："), ("en", ": ")):
            what = name.get(language) or next(iter(name.values()))
            found[language] = what + (colon + said[language] if said.get(language) else "")
        return found

    def _step(self) -> Label:
        columns = [one for one in self.running.frame().columns if one.id in self.row]
        return {
            language: comma.join(one.shown(self.row[one.id], language) for one in columns)
            for language, comma in (("zh", "，"), ("en", ", "))
        }


def seen(condition: Where, sight: Sight) -> Where:
    """A condition that brings along the rights of the forms which it passes through."""
    return Where(condition.make, (condition.key, sight.key), condition.params | sight.params)


def _there(measure: Measure, name: str) -> str:
    if name not in measure.map:
        raise CannotSplit(measure=measure.id, field=name)
    return measure.map[name]
