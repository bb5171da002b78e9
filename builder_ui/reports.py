"""Reports, dashboards and datasets: panels, the JSON beside, and how the draft's report looks right now."""

import json
from typing import Any, ClassVar

from flask import Response, request

from engines.apps.catalog import App
from engines.core.kernel.errors import AppError, Invalid, NotFound, Rejected
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.report import draw
from engines.report.charts import charts
from engines.report.frame import Frame
from engines.report.model import Report, report_of
from engines.report.pictures import picture
from engines.report.run import Running
from runtime import render
from runtime.guard import right
from runtime.report_parts import table_view, templates

from .base import Designer, Edit, Page, Sent, build, designer, read
from .panel import controls, sent_value
from .references import choices_of

TITLE: Definition = {
    "id": "title",
    "type": "labels",
    "label": {"zh": "标题", "en": "Title"},
    "required": True,
    "max_length": 80,
}
REPORT: list[Definition] = [
    TITLE,
    {"id": "note", "type": "labels", "label": {"zh": "说明", "en": "Note"}, "max_length": 300},
    {
        "id": "period",
        "type": "text",
        "label": {"zh": "时间范围，如 last 30 days", "en": "Period, such as last 30 days"},
        "max_length": 32,
    },
    {"id": "rows", "type": "json", "shape": "dims", "label": {"zh": "按什么分", "en": "Broken down by"}},
    {"id": "color", "type": "json", "shape": "dims", "label": {"zh": "颜色", "en": "Colour"}},
    {"id": "columns", "type": "json", "shape": "dims", "label": {"zh": "列", "en": "Columns"}},
    {"id": "values", "type": "json", "shape": "measured", "label": {"zh": "指标", "en": "Values"}},
    {"id": "limit", "type": "number", "label": {"zh": "最多几行", "en": "At most"}, "min": 1, "max": 5000, "scale": 0},
]
DASHBOARD: list[Definition] = [
    TITLE,
    {"id": "icon", "type": "text", "label": {"zh": "图标", "en": "Icon"}, "max_length": 32},
    {"id": "widgets", "type": "json", "label": {"zh": "放哪些报表", "en": "Reports on it"}},
]
DATASET: list[Definition] = [
    {"id": "label", "type": "labels", "label": {"zh": "名称", "en": "Name"}, "max_length": 80},
    {"id": "source", "type": "form_ref", "label": {"zh": "来自哪张表单", "en": "Records of form"}, "required": True},
    {"id": "default_time", "type": "field_ref", "of": "source", "label": {"zh": "按哪个时间", "en": "Time"}},
    {
        "id": "filter",
        "type": "formula_text",
        "label": {"zh": "只看哪些", "en": "Only those where"},
        "returns": "boolean",
    },
    {"id": "measures", "type": "json", "label": {"zh": "指标", "en": "Measures"}},
]


class Reporting(Designer):
    """`sel` is not used: everything of a part stands in one panel."""

    folder = "reports"
    config: ClassVar[list[Definition]]

    def context(self, look: Look, page: Page) -> dict[str, Any]:
        body = page.body
        settings = self.settings(body)
        return {
            "body": body,
            "name": render.label(body.get("title") or body.get("label") or {"en": page.part}),
            "panel": controls(self.panel(body), settings, _choices(page, settings), page=page),
            "wrong": page.part_problems(),
            "text": json.dumps(body, ensure_ascii=False, indent=2),
            **self.more(look, page),
        }

    def panel(self, body: Definition) -> list[Definition]:
        return self.config

    def settings(self, body: Definition) -> Definition:
        return body

    def more(self, look: Look, page: Page) -> dict[str, Any]:
        return {}

    def edit(self, look: Look, page: Page, op: str, sent: Sent) -> Edit:
        at = [self.kind, page.part]
        if op == "json":
            return "set", {"at": at, "value": _json(sent)}, ""
        if op != "set":
            raise NotFound(op=op)
        value = sent_value(self.panel(page.body), page.body, sent)
        return "set", {"at": self.at(at, sent["name"]), "value": value}, ""

    def at(self, part: list[str], name: str) -> list[str]:
        return [*part, name]


@designer
class Reports(Reporting):
    kind = "reports"
    config = REPORT

    def panel(self, body: Definition) -> list[Definition]:
        chart = charts.get(_chart(body))
        return [*REPORT, *(one for one in chart.config if one["id"] not in {each["id"] for each in REPORT})]

    def settings(self, body: Definition) -> Definition:
        return body.get("chart", {}) | body

    def at(self, part: list[str], name: str) -> list[str]:
        return [*part, name] if name in {one["id"] for one in REPORT} else [*part, "chart", name]

    def more(self, look: Look, page: Page) -> dict[str, Any]:
        return {"charts": list(charts), "chart": _chart(page.body), **_preview(look, page)}

    def edit(self, look: Look, page: Page, op: str, sent: Sent) -> Edit:
        if op == "chart":
            kind = charts.get(sent["type"])
            return "set", {"at": ["reports", page.part, "chart"], "value": {"type": kind.type}}, ""
        return super().edit(look, page, op, sent)


@designer
class Dashboards(Reporting):
    kind = "dashboards"
    config = DASHBOARD


@designer
class Datasets(Reporting):
    kind = "datasets"
    config = DATASET


def _chart(body: Definition) -> str:
    return str(body.get("chart", {}).get("type", "table"))


def _choices(page: Page, settings: Definition) -> Any:
    ordinary = choices_of(page, settings)

    def choices(setting: Definition) -> list[tuple[str, str]]:
        if setting["id"] == "report":
            return [(one["id"], render.label(one["title"])) for one in page.parts("reports")]
        return ordinary(setting)

    return choices


def _json(sent: Sent) -> Any:
    try:
        return json.loads(sent.get("text", ""))
    except ValueError as error:
        raise Invalid({"text": Rejected("required", told=str(error))}) from error


def _mixed(page: Page) -> App:
    """Live forms with the draft's datasets: what can be asked of the database today."""
    live = page.draft.live
    return App(live.version, live.definition | {"datasets": page.definition.get("datasets", [])})


def _ran(look: Look, page: Page) -> tuple[Report, Frame]:
    app = _mixed(page)
    running = Running(look, app, report_of(app, page.body), {})
    return running.report, running.frame()


def _preview(look: Look, page: Page) -> dict[str, Any]:
    """The numbers of the draft's report, as its reader would get them; or why there are none."""
    try:
        _, frame = _ran(look, page)
    except (AppError, LookupError, ValueError, TypeError) as error:
        words = render.say(error) if isinstance(error, AppError) else str(error)
        return {"numbers": None, "why": words, "drawable": False}
    table = table_view(frame, "")
    reason = charts.get(_chart(page.body)).why_not(frame)
    table["rows"] = table["rows"][:20]
    drawable = reason is None and charts.get(_chart(page.body)).image and bool(frame.rows)
    return {"numbers": table, "why": render.label(reason) if reason else "", "drawable": drawable}


@build.get("/<app>/reports/<part>/picture.svg")
@right("builder")
def drawn_report(app: str, part: str) -> Response:
    """The draft's report as a picture."""
    report, frame = read(app, lambda look, found: _ran(look, Page(found, "reports", part)))
    spec = draw.spec(report, frame, render.language(), templates())
    mode = "dark" if request.cookies.get("theme") == "dark" else "light"
    content = picture(spec, render.language(), "svg", mode=mode)
    return Response(content, mimetype="image/svg+xml", headers={"Cache-Control": "private, max-age=60"})
