"""Formula text of a definition, checked against the form it is about: what is wrong, and at which character."""

from collections.abc import Iterator
from typing import Any

from engines.core.formula.check import check
from engines.core.formula.problems import FormulaError
from engines.core.formula.types import Type
from engines.core.kernel.kind import Label

from .names import SourceNames
from .source import Source

Found = Iterator[tuple[str, Label]]
"""(path within the part, words in both languages)."""


def formula_problems(
    source: Source,
    text: str,
    path: str,
    *,
    wants: Type | None = None,
    context: frozenset[str] = frozenset({"CURRENT_USER"}),
    pushdown: bool = False,
) -> Found:
    """What is wrong with formula text over a form, with the spot in the text."""
    try:
        check(text, SourceNames(source), context=context, wants=wants, pushdown=pushdown)
    except FormulaError as error:
        for one in error.problems:
            yield path, {language: _at(one, language) for language in ("zh", "en")}


def _at(problem: Any, language: str) -> str:
    place = f"第 {problem.start + 1} 字" if language == "zh" else f"at {problem.start + 1}"
    return f"{problem.words[language]} ({place})"


def missing(name: str) -> Label:
    return {"zh": f"没有「{name}」", "en": f"there is no '{name}'"}
