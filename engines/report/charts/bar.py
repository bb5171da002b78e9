"""Bars, upright or lying, side by side, stacked, or as shares of 100 %."""

from typing import Any

from engines.core.kernel.kind import Definition

from .. import marks
from ..chart import Chart, Filling, Structure, charts
from ..frame import Frame


@charts.register
class Bar(Chart):
    type = "bar"
    label = {"zh": "柱状图", "en": "Bar chart"}
    icon = "chart"
    config = [
        {
            "id": "stack",
            "type": "select",
            "label": {"zh": "多个系列", "en": "Several series"},
            "options": [
                {"id": "stacked", "label": {"zh": "堆叠", "en": "Stacked"}},
                {"id": "beside", "label": {"zh": "并排", "en": "Side by side"}},
                {"id": "share", "label": {"zh": "占比", "en": "Shares"}},
            ],
        },
        {"id": "horizontal", "type": "checkbox", "label": {"zh": "横向", "en": "Lying"}},
    ]
    examples = [({}, 1, 1), ({"stack": "share"}, 2, 1), ({"stack": "beside", "horizontal": True}, 1, 3)]

    def structure(self, frame: Frame, config: Definition) -> Structure:
        stack = config.get("stack", "stacked" if len(frame.of_role("dimension")) > 1 else "beside")
        return {"stack": stack if marks.several(frame) else "", "horizontal": bool(config.get("horizontal"))}

    def structures(self) -> list[Structure]:
        stacks = ("", "stacked", "beside", "share")
        return [{"stack": stack, "horizontal": lying} for stack in stacks for lying in (False, True)]

    def build(self, structure: Structure) -> Any:
        import altair as alt

        stack, lying = structure["stack"], structure["horizontal"]
        band = alt.Axis(title=None, labelExpr="@label@", labelLimit=140 if lying else 90)
        scale = alt.Axis(title=None, format="%") if stack == "share" else alt.Axis(title=None, labelExpr="@axis@")
        how: Any = {"share": "normalize", "stacked": "zero"}.get(stack, False)
        names = alt.Y if lying else alt.X
        values = alt.X if lying else alt.Y
        chart = (
            alt.Chart(alt.NamedData("rows"))
            .mark_bar(cursor="pointer")
            .encode(
                names("x:N", sort=["@x@"], axis=band),
                values("y:Q", axis=scale, stack=how),
                tooltip=[
                    alt.Tooltip("x:N", title=" "),
                    alt.Tooltip("k:N", title="  "),
                    alt.Tooltip("t:N", title="   "),
                ],
            )
            .properties(width="container", height="container")
        )
        if not stack:
            return chart
        colored = chart.encode(color=alt.Color("k:N", sort=["@k@"]), order=alt.Order("s:Q"))
        offset = alt.YOffset("k:N", sort=["@k@"]) if lying else alt.XOffset("k:N", sort=["@k@"])
        return colored.encode(offset) if stack == "beside" else colored

    def fill(self, frame: Frame, config: Definition, language: str) -> Filling:
        rows = marks.long_rows(frame, language)
        series = marks.order(rows, "k")
        data = [row | {"s": series.index(row["k"])} for row in rows]
        found = {
            "x": marks.order(rows, "x"),
            "k": series,
            "axis": marks.axis(frame, language),
            "label": marks.label(frame),
        }
        return Filling(data, found)
