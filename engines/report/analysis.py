"""Questions that are more than dimensions by values, such as a funnel; an analysis is one file in analyses/."""

from typing import TYPE_CHECKING, Any, ClassVar

from engines.core.kernel.kind import Definition, Kind
from engines.core.kernel.registry import Registry
from engines.core.records.query import Where

from .frame import Frame

if TYPE_CHECKING:
    from .run import Running


class Analysis(Kind):
    """`examples` are (config,) over the form `source` names; `rejects` are configs that cannot be answered."""

    rejects: ClassVar[list[tuple[Any, ...]]] = []
    chart: ClassVar[str] = "table"
    """How it is shown unless the report says otherwise."""

    def frame(self, running: "Running", config: Definition) -> Frame:
        """The answer for the reader of `running`."""
        raise TypeError(f"{self.type} does not answer this")

    def home(self, running: "Running", config: Definition) -> str:
        """The form of the records behind its rows."""
        return str(running.report.dataset.source.form)

    def behind(self, running: "Running", config: Definition, row: dict[str, Any]) -> tuple[Where, ...]:
        """What the records behind a row have in common, beside the report's own conditions where they are of its
        form."""
        raise TypeError(f"{self.type} does not answer this")

    def problems(self, config: Definition) -> None:
        """AppError when the config names what is not there; the shape is checked by its schema."""


analyses: Registry[Analysis] = Registry("analysis")
