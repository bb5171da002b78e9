"""A length of time in a panel: a number and a unit, kept as ISO 8601 such as PT2H or P3D."""

import re
from typing import Any

from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition

from ..base import FieldType, field_types
from ..lengths import ENDING, PATTERN


@field_types.register
class Length(FieldType):
    type = "length"
    label = {"zh": "时长", "en": "Length of time"}
    icon = "clock"
    widget = "length"
    in_palette = False
    examples = [({}, "PT2H", "PT2H"), ({}, " p1dt12h ", "P1DT12H"), ({}, "P2W", "P2W")]
    rejects = [({}, "two hours", "not_a_length"), ({}, "P", "not_a_length"), ({}, "P1DT", "not_a_length"),
               ({}, 5, "not_a_length"), ({}, "PT-1H", "not_a_length")]  # fmt: skip
    reasons = {
        "not_a_length": {
            "zh": "时长要是一个正整数加单位，如 2 小时",
            "en": "A length of time is a whole number and a unit, such as 2 hours",
        }
    }

    def parse(self, raw: Any, field: Definition) -> str:
        text = raw.strip().upper() if isinstance(raw, str) else ""
        if not re.match(PATTERN, text) or not re.search(ENDING, text):
            raise Rejected("not_a_length")
        return text

    def schema(self, field: Definition) -> Definition:
        return {"type": "string", "pattern": PATTERN, "maxLength": 32, "allOf": [{"pattern": ENDING}]}
