"""A stage funnel: how many records have come at least as far as each option of a select field."""

from typing import Any

from engines.core.kernel.kind import Definition, Label
from engines.core.records.query import Where

from ..analysis import Analysis, analyses
from ..cuts import Cut
from ..errors import BadParam
from ..frame import Frame
from ..paths import resolve
from ..query import Part
from ..steps import counted, steps_frame


@analyses.register
class Stages(Analysis):
    type = "stages"
    label = {"zh": "阶段漏斗", "en": "Stage funnel"}
    icon = "funnel"
    chart = "funnel"
    config = [
        {
            "id": "field",
            "type": "field_ref",
            "kinds": ["choice"],
            "label": {"zh": "阶段字段", "en": "Stage field"},
            "required": True,
        },
        {
            "id": "order",
            "type": "json",
            "label": {"zh": "计入的阶段，按先后", "en": "Stages that count, in order"},
            "help": {"zh": "不填就用字段的全部选项", "en": "All options of the field when left empty"},
        },
    ]
    examples = [({"field": "level"},), ({"field": "level", "order": ["low", "high"]},)]

    def frame(self, running: Any, config: Definition) -> Frame:
        stages = _stages(running, config)
        cuts = [Cut(config["field"], "in", [s for s, _ in stages[n:]]) for n in range(len(stages))]
        parts = [Part("rows", None, running.asking.cut([cut])) for cut in cuts]
        return steps_frame(running, stages, counted(running, parts))

    def behind(self, running: Any, config: Definition, row: dict[str, Any]) -> tuple[Where, ...]:
        names = [stage for stage, _ in _stages(running, config)]
        if row.get("step") not in names:
            raise BadParam(param="step", value=row.get("step"))
        found: tuple[Where, ...] = running.asking.cut([Cut(config["field"], "in", names[names.index(row["step"]) :])])
        return found


def _stages(running: Any, config: Definition) -> list[tuple[str, Label]]:
    path = resolve(running.report.dataset.source, config["field"])
    labels = {one["id"]: one["label"] for one in path.definition.get("options", ())}
    known = {option: labels.get(option) or {"zh": names[0], "en": names[-1]} for option, names in path.type.options}
    return [(stage, known.get(stage, {"en": stage})) for stage in config.get("order") or known]
