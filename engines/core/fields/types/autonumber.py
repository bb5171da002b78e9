"""A running number that the store gives to a new record; see ..numbering for its text and its counter."""

from engines.core.kernel.kind import Definition

from ..base import FieldType, field_types
from ..numbering import PATTERN

DATED = {"format": "DD-{yyyymmdd}-{0000}"}


@field_types.register
class Autonumber(FieldType):
    type = "autonumber"
    label = {"zh": "自动编号", "en": "Running number"}
    icon = "ticket"
    widget = "computed"
    group = "advanced"
    assigned = True
    config = [
        {
            "id": "format",
            "type": "text",
            "label": {"zh": "编号格式", "en": "Format"},
            "help": {
                "zh": "{0000} 是序号，{yyyymmdd} 是日期；日期变了，序号从 1 重来",
                "en": "{0000} is the number, {yyyymmdd} the day; when the date changes it starts again at 1",
            },
            "max_length": 60,
            "pattern": PATTERN,
            "message": {
                "zh": "要有一个 {0000} 这样的序号，放在日期后面，例如 DD-{yyyymmdd}-{0000}",
                "en": "Needs one run of zeros after any date, as in DD-{yyyymmdd}-{0000}",
            },
        }
    ]
    examples = [(DATED, "DD-20261122-0007", "DD-20261122-0007"), ({}, "0007", "0007")]
    rejects = [(DATED, "DD-20261122-0007", "computed")]

    def schema(self, field: Definition) -> Definition:
        return {"type": "string", "maxLength": 100}
