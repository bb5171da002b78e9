"""What report pages show of a frame: cards, tables, rankings, and what a chart in the browser needs."""

import json
from typing import Any
from urllib.parse import quote

from flask import current_app, url_for

from engines.report import draw, marks, periods, words
from engines.report.charts import charts
from engines.report.cuts import Cut
from engines.report.dashboard import Board, Tile
from engines.report.frame import OTHER, Column, Frame
from engines.report.levels import finer
from engines.report.model import Report
from engines.report.paths import resolve
from engines.report.templates import Templates
from engines.report.theme import theme

from .behind import Behind, cuts_in
from .render import HERE, label, language, stamped

Params = dict[str, Any]
MOST_ROWS = 500
"""Rows of a table on a page; files have them all."""


def templates() -> Templates:
    """The chart templates of this process."""
    kept = current_app.extensions
    if "dougong.templates" not in kept:
        kept["dougong.templates"] = Templates(HERE / "generated" / "charts")
    found: Templates = kept["dougong.templates"]
    return found


def vega_url() -> str:
    """The module with Vega, whatever its version; made at set-up."""
    static = HERE / "static"
    found = sorted((static / "vendor").glob("vega-*/vega.mjs"))
    return stamped(found[-1].relative_to(static).as_posix()) if found else ""


