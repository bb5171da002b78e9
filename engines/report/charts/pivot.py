"""A pivot table: the last dimension becomes columns."""

from engines.core.kernel.kind import Label

from ..chart import Chart, Structure, charts
from ..frame import Frame


@charts.register
class Pivot(Chart):
    type = "pivot"
    label = {"zh": "透视表", "en": "Pivot table"}
    icon = "table"
    dims = (2, 4)
    measures = (1, 1)
    html = True
    image = False
    examples = [({}, 2, 1), ({}, 3, 1)]
    MOST = 60
    """Columns that a page can hold."""

    def structures(self) -> list[Structure]:
        return []

    def why_not(self, frame: Frame) -> Label | None:
        miss = super().why_not(frame)
        if miss:
            return miss
        last = frame.of_role("dimension")[-1]
        across = len({row[last] for row in frame.rows})
        if across <= self.MOST:
            return None
        return {
            "zh": f"会有 {across} 列，最多 {self.MOST} 列；换一个值更少的维度，或取前几名",
            "en": f"{across} columns, at most {self.MOST}: take a dimension with fewer values, or the top few",
        }
