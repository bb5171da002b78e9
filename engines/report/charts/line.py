"""Lines over time or another order, with the earlier period dashed; one line alone has its area tinted."""

from typing import Any

from engines.core.kernel.kind import Definition

from .. import marks
from ..chart import Chart, Filling, Structure, charts
from ..dress import LEGEND, TONE
from ..frame import Frame


@charts.register
class Line(Chart):
    type = "line"
    label = {"zh": "折线图", "en": "Line chart"}
    icon = "line"
    config = [
        {"id": "area", "type": "checkbox", "label": {"zh": "填充面积", "en": "Fill the area"}},
        {"id": "points", "type": "checkbox", "label": {"zh": "显示数据点", "en": "Show points"}},
        LEGEND,
        TONE,
    ]
    examples = [({}, 1, 1), ({"area": True}, 1, 1), ({}, 2, 1), ({"points": True}, 1, 2)]

    def structure(self, frame: Frame, config: Definition) -> Structure:
        return {
            "series": _series(frame),
            "area": bool(config.get("area")) and _series(frame) != "many",
            "points": bool(config.get("points")),
        }

    def structures(self) -> list[Structure]:
        return [
            {"series": series, "area": area, "points": points}
            for series in ("one", "compared", "many")
            for area in (False, True)
            for points in (False, True)
            if not (area and series == "many")
        ]

    def build(self, structure: Structure) -> Any:
        import altair as alt

        series = structure["series"]
        base = (
            alt.Chart(alt.NamedData("rows"))
            .encode(
                alt.X(
                    "x:N",
                    sort=["@x@"],
                    axis=alt.Axis(title=None, labelExpr="@label@", labelLimit=90),
                    scale=alt.Scale(padding=0.1),
                ),
                alt.Y("y:Q", axis=alt.Axis(title=None, labelExpr="@axis@")),
                tooltip=[
                    alt.Tooltip("x:N", title=" "),
                    alt.Tooltip("k:N", title="  "),
                    alt.Tooltip("t:N", title="   "),
                ],
            )
            .properties(width="container", height="container")
        )
        area = base.transform_filter("datum.o == 0").mark_area(opacity=0.1, line=False, color="$c1")
        if series == "many":
            base = base.encode(color=alt.Color("k:N", sort=["@k@"]))
        elif series == "compared":
            tones, dashes = alt.Scale(range=["$c1", "$muted"]), alt.Scale(range=[[1, 0], [5, 4]])
            base = base.encode(
                color=alt.Color("k:N", sort=["@k@"], scale=tones),
                strokeDash=alt.StrokeDash("k:N", sort=["@k@"], scale=dashes, legend=None),
            )
        line = base.mark_line(interpolate="linear")
        dots = base.mark_point(cursor="pointer", opacity=1 if structure["points"] else 0, size=60, filled=True)
        return area + line + dots if structure["area"] else line + dots

    def fill(self, frame: Frame, config: Definition, language: str) -> Filling:
        rows = marks.long_rows(frame, language, compare=_series(frame) == "compared")
        marked = {"x": marks.order(rows, "x"), "k": marks.order(rows, "k"), "axis": marks.axis(frame, language)}
        return Filling(rows, marked | {"label": marks.label(frame)})


def _series(frame: Frame) -> str:
    if marks.several(frame):
        return "many"
    return "compared" if len(frame.of_role("compare")) == 1 else "one"