def packed(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def cuts_out(cuts: list[Cut]) -> list[list[Any]]:
    return [[cut.field, cut.op, cut.value] for cut in cuts]


def address(app: str, report: str, endpoint: str, params: Params, cuts: list[Cut], **more: Any) -> str:
    """A page of a report under the same choice."""
    carried = {name: value for name, value in (("params", params), ("cuts", cuts_out(cuts))) if value}
    query = {name: packed(value) for name, value in carried.items()}
    return url_for(f"reports.{endpoint}", app=app, report=report, **query, **more)


def report_url(app: str, found: Behind) -> str:
    """The report that a list of records was opened from, under the same choice."""
    given = found.given
    level = {"level": packed(given["level"])} if given.get("level") else {}
    return address(app, given["report"], "report", given.get("params", {}), cuts_in(given.get("cuts", [])), **level)


def tile_view(app: str, tile: Tile, *, linked: bool = True, **more: str) -> dict[str, Any]:
    """One widget for its template: {kind, …}; `kind` names the file in templates/charts/. `linked` False: it leads
    nowhere, as in a designer."""
    report, frame = tile.report, tile.frame
    if "report" not in tile.widget:
        return {"kind": "text" if "text" in tile.widget else "filter"}
    if tile.error is not None or report is None or frame is None:
        return {"kind": "error", "error": tile.error}
    chart = charts.get(tile.chart)
    reason = draw.not_drawn(report, frame)
    drills = linked and report.definition.get("drill", {}).get("records", True)
    base = address(app, report.id, "records", tile.params, tile.cuts, **more) if drills else ""
    found = {"kind": chart.type if chart.html else "vega", "chart": chart.type, "reason": reason, "records": base}
    found |= {"notes": frame.notes, "table": table_view(frame, base), "rows": mark_rows(frame), "name": report.title}
    deeper = finer(report) if linked else {}
    found["finer"] = {n: periods.UNIT_LABELS.get(level) or _field(report, level) for n, level in deeper.items()}
    found["report"] = address(app, report.id, "report", tile.params, tile.cuts, **more) if linked else ""
    if reason is not None or not frame.rows:
        return found | {"kind": "empty" if not frame.rows else "table"}
    make = {"kpi": _kpi, "ranking": _ranking, "pivot": _pivot, "pie": _pie}.get(chart.type)
    if not chart.html:
        found |= {"spec": draw.spec(report, frame, language(), templates())}
    return found | (make(tile, report, frame, base) if make else {})


def board_view(app: str, found: Board, *, linked: bool = True) -> Params:
    """What the tiles of a dashboard need, in reading order; parameters that have a tile leave the bar."""
    tiles = sorted(found.tiles, key=lambda tile: (tile.widget["at"][1], tile.widget["at"][0]))
    choices = {choice.param["id"]: choice for choice in found.choices}
    own = {tile.widget["filter"] for tile in tiles if "filter" in tile.widget}
    return {
        "board": found,
        "views": [(tile, tile_view(app, tile, linked=linked)) for tile in tiles],
        "choices": choices,
        "in_bar": [choice for name, choice in choices.items() if name not in own],
        "period_words": lambda value: label(periods.words(value)),
        "looks": {mode: theme(mode) for mode in ("light", "dark")},
        "chart_url": lambda tile: address(app, tile.report.id, "report", tile.params, tile.cuts),
        "file_url": lambda tile, kind: address(app, tile.report.id, "download", tile.params, tile.cuts, kind=kind),
    }


def _field(report: Report, path: str) -> Params:
    return resolve(report.dataset.source, path).label


def mark_rows(frame: Frame) -> list[Params]:
    """{dimension: value} of each row, as a mark carries it."""
    dims = frame.of_role("dimension")
    return [{frame.columns[n].id: row[n] for n in dims} for row in frame.rows]


def mark_url(base: str, row: Params, measure: str = "", offset: int | None = None) -> str:
    """The records behind a number; none when records are not offered."""
    if not base:
        return ""
    mark: Params = {"row": row} | ({"measure": measure} if measure else {})
    mark |= {"offset": offset} if offset is not None else {}
    return base + ("&" if "?" in base else "?") + "mark=" + quote(packed(mark))


def table_view(frame: Frame, base: str) -> Params:
    """Head and cells as text, each number with the address of its records; `cut` is how many rows there are when not
    all of them are shown."""
    rows = []
    for row, mark in zip(frame.rows[:MOST_ROWS], mark_rows(frame)[:MOST_ROWS], strict=True):
        rows.append([_cell(column, value, base, mark) for column, value in zip(frame.columns, row, strict=True)])
    total = None
    if frame.total is not None:
        total = [_cell(column, value, base, {}) for column, value in zip(frame.columns, frame.total, strict=True)]
    head = [{"text": c.name(language()), "end": c.role != "dimension"} for c in frame.columns]
    return {"head": head, "rows": rows, "total": total, "cut": len(frame.rows) if len(frame.rows) > MOST_ROWS else 0}


def _cell(column: Column, value: Any, base: str, mark: Params) -> Params:
    if column.role == "dimension":
        return {"text": column.shown(value, language()) if mark else "", "end": False, "href": ""}
    href = mark_url(base, mark, column.id) if column.role == "measure" and value else ""
    return {"text": marks.text(column, value), "end": True, "href": href}


def _kpi(tile: Tile, report: Report, frame: Frame, base: str) -> Params:
    at = frame.of_role("measure")[0]
    column, value = frame.columns[at], frame.rows[0][at]
    period = tile.params.get("period", report.definition.get("period"))
    offsets = [one["offset"] for one in report.definition["values"][0].get("compare", ())]
    changes = []
    for n, offset in enumerate(offsets):
        before, change = frame.rows[0][at + 1 + 2 * n], frame.rows[0][at + 2 + 2 * n]
        if change is not None:
            text = words.growth(change, column.format, before, value)
            said = periods.before(period, offset)[language()]
            changes.append({"up": change >= 0, "text": text, "words": said, "flat": change == 0})
    return {
        "value": words.short(value, language(), column.format, currency=column.currency, decimals=column.decimals),
        "whole": marks.text(column, value),
        "changes": changes,
        "href": mark_url(base, {}, column.id),
        "good": draw.config_of(report).get("good", "up"),
        "spark": _spark([point or 0 for point in tile.spark]),
    }


def _spark(points: list[float]) -> str:
    """A polyline in a box of 84 by 28."""
    if len(points) < 2:
        return ""
    low, high = min(points), max(points)
    wide, tall = 84 / (len(points) - 1), 24 / (high - low or 1)
    return " ".join(f"{n * wide:.1f},{26 - (point - low) * tall:.1f}" for n, point in enumerate(points))


def _ranking(tile: Tile, report: Report, frame: Frame, base: str) -> Params:
    dim, at = frame.of_role("dimension")[0], frame.of_role("measure")[0]
    column, rows = frame.columns[at], mark_rows(frame)
    most = max((abs(row[at] or 0) for row in frame.rows), default=0) or 1
    lines = []
    for n, row in enumerate(frame.rows):
        lines.append(
            {
                "name": frame.columns[dim].shown(row[dim], language()),
                "share": round(100 * abs(row[at] or 0) / most, 1),
                "text": words.short(
                    row[at], language(), column.format, currency=column.currency, decimals=column.decimals
                ),
                "whole": marks.text(column, row[at]),
                "href": mark_url(base, rows[n], column.id),
                "other": row[dim] == OTHER,
            }
        )
    return {"lines": lines}


def _pie(tile: Tile, report: Report, frame: Frame, base: str) -> Params:
    """The list beside the ring: each slice by name, share and number."""
    dim, at = frame.of_role("dimension")[0], frame.of_role("measure")[0]
    column, whole, rows = frame.columns[at], sum(row[at] or 0 for row in frame.rows) or 1, mark_rows(frame)
    slices = []
    for n, row in enumerate(frame.rows):
        if (row[at] or 0) > 0:
            text = words.short(row[at], language(), column.format, currency=column.currency, decimals=column.decimals)
            name = frame.columns[dim].shown(row[dim], language())
            href = mark_url(base, rows[n], column.id)
            slices.append({"name": name, "share": words.full(row[at] / whole, "percent"), "text": text, "href": href})
    return {"slices": slices}


def _pivot(tile: Tile, report: Report, frame: Frame, base: str) -> Params:
    """The last dimension across; totals are asked for, not added."""
    *down, across = frame.of_role("dimension")
    at = frame.of_role("measure")[0]
    column = frame.columns[at]
    heads = list(dict.fromkeys(row[across] for row in frame.rows))
    cells: dict[tuple[Any, ...], dict[Any, Any]] = {}
    for row in frame.rows:
        cells.setdefault(tuple(row[n] for n in down), {})[row[across]] = row[at]
    lines = []
    for key, values in cells.items():
        mark = {frame.columns[n].id: value for n, value in zip(down, key, strict=True)}
        names = [frame.columns[n].shown(value, language()) for n, value in zip(down, key, strict=True)]
        shown = [
            {
                "text": marks.text(column, values.get(head)) if head in values else "",
                "href": mark_url(base, mark | {frame.columns[across].id: head}, column.id) if values.get(head) else "",
            }
            for head in heads
        ]
        lines.append({"names": names, "cells": shown})
    return {
        "down": [frame.columns[n].name(language()) for n in down],
        "across": [frame.columns[across].shown(head, language()) for head in heads],
        "lines": lines,
    }
