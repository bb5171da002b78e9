"""The pages of dashboards and reports, the records behind a mark, and their numbers over the API and as files."""

import json
from typing import Any

from flask import Blueprint, Response, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from engines.core.kernel.errors import AppError, NotFound
from engines.core.kernel.work import Look
from engines.report import draw, exports
from engines.report.cuts import Cut
from engines.report.dashboard import Board, Cross, Tile, board
from engines.report.errors import BadParam
from engines.report.frame import Frame
from engines.report.levels import finer, leveled
from engines.report.model import Report
from engines.report.pictures import picture
from engines.report.run import Running
from engines.report.theme import theme

from .behind import behind, cuts_in, token
from .guard import platform, right
from .render import label, language
from .report_parts import Params, address, board_view, cuts_out, packed, report_url, templates, tile_view, vega_url

reports = Blueprint("reports", __name__)
reports.app_template_global("vega_url")(vega_url)
reports.app_template_global("report_url")(report_url)


@reports.app_template_global()
def finer_words(levels: dict[str, dict[str, str]]) -> dict[str, str]:
    """What going down a level is called, by dimension."""
    return {name: gettext("Look closer: by %(level)s", level=label(words)) for name, words in levels.items()}


MOST_TEXT = 8_000
OURS = ("params", "cuts", "mark", "after", "level", "down")
"""Parts of an address that are no parameters of a report."""
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "svg": "image/svg+xml",
}


@reports.get("/a/<app>/d/<dashboard>")
@right("app")
def show(app: str, dashboard: str) -> str:
    """Every widget in one snapshot; what the reader chose stands in the address."""

    def ask(look: Look) -> Board:
        found = look.apps.app(app)
        definition = found.part("dashboards", dashboard)
        if not look.rights.may("dashboards", app, dashboard):
            raise NotFound(dashboard=dashboard)
        return board(look, found, dashboard, _chosen(definition), [_cross(text) for text in request.args.getlist("x")])

    found = platform().look(g.actor, ask)
    return render_template(
        "dashboard.html",
        app_id=app,
        on=f"d/{dashboard}",
        here=_here,
        editable=platform().look(g.actor, lambda look: look.rights.may("builder", app)),
        **board_view(app, found),
    )


@reports.get("/a/<app>/r/<report>")
@right("app")
def report(app: str, report: str) -> str | BaseResponse:
    """One report on a page of its own, with its numbers as a table."""
    if "down" in request.args:
        return redirect(_down(app, report))
    running, frame = platform().look(g.actor, lambda look: _run(look, app, report))
    params, cuts = _params(), _cuts()
    tile = Tile({"id": report, "report": report}, running.report, frame, params=params, cuts=cuts)
    return render_template(
        "report.html",
        app_id=app,
        report=running.report,
        tile=tile,
        view=tile_view(app, tile, **_level()),
        looks={mode: theme(mode) for mode in ("light", "dark")},
        file_url=lambda kind: address(app, report, "download", params, cuts, kind=kind, **_level()),
    )


@reports.get("/a/<app>/r/<report>/records")
@right("app")
def records(app: str, report: str) -> BaseResponse:
    """Exactly the records that a mark counts, in the list of their form."""
    cuts = cuts_out(_cuts())
    text = token(
        {"report": report, "params": _params(), "cuts": cuts, "mark": _json("mark", {}), "level": _json("level", {})}
    )
    found = platform().look(g.actor, lambda look: behind(look, look.apps.app(app), text))
    return redirect(url_for("records.listing", app=app, form=found.form, mark=text))


@reports.get("/a/<app>/r/<report>.<kind>")
@right("app")
def download(app: str, report: str, kind: str) -> Response:
    """CSV, XLSX, PNG or SVG under the same choice."""
    return _file(app, report, kind)


@reports.get("/api/v1/apps/<app>/reports/<report>/data")
@right("app", api=True)
def data(app: str, report: str) -> Response:
    """The result frame: {columns, rows}."""
    _, frame = platform().look(g.actor, lambda look: _run(look, app, report))
    return jsonify(frame.plain())


@reports.get("/api/v1/apps/<app>/reports/<report>.<kind>")
@right("app", api=True)
def api_file(app: str, report: str, kind: str) -> Response:
    return _file(app, report, kind)


