"""What people do to the cards of a condition, as functions from one set of cards to the next."""

from collections.abc import Callable
from dataclasses import replace

from engines.core.kernel.errors import NotFound

from .cards import DEPTH, Card, Group, Path, Question, walk

Change = Callable[[Card], Card | None]
"""None takes the card away."""
ROOM = Group("all", (), "bare")


def path_of(text: str) -> Path:
    """`0/w/1` as steps; the empty text is the outermost group."""
    return tuple(step for step in text.split("/") if step)


def found(root: Group, path: Path) -> Card:
    """The card at a path; NotFound when there is none (any more)."""
    here: Card = root
    for step in path:
        if step == "w" and isinstance(here, Question):
            here = here.subject.where or ROOM
        elif isinstance(here, Group) and step.isdigit() and int(step) < len(here.items):
            here = here.items[int(step)]
        else:
            raise NotFound(card="/".join(path))
    return here


def changed(root: Group, path: Path, change: Change) -> Group:
    """The cards with one of them changed, or gone."""
    found(root, path)
    made = _changed(root, path, change)
    return made if isinstance(made, Group) else ROOM


def _changed(card: Card, path: Path, change: Change, *, outer: bool = True) -> Card | None:
    if not path:
        made = change(card)
        return shaped(made, outer=outer) if isinstance(made, Group) else made
    step, rest = path[0], path[1:]
    if isinstance(card, Question):
        where = _changed(card.subject.where or ROOM, rest, change)
        kept = where if isinstance(where, Group) and where.items else None
        return replace(card, subject=replace(card.subject, where=kept))
    if not isinstance(card, Group):
        raise NotFound(card="/".join(path))
    item = _changed(card.items[int(step)], rest, change, outer=False)
    before, after = card.items[: int(step)], card.items[int(step) + 1 :]
    return shaped(replace(card, items=(*before, *((item,) if item else ()), *after)), outer=outer)


def shaped(group: Group, *, outer: bool) -> Group | None:
    """A group as the formula can say it: one item needs a function around it, unless it is all there is; without
    items an inner group goes."""
    if not group.items:
        return replace(ROOM, mode="all") if outer else None
    if len(group.items) > 1:
        return replace(group, style="chain") if group.style == "bare" else group
    if group.style == "bare" and (outer or group.mode == "none"):
        return group if group.mode != "any" else replace(group, style="call")
    return replace(group, style="bare" if outer and group.mode == "all" else "call")


def put(root: Group, path: Path, card: Card, index: int | None = None) -> Group:
    """One more card in the group at a path, at the end when no place is named."""

    def with_it(group: Card) -> Card:
        if not isinstance(group, Group):
            raise NotFound(card="/".join(path))
        at = len(group.items) if index is None else max(0, min(index, len(group.items)))
        style = "chain" if len(group.items) == 1 else group.style
        return replace(group, items=(*group.items[:at], card, *group.items[at:]), style=style)

    return changed(root, path, with_it)


def swapped(root: Group, path: Path, card: Card) -> Group:
    return changed(root, path, lambda _: card)


def removed(root: Group, path: Path) -> Group:
    return changed(root, path, lambda _: None)


def copied(root: Group, path: Path) -> Group:
    """Once more, right after itself."""
    return put(root, path[:-1], found(root, path), int(path[-1]) + 1)


def moded(root: Group, path: Path, mode: str) -> Group:
    def change(group: Card) -> Card:
        if not isinstance(group, Group):
            raise NotFound(card="/".join(path))
        return replace(group, mode=mode, style="call" if group.style == "bare" else group.style)

    return changed(root, path, change)


def height(card: Card) -> int:
    """How many groups lie in each other here."""
    if not isinstance(card, Group):
        return 0
    return 1 + max((height(item) for item in card.items), default=0)


def room(root: Group, path: Path, card: Card) -> bool:
    """Is there a place for the card in the group at a path? Groups nest so deep and no deeper."""
    return isinstance(found(root, path), Group) and len(path) + 1 + height(card) <= DEPTH


def scope(path: Path) -> Path:
    """The related records in whose conditions a card stands: it cannot leave them, their fields are others."""
    last = max((n for n, step in enumerate(path) if step == "w"), default=-1)
    return path[: last + 1]


def moved(root: Group, path: Path, to: Path, index: int) -> Group:
    """Out of its place and into the group at `to`, before what stands at `index`; as it was where that cannot be."""
    card = found(root, path)
    if not path or to[: len(path)] == path or scope(to) != scope(path[:-1]) or not room(root, to, card):
        return root
    made = put(root, to, card, index)
    shifted = path[: len(to)] == to and index <= int(path[len(to)])
    return removed(made, (*to, str(int(path[len(to)]) + 1), *path[len(to) + 1 :]) if shifted else path)


def stepped(root: Group, path: Path, by: int) -> Group:
    """One step up or down as the page is read: past a neighbour, into a neighbouring group, or out of its own."""
    source, at = path[:-1], int(path[-1])
    group = found(root, source)
    assert isinstance(group, Group)  # noqa: S101  # an item stands in a group
    beside = at + by
    if not 0 <= beside < len(group.items):
        return root if source == scope(source) else moved(root, path, source[:-1], int(source[-1]) + (by > 0))
    neighbour = group.items[beside]
    if isinstance(neighbour, Group) and room(root, (*source, str(beside)), found(root, path)):
        return moved(root, path, (*source, str(beside)), 0 if by > 0 else len(neighbour.items))
    return moved(root, path, source, beside + (by > 0))


def place(root: Group, card: Card) -> str:
    """Where this very card is now, "" when it is gone."""
    return next(("/".join(path) for path, one in walk(root) if one is card), "")
