"""A dashboard for one reader: each widget's report run under what the reader chose, in one snapshot."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look

from .cuts import Cut
from .draw import chart_of, config_of
from .errors import BadParam
from .frame import Frame
from .model import AnyApp, Report, report_of
from .params import PERIOD, declared
from .run import Running

PRESETS = ("today", "last 7 days", "last 30 days")
MOST_CHOICES = 50


@dataclass
class Tile:
    """One widget with its result, or the error that stands in its place; a text or a filter has neither."""

    widget: Definition
    report: Report | None = None
    frame: Frame | None = None
    error: AppError | None = None
    spark: list[Any] = field(default_factory=list)
    params: dict[str, Any] = field(default_factory=dict)
    cuts: list[Cut] = field(default_factory=list)

    @property
    def chart(self) -> str:
        return chart_of(self.report).type if self.report else "table"


@dataclass(frozen=True)
class Choice:
    """One control of the bar: its options as (value, label), and which are chosen."""

    param: Definition
    options: list[tuple[Any, Label]]
    chosen: Any


@dataclass(frozen=True)
class Cross:
    """A mark that narrows the other widgets: the report and widget it was clicked in, its row, its words."""

    widget: str
    report: str
    row: dict[str, Any]


@dataclass
class Board:
    definition: Definition
    choices: list[Choice]
    tiles: list[Tile]
    crosses: list[tuple[Cross, Label]]


def board(look: Look, app: AnyApp, name: str, given: Mapping[str, Any], crosses: Sequence[Cross] = ()) -> Board:
    """The dashboard called `name`; `given` are values by parameter id. A widget that cannot be answered says why, the
    others stand."""
    definition = app.part("dashboards", name)
    chosen = {one["id"]: given.get(one["id"], one.get("default")) for one in definition.get("params", ())}
    for one in given:
        if one not in chosen:
            raise BadParam(param=one, value=given[one])
    choices = [_choice(look, app, one, chosen[one["id"]]) for one in definition.get("params", ())]
    known = [_crossed(look, app, definition, cross, chosen) for cross in crosses]
    tiles = [_tile(look, app, definition, widget, chosen, known) for widget in definition["widgets"]]
    return Board(definition, choices, tiles, [(cross, words) for cross, words, _, _ in known])


Known = tuple[Cross, Label, str, list[Cut]]
"""A cross filter with its words, the form it is about, and its conditions."""


def _crossed(look: Look, app: AnyApp, definition: Definition, cross: Cross, chosen: Mapping[str, Any]) -> Known:
    report = report_of(app, cross.report)
    widget = next((w for w in definition["widgets"] if w["id"] == cross.widget), {"id": cross.widget})
    params, cuts = _passed(report, definition, widget, chosen)
    running = Running(look, app, report, params, cuts)
    dims = {dim.id: dim for dim in report.dims}
    if not cross.row or set(cross.row) - set(dims):
        raise BadParam(param="x", value=json.dumps(cross.row))
    found = [running.mark_cut(dims[name], value) for name, value in cross.row.items()]
    return cross, running.said(cross.row), report.dataset.source.form, found


def _tile(
    look: Look, app: AnyApp, definition: Definition, widget: Definition, chosen: Mapping[str, Any], known: list[Known]
) -> Tile:
    tile = Tile(widget)
    if "report" not in widget:
        return tile
    try:
        tile.report = report = report_of(app, widget["report"])
        tile.params, tile.cuts = _passed(report, definition, widget, chosen)
        if widget.get("cross_filter", {}).get("listen", True):
            form = report.dataset.source.form
            tile.cuts += [c for x, _, about, cuts in known if x.widget != widget["id"] and about == form for c in cuts]
        config = config_of(report)
        running = Running(look, app, report, tile.params, tile.cuts)
        tile.frame = running.frame(total=bool(config.get("total")) or config["type"] in ("pie", "pivot"))
        if config.get("spark"):
            tile.spark = _spark(look, app, tile, config["spark"])
    except AppError as error:
        tile.error = error
    return tile


def _passed(
    report: Report, definition: Definition, widget: Definition, chosen: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Cut]]:
    """What a widget's report gets of the dashboard's choices: by the widget's map, by name, or by the field itself."""
    known = {one["id"] for one in declared(report)}
    params = {n: _value(v, chosen) for n, v in widget.get("params", {}).items() if n in known}
    cuts: list[Cut] = []
    for one in definition.get("params", ()):
        name, value = one["id"], chosen.get(one["id"])
        if name in params or value in (None, "", []):
            continue
        form, _, path = one.get("of", "").partition(".")
        if name in known or (one["type"] == PERIOD and PERIOD in known):
            params[name if name in known else PERIOD] = value
        elif form == report.dataset.source.form:
            cuts.append(Cut(path, "in", value if isinstance(value, list) else [value]))
    return params, cuts


def _value(value: Any, chosen: Mapping[str, Any]) -> Any:
    return chosen.get(value[1:]) if isinstance(value, str) and value.startswith("$") else value


def _spark(look: Look, app: AnyApp, tile: Tile, unit: str) -> list[Any]:
    """The card's number in steps of time, under the same choice."""
    if tile.report is None:
        return []
    bare = {name: value for name, value in tile.report.definition.items() if name not in ("chart", "limit", "sort")}
    values = [{k: v for k, v in one.items() if k != "compare"} for one in bare["values"][:1]]
    rows = [{"field": tile.report.dataset.time, "bucket": unit, "fill": "gaps", "as": "spark_time"}]
    frame = Running(look, app, report_of(app, bare | {"values": values, "rows": rows}), tile.params, tile.cuts).frame()
    return [row[1] for row in frame.rows]


def _choice(look: Look, app: AnyApp, param: Definition, chosen: Any) -> Choice:
    if param["type"] == PERIOD:
        return Choice(param, [(name, {}) for name in param.get("presets", PRESETS)], chosen)
    form, _, path = param["of"].partition(".")
    ask = {
        "id": param["id"],
        "source": form,
        "title": {"en": param["id"]},
        "rows": [{"field": path}],
        "values": [{"measure": "count"}],
        "limit": MOST_CHOICES,
    }
    try:
        frame = Running(look, app, report_of(app, ask), {}).frame()
    except AppError:
        return Choice(param, [], chosen)
    column = frame.columns[0]
    if column.type == "choice":
        return Choice(param, list(column.labels.items()), chosen)
    said = [(row[0], {lang: column.shown(row[0], lang) for lang in ("zh", "en")}) for row in frame.rows]
    return Choice(param, [one for one in said if one[0] is not None], chosen)
