"""A funnel: how many records meet the first condition, how many of those also the second, and so on, in any order."""

from typing import Any

from engines.core.kernel.kind import Definition
from engines.core.records.query import Where

from ..analysis import Analysis, analyses
from ..errors import BadParam
from ..frame import Frame
from ..query import Part
from ..steps import counted, steps_frame


@analyses.register
class Funnel(Analysis):
    type = "funnel"
    label = {"zh": "转化漏斗", "en": "Conversion funnel"}
    icon = "funnel"
    chart = "funnel"
    config = [
        {
            "id": "steps",
            "type": "json",
            "label": {"zh": "步骤", "en": "Steps"},
            "help": {"zh": "每一步：名称和条件", "en": "Each step: a name and a condition"},
            "required": True,
        }
    ]
    examples = [
        ({"steps": [{"id": "all", "label": {"en": "All"}}, {"id": "old", "label": {"en": "Old"}, "when": "_id > 0"}]},)
    ]

    def frame(self, running: Any, config: Definition) -> Frame:
        """A record counts for a step when it meets that condition and all before it."""
        steps = config["steps"]
        made = [running.asking.given(step.get("when")) for step in steps]
        parts = [Part("rows", None, tuple(w for own in made[: n + 1] for w in own)) for n in range(len(steps))]
        names = [(step.get("id", f"step_{n + 1}"), step["label"]) for n, step in enumerate(steps)]
        return steps_frame(running, names, counted(running, parts))

    def behind(self, running: Any, config: Definition, row: dict[str, Any]) -> tuple[Where, ...]:
        ids = [step.get("id", f"step_{n + 1}") for n, step in enumerate(config["steps"])]
        if row.get("step") not in ids:
            raise BadParam(param="step", value=row.get("step"))
        taken = config["steps"][: ids.index(row["step"]) + 1]
        return tuple(w for step in taken for w in running.asking.given(step.get("when")))
