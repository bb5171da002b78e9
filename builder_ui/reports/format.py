"""The format panel of a report: what every report has, and what its chart asks for besides."""

from collections.abc import Callable
from typing import Any

from engines.core.kernel.kind import Definition, Label
from engines.report import shelves
from engines.report.analyses import analyses
from engines.report.charts import charts
from engines.report.model import Dataset
from engines.report.offer import offer_of, offers, said
from runtime import render

from ..shapes import FORMATS, SUMS
from ..unknown import is_known
from .reporting import NOTE, TITLE

SHARES: dict[str, tuple[str, str]] = {
    "total": ("占全部", "Of the total"),
    "row": ("占本行", "Of its row"),
    "column": ("占本列", "Of its column"),
}
FORMAT: Definition = {
    "id": "format",
    "type": "select",
    "label": {"zh": "数字格式", "en": "Number format"},
    "options": [{"id": name, "label": {"zh": zh, "en": en}} for name, (zh, en) in FORMATS.items()],
}
DECIMALS: Definition = {
    "id": "decimals",
    "type": "number",
    "label": {"zh": "小数位", "en": "Decimals"},
    "min": 0,
    "max": 6,
    "scale": 0,
}
COMPARE: Definition = {"id": "compare", "type": "checkbox", "label": {"zh": "与上期对比", "en": "Compare with before"}}
TOP: Definition = {
    "id": "top",
    "type": "number",
    "label": {"zh": "只看前几名", "en": "Only the first"},
    "min": 1,
    "max": 1000,
    "scale": 0,
}
OTHER: Definition = {"id": "other", "type": "checkbox", "label": {"zh": "其余合为「其他」", "en": "The rest as Other"}}
LIMIT: Definition = {
    "id": "limit",
    "type": "number",
    "label": {"zh": "最多几行", "en": "At most"},
    "min": 1,
    "max": 5000,
    "scale": 0,
}
RECORDS: Definition = {
    "id": "records",
    "type": "checkbox",
    "label": {"zh": "点图可看背后的记录", "en": "A click shows the records behind"},
}
AUTOMATIC: Label = {"zh": "自动", "en": "Automatic"}
OWN = ("title", "note", "limit")


def format_of(body: Definition, dataset: Dataset | None) -> list[Definition]:
    """The settings of a report in the order of its panel."""
    if analysis := body.get("analysis"):
        own = analyses.get(analysis["type"]).config if is_known("analysis", analysis) else []
        return [TITLE, NOTE, *(_asked(one) for one in (*own, *_drawing(body))), RECORDS]
    found = [TITLE, NOTE, *_drawing(body)]
    if body.get("values"):
        found += [FORMAT, DECIMALS]
    if body.get("rows") and not body["rows"][0].get("bucket"):
        found.append(TOP)
        found += [OTHER] if body["rows"][0].get("top") else []
    if any(body.get(shelf) for shelf in shelves.DIMS):
        found.append(_sort(body, dataset))
    if shelves.period_of(body) is not None and body.get("values"):
        found.append(COMPARE)
    return [_asked(one) for one in (*found, LIMIT, RECORDS)]


def usual_chart(body: Definition) -> str:
    """The chart that a report gets without saying which."""
    analysis = body.get("analysis")
    return analyses.get(analysis["type"]).chart if analysis and is_known("analysis", analysis) else "table"


def _drawing(body: Definition) -> list[Definition]:
    """The settings of the chart itself; one that this release does not know has none to show."""
    kind = body.get("chart", {}).get("type") or usual_chart(body)
    return charts.get(kind).config if kind in charts else []


def choices_in(dataset: Dataset | None) -> Callable[[Definition], list[tuple[str, str]]]:
    """Fields of the report's table for a setting that takes some kinds of them."""
    found = [one for one in offers(dataset) if not one.named] if dataset else []

    def choices(setting: Definition) -> list[tuple[str, str]]:
        kinds = setting.get("kinds", ())
        return [(one.token, render.label(one.whole)) for one in found if one.kind in kinds]

    return choices


