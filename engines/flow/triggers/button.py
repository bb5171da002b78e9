"""Somebody presses a button on a record."""

from ..base import Trigger, trigger_types


@trigger_types.register
class Button(Trigger):
    """The flow's label is the button's; `when` says on which records it shows."""

    type = "button"
    label = {"zh": "点按钮", "en": "When a button is pressed"}
    icon = "button"
    on_records = False
    config = [
        {"id": "when", "type": "formula_text", "label": {"zh": "何时显示", "en": "Shown when"}, "returns": "boolean"}
    ]
    examples = [({},), ({"when": 'stage <> "won"'},)]
