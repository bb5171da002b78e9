"""The typed tree: what every back end compiles; plain data that is stored with a published version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .types import NUMBER, Type, type_from_json, type_to_json


@dataclass(frozen=True)
class Term:
    """An operation over terms. Conversions are terms of their own, so a back end never guesses.

    `value` is the constant, the field id, the path or the key of an aggregate; `blank` tells whether the result may
    be blank. A boolean term that cannot be blank is always TRUE or FALSE.
    """

    op: str
    type: Type
    args: tuple[Term, ...] = ()
    value: Any = None
    blank: bool = False

    def walk(self) -> Iterator[Term]:
        yield self
        for arg in self.args:
            yield from arg.walk()


@dataclass(frozen=True)
class Aggregate:
    """A summary of related records: `key` is its canonical text and names its value among the facts.

    `relation` leads to the records; `value` and `where` are terms over the related form, in which `outer` terms read
    the record that asks; `order` says what makes a record the latest.
    """

    key: str
    function: str
    relation: str
    value: Term | None
    where: Term | None
    order: Term | None
    type: Type


def constant(value: Any, kind: Type) -> Term:
    return Term("const", kind, value=value, blank=value is None)


def number(value: float) -> Term:
    return constant(float(value), NUMBER)


def tree_to_json(term: Term) -> dict[str, Any]:
    """A typed tree as plain JSON."""
    plain: dict[str, Any] = {"op": term.op, "type": type_to_json(term.type)}
    if term.args:
        plain["args"] = [tree_to_json(arg) for arg in term.args]
    if term.value is not None:
        plain["value"] = term.value
    if term.blank:
        plain["blank"] = True
    return plain


def tree_from_json(plain: dict[str, Any]) -> Term:
    """The way back of `tree_to_json`; a list among the values is a tuple again."""
    value = plain.get("value")
    return Term(
        op=plain["op"],
        type=type_from_json(plain["type"]),
        args=tuple(tree_from_json(arg) for arg in plain.get("args", ())),
        value=tuple(value) if isinstance(value, list) else value,
        blank=plain.get("blank", False),
    )


def aggregate_to_json(aggregate: Aggregate) -> dict[str, Any]:
    """An aggregate as plain JSON."""
    parts = {name: getattr(aggregate, name) for name in ("value", "where", "order")}
    plain: dict[str, Any] = {name: tree_to_json(term) for name, term in parts.items() if term is not None}
    plain |= {"key": aggregate.key, "function": aggregate.function, "relation": aggregate.relation}
    return plain | {"type": type_to_json(aggregate.type)}


def aggregate_from_json(plain: dict[str, Any]) -> Aggregate:
    """The way back of `aggregate_to_json`."""
    terms = {name: tree_from_json(plain[name]) if name in plain else None for name in ("value", "where", "order")}
    kind = type_from_json(plain["type"])
    return Aggregate(key=plain["key"], function=plain["function"], relation=plain["relation"], type=kind, **terms)
