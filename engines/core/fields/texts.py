"""Text as people type and paste it: trimmed, without what cannot be seen or stored."""

import re
from typing import Any

from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition, Label

from .patterns import matches

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
SEEN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
"""The same for a JSON Schema."""

REASONS: dict[str, Label] = {
    "not_a_text": {"zh": "要填文字", "en": "Must be text"},
    "unseen": {
        "zh": "第 {at} 个字符是看不见的控制字符，删掉它再存",
        "en": "Character {at} is an invisible control character: delete it and save again",
    },
    "too_long": {"zh": "最多 {most} 个字，多了 {over} 个", "en": "At most {most} characters, {over} too many"},
    "too_short": {"zh": "至少 {least} 个字，还差 {short} 个", "en": "At least {least} characters, {short} more to go"},
    "no_match": {"zh": "{want}", "en": "{want}"},
}


def one_line(raw: Any) -> str:
    """Trimmed text; line breaks and tabs (pasted, or from a cell) become a space."""
    return re.sub(r"[\t\r\n]+", " ", _seen(raw).strip())


def many_lines(raw: Any) -> str:
    """Trimmed text with its line breaks as \\n."""
    return re.sub(r"\r\n?", "\n", _seen(raw).strip())


def fitting(text: str, field: Definition, most: int) -> str:
    """The text itself when it keeps the field's `min_length`, `max_length` (else `most`) and `pattern`."""
    most, least = int(field.get("max_length", most)), int(field.get("min_length", 0))
    if len(text) > most:
        raise Rejected("too_long", most=most, over=len(text) - most)
    if len(text) < least:
        raise Rejected("too_short", least=least, short=least - len(text))
    if "pattern" in field and not matches(field["pattern"], text):
        raise Rejected("no_match", want=field.get("message") or _follow(field["pattern"]))
    return text


def text_schema(field: Definition, most: int) -> Definition:
    """JSON Schema of a text that `fitting` takes."""
    pattern = f"^(?:{field['pattern']})$" if "pattern" in field else SEEN
    least = {"minLength": int(field["min_length"])} if "min_length" in field else {}
    return {"type": "string", "maxLength": int(field.get("max_length", most)), "pattern": pattern} | least


def _seen(raw: Any) -> str:
    if not isinstance(raw, str):
        raise Rejected("not_a_text")
    if unseen := _UNSEEN.search(raw):
        raise Rejected("unseen", at=unseen.start() + 1)
    return raw


def _follow(pattern: str) -> Label:
    return {"zh": f"要符合格式 {pattern}", "en": f"Must follow the pattern {pattern}"}
