"""What a computed field is made of: who may not read all of it does not see the result either."""

import re
from dataclasses import dataclass

from engines.core.records.source import Source

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')
Spot = tuple[str, str]
"""(form id, field id)."""


@dataclass(frozen=True)
class Made:
    """What a computed field reads: fields, here and elsewhere, and the forms whose records it looks at over a way."""

    spots: frozenset[Spot]
    forms: frozenset[str]


def made_of(source: Source, field: str) -> Made:
    """What a computed field reads."""
    return read_by(source, source.computed.get(field, ""))


def read_by(source: Source, formula: str) -> Made:
    """What a formula over ids reads, here and in the forms it walks to, through computed fields too; it stops at a
    published result. Rather one too many than one too few: every name in the text counts wherever it could mean a
    field."""
    found: set[Spot] = set()
    forms: set[str] = set()
    waiting: list[tuple[Source, str]] = [(source, formula)]
    while waiting:
        here, text = waiting.pop()
        words = set(WORD.findall(QUOTED.sub("", text)))
        near = _reached(here, words)
        forms |= {one.ways[word].form for one in near for word in words if word in one.ways}
        for there, spot in _named(near, words):
            if spot not in found:
                found.add(spot)
                if not there.fields[spot[1]].get("published"):
                    waiting.append((there, there.computed.get(spot[1], "")))
    return Made(frozenset(found), frozenset(forms - {""}))


def _named(near: list[Source], words: set[str]) -> list[tuple[Source, Spot]]:
    found = [(here, (here.form, word)) for here in near for word in words if word in here.fields]
    for here in near:
        for way in (here.ways[word] for word in words if word in here.ways):
            owner = here.others[way.form] if way.back else here
            found.append((owner, (owner.form, way.field)))
    return found


def _reached(source: Source, words: set[str]) -> list[Source]:
    """The form and every form that one gets to over the ways that are named."""
    found = [source]
    for here in found:
        ways = (here.ways[word] for word in words if word in here.ways)
        found += [here.others[way.form] for way in ways if way.form and here.others[way.form] not in found]
    return found
