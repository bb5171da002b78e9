"""A record was made, whoever made it."""

from engines.core.kernel.kind import Definition

from ..base import Fired, Trigger, Watch, trigger_types
from ..compile import Flow


@trigger_types.register
class RecordCreated(Trigger):
    type = "record_created"
    label = {"zh": "新建记录时", "en": "When a record is created"}
    icon = "plus"
    config = [{"id": "when", "type": "formula_text", "label": {"zh": "条件", "en": "Condition"}, "returns": "boolean"}]
    examples = [({},), ({"when": "total_spend > 100"},)]

    def fires(self, watch: Watch, flow: Flow, settings: Definition) -> Fired | None:
        if watch.change.what != "create" or not watch.passes(settings):
            return None
        return Fired(watch.key(flow))
