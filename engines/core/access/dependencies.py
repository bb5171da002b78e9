"""What a computed field is made of: who may not read all of it does not see the result either."""

import re

from engines.core.records.source import Source

WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')
Spot = tuple[str, str]
"""(form id, field id)."""


def made_of(source: Source, field: str) -> frozenset[Spot]:
    """The fields that a computed field reads, here and in the forms its formula walks to, through other computed
    fields too. Rather one too many than one too few: every name in the text counts wherever it could mean a field."""
    found: set[Spot] = set()
    waiting: list[tuple[Source, str]] = [(source, field)]
    while waiting:
        here, name = waiting.pop()
        for there, spot in _named(here, here.computed.get(name, "")):
            if spot not in found:
                found.add(spot)
                waiting.append((there, spot[1]))
    return frozenset(found)


def _named(source: Source, text: str) -> list[tuple[Source, Spot]]:
    words = set(WORD.findall(QUOTED.sub("", text)))
    near = _reached(source, words)
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
