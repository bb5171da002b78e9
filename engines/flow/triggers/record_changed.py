"""Watched fields of a record changed."""

from engines.core.kernel.kind import Definition

from ..base import Fired, Trigger, Watch, trigger_types
from ..compile import Flow


@trigger_types.register
class RecordChanged(Trigger):
    """No field watched: every change counts. `when` may ask for OLD(field) and CHANGED(field)."""

    type = "record_changed"
    label = {"zh": "记录改动时", "en": "When a record changes"}
    icon = "edit"
    config = [
        {"id": "watch", "type": "field_ref", "label": {"zh": "留意的字段", "en": "Watched fields"}, "multiple": True},
        {"id": "when", "type": "formula_text", "label": {"zh": "条件", "en": "Condition"}, "returns": "boolean"},
    ]
    examples = [({"watch": ["stage"], "when": 'stage = "won"'},)]

    def fires(self, watch: Watch, flow: Flow, settings: Definition) -> Fired | None:
        wanted = set(settings.get("watch", ()))
        moved = watch.change.changed
        if watch.change.what not in ("update", "touch") or (wanted and not wanted & moved):
            return None
        return Fired(watch.key(flow)) if watch.passes(settings) else None