def _down(app: str, report: str) -> str:
    """From a mark to what it is made of: the report a level finer, cut to the mark."""
    name, mark = request.args["down"], _json("mark", {})

    def ask(look: Look) -> tuple[str | None, list[Cut]]:
        running = Running(look, look.apps.app(app), _leveled(look, app, report), _params(), _cuts())
        dims = {dim.id: dim for dim in running.report.dims}
        row = mark.get("row", {}) if isinstance(mark, dict) else {}
        if set(row) - set(dims):
            raise BadParam(param="mark", value=packed(mark)[:80])
        return finer(running.report).get(name), [running.mark_cut(dims[one], value) for one, value in row.items()]

    level, cuts = platform().look(g.actor, ask)
    if level is None:
        raise BadParam(param="down", value=name)
    levels = _json("level", {}) | {name: level}
    return address(app, report, "report", _params(), [*_cuts(), *cuts], level=packed(levels))


def _file(app: str, report: str, kind: str) -> Response:
    if kind not in TYPES:
        raise NotFound(kind=kind)
    running, frame = platform().look(g.actor, lambda look: _run(look, app, report))
    response = Response(contents(running.report, frame, kind), mimetype=TYPES[kind])
    response.headers["Content-Disposition"] = f"attachment; filename={report}.{kind}"
    return response


def contents(found: Report, frame: Frame, kind: str) -> bytes:
    """A frame as a file."""
    title = label(found.title)
    if kind == "csv":
        return exports.to_csv(frame, language())
    if kind == "xlsx":
        return exports.to_xlsx(frame, language(), title)
    return picture(draw.spec(found, frame, language(), templates()), language(), kind, title=title)


def _run(look: Look, app: str, report: str) -> tuple[Running, Frame]:
    running = Running(look, look.apps.app(app), _leveled(look, app, report), _params(), _cuts())
    return running, running.frame(total=bool(draw.config_of(running.report).get("total")))


def _leveled(look: Look, app: str, report: str) -> Report:
    """The report at the levels that a reader went down to."""
    levels = _json("level", {})
    if not isinstance(levels, dict):
        raise BadParam(param="level", value=str(levels)[:80])
    return leveled(look.apps.app(app), report, levels)


def _chosen(definition: dict[str, Any]) -> Params:
    """What stands in the address for each parameter of a dashboard; left out means its default, blank means all."""
    found: Params = {}
    for one in definition.get("params", ()):
        name = one["id"]
        if one["type"] == "period" and (request.args.get("from") or request.args.get("to")):
            found[name] = {key: request.args[key] for key in ("from", "to") if request.args.get(key)}
        elif name in request.args:
            values = [value for value in request.args.getlist(name) if value]
            found[name] = values if one["type"] == "choice" else (values or [""])[0]
    return found


def _cross(text: str) -> Cross:
    try:
        given = json.loads(text)
        return Cross(str(given["w"]), str(given["r"]), dict(given["row"]))
    except (ValueError, KeyError, TypeError):
        raise BadParam(param="x", value=text[:80]) from None


def _json(name: str, fallback: Any) -> Any:
    text = request.args.get(name, "")
    if not text:
        return fallback
    try:
        return json.loads(text[:MOST_TEXT])
    except ValueError:
        raise BadParam(param=name, value=text[:80]) from None


def _level() -> dict[str, str]:
    """The levels of this address, to carry on."""
    return {"level": request.args["level"]} if request.args.get("level") else {}


def _params() -> Params:
    """`params` as one JSON object, or the parameters by their names."""
    given = _json("params", {})
    if not isinstance(given, dict):
        raise BadParam(param="params", value=str(given)[:80])
    loose = {name: value for name, value in request.args.items() if name not in OURS}
    return loose | given


def _cuts() -> list[Cut]:
    return cuts_in(_json("cuts", []))


def _here(**changes: Any) -> str:
    """This page with some of its address changed; None takes a part away."""
    args = {name: values for name, values in request.args.lists() if name not in changes}
    args |= {name: value for name, value in changes.items() if value is not None}
    return url_for(str(request.endpoint), **(request.view_args or {}), **args)


__all__ = ["AppError", "contents", "reports"]
