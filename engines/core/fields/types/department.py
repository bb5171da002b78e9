"""A part of the organisation: the id of a department, or of several."""

from engines.core.formula.types import Type
from engines.core.kernel.kind import Definition

from ..base import field_types
from ..links import MULTIPLE, Pointing, pointing

DEPARTMENT = Type("link", form="_department")


@field_types.register
class Department(Pointing):
    type = "department"
    label = {"zh": "部门", "en": "Department"}
    icon = "users"
    widget = "department"
    group = "advanced"
    config = [MULTIPLE]
    examples = [({}, "12", 12), ({"multiple": True}, [2, 1], (1, 2))]
    rejects = [({}, "sales", "not_an_id"), ({}, -1, "not_an_id"), ({}, [1, 2], "too_many")]
    reasons = {
        "not_an_id": {"zh": "从列表里选一个部门", "en": "Choose a department from the list"},
        "too_many": {"zh": "最多选 {most} 个，多了 {over} 个", "en": "At most {most}, {over} too many"},
    }

    def value_type(self, field: Definition) -> Type:
        return pointing(field, DEPARTMENT)
