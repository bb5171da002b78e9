"""A condition as nested cards: read from the tree of its formula, and written back to a formula of the same tree."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engines.core.formula.grammar import parse
from engines.core.formula.names import FieldRef, Names, RelationRef
from engines.core.formula.nodes import Call, Chain, Name, Node, Number, Where
from engines.core.formula.printer import text_of
from engines.core.formula.problems import FormulaError
from engines.core.formula.types import BOOLEAN, NUMBER, Type

from .ops import Op, every, fits, formula_of, known_function, ops_of

DEPTH = 5
"""Groups within groups; what lies deeper is shown as a formula."""
MODES = {"all": ("AND", False), "any": ("OR", False), "none": ("OR", True), "notall": ("AND", True)}


@dataclass(frozen=True)
class Raw:
    """What no card says: its formula."""

    node: Node


@dataclass(frozen=True)
class Subject:
    """A field, a field over a link, or a summary (`function`) of related records, those that meet `where`."""

    name: Name
    type: Type
    labels: tuple[dict[str, str], ...]
    function: str = ""
    where: "Group | None" = None

    @property
    def node(self) -> Node:
        if not self.function:
            return self.name
        inner = node_of(self.where) if self.where else None
        return Call(self.function, (Where(self.name, inner) if inner else self.name,))


@dataclass(frozen=True)
class Question:
    """One question about one subject."""

    subject: Subject
    op: Op
    values: tuple[Node, ...]


@dataclass(frozen=True)
class Group:
    """`style`: how the formula says it: with signs (`chain`), as a function (`call`), or as nothing but its one item
    (`bare`)."""

    mode: str
    items: "tuple[Card, ...]"
    style: str = "chain"


Card = Group | Question | Raw
Path = tuple[str, ...]
"""Steps from the outermost group: the place of an item, or `w` for the conditions of related records."""


def read(text: str, names: Names) -> Group | None:
    """The outermost group of a formula; None when the text is no formula at all (half typed, say)."""
    if not text.strip():
        return Group("all", (), "bare")
    try:
        node = parse(text)
    except FormulaError:
        return None
    return outermost(Reader(names).card(node, 1))


def outermost(card: Card) -> Group:
    return card if isinstance(card, Group) else Group("all", (card,), "bare")


def write(group: Group) -> str:
    """Formula text over ids; empty for a group without items."""
    return text_of(node_of(group)) if group.items else ""


def node_of(card: Card) -> Node:
    """A card as a tree."""
    if isinstance(card, Raw):
        return card.node
    if isinstance(card, Question):
        return formula_of(card.op, card.subject.node, card.values)
    operator, negated = MODES[card.mode]
    parts = tuple(node_of(item) for item in card.items)
    if card.style == "bare" and len(parts) == 1:
        inner = parts[0]
    elif card.style == "call" or len(parts) == 1:
        inner = Call(operator, parts)
    else:
        inner = Chain(parts[0], tuple((operator, part) for part in parts[1:]))
    return Call("NOT", (inner,)) if negated else inner


class Reader:
    """Reads over the names of a form; `inside` related records there are no further summaries."""

    def __init__(self, names: Names, *, inside: bool = False) -> None:
        self.names, self.inside = names, inside

    def card(self, node: Node, depth: int) -> Card:
        """A test where one fits, else a group, else the formula itself."""
        return self.test(node, depth) or self.group(node, depth) or Raw(node)

    def group(self, node: Node, depth: int) -> Group | None:
        if depth > DEPTH:
            return None
        if isinstance(node, Chain) and node.rest[0][0] in ("AND", "OR"):
            parts = (node.first, *(part for _, part in node.rest))
            return self._of(node.rest[0][0], parts, "chain", depth)
        if isinstance(node, Call) and node.name in ("AND", "OR") and node.args:
            return self._of(node.name, node.args, "call", depth)
        if isinstance(node, Call) and node.name == "NOT" and len(node.args) == 1:
            return self._negated(node.args[0], depth)
        return None

    def _of(self, operator: str, parts: tuple[Node, ...], style: str, depth: int) -> Group:
        items = tuple(self.card(part, depth + 1) for part in parts)
        return Group("all" if operator == "AND" else "any", items, style)

    def _negated(self, node: Node, depth: int) -> Group:
        found = self.test(node, depth) or self.group(node, depth)
        if isinstance(found, Group) and found.mode in ("all", "any"):
            return replace(found, mode="none" if found.mode == "any" else "notall")
        return Group("none", (found if isinstance(found, Question) else self.card(node, depth + 1),), "bare")

    def test(self, node: Node, depth: int) -> Question | None:
        for op in every():
            found = fits(op, node)
            subject = self.subject(found[0], depth) if found else None
            if found and subject and op in ops_of(subject.type, subject.function):
                return Question(subject, op, found[1])
        return None

    def subject(self, node: Node, depth: int = 1) -> Subject | None:
        """A name that there is, or a summary over a relation; None for anything else."""
        if isinstance(node, Name):
            return self._field(node)
        if self.inside or not isinstance(node, Call) or len(node.args) != 1 or not known_function(node.name):
            return None
        given = node.args[0]
        name, where = (given.value, given.condition) if isinstance(given, Where) else (given, None)
        return self._summary(node.name, name, where, depth) if isinstance(name, Name) else None

    def _field(self, name: Name) -> Subject | None:
        found = reached(self.names, name.parts)
        return Subject(name, found[-1].type, tuple(dict(one.labels) for one in found)) if found else None

    def _summary(self, function: str, name: Name, where: Node | None, depth: int) -> Subject | None:
        relation = self.names.relation(name.parts[0])
        if relation is None or not relation.many or (len(name.parts) == 1) != (function in ("COUNT", "EXISTS")):
            return None
        field = reached(relation.names, name.parts[1:]) if len(name.parts) > 1 else ()
        if field is None:
            return None
        kind = (
            BOOLEAN if function == "EXISTS" else NUMBER if function in ("COUNT", "SUM", "AVERAGE") else field[-1].type
        )
        inner = outermost(Reader(relation.names, inside=True).card(where, depth + 1)) if where else None
        return Subject(name, kind, tuple(dict(one.labels) for one in (relation, *field)), function, inner)


Refs = tuple[FieldRef, ...]


def reached(names: Names, parts: tuple[str, ...]) -> tuple[FieldRef, ...] | None:
    """What a path of names leads over, the field last; None when there is no such way, or several records on it."""
    found: list[FieldRef] = []
    for part in parts[:-1]:
        relation = names.relation(part)
        if relation is None or relation.many:
            return None
        found.append(as_field(relation))
        names = relation.names
    field = names.field(parts[-1]) if parts else None
    return (*found, field) if field else None


def as_field(relation: RelationRef) -> FieldRef:
    """A way, for those who only want what it is called."""
    return FieldRef(relation.id, BOOLEAN, relation.labels)


def walk(card: Card, path: Path = ()) -> Iterator[tuple[Path, Card]]:
    """Every card with its path, the outermost first."""
    yield path, card
    if isinstance(card, Group):
        for n, item in enumerate(card.items):
            yield from walk(item, (*path, str(n)))
    elif isinstance(card, Question) and card.subject.where:
        yield from walk(card.subject.where, (*path, "w"))


def linked(root: Group | None) -> dict[str, set[int]]:
    """The records that questions name by number, by form."""
    found: dict[str, set[int]] = {}
    for _, card in walk(root) if root else ():
        kind = (card.subject.type.item or card.subject.type) if isinstance(card, Question) else BOOLEAN
        if isinstance(card, Question) and kind.kind == "link" and kind.form:
            numbers = {int(value.value) for value in card.values if isinstance(value, Number)}
            found.setdefault(kind.form, set()).update(numbers)
    return found
