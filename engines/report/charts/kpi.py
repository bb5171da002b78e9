"""One number, how it moved, and a spark of how it came there."""

from typing import Any

from engines.core.kernel.kind import Definition

from .. import words
from ..chart import Chart, Filling, Structure, charts
from ..frame import Frame


@charts.register
class Kpi(Chart):
    type = "kpi"
    label = {"zh": "指标卡", "en": "Number"}
    icon = "num"
    dims = (0, 0)
    measures = (1, 1)
    html = True
    config = [
        {
            "id": "spark",
            "type": "select",
            "label": {"zh": "走势线", "en": "Spark line"},
            "options": [
                {"id": "day", "label": {"zh": "按天", "en": "By day"}},
                {"id": "week", "label": {"zh": "按周", "en": "By week"}},
                {"id": "month", "label": {"zh": "按月", "en": "By month"}},
            ],
        },
        {"id": "good", "type": "select", "label": {"zh": "怎样算好", "en": "What is good"}, "options": [
            {"id": "up", "label": {"zh": "越多越好", "en": "More is better"}},
            {"id": "down", "label": {"zh": "越少越好", "en": "Less is better"}},
        ]},
    ]  # fmt: skip
    examples = [({}, 0, 1), ({"spark": "day", "good": "down"}, 0, 1)]

    def build(self, structure: Structure) -> Any:
        import altair as alt

        number = alt.Chart(alt.NamedData("rows")).mark_text(fontSize=36, fontWeight=600).encode(text="t:N")
        return number.properties(width="container", height="container")

    def fill(self, frame: Frame, config: Definition, language: str) -> Filling:
        at = frame.of_role("measure")[0]
        column, value = frame.columns[at], frame.rows[0][at] if frame.rows else None
        return Filling(
            [{"t": words.short(value, language, column.format, currency=column.currency, decimals=column.decimals)}]
        )
