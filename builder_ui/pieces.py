"""Long panes are made of pieces, each marked by what it says: a piece that the page has already is not sent again."""

import re
from hashlib import blake2b
from typing import Any

from flask import g, request
from markupsafe import Markup

from .base import build

HAVE = "have"
"""Where a request says which pieces its page has: their marks, blanks between."""
_TAG = re.compile(r"<(\w+)")
_NAME = re.compile(r' id="([^"]*)"')


@build.app_template_filter()
def piece(text: str, **beside: Any) -> Markup:
    """An element with an id, whole and with its mark; only its name where the page has it. `beside` are attributes that
    are sent either way and are not part of the mark: what moves has not changed."""
    text = text.strip()
    mark = blake2b(text.encode(), digest_size=6).hexdigest()
    more = "".join(Markup(' {}="{}"').format(name, value) for name, value in beside.items())
    if mark in _had():
        name = _NAME.search(text)
        return Markup(f'<i id="{name[1] if name else ""}" data-same{more}></i>')  # noqa: S704  both are escaped already
    tag = _TAG.match(text)
    at = tag.end() if tag else 0
    return Markup(f'{text[:at]} data-piece="{mark}"{more}{text[at:]}')  # noqa: S704  a template escaped it


def _had() -> frozenset[str]:
    if "pieces_had" not in g:
        g.pieces_had = frozenset(request.form.get(HAVE, "").split())
    found: frozenset[str] = g.pieces_had
    return found
