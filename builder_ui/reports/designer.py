"""The report designer: shelves, a strip of charts, the numbers as they are now, and the chart's own settings."""

from collections.abc import Callable
from typing import Any

from engines.core.kernel.errors import NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.report import grid, shelves, suggest
from engines.report.analyses import analyses
from engines.report.chart import Chart
from engines.report.charts import charts
from engines.report.frame import Frame
from engines.report.model import Dataset
from engines.report.offer import Offer, offer_of, offers
from engines.report.theme import theme
from runtime import render

from ..base import Edit, Page, Sent, designer
from ..panel import controls, sent_value
from ..shapes import BUCKETS, FORMATS
from .chips import OPS, SHELVES, all_chips, condition_of, said
from .format import choices_in, format_of, settings_of, taken, usual_chart
from .preview import drafted, previewed
from .reporting import NOTE, TITLE, Reporting, number, parsed

WHOLE = "whole"
"""`sel` when the preview shall ask for every record."""


ORDER = ("bar", "line", "pie", "ranking", "kpi", "table", "pivot", "funnel", "heat")
"""Of the strip: what is asked for most stands first, charts of other packages come after."""


@designer
class Reports(Reporting):
    """`sel` is `whole` for a preview of all records, or `open:<shelf>/<n>` for the chip whose menu opens."""

    kind = "reports"
    folder = "reports"
    config = [TITLE, NOTE]

    def context(self, look: Look, page: Page) -> dict[str, Any]:
        body, dataset = page.body, drafted(page, page.body)
        blank = _blank(body)
        shown = {"view": None, "why": None} if blank else previewed(look, page, whole=page.sel == WHOLE)
        found = super().context(look, page)
        config = format_of(body, dataset)
        return found | shown | {
            "blank": blank,
            "source": body.get("dataset") if isinstance(body.get("dataset"), str) else body.get("source", ""),
            "sources": _sources(page),
            "offered": _grouped(offers(dataset) if dataset else []),
            "suggested": _suggested(dataset) if blank and dataset else [],
            "chips": all_chips(dataset, body, found["wrong"]),
            "strip": strip(body, shown.get("tile") and shown["tile"].frame),
            "analyses": list(analyses),
            "analysis": body.get("analysis", {}).get("type"),
            "panel": controls(config, settings_of(body), choices_in(dataset), page=page),
            "open": page.sel.removeprefix("open:") if page.sel.startswith("open:") else "",
            "boards": page.parts("dashboards"),
            "looks": {mode: theme(mode) for mode in ("light", "dark")},
            **WORDS,
        }  # fmt: skip

    def edit(self, look: Look, page: Page, op: str, sent: Sent) -> Edit:
        if op == "place":
            return _place(page, sent)
        if op not in OPS_OF:
            raise NotFound(op=op)
        made, after = OPS_OF[op](page, sent)
        return "set", {"at": ["reports", page.part], "value": made}, after


WORDS: dict[str, Any] = {"said": said, "buckets": BUCKETS, "formats": FORMATS, "ops_words": OPS, "shelf_words": SHELVES}
Made = tuple[Definition, str]


def strip(body: Definition, frame: Frame | None) -> list[tuple[Chart, bool, str]]:
    """(chart, is it the one, why it is impossible) for each chart there is."""
    sizes = sum(len(body.get(shelf, ())) for shelf in shelves.DIMS), len(body.get("values", ()))
    now = body.get("chart", {}).get("type") or usual_chart(body)
    found = []
    for one in sorted(charts, key=lambda chart: ORDER.index(chart.type) if chart.type in ORDER else len(ORDER)):
        why = one.why_not(frame) if frame is not None else one.misses(*sizes)
        found.append((one, one.type == now, render.label(why) if why else ""))
    return found


def _put(page: Page, sent: Sent) -> Made:
    offer = _offer(page, sent["token"], named=bool(sent.get("named")))
    shelf = sent.get("shelf") or shelves.best(page.body, offer)
    made = shelves.put(page.body, shelf, offer, sent.get("index", type=int))
    if shelf != "filters":
        return made, ""
    timed = shelves.period_of(made) != shelves.period_of(page.body)
    return made, f"open:filters/{'period' if timed else len(shelves.items(made, 'filters')) - 1}"


def _move(page: Page, sent: Sent) -> Made:
    return shelves.move(page.body, sent["shelf"], number(sent["n"]), sent["to"], sent.get("index", type=int)), ""


def _take(page: Page, sent: Sent) -> Made:
    if sent["n"] == "period":
        return shelves.with_period(page.body, "", None), ""
    return shelves.take(page.body, sent["shelf"], number(sent["n"])), ""


def _change(page: Page, sent: Sent) -> Made:
    """One setting of a chip; sent blank it goes."""
    name, value = sent["name"], sent.get("value", "")
    given: Any = value or None
    if name == "top":
        given = {"n": number(value), "by": _first_value(page.body), "other": True} if value else None
    if name == "compare":
        given = [{"offset": value}] if value else None
    return shelves.change(page.body, sent["shelf"], number(sent["n"]), {name: given}), ""


