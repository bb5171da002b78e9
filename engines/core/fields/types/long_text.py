"""Paragraphs of text; with `rich`, a small safe part of HTML, cleaned when it is written."""

from typing import Any

import nh3

from engines.core.kernel.kind import Definition

from ..base import FieldType, field_types
from ..texts import REASONS, fitting, many_lines, text_schema

MOST = 20_000
TAGS = {"p", "br", "b", "strong", "i", "em", "u", "s", "ul", "ol", "li", "blockquote", "h3", "h4", "a", "code"}


@field_types.register
class LongText(FieldType):
    type = "long_text"
    label = {"zh": "多行文本", "en": "Long text"}
    icon = "para"
    widget = "long_text"
    live = "lines"
    config = [
        {
            "id": "max_length",
            "type": "number",
            "label": {"zh": "最多字数", "en": "Longest"},
            "min": 1,
            "max": 200_000,
            "scale": 0,
        },
        {"id": "min_length", "type": "number", "label": {"zh": "最少字数", "en": "Shortest"}, "min": 1, "scale": 0},
        {
            "id": "rows",
            "type": "number",
            "label": {"zh": "显示行数", "en": "Rows shown"},
            "min": 2,
            "max": 30,
            "scale": 0,
        },
        {"id": "rich", "type": "checkbox", "label": {"zh": "可以排版", "en": "With formatting"}},
    ]
    examples = [
        ({}, " 第一行\r\n第二行 ", "第一行\n第二行"),
        ({"max_length": 3, "rows": 5}, "a\nb", "a\nb"),
        ({}, "1 < 2 & <b>", "1 < 2 & <b>"),
        ({"rich": True}, "<p onclick=x>好<script>alert(1)</script></p>", "<p>好</p>"),
    ]
    rejects = [
        ({"max_length": 2}, "a\nbc", "too_long"),
        ({"min_length": 5}, "abc", "too_short"),
        ({}, ["a"], "not_a_text"),
        ({}, "a\x1b[31m", "unseen"),
    ]
    reasons = REASONS

    def parse(self, raw: Any, field: Definition) -> str:
        text = many_lines(raw)
        if field.get("rich"):
            text = nh3.clean(text, tags=TAGS, url_schemes={"http", "https"}).strip()
        return fitting(text, field, MOST)

    def schema(self, field: Definition) -> Definition:
        return text_schema(field, MOST)
