"""What cohorts, RFM and lifetime value share: when each one of a field was active, and the records of some of them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from engines.core.kernel.kind import Definition, Label
from engines.core.records.query import Where
from engines.core.records.source import Source

from .buckets import Bucket, Moment
from .cuts import Cut, where
from .errors import BadParam, TooManyBehind
from .frame import Column
from .model import Report, report_of
from .paths import Path, resolve
from .store import VALUES

if TYPE_CHECKING:
    from .run import Running

MOST_BEHIND = 16_384
"""Records that one statement can name."""
ENTITY: Definition = {
    "id": "entity",
    "type": "field_ref",
    "kinds": ["link", "text", "choice"],
    "label": {"zh": "数的是谁", "en": "Who is counted"},
    "required": True,
}
TIME: Definition = {
    "id": "time",
    "type": "field_ref",
    "kinds": ["date", "datetime"],
    "label": {"zh": "按哪个时间", "en": "By which time"},
    "required": True,
}
AMOUNT: Definition = {
    "id": "amount",
    "type": "field_ref",
    "kinds": ["number"],
    "label": {"zh": "金额字段", "en": "Amount"},
    "required": True,
}
UNIT: Definition = {
    "id": "unit",
    "type": "select",
    "label": {"zh": "多长算一期", "en": "Length of a span"},
    "options": [
        {"id": "day", "label": {"zh": "天", "en": "Day"}},
        {"id": "week", "label": {"zh": "周", "en": "Week"}},
        {"id": "month", "label": {"zh": "月", "en": "Month"}},
        {"id": "quarter", "label": {"zh": "季度", "en": "Quarter"}},
        {"id": "year", "label": {"zh": "年", "en": "Year"}},
    ],
}
Spans = dict[Any, dict[str, tuple[int, float]]]
"""By entity and the label of a span: how many records, and their amount."""


def bucket_of(running: "Running", config: Definition) -> Bucket:
    """The length of a span; a month unless the config says otherwise."""
    return Bucket(config.get("unit", "month"), running.report.dataset.first)


def activity(running: "Running", config: Definition, *, whole: bool = False) -> Spans:
    """Under the report's conditions; `whole`: at any time, whatever the period. Records of nobody are left out."""
    amount = config.get("amount", "")
    values = [{"agg": "count", "as": "n"}, *([{"agg": "sum", "field": amount, "as": "s"}] if amount else [])]
    rows = [{"field": config["entity"], "as": "who"}]
    rows += [{"field": config["time"], "as": "at", "bucket": config.get("unit", "month")}]
    found: Spans = defaultdict(dict)
    for (who, at), cells in _asked(running, rows, values, whole=whole).items():
        if who is not None and at is not None:
            found[who][at] = int(cells["n"]), float(cells.get("s") or 0)
    return dict(found)


def latest(running: "Running", config: Definition) -> dict[Any, tuple[Any, int, float]]:
    """By entity: the last time as it is stored, how many records, their amount."""
    values = [{"agg": "max", "field": config["time"], "as": "t"}, {"agg": "count", "as": "n"}]
    values += [{"agg": "sum", "field": config["amount"], "as": "s"}]
    rows = [{"field": config["entity"], "as": "who"}]
    asked = _asked(running, rows, values, whole=False)
    return {who: (c["t"], int(c["n"]), float(c["s"] or 0)) for (who,), c in asked.items() if who is not None and c["t"]}


def amount_column(running: "Running", config: Definition, name: str, label: Label, role: str) -> Column:
    """A column of amounts, written as the field is."""
    field = resolve(running.report.dataset.source, config["amount"]).definition if config.get("amount") else {}
    style = "money" if field.get("type") == "money" else "number"
    return Column(name, label, "number", role, style, str(field.get("currency", "CNY")) if style == "money" else "")


def entity_path(running: "Running", config: Definition) -> Path:
    return resolve(running.report.dataset.source, config["entity"])


def home_of(running: "Running", config: Definition) -> str:
    """The form whose records stand behind a number: that of the entities when they are records."""
    path = entity_path(running, config)
    kind = path.type.item or path.type
    return kind.form if kind.kind == "link" and kind.form else running.report.dataset.source.form


def those(running: "Running", config: Definition, entities: Iterable[Any]) -> tuple[Where, ...]:
    """The records of these entities; TooManyBehind when one statement cannot name them all."""
    ids = sorted(entities)
    if len(ids) > MOST_BEHIND:
        raise TooManyBehind(count=f"{len(ids):,}", most=f"{MOST_BEHIND:,}")
    source: Source = running.app.form(home_of(running, config)).source
    field = "id" if source.form != running.report.dataset.source.form else config["entity"]
    padded = [*ids, *[ids[-1]] * ((1 << (len(ids) - 1).bit_length()) - len(ids))] if ids else []
    return (where(Cut(field, "in", padded), source, running.asking.sight, running.asking.binder),)


def spans_between(bucket: Bucket, labels: Iterable[str], running: "Running") -> list[str]:
    """Every span from the first to the last one, of the period where there is one."""
    known = sorted(labels)
    period = running.chosen.period
    if period is not None:
        end = period.end if period.until is None else min(period.end, period.until)
        return bucket.between(period.start, end)
    return bucket.between(bucket.span(known[0])[0], bucket.span(known[-1])[1]) if known else []


def only(row: dict[str, Any], names: set[str]) -> None:
    """BadParam for a mark on something that the analysis has not."""
    for name in row:
        if name not in names:
            raise BadParam(param=name, value=row[name])


def day_of(stored: Any, zone: str) -> Moment:
    """The local day of a stored date or instant."""
    from .zones import local

    return Moment.fromisoformat(stored) if isinstance(stored, str) else local(int(stored), zone)


def _asked(running: "Running", rows: Any, values: Any, *, whole: bool) -> Any:
    given = running.report.definition
    bare: Definition = {name: given[name] for name in ("dataset", "source") if name in given}
    asked = {"id": "activity", "title": {"en": "Activity"}, "rows": rows, "values": values}
    report: Report = report_of(running.app, asked | bare)
    cuts = running.chosen.cuts if whole else running.chosen.all()
    running.asking.most = VALUES
    measures = [value.measure for value in report.values]
    return {
        key: {value.id: cells.get(value.measure.id) for value in report.values}
        for key, cells in running.asking.table(report.dims, measures, cuts).items()
    }
