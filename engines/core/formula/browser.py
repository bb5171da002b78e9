"""A formula for the browser: its typed tree as JSON and what an evaluator of closures must know; no code is sent."""

from typing import Any

from .check import Checked
from .functions.base import FUNCTIONS, every
from .python import EMITTERS
from .tree import tree_to_json

SERVER_ONLY = frozenset({"OLD", "CHANGED", "CURRENT_USER", "CURRENT_ROLE", "HAS_ROLE", "IN_DEPARTMENT"})


def to_browser(checked: Checked) -> dict[str, Any]:
    """`{"tree", "fields", "given", "text"}`: `given` are the values that the server computes and sends along, by key
    (related summaries, fields of linked records, and answers about the acting person)."""
    server = sorted({term.op for term in checked.tree.walk() if term.op in SERVER_ONLY})
    given = [aggregate.key for aggregate in checked.aggregates] + sorted(checked.paths) + server
    return {"tree": tree_to_json(checked.tree), "fields": sorted(checked.fields), "given": given, "text": checked.text}


def supported() -> dict[str, list[str]]:
    """Every operation that a tree may hold: the `core` ones, and `functions` with the faults they raise."""
    return {
        "core": sorted(EMITTERS),
        "functions": sorted(name for name, made in FUNCTIONS.items() if made.shape is None),
    }


def catalogue() -> list[dict[str, Any]]:
    """What an editor shows of each function: names, words in both languages, an example, where it runs."""
    return [
        {
            "name": made.name, "aliases": list(made.aliases), "group": made.group, "words": made.words,
            "example": made.example, "pushable": made.pushable, "context": made.context,
        }
        for made in every()
    ]  # fmt: skip
