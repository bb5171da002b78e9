"""Bars, upright or lying, side by side, stacked, or as shares of 100 %."""

from typing import Any

from engines.core.kernel.kind import Definition

from .. import marks, words
from ..chart import Chart, Filling, Structure, charts
from ..dress import LEGEND, TONE
from ..frame import Frame


@charts.register
class Bar(Chart):
    type = "bar"
    label = {"zh": "柱状图", "en": "Bar chart"}
    icon = "chart"
    most = 1000
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
        {"id": "labels", "type": "checkbox", "label": {"zh": "显示数值", "en": "Show numbers"}},
        LEGEND,
        TONE,
    ]
    examples = [
        ({}, 1, 1),
        ({"stack": "share"}, 2, 1),
        ({"stack": "beside", "horizontal": True}, 1, 3),
        ({"stack": "stacked", "labels": True, "legend": "none", "tone": "c3"}, 2, 1),
    ]

    def structure(self, frame: Frame, config: Definition) -> Structure:
        stack = config.get("stack", "stacked" if len(frame.of_role("dimension")) > 1 else "beside")
        stack = stack if marks.several(frame) else ""
        labels = bool(config.get("labels")) and stack != "share"
        return {"stack": stack, "horizontal": bool(config.get("horizontal")), "labels": labels}

    def structures(self) -> list[Structure]:
        stacks = ("", "stacked", "beside", "share")
        return [
            {"stack": stack, "horizontal": lying, "labels": labels}
            for stack in stacks
            for lying in (False, True)
            for labels in (False, True)
            if not (labels and stack == "share")
        ]

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
            return chart + _text(chart, lying) if structure["labels"] else chart
        colored = chart.encode(color=alt.Color("k:N", sort=["@k@"]), order=alt.Order("s:Q"))
        offset = alt.YOffset("k:N", sort=["@k@"]) if lying else alt.XOffset("k:N", sort=["@k@"])
        bars = colored.encode(offset) if stack == "beside" else colored
        if not structure["labels"]:
            return bars
        return bars + _text(chart.encode(offset) if stack == "beside" else chart, lying, whole=stack == "stacked")

    def fill(self, frame: Frame, config: Definition, language: str) -> Filling:
        rows = marks.long_rows(frame, language)
        series = marks.order(rows, "k")
        column = frame.columns[frame.of_role("measure")[0]]
        whole: dict[str, float] = {}
        for row in rows:
            whole[row["x"]] = whole.get(row["x"], 0) + (row["y"] or 0)
        last = {row["x"]: n for n, row in enumerate(rows)}
        data = [
            row
            | {"s": series.index(row["k"]), "v": _short(row["y"], column, language)}
            | ({"w": whole[row["x"]], "u": _short(whole[row["x"]], column, language)} if last[row["x"]] == n else {})
            for n, row in enumerate(rows)
        ]
        found = {
            "x": marks.order(rows, "x"),
            "k": series,
            "axis": marks.axis(frame, language),
            "label": marks.label(frame),
        }
        return Filling(data, found)


def _text(base: Any, lying: bool, *, whole: bool = False) -> Any:
    """The number beyond the end of each bar; of stacked ones that of the whole stack."""
    import altair as alt

    place: Any = {"align": "left", "dx": 4} if lying else {"baseline": "bottom", "dy": -4}
    end = (alt.X if lying else alt.Y)("w:Q" if whole else "y:Q", stack=None)
    text = base.mark_text(**place).encode(end, text="u:N" if whole else "v:N")
    return text.transform_filter("isValid(datum.w)") if whole else text


def _short(value: Any, column: Any, language: str) -> str:
    return words.short(value, language, column.format, currency=column.currency, decimals=column.decimals)
