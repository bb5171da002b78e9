"""A ring of shares, the whole in its middle; a list beside it names each slice."""

from typing import Any

from engines.core.kernel.kind import Definition

from .. import marks, words
from ..chart import Chart, Filling, Structure, charts
from ..frame import Frame


@charts.register
class Pie(Chart):
    type = "pie"
    label = {"zh": "环形图", "en": "Donut"}
    icon = "pie"
    dims = (1, 1)
    measures = (1, 1)
    most = 100
    config = [{"id": "solid", "type": "checkbox", "label": {"zh": "实心饼图", "en": "A whole pie"}}]
    examples = [({}, 1, 1), ({"solid": True}, 1, 1)]

    def structure(self, frame: Frame, config: Definition) -> Structure:
        return {"solid": bool(config.get("solid"))}

    def structures(self) -> list[Structure]:
        return [{"solid": solid} for solid in (False, True)]

    def build(self, structure: Structure) -> Any:
        import altair as alt

        ring = (
            alt.Chart(alt.NamedData("rows"))
            .mark_arc(innerRadius=0 if structure["solid"] else 60, cursor="pointer")
            .encode(
                theta=alt.Theta("y:Q", stack=True),
                order=alt.Order("s:Q"),
                color=alt.Color("x:N", sort=["@x@"], legend=None),
                tooltip=[
                    alt.Tooltip("x:N", title=" "),
                    alt.Tooltip("t:N", title="  "),
                    alt.Tooltip("p:N", title="   "),
                ],
            )
        )
        if structure["solid"]:
            return ring.properties(width="container", height="container")
        middle = alt.Chart(alt.InlineData(values=[{"whole": "@whole@", "what": "@what@"}]))
        total = middle.mark_text(fontSize=22, fontWeight=600, dy=-4).encode(text="whole:N")
        what = middle.mark_text(fontSize=12, dy=18, color="$muted").encode(text="what:N")
        return (ring + total + what).properties(width="container", height="container")

    def fill(self, frame: Frame, config: Definition, language: str) -> Filling:
        rows = [row for row in marks.long_rows(frame, language) if (row["y"] or 0) > 0]
        column = frame.columns[frame.of_role("measure")[0]]
        whole = sum(row["y"] for row in rows)
        data = [row | {"s": n, "p": words.full(row["y"] / whole, "percent")} for n, row in enumerate(rows)]
        middle = frame.total[frame.of_role("measure")[0]] if frame.total else whole
        said = words.short(middle, language, column.format, currency=column.currency)
        return Filling(data, {"x": marks.order(rows, "x"), "whole": said, "what": column.name(language)})
