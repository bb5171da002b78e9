"""Regular expressions of builders, matched by RE2: time grows with the text only, whatever the pattern."""

from functools import lru_cache
from typing import Any

import re2  # type: ignore[import-untyped]  # google-re2 ships no types

_QUIET = re2.Options()
_QUIET.log_errors = False


def mistake(pattern: str) -> str | None:
    """What RE2 says about a pattern it cannot read; None when it can."""
    try:
        _compiled(pattern)
    except (re2.error, UnicodeEncodeError) as wrong:
        said = wrong.args[0]
        return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
    return None


def matches(pattern: str, text: str) -> bool:
    """Does the whole text follow the pattern?"""
    return found(f"^(?:{pattern})$", text)


def found(pattern: str, text: str) -> bool:
    """Does the pattern occur anywhere? Text that is no Unicode (lone surrogates) matches nothing."""
    try:
        return _compiled(pattern).search(text) is not None
    except UnicodeEncodeError:
        return False


@lru_cache(maxsize=2048)
def _compiled(pattern: str) -> Any:
    return re2.compile(pattern, _QUIET)
