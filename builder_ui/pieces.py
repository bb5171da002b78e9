"""Long panes are made of pieces, each marked by what it says: a piece that the page has already is not sent again."""

import re
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from flask import g, request
from markupsafe import Markup, escape

from .base import build

HAVE = "have"
"""Where a request says which pieces its page has: their marks, blanks between."""
_TAG = re.compile(r"<(\w+)")
_NAME = re.compile(r' id="([^"]*)"')


@build.app_template_filter()
def piece(text: str, **beside: Any) -> Markup:
    """An element with an id, whole and with its mark; only its name where the page has it. `beside` are attributes that
    are sent either way and are not part of the mark: what moves has not changed."""
    body, mark, name, at = _marked(text.strip())
    more = "".join(f' {key}="{escape(value)}"' for key, value in beside.items())
    if mark in _had():
        return Markup(f'<i id="{name}" data-same{more}></i>')  # noqa: S704  both are escaped already
    return Markup(f'{body[:at]} data-piece="{mark}"{more}{body[at:]}')  # noqa: S704  a template escaped it


@lru_cache(maxsize=8192)
def _marked(text: str) -> tuple[str, str, str, int]:
    """(the piece, its mark, its id, where attributes go)."""
    name, tag = _NAME.search(text), _TAG.match(text)
    return text, blake2b(text.encode(), digest_size=6).hexdigest(), name[1] if name else "", tag.end() if tag else 0


def _had() -> frozenset[str]:
    if "pieces_had" not in g:
        g.pieces_had = frozenset(request.form.get(HAVE, "").split())
    found: frozenset[str] = g.pieces_had
    return found
