"""A formula for the browser: its typed tree as compact JSON that runtime/static/js/formula.mjs builds closures from."""

from collections.abc import Mapping
from typing import Any

from .check import Checked
from .functions.base import FUNCTIONS, every
from .python import EMITTERS, EXACT, kept_flags
from .tree import Term

VERSION = 1
"""Of the shape of a tree: `[operation, kind, value, ...terms]`; formula.mjs knows the same one."""
SERVER_ONLY = frozenset({"OLD", "CHANGED", "CURRENT_USER", "CURRENT_ROLE", "HAS_ROLE", "IN_DEPARTMENT"})
GIVEN = SERVER_ONLY | {"path", "aggregate", "outer"}
Node = list[Any]


def in_browser(checked: Checked) -> bool:
    """Has every function of the formula a half in the browser?"""
    made = (FUNCTIONS.get(term.op) for term in checked.tree.walk())
    return all(function is None or function.browser for function in made)


def given_of(checked: Checked) -> dict[str, Term]:
    """What the server computes and sends along as a value, by key: summaries of related records, fields of linked
    records, answers about the acting person."""
    return {key_of(term): term for term in checked.tree.walk() if term.op in GIVEN}


def key_of(term: Term) -> str:
    """Names a given value for the server; the browser gets other keys, as this one may name what must not be told."""
    if term.op == "path":
        return ".".join(term.value)
    return str(term.value) if term.op == "aggregate" else f"{term.op} {term.value or ''}".rstrip()


def keys_of(checked: Checked) -> dict[str, str]:
    """Keys under which a browser finds the given values of this formula alone: g0, g1, …"""
    return {key: f"g{n}" for n, key in enumerate(sorted(given_of(checked)))}


def to_browser(term: Term, keys: Mapping[str, str]) -> Node:
    """A tree; `keys` says under which key the browser finds a given value."""
    if term.op in GIVEN:
        return _scaled(term, ["path" if term.op in EXACT else "given", term.type.kind, keys[key_of(term)]])
    if term.op == "field":
        return _scaled(term, ["field", term.type.kind, term.value])
    return [term.op, term.type.kind, _value(term), *(to_browser(arg, keys) for arg in term.args)]


def _scaled(term: Term, node: Node) -> Node:
    """A scaled integer becomes the true number."""
    return ["scaled", term.type.kind, 10**term.type.scale, node] if term.type.scale else node


def _value(term: Term) -> Any:
    """What an operation has to know: a constant, the labels of a choice, whether a blank argument makes it blank."""
    if term.op == "choice text":
        kind = term.args[0].type
        return [[key, kind.shown(key)] for key, _ in kind.options]
    if term.op in FUNCTIONS and term.op not in EMITTERS:
        return int(any(arg.blank and not kept for arg, kept in zip(term.args, kept_flags(term), strict=True)))
    return list(term.value) if isinstance(term.value, tuple) else term.value


def supported() -> dict[str, list[str]]:
    """Every operation that formula.mjs has to know: the `core` ones, and the `functions` with a half in the browser."""
    own = {"given", "path", "scaled"} | set(EMITTERS) - GIVEN
    functions = (name for name, made in FUNCTIONS.items() if made.shape is None and made.browser)
    return {"core": sorted(own), "functions": sorted(functions)}


def catalogue() -> list[dict[str, Any]]:
    """What an editor shows of each function: names, words in both languages, an example, where it runs."""
    return [
        {
            "name": made.name, "aliases": list(made.aliases), "group": made.group, "words": made.words,
            "example": made.example, "pushable": made.pushable, "context": made.context,
        }
        for made in every()
    ]  # fmt: skip
