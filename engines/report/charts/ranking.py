"""A ranking: the largest first, a bar and the number behind each name."""

from typing import Any

from engines.core.kernel.kind import Definition

from .. import marks, words
from ..chart import Chart, Filling, Structure, charts
from ..frame import Frame


@charts.register
class Ranking(Chart):
    type = "ranking"
    label = {"zh": "排行榜", "en": "Ranking"}
    icon = "sort"
    dims = (1, 1)
    measures = (1, 1)
    most = 200
    html = True
    examples = [({}, 1, 1)]

    def build(self, structure: Structure) -> Any:
        import altair as alt

        base = (
            alt.Chart(alt.NamedData("rows"))
            .encode(
                alt.Y("x:N", sort=["@x@"], axis=alt.Axis(title=None, domain=False, labelLimit=160)),
                alt.X("y:Q", axis=None),
            )
            .properties(width="container", height="container")
        )
        tone = alt.condition("datum.z == 1", alt.value("$muted"), alt.value("$c1"))
        return base.mark_bar().encode(color=tone) + base.mark_text(align="left", dx=6).encode(text="t:N")

    def fill(self, frame: Frame, config: Definition, language: str) -> Filling:
        rows = marks.long_rows(frame, language)
        column = frame.columns[frame.of_role("measure")[0]]
        data = [row | {"t": words.short(row["y"], language, column.format, currency=column.currency)} for row in rows]
        return Filling(data, {"x": marks.order(rows, "x")})
