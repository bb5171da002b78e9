"""A text in each language of the builder: {zh, en}; kept as JSON text."""

from typing import Any

import orjson

from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition

from ..base import field_types
from ..json_text import JsonText
from ..texts import REASONS, SEEN, fitting, many_lines

MOST = 80
LANGUAGES = ("zh", "en")


@field_types.register
class Labels(JsonText):
    type = "labels"
    label = {"zh": "多语言文字", "en": "Text in each language"}
    icon = "globe"
    widget = "labels"
    config = [
        {"id": "max_length", "type": "number", "label": {"zh": "最多字数", "en": "Longest"}, "min": 1, "scale": 0}
    ]
    examples = [
        ({}, {"zh": " 甲 ", "en": "A"}, '{"zh":"甲","en":"A"}'),
        ({"max_length": 2}, {"en": "ok", "zh": ""}, '{"en":"ok"}'),
    ]
    rejects = [
        ({}, "甲", "not_labels"),
        ({}, {"xx": "A"}, "not_labels"),
        ({}, {"zh": 5}, "not_a_text"),
        ({"max_length": 2}, {"en": "long"}, "too_long"),
    ]
    reasons = REASONS | {
        "not_labels": {
            "zh": "要写成 {{zh: 中文, en: 英文}}，至少一种",
            "en": "Must be {{zh: Chinese, en: English}}, at least one of them",
        }
    }

    def parse(self, raw: Any, field: Definition) -> str | None:
        if not isinstance(raw, dict) or not raw.keys() <= set(LANGUAGES):
            raise Rejected("not_labels")
        texts = {lang: fitting(many_lines(text), _limit(field), MOST) for lang, text in raw.items() if text is not None}
        filled = {language: text for language, text in texts.items() if text}
        return orjson.dumps(filled).decode() if filled else None

    def schema(self, field: Definition) -> Definition:
        text = {"type": "string", "minLength": 1, "maxLength": int(field.get("max_length", MOST)), "pattern": SEEN}
        return {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": False,
            "properties": dict.fromkeys(LANGUAGES, text),
        }


def _limit(field: Definition) -> Definition:
    return {"max_length": field["max_length"]} if "max_length" in field else {}
