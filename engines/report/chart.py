"""What a chart says about itself: the shape it needs, and how it is drawn; a chart is one file in analyses/."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engines.core.kernel.kind import Definition, Kind, Label
from engines.core.kernel.registry import Registry

from .frame import Frame

Structure = Mapping[str, Any]
"""What a drawing depends on besides the data: few values, so that there are few templates."""


@dataclass(frozen=True)
class Filling:
    """What a template is filled with: rows of data, and values for its @marks@."""

    data: list[dict[str, Any]]
    marks: dict[str, Any] = field(default_factory=dict)


class Chart(Kind):
    """`dims` and `measures` are the least and the most it can show. `html`: pages show it as markup, an image of it
    is drawn all the same. `examples` are (config, number of dimensions, number of measures) that it draws."""

    dims: ClassVar[tuple[int, int]] = (1, 2)
    measures: ClassVar[tuple[int, int]] = (1, 6)
    most: ClassVar[int] = 5_000
    """Rows that it can show and people still read."""
    html: ClassVar[bool] = False
    image: ClassVar[bool] = True

    def why_not(self, frame: Frame) -> Label | None:
        """Why it cannot show this frame, and what would help; None when it can."""
        miss = self.misses(len(frame.of_role("dimension")), len(frame.of_role("measure")))
        return miss or (_crowd(len(frame.rows), self.most) if len(frame.rows) > self.most else None)

    def misses(self, dims: int, measures: int) -> Label | None:
        """Why so many dimensions and measures do not fit, whatever they are; None when they do."""
        return _miss(dims, self.dims, ("维度", "dimension")) or _miss(measures, self.measures, ("指标", "measure"))

    def structure(self, frame: Frame, config: Definition) -> Structure:
        """What the drawing of this frame depends on; one of `structures()`."""
        return {}

    def structures(self) -> list[Structure]:
        """Every structure there is: their templates are made at set-up."""
        return [{}]

    def build(self, structure: Structure) -> Any:
        """The Altair chart with @marks@ in it and without data; only called where templates are made."""
        raise TypeError(f"{self.type} is markup only")

    def fill(self, frame: Frame, config: Definition, language: str) -> Filling:
        """The data in the shape that `build` reads."""
        return Filling([])


charts: Registry[Chart] = Registry("chart")


def _miss(count: int, limits: tuple[int, int], what: tuple[str, str]) -> Label | None:
    least, most = limits
    if least <= count <= most:
        return None
    zh, en = what
    amount = str(least) if least == most else f"{least} 到 {most}"
    many = "" if most == 1 else "s"
    return {
        "zh": f"需要 {amount} 个{zh}，现在有 {count} 个",
        "en": f"needs {amount.replace('到', 'to')} {en}{many}, there are {count}",
    }


def _crowd(count: int, most: int) -> Label:
    return {
        "zh": f"分出了 {count:,} 组，这种图最多画 {most:,} 组；取前几名，或加一个筛选",
        "en": f"{count:,} groups, at most {most:,} can be drawn: take the top few, or add a filter",
    }