def settings_of(body: Definition) -> Definition:
    """Their values."""
    first = dict((body.get("values") or [{}])[0])
    top = (body.get("rows") or [{}])[0].get("top") or {}
    sort = (body.get("sort") or [None])[0]
    found = {
        **body.get("chart", {}),
        **body.get("analysis", {}),
        **{name: body.get(name) for name in OWN},
        "format": first.get("format"),
        "decimals": first.get("decimals"),
        "compare": bool(first.get("compare")),
        "top": top.get("n"),
        "other": bool(top.get("other", True)),
        "sort": f"{sort['by']} {'desc' if sort.get('desc') else 'asc'}" if sort else None,
        "records": body.get("drill", {}).get("records", True),
    }
    return {name: value for name, value in found.items() if value is not None}


def taken(body: Definition, name: str, value: Any) -> Definition:
    """The report with one of them changed; None takes it away."""
    if name in OWN:
        return _with(body, name, value)
    if name in ("format", "decimals"):
        return shelves.change(body, "values", 0, {name: value})
    if name == "compare":
        return shelves.change(body, "values", 0, {name: [{"offset": "previous"}] if value else None})
    if name in ("top", "other"):
        return _topped(body, name, value)
    if name == "sort":
        by, _, way = str(value or "").rpartition(" ")
        return _with(body, "sort", [{"by": by, "desc": way == "desc"}] if by else None)
    if name == "records":
        return _with(body, "drill", None if value else {"records": False})
    analysis = body.get("analysis")
    if analysis and name in {one["id"] for one in analyses.get(analysis["type"]).config}:
        return body | {"analysis": _with(analysis, name, value)}
    chart = body.get("chart") or {"type": analyses.get(analysis["type"]).chart if analysis else "table"}
    return body | {"chart": _with(chart, name, value)}


def _asked(setting: Definition) -> Definition:
    return setting | {"blank": AUTOMATIC} if setting["type"] == "select" else setting


def _topped(body: Definition, name: str, value: Any) -> Definition:
    now = body["rows"][0].get("top") or {"by": shelves.value_id(body["values"][0]), "other": True}
    made = now | ({"n": int(value)} if name == "top" and value else {"other": bool(value)} if name == "other" else {})
    return shelves.change(body, "rows", 0, {"top": made if name == "other" or value else None})


def _with(holder: Definition, name: str, value: Any) -> Definition:
    rest = {key: old for key, old in holder.items() if key != name}
    return rest if value is None else rest | {name: value}


def _sort(body: Definition, dataset: Dataset | None) -> Definition:
    """Every column, up and down; without a choice time and options in their own order, else the largest first."""
    options = []
    for column, label in _columns(body, dataset):
        for way, zh, en in (("asc", "从小到大", "smallest first"), ("desc", "从大到小", "largest first")):
            words = {"zh": f"{said(label, 'zh')}，{zh}", "en": f"{said(label, 'en')}, {en}"}
            options.append({"id": f"{column} {way}", "label": words})
    return {"id": "sort", "type": "select", "label": {"zh": "排序", "en": "Order"}, "options": options}


def _columns(body: Definition, dataset: Dataset | None) -> list[tuple[str, Label]]:
    found = []
    for shelf in shelves.DIMS:
        for one in body.get(shelf, ()):
            found.append(
                (str(one.get("as", one["field"])), one.get("label") or _label(dataset, one["field"], named=False))
            )
    for one in body.get("values", ()):
        name, named = one.get("measure") or one.get("field", ""), "measure" in one
        label = one.get("label") or _label(dataset, name, named=named)
        found.append((shelves.value_id(one), label))
    return found


def _label(dataset: Dataset | None, token: str, *, named: bool) -> Label:
    if not token:
        zh, en = SUMS["count"]
        return {"zh": zh, "en": en}
    offer = offer_of(dataset, token, named=named) if dataset else None
    return offer.whole if offer else {"zh": token, "en": token}
