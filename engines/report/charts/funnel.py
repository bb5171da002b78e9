"""A funnel: one centred bar a step, with the share of the first step that came so far."""

from typing import Any

from engines.core.kernel.kind import Definition

from .. import marks, words
from ..chart import Chart, Filling, Structure, charts
from ..frame import Frame


@charts.register
class Funnel(Chart):
    type = "funnel"
    label = {"zh": "漏斗图", "en": "Funnel"}
    icon = "funnel"
    dims = (1, 1)
    measures = (1, 1)
    examples = [({}, 1, 1)]

    def build(self, structure: Structure) -> Any:
        import altair as alt

        step = alt.Y("x:N", sort=["@x@"], axis=alt.Axis(title=None, domain=False, ticks=False, labelLimit=120))
        span = alt.X("l:Q", axis=None, scale=alt.Scale(domain=["@span@"], nice=False, zero=False))
        base = alt.Chart(alt.NamedData("rows")).encode(step)
        hint = [alt.Tooltip("x:N", title=" "), alt.Tooltip("t:N", title="  "), alt.Tooltip("p:N", title="   ")]
        bars = base.mark_bar(cornerRadius=4, cursor="pointer").encode(span, x2="r:Q", tooltip=hint)
        inside = base.transform_filter("datum.w > 0.3").mark_text(color="$on", fontWeight=600)
        beside = base.transform_filter("datum.w <= 0.3").mark_text(align="left", dx=8, fontWeight=600)
        share = base.mark_text(align="right").encode(alt.X("e:Q"), text="p:N")
        layers = bars + inside.encode(alt.X("c:Q"), text="t:N") + beside.encode(alt.X("r:Q"), text="t:N") + share
        return layers.properties(width="container", height="container")

    def fill(self, frame: Frame, config: Definition, language: str) -> Filling:
        rows = marks.long_rows(frame, language)
        first = max((row["y"] or 0 for row in rows), default=0) or 1
        start = (rows[0]["y"] if rows else 0) or first
        edge = first * 0.86
        data = [
            row
            | {"l": -(row["y"] or 0) / 2, "r": (row["y"] or 0) / 2, "c": 0, "e": edge, "w": (row["y"] or 0) / first}
            | {"p": words.full((row["y"] or 0) / start, "percent")}
            for row in rows
        ]
        return Filling(data, {"x": marks.order(rows, "x"), "span": [-first * 0.52, edge]})
