"""A frame as a chart: the drawing that was asked for, or the reason why it cannot be drawn."""

from typing import Any

from engines.core.kernel.kind import Definition, Label

from .analyses import analyses
from .chart import Chart
from .charts import charts
from .dress import dressed
from .errors import NoChart
from .frame import Frame
from .model import Report
from .templates import Templates


def chart_of(report: Report) -> Chart:
    """The report's chart; an analysis brings its own unless the report says otherwise. A chart that this release does
    not have is a table."""
    kind = config_of(report)["type"]
    return charts.get(kind if kind in charts else "table")


def not_drawn(report: Report, frame: Frame) -> Label | None:
    """Why a table stands in the place of the chart; None when the chart can be drawn."""
    kind = config_of(report)["type"]
    if kind in charts:
        return charts.get(kind).why_not(frame)
    return {
        "zh": f"这一版没有「{kind}」这种图，先用表格显示，数字不变",
        "en": f"This release has no chart '{kind}': the numbers are shown as a table",
    }


def config_of(report: Report) -> Definition:
    """The chart's settings, its type among them."""
    given = report.definition.get("chart")
    if given:
        return dict(given)
    analysis = report.definition.get("analysis")
    return {"type": analyses.get(analysis["type"]).chart if analysis else "table"}


def spec(report: Report, frame: Frame, language: str, templates: Templates) -> dict[str, Any]:
    """The Vega-Lite spec of a frame, its colours as $tokens; NoChart with the reason when there is none."""
    chart, config = chart_of(report), config_of(report)
    reason = not_drawn(report, frame)
    if reason is None and not chart.image:
        reason = {"zh": "表格没有图片，请导出 CSV 或 XLSX", "en": "a table has no picture: export it as CSV or XLSX"}
    if reason:
        raise NoChart(**reason)
    return dressed(templates.spec(chart, chart.structure(frame, config), chart.fill(frame, config, language)), config)
