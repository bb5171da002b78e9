"""An e-mail address; the part after the @ is kept in small letters."""

import re
import unicodedata
from typing import Any

from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition

from ..base import FieldType, field_types
from ..texts import REASONS, one_line

MOST = 254
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_PART = re.compile(r"[^\W_]([\w-]{0,61}[^\W_])?")


@field_types.register
class Email(FieldType):
    type = "email"
    label = {"zh": "邮箱", "en": "E-mail"}
    icon = "mail"
    widget = "email"
    examples = [
        ({}, "May@Shop.Example", "May@shop.example"),
        ({}, " a.b+c@mail.example.com ", "a.b+c@mail.example.com"),
        ({}, "小美＠例子.example", "小美@例子.example"),
    ]
    rejects = [
        ({}, "may", "no_at"),
        ({}, "may@shop@example.com", "two_ats"),
        ({}, "may@example", "bad_domain"),
        ({}, "may@-x.example", "bad_domain"),
        ({}, "m..y@shop.example", "bad_name"),
        ({}, "m y@shop.example", "bad_name"),
        ({}, "a" * 65 + "@shop.example", "bad_name"),
        ({}, "a@" + "b" * 250 + ".example", "too_long"),
        ({}, 5, "not_a_text"),
    ]
    reasons = REASONS | {
        "no_at": {"zh": "少了 @，例如 name@shop.com", "en": "The @ is missing, as in name@shop.com"},
        "two_ats": {"zh": "只能有一个 @，这里有 {count} 个", "en": "Only one @, here are {count}"},
        "bad_name": {
            "zh": "@ 前面要有 1 到 64 个字符，不含空格和连续的点",
            "en": "Before the @: 1 to 64 characters, no spaces, no two dots in a row",
        },
        "bad_domain": {"zh": "@ 后面要写全，例如 shop.com", "en": "Complete the part after the @, as in shop.com"},
    }

    def parse(self, raw: Any, field: Definition) -> str:
        text = unicodedata.normalize("NFKC", one_line(raw))
        if len(text) > MOST:
            raise Rejected("too_long", most=MOST, over=len(text) - MOST)
        if text.count("@") != 1:
            raise Rejected("two_ats" if "@" in text else "no_at", count=text.count("@"))
        name, domain = text.split("@")
        if len(name) > 64 or not _LOCAL.fullmatch(name):
            raise Rejected("bad_name")
        if "." not in domain or not all(_PART.fullmatch(part) for part in domain.split(".")):
            raise Rejected("bad_domain")
        return f"{name}@{domain.lower()}"

    def schema(self, field: Definition) -> Definition:
        name, part = r"[^\s@.]+(\.[^\s@.]+)*", r"[^\s@.-][^\s@.]*"
        return {
            "type": "string",
            "format": "email",
            "maxLength": MOST,
            "pattern": rf"^{name}@{part}(\.{part})+$",
            "allOf": [{"pattern": "^[^@]{1,64}@"}],
        }
