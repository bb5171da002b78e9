"""A heat table: two dimensions as rows and columns, the deeper the colour the larger the number."""

from typing import Any

from engines.core.kernel.kind import Definition

from .. import marks, words
from ..chart import Chart, Filling, Structure, charts
from ..frame import Frame


@charts.register
class Heat(Chart):
    type = "heat"
    label = {"zh": "热力表", "en": "Heat table"}
    icon = "table"
    dims = (2, 2)
    measures = (1, 1)
    examples = [({}, 2, 1)]

    def build(self, structure: Structure) -> Any:
        import altair as alt

        base = (
            alt.Chart(alt.NamedData("rows"))
            .encode(
                alt.X("k:N", sort=["@k@"], axis=alt.Axis(title=None, orient="top", domain=False)),
                alt.Y("x:N", sort=["@x@"], axis=alt.Axis(title=None, domain=False)),
                tooltip=[
                    alt.Tooltip("x:N", title=" "),
                    alt.Tooltip("k:N", title="  "),
                    alt.Tooltip("t:N", title="   "),
                ],
            )
            .properties(width="container", height="container")
        )
        cells = base.mark_rect(cursor="pointer", cornerRadius=3).encode(color=alt.Color("y:Q", legend=None))
        tone = alt.condition("datum.w > 0.55", alt.value("$deep"), alt.value("$ink"))
        return cells + base.mark_text(fontSize=11).encode(text="v:N", color=tone)

    def fill(self, frame: Frame, config: Definition, language: str) -> Filling:
        rows = marks.long_rows(frame, language)
        column = frame.columns[frame.of_role("measure")[0]]
        most = max((row["y"] or 0 for row in rows), default=0) or 1
        data = [
            row
            | {"w": (row["y"] or 0) / most}
            | {"v": words.short(row["y"], language, column.format, currency=column.currency)}
            for row in rows
        ]
        return Filling(data, {"x": marks.order(rows, "x"), "k": marks.order(rows, "k")})
