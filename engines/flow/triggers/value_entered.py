"""A tag was given, or a field came to a value: a tier, a stage."""

from typing import Any

from engines.core.kernel.kind import Definition

from ..base import Fired, Trigger, Watch, trigger_types
from ..compile import Flow


@trigger_types.register
class ValueEntered(Trigger):
    """New records that have it count too. `value` is an option's or a tag's id."""

    type = "value_entered"
    label = {"zh": "打上标签或进入某一级", "en": "When a tag or tier is entered"}
    icon = "tag"
    config = [
        {"id": "field", "type": "field_ref", "label": {"zh": "字段", "en": "Field"}, "required": True},
        {"id": "value", "type": "text", "label": {"zh": "值", "en": "Value"}, "required": True, "max_length": 200},
        {"id": "when", "type": "formula_text", "label": {"zh": "条件", "en": "Condition"}, "returns": "boolean"},
    ]
    examples = [({"field": "tags", "value": "high_intent"},)]

    def fires(self, watch: Watch, flow: Flow, settings: Definition) -> Fired | None:
        change, field, value = watch.change, settings["field"], settings["value"]
        if change.what == "delete" or field not in change.changed:
            return None
        if not _has(change.facts.get(field), value) or _has(change.before(field), value):
            return None
        return Fired(watch.key(flow)) if watch.passes(settings) else None


def _has(held: Any, value: str) -> bool:
    return value in held if isinstance(held, tuple) else held is not None and str(held) == value
