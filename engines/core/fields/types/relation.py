"""A record of another form, or several; `reverse` names the way back from there."""

from engines.core.formula.types import Type
from engines.core.kernel.kind import Definition

from ..base import field_types
from ..links import MULTIPLE, Pointing, pointing

WAY_BACK = {
    "type": "object",
    "required": ["id", "label"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "pattern": "^[a-z](_?[a-z0-9])*_?$", "maxLength": 23},
        "label": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string", "minLength": 1}},
    },
}
ORDERS = {
    "form": "shop",
    "reverse": {"id": "orders", "label": {"zh": "订单", "en": "Orders"}},
    "show": ["name", "city"],
}


@field_types.register
class Relation(Pointing):
    type = "relation"
    label = {"zh": "关联记录", "en": "Related record"}
    icon = "ref"
    widget = "relation"
    live = "link"
    group = "related"
    config = [
        {"id": "form", "type": "form_ref", "label": {"zh": "关联哪张表单", "en": "Form"}, "required": True},
        MULTIPLE,
        {
            "id": "reverse",
            "type": "json",
            "label": {"zh": "对方表单里叫什么", "en": "What the other form calls it"},
            "help": {
                "zh": "公式和关联列表用这个名字，例如 orders 订单",
                "en": "Formulas and related lists use it, such as orders",
            },
            "schema": WAY_BACK,
        },
        {
            "id": "show",
            "type": "field_ref",
            "label": {"zh": "选择时显示的字段", "en": "Fields shown when choosing"},
            "of": "form",
            "multiple": True,
        },
    ]
    examples = [
        (ORDERS, "7", 7),
        ({"form": "shop"}, 7, 7),
        (ORDERS | {"multiple": True}, [9, "7"], (7, 9)),
    ]
    rejects = [
        (ORDERS, "seven", "not_an_id"),
        (ORDERS, {"id": 7}, "not_an_id"),
        (ORDERS, [7, 9], "too_many"),
        (ORDERS | {"multiple": True}, [7, 2.5], "not_an_id"),
    ]
    reasons = {
        "not_an_id": {"zh": "从列表里选一条记录", "en": "Choose a record from the list"},
        "too_many": {"zh": "最多选 {most} 条，多了 {over} 条", "en": "At most {most}, {over} too many"},
    }

    def value_type(self, field: Definition) -> Type:
        return pointing(field, Type("link", form=field["form"]))