def _cut(page: Page, sent: Sent) -> Made:
    n, dataset = number(sent["n"]), drafted(page, page.body)
    there = shelves.items(page.body, "filters")
    offer = offer_of(dataset, there[n]["field"]) if dataset and n < len(there) and "field" in there[n] else None
    cut = condition_of(offer.kind if offer else "", sent.get("op_", "filled"), sent.getlist("value"))
    return shelves.change(page.body, "filters", n, cut), ""


def _formula(page: Page, sent: Sent) -> Made:
    text = sent.get("value", "").strip()
    rest = {name: value for name, value in page.body.items() if name != "filter"}
    return rest | ({"filter": text} if text else {}), ""


def _period(page: Page, sent: Sent) -> Made:
    field = (shelves.period_of(page.body) or ("",))[0]
    span = {name: sent[name] for name in ("from", "to") if sent.get(name)}
    return shelves.with_period(page.body, field, span or sent.get("value") or None), ""


def _source(page: Page, sent: Sent) -> Made:
    """Another table: what stood on the shelves belongs to the old one and goes."""
    kind, _, name = sent["value"].partition(":")
    if kind not in ("dataset", "source"):
        raise NotFound(source=sent["value"])
    kept = {key: value for key, value in page.body.items() if key in ("id", "title", "note")}
    return kept | {kind: name}, ""


def _chart(page: Page, sent: Sent) -> Made:
    return page.body | {"chart": {"type": charts.get(sent["type"]).type}}, ""


def _analysis(page: Page, sent: Sent) -> Made:
    """Another way of asking; the one that is there already goes, and the shelves count again."""
    body = {name: value for name, value in page.body.items() if name not in ("analysis", "chart")}
    kind, dataset = analyses.get(sent["type"]), drafted(page, page.body)
    if page.body.get("analysis", {}).get("type") == kind.type:
        return shelves.tidy(body), ""
    return body | {"analysis": suggest.begun(kind, dataset) if dataset else {"type": kind.type}}, ""


def _suggest(page: Page, sent: Sent) -> Made:
    dataset, n = drafted(page, page.body), number(sent["n"])
    found = suggest.suggestions(dataset) if dataset else []
    if n >= len(found):
        raise NotFound(n=n)
    return page.body | found[n], ""


def _set(page: Page, sent: Sent) -> Made:
    body, config = page.body, format_of(page.body, drafted(page, page.body))
    value = sent_value(config, settings_of(body), sent)
    return taken(body, sent["name"], value), page.sel


def _json(page: Page, sent: Sent) -> Made:
    return parsed(sent), ""


OPS_OF: dict[str, Callable[[Page, Sent], Made]] = {
    "put": _put,
    "move": _move,
    "take": _take,
    "change": _change,
    "cut": _cut,
    "formula": _formula,
    "period": _period,
    "source": _source,
    "chart": _chart,
    "analysis": _analysis,
    "suggest": _suggest,
    "set": _set,
    "json": _json,
}


def _place(page: Page, sent: Sent) -> Edit:
    """Onto a dashboard, in its first gap."""
    board = next((one for one in page.parts("dashboards") if one["id"] == sent["board"]), None)
    if board is None:
        raise NotFound(dashboard=sent["board"])
    size = (3, 2) if page.body.get("chart", {}).get("type") == "kpi" else (6, 5)
    place = grid.room(board["widgets"], *size)
    widget = {"id": grid.new_id(board["widgets"]), "report": page.part, "at": list(place)}
    return "add", {"at": ["dashboards", sent["board"], "widgets"], "value": widget}, ""


def _offer(page: Page, token: str, *, named: bool) -> Offer:
    dataset = drafted(page, page.body)
    found = offer_of(dataset, token, named=named) if dataset else None
    if found is None:
        raise NotFound(field=token)
    return found


def _blank(body: Definition) -> bool:
    return not (any(body.get(shelf) for shelf in (*shelves.DIMS, "values")) or "analysis" in body)


def _sources(page: Page) -> list[tuple[str, str, str]]:
    """(`dataset:id` or `source:form`, name, icon) of what a report can be about."""
    sets = [(f"dataset:{one['id']}", render.label(one.get("label") or {"en": one["id"]}), "box")
            for one in page.parts("datasets")]  # fmt: skip
    forms = [(f"source:{one['id']}", render.label(one["label"]), "form") for one in page.parts("forms")]
    return [*sets, *forms]


def _grouped(found: list[Offer]) -> list[tuple[str, list[Offer]]]:
    """Fields of the form itself first, then those of each form that it leads to."""
    groups: dict[str, list[Offer]] = {}
    for one in found:
        groups.setdefault(render.label(one.group) if one.group else "", []).append(one)
    return list(groups.items())


def _suggested(dataset: Dataset) -> list[tuple[Definition, Chart]]:
    return [(one, charts.get(one["chart"]["type"])) for one in suggest.suggestions(dataset)]


def _first_value(body: Definition) -> str:
    values = body.get("values", ())
    return shelves.value_id(values[0]) if values else "count"
