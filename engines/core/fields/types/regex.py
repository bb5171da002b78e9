"""A regular expression that a builder writes in a panel; RE2 has to be able to read it."""

from typing import Any

from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition

from ..base import FieldType, field_types
from ..patterns import mistake
from ..texts import REASONS, fitting, one_line

MOST = 500


@field_types.register
class Regex(FieldType):
    type = "regex"
    label = {"zh": "正则表达式", "en": "Regular expression"}
    icon = "rule"
    widget = "text"
    in_palette = False
    examples = [({}, "[A-Z]{2}[0-9]{4}", "[A-Z]{2}[0-9]{4}"), ({}, "(?i)甲|乙", "(?i)甲|乙")]
    rejects = [
        ({}, "([0-9]", "not_a_regex"),
        ({}, r"(a)\1", "not_a_regex"),
        ({}, "a" * 501, "too_long"),
        ({}, 5, "not_a_text"),
    ]
    reasons = REASONS | {
        "not_a_regex": {"zh": "正则表达式读不懂：{told}", "en": "This regular expression cannot be read: {told}"}
    }

    def parse(self, raw: Any, field: Definition) -> str:
        pattern = fitting(one_line(raw), {}, MOST)
        if told := mistake(pattern):
            raise Rejected("not_a_regex", told=told)
        return pattern

    def schema(self, field: Definition) -> Definition:
        return {"type": "string", "maxLength": MOST, "format": "re2"}
