"""A web address; only http and https, so that none can carry a script."""

import re
from typing import Any
from urllib.parse import urlsplit

from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition

from ..base import FieldType, field_types
from ..texts import REASONS, one_line

MOST = 2000
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:(?!\d)")


@field_types.register
class Link(FieldType):
    type = "link"
    label = {"zh": "网址", "en": "Link"}
    icon = "link"
    widget = "link"
    examples = [
        ({}, "https://shop.example/p/1?x=1#a", "https://shop.example/p/1?x=1#a"),
        ({}, " HTTP://Shop.Example/P ", "http://shop.example/P"),
        ({}, "shop.example/p", "https://shop.example/p"),
        ({}, "https://商店.example/直播", "https://商店.example/直播"),
    ]
    rejects = [
        ({}, "javascript:alert(1)", "not_http"),
        ({}, "java\tscript:alert(1)", "not_a_link"),
        ({}, "data:text/html,x", "not_http"),
        ({}, "file:///etc/passwd", "not_http"),
        ({}, "https://", "not_a_link"),
        ({}, "https://shop.example\\@evil.example/", "not_a_link"),
        ({}, "https://bank.example@evil.example/", "has_login"),
        ({}, "好的", "not_a_link"),
        ({}, "https://a.example/" + "b" * MOST, "too_long"),
        ({}, 5, "not_a_text"),
    ]
    reasons = REASONS | {
        "not_http": {"zh": "只收 http 或 https 开头的网址", "en": "Only addresses that start with http or https"},
        "not_a_link": {
            "zh": "要填完整的网址，例如 https://shop.com/p/1，不含空格",
            "en": "Must be a whole web address without spaces, such as https://shop.com/p/1",
        },
        "has_login": {
            "zh": "去掉 @ 和它前面的部分，那是登录名，容易看错网站",
            "en": "Leave out the @ and what stands before it: it hides which site this is",
        },
    }

    def parse(self, raw: Any, field: Definition) -> str:
        text = one_line(raw)
        if len(text) > MOST:
            raise Rejected("too_long", most=MOST, over=len(text) - MOST)
        if re.search(r'[\s\\<>"]', text):
            raise Rejected("not_a_link")
        return _sound(text if _SCHEME.match(text) else f"https://{text}")

    def schema(self, field: Definition) -> Definition:
        return {
            "type": "string",
            "format": "iri",
            "maxLength": MOST,
            "pattern": r"^https?://[^\s\\@/]+(/[^\s\\]*|[?#][^\s\\]*)?$",
        }


def _sound(text: str) -> str:
    scheme, _, rest = text.partition(":")
    if scheme.lower() not in ("http", "https"):
        raise Rejected("not_http")
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  reading it is the check
    except ValueError:
        raise Rejected("not_a_link") from None
    if "@" in parts.netloc:
        raise Rejected("has_login")
    if not rest.startswith("//") or not _is_host(parts.hostname or ""):
        raise Rejected("not_a_link")
    return f"{scheme.lower()}://{parts.netloc.lower()}{rest[2 + len(parts.netloc) :]}"


def _is_host(name: str) -> bool:
    return name == "localhost" or ("." in name and all(name.split(".")))
