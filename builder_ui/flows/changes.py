"""What lies between two states of a flow, as few small changes as it takes: that is what the draft's log keeps."""

from typing import Any

from engines.apps.edits import Change, Path
from engines.core.kernel.kind import Definition


def between(old: Definition, new: Definition, at: Path) -> list[Change]:
    """Changes that make the steps and lines of `old`, which stands at `at`, into those of `new`."""
    made = [*_lists("nodes", old["nodes"], new["nodes"]), *_lists("edges", old["edges"], new["edges"])]
    return [change | {"at": [*at, *change["at"]]} for change in made]


def _lists(name: str, old: list[Definition], new: list[Definition]) -> list[Change]:
    """Gone ones first, then from the front: put in, put elsewhere, or set where they stand. A list in which ids are
    missing or there twice is set whole."""
    if len({one.get("id") for one in old}) < len(old) or any("id" not in one for one in old):
        return [{"do": "set", "at": [name], "value": new}]
    kept = {one["id"] for one in new}
    made: list[Change] = [{"do": "delete", "at": [name, one["id"]]} for one in old if one["id"] not in kept]
    here: list[Any] = [one for one in old if one["id"] in kept]
    for n, one in enumerate(new):
        if n < len(here) and here[n]["id"] == one["id"]:
            made += [{"do": "set", "at": [name, one["id"]], "value": one}] if here[n] != one else []
            here[n] = one
            continue
        if any(other["id"] == one["id"] for other in here):
            made.append({"do": "delete", "at": [name, one["id"]]})
            here = [other for other in here if other["id"] != one["id"]]
        made.append({"do": "insert", "at": [name], "index": n, "value": one})
        here.insert(n, one)
    return made
