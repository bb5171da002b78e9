"""What a reader chose in the bar above a report, as conditions; and the period that comparisons move."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engines.core.kernel.kind import Definition

from . import periods
from .cuts import Cut
from .errors import BadParam
from .model import Report
from .periods import Period
from .zones import local

PERIOD = "period"


@dataclass(frozen=True)
class Chosen:
    """`cuts` without the period, which stands apart so that it can be moved."""

    cuts: tuple[Cut, ...]
    period: Period | None
    time: str

    def all(self) -> tuple[Cut, ...]:
        return self.within(self.period)

    def within(self, period: Period | None) -> tuple[Cut, ...]:
        """The same choice in another period."""
        if period is None:
            return self.cuts
        return (*self.cuts, Cut(self.time, "period", (period.start, period.end)))


def declared(report: Report) -> list[Definition]:
    """The report's parameters; every report has a period over its dataset's time."""
    given = report.params
    if any(one["id"] == PERIOD or one.get("op") == PERIOD for one in given):
        return given
    whole = {"id": PERIOD, "op": PERIOD, "field": report.dataset.time}
    return [*given, whole | ({"default": report.definition["period"]} if "period" in report.definition else {})]


def chosen(report: Report, params: Mapping[str, Any], now: int, zone: str, extra: Sequence[Cut] = ()) -> Chosen:
    """BadParam for a parameter that the report does not have, or a value it cannot read. Blank means everything."""
    known = {one["id"]: one for one in declared(report)}
    for name, value in params.items():
        if name not in known:
            raise BadParam(param=name, value=value)
    cuts, span, time = list(extra), None, report.dataset.time
    for name, one in known.items():
        value = params.get(name, one.get("default"))
        if one.get("op") == PERIOD or (name == PERIOD and "op" not in one):
            time = one.get("field", time)
            span = _period(name, value, now, zone, report.dataset.first)
        elif value not in (None, "", []):
            op = one.get("op", "in")
            many = op in ("in", "not_in") and not isinstance(value, (list, tuple))
            cuts.append(Cut(one.get("field", name), op, [value] if many else value))
    return Chosen(tuple(cuts), span, time)


def _period(name: str, value: Any, now: int, zone: str, first: int) -> Period | None:
    try:
        return periods.period(value, local(now, zone), first)
    except (ValueError, TypeError, KeyError):
        raise BadParam(param=name, value=value) from None
