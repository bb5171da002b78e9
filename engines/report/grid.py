"""Where tiles stand on a dashboard of twelve columns: nothing overlaps, and nothing hangs above a gap."""

from collections.abc import Iterable

from engines.core.kernel.kind import Definition

COLUMNS = 12
TALLEST = 40
LOWEST = 500
Box = tuple[int, int, int, int]
"""(column, row, width, height)."""


def fitted(box: Iterable[int]) -> Box:
    """The nearest box that lies within the columns."""
    x, y, w, h = box
    w, h = min(max(w, 1), COLUMNS), min(max(h, 1), TALLEST)
    return min(max(x, 0), COLUMNS - w), min(max(y, 0), LOWEST), w, h


def placed(widgets: list[Definition], name: str, box: Iterable[int]) -> list[Definition]:
    """With the tile called `name` moved to a box: what is in its way makes room below, then all close up."""
    boxes = {one["id"]: fitted(one["at"]) for one in widgets}
    boxes[name] = fitted(box)
    others = sorted((other for other in boxes if other != name), key=lambda other: boxes[other][1::-1])
    down = _pushed({other: boxes[other] for other in (name, *others)})
    up = _risen(down, name)
    return [one | {"at": list(up[one["id"]])} for one in widgets]


def settled(widgets: list[Definition]) -> list[Definition]:
    """The tiles closed up, as after one of them went."""
    return placed(widgets, widgets[0]["id"], widgets[0]["at"]) if widgets else []


def room(widgets: list[Definition], width: int, height: int) -> Box:
    """The first place in reading order where a new tile of that size stands without moving another."""
    taken = [fitted(one["at"]) for one in widgets]
    for y in range(LOWEST):
        for x in range(COLUMNS - width + 1):
            if not any(_meet((x, y, width, height), other) for other in taken):
                return x, y, width, height
    return fitted((0, LOWEST, width, height))


def new_id(widgets: list[Definition]) -> str:
    """A name that no tile has yet."""
    taken = {one["id"] for one in widgets}
    return next(f"w{n}" for n in range(1, LOWEST) if f"w{n}" not in taken)


def _pushed(boxes: dict[str, Box]) -> dict[str, Box]:
    """Each as it is, or as far down as those before it demand."""
    found: dict[str, Box] = {}
    for name, (x, y, w, h) in boxes.items():
        while blocks := [other for other in found.values() if _meet((x, y, w, h), other)]:
            y = max(other[1] + other[3] for other in blocks)
        found[name] = (x, y, w, h)
    return found


def _risen(boxes: dict[str, Box], first: str) -> dict[str, Box]:
    """Each as high as those above it let it."""
    found: dict[str, Box] = {}
    for name in sorted(boxes, key=lambda one: (boxes[one][1], one != first, boxes[one][0])):
        x, y, w, h = boxes[name]
        while y and not any(_meet((x, y - 1, w, h), other) for other in found.values()):
            y -= 1
        found[name] = (x, y, w, h)
    return found


def _meet(one: Box, other: Box) -> bool:
    return (
        one[0] < other[0] + other[2]
        and other[0] < one[0] + one[2]
        and one[1] < other[1] + other[3]
        and other[1] < one[1] + one[3]
    )
