"""Somebody outside sent in the public form."""

from engines.core.kernel.kind import Definition

from ..base import Fired, Trigger, Watch, trigger_types
from ..compile import Flow


@trigger_types.register
class PublicForm(Trigger):
    """`link` narrows it to one link; without one every public link of the form counts."""

    type = "public_form"
    label = {"zh": "公开表单提交时", "en": "When a public form is sent"}
    icon = "link"
    config = [
        {"id": "link", "type": "text", "label": {"zh": "哪个链接", "en": "Which link"}, "max_length": 64},
        {"id": "when", "type": "formula_text", "label": {"zh": "条件", "en": "Condition"}, "returns": "boolean"},
    ]
    examples = [({},), ({"link": "spring"},)]

    def fires(self, watch: Watch, flow: Flow, settings: Definition) -> Fired | None:
        cause = watch.uow.cause
        if watch.change.what != "create" or watch.change.chain is not None or cause.kind != "link":
            return None
        if settings.get("link") not in (None, cause.ref) or not watch.passes(settings):
            return None
        return Fired(watch.key(flow))
