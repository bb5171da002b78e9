"""Someone who works here: the id of a person, or of several."""

from engines.core.formula.types import LINK_PERSON, Type
from engines.core.kernel.kind import Definition

from ..base import field_types
from ..links import MULTIPLE, Pointing, pointing


@field_types.register
class Person(Pointing):
    type = "person"
    label = {"zh": "成员", "en": "Person"}
    icon = "user"
    widget = "person"
    live = "link"
    group = "advanced"
    config = [MULTIPLE]
    examples = [({}, 3, 3), ({}, "3", 3), ({}, ["3"], 3), ({"multiple": True}, [5, "3", 5], (3, 5))]
    rejects = [
        ({}, "may", "not_an_id"),
        ({}, 0, "not_an_id"),
        ({}, True, "not_an_id"),
        ({}, [3, 5], "too_many"),
        ({"multiple": True}, ["x"], "not_an_id"),
    ]
    reasons = {
        "not_an_id": {"zh": "从名单里选一位成员", "en": "Choose a person from the list"},
        "too_many": {"zh": "最多选 {most} 位，多了 {over} 位", "en": "At most {most}, {over} too many"},
    }

    def value_type(self, field: Definition) -> Type:
        return pointing(field, LINK_PERSON)
