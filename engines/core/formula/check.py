"""Checks a formula against the fields it names: out comes a typed tree, or every mistake at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import functions
from .compare import comparison
from .convert import convert, kept
from .functions.base import FUNCTIONS, Function, Param
from .grammar import parse
from .names import FieldRef, Names
from .nodes import Call, Chain, Constant, Name, Node, Number, Percent, Sign, Text, Where
from .operators import arithmetic
from .printer import text_of
from .problems import MOST_PROBLEMS, FormulaError, Problem, problem, unknown
from .tree import (
    Aggregate,
    Term,
    aggregate_from_json,
    aggregate_to_json,
    constant,
    number,
    tree_from_json,
    tree_to_json,
)
from .types import BLANK, BOOLEAN, DATE, DATETIME, NUMBER, TEXT, UNKNOWN, Type

TIMES = frozenset({"TODAY", "NOW"})
UNPUSHED = frozenset({"OLD", "CHANGED", "same list"})
MOST_TERMS, MOST_HEIGHT = 4000, 150
GIVES = {"number": NUMBER, "text": TEXT, "boolean": BOOLEAN, "date": DATE, "datetime": DATETIME}
Span = tuple[int, int]
Shown = dict[int, tuple[tuple[str, ...], dict[str, tuple[str, ...]]]]
"""By the identity of a node: the ids it stands for, and their labels by language."""


@dataclass(frozen=True)
class Checked:
    """A formula ready for any back end. `text` is its canonical form over ids; `fields` and `paths` are what it reads
    of the record (a path is the ids from here to a field, joined by dots); `aggregates` are the related summaries
    whose values must be among the facts under their keys."""

    text: str
    tree: Term
    fields: frozenset[str]
    paths: frozenset[str]
    relations: frozenset[str]
    aggregates: tuple[Aggregate, ...]
    pushable: bool
    time_dependent: bool
    context: frozenset[str]
    shown: Shown = field(default_factory=dict, compare=False)
    node: Node | None = field(default=None, compare=False)

    @property
    def type(self) -> Type:
        return self.tree.type

    def labelled(self, language: str) -> str:
        """The text with labels and function names of a language; only straight after checking, not from JSON."""
        if self.node is None:
            return self.text
        found = self.shown

        def naming(node: Node) -> tuple[str, ...] | None:
            ids, labels = found.get(id(node), ((), {}))
            return labels.get(language) or ids or None

        return text_of(self.node, naming, language=language)


def checked_to_json(checked: Checked) -> dict[str, Any]:
    """What publish stores, so that start-up parses nothing."""
    sets = {name: sorted(getattr(checked, name)) for name in ("fields", "paths", "relations", "context")}
    flags = {name: getattr(checked, name) for name in ("text", "pushable", "time_dependent")}
    aggregates = [aggregate_to_json(aggregate) for aggregate in checked.aggregates]
    return {**flags, **sets, "tree": tree_to_json(checked.tree), "aggregates": aggregates}


def checked_from_json(plain: dict[str, Any]) -> Checked:
    """The way back of `checked_to_json`."""
    sets: dict[str, Any] = {name: frozenset(plain[name]) for name in ("fields", "paths", "relations", "context")}
    flags = {name: plain[name] for name in ("text", "pushable", "time_dependent")}
    aggregates = tuple(aggregate_from_json(aggregate) for aggregate in plain["aggregates"])
    return Checked(tree=tree_from_json(plain["tree"]), aggregates=aggregates, **sets, **flags)


def check(
    source: str | Node, names: Names, *, context: frozenset[str] = frozenset(), pushdown: bool = False,
    wants: Type | None = None,
) -> Checked:  # fmt: skip
    """Formula text (or its syntax tree) to a Checked; FormulaError with every problem.

    `context` names the context functions that this place allows; `pushdown` refuses what only the application can
    evaluate; `wants` turns the result into a type (texts into options of a choice).
    """
    node = parse(source) if isinstance(source, str) else source
    checker = Checker(names, context, pushdown, source if isinstance(source, str) else "")
    try:
        tree = checker.result(node, wants)
        checker.limits(tree, node)
    except RecursionError:
        checker.tell("too_deep", node, most=32)
    if checker.problems:
        raise FormulaError(checker.problems)
    checked = checker.finish(node, tree)
    if pushdown and not checked.pushable:
        raise FormulaError([problem("application_only", node.span, name=checker.said(node))])
    return checked


class Checker:
    """One formula being checked; `scopes` are the forms that names may mean, the innermost last."""

    def __init__(self, names: Names, context: frozenset[str], pushdown: bool, source: str) -> None:
        self.scopes, self.allowed, self.pushdown, self.source = [names], context, pushdown, source
        self.problems: list[Problem] = []
        self.aggregates: dict[str, Aggregate] = {}
        self.relations: set[str] = set()
        self.context: set[str] = set()
        self.shown: Shown = {}
        self.renamed: list[Node] = []
        self.subject = ""

    def note(self, found: Problem) -> None:
        self.problems.append(found)
        if len(self.problems) >= MOST_PROBLEMS:
            raise FormulaError(self.problems)

    def tell(self, code: str, spot: Node | Span, **details: object) -> Term:
        """Note a problem; the term stands in for the part that is wrong."""
        self.note(problem(code, spot.span if isinstance(spot, Node) else spot, **details))
        return Term("const", UNKNOWN)

    def said(self, node: Node) -> str:
        return self.source[node.start : node.end] if self.source else text_of(node)

    def rename(self, node: Node, ids: tuple[str, ...], labels: Any = ()) -> None:
        by_language = labels if isinstance(labels, dict) else spoken_labels(labels)
        self.shown[id(node)] = (ids, by_language)
        self.renamed.append(node)

    def canonical(self, node: Node) -> str:
        return text_of(node, lambda part: self.shown.get(id(part), ((), {}))[0] or None)

    def result(self, node: Node, wants: Type | None) -> Term:
        term = self.term(node)
        return functions.logic.settle(self, node, term, wants) if wants else term

    def term(self, node: Node) -> Term:
        """Any node to its typed term."""
        if isinstance(node, Call):
            return self.call(node)
        if isinstance(node, Name):
            return self.name(node)
        if isinstance(node, Chain):
            return self.chain(node)
        if isinstance(node, Number):
            return number(node.value)
        if isinstance(node, Text):
            return constant(node.value, TEXT)
        if isinstance(node, Constant):
            return constant(node.value, BLANK if node.value is None else BOOLEAN)
        if isinstance(node, Where):
            return self.tell("where", node)
        return self.unary(node)

    def want(self, node: Node, kind: str) -> Term:
        """A node as a value of a kind, blanks read as that kind says."""
        return convert(self, node, self.term(node), kind)

    def unary(self, node: Node) -> Term:
        assert isinstance(node, Sign | Percent)  # noqa: S101  # the other nodes are dealt with above
        inside = self.want(node.operand, "number")
        if isinstance(node, Percent):
            return Term("/", NUMBER, (inside, number(100)))
        return Term("neg", NUMBER, (inside,)) if node.op == "-" else inside

    def chain(self, node: Chain) -> Term:
        operator = node.rest[0][0]
        if operator in ("AND", "OR"):
            parts = (node.first, *(operand for _, operand in node.rest))
            return Term(operator.lower(), BOOLEAN, tuple(self.want(part, "condition") for part in parts))
        if operator in ("=", "<>", "<", "<=", ">", ">="):
            return self.compare(node)
        return arithmetic(self, node)

    def compare(self, node: Chain) -> Term:
        left, left_node = self.term(node.first), node.first
        for operator, operand in node.rest:
            self.subject = self.said(left_node)
            left = comparison(self, operator, (left_node, left), (operand, self.term(operand)))
            left_node = operand
        return left

    def name(self, node: Name) -> Term:
        """A field here, a field of the record that a link points at, or `this.` and a field of the outer record."""
        if node.parts[0] == "this":
            if len(self.scopes) == 1:
                return self.tell("this", node)
            term = self.reach(node, self.scopes[0], node.parts[1:], ("this",))
            return Term("outer", term.type, (term,), blank=term.blank)
        return self.reach(node, self.scopes[-1], node.parts)

    def reach(self, node: Name, names: Names, parts: tuple[str, ...], before: tuple[str, ...] = ()) -> Term:
        ids, labels = list(before), {"zh": list(before), "en": list(before)}
        for part in parts[:-1]:
            relation = names.relation(part)
            if relation is None:
                return self.tell("no_path", node, name=part) if names.field(part) else self.missing(node, names, part)
            if relation.many:
                return self.tell("relation", node, near=self.said(node))
            ids.append(relation.id)
            add_labels(labels, relation.id, relation.labels)
            names = relation.names
        found = names.field(parts[-1]) if parts else None
        if found is None:
            return self.missing(node, names, parts[-1] if parts else "this")
        add_labels(labels, found.id, found.labels)
        self.rename(node, (*ids, found.id), {language: tuple(names) for language, names in labels.items()})
        return self.found(found, tuple(ids[len(before) :]))

    def found(self, ref: FieldRef, path: tuple[str, ...]) -> Term:
        if path:
            return Term("path", ref.type, value=(*path, ref.id), blank=True)
        return Term("field", ref.type, value=ref.id, blank=ref.id != "_id")

    def missing(self, node: Name, names: Names, part: str) -> Term:
        relation = names.relation(part)
        if relation is not None:
            return self.tell("relation" if relation.many else "needs_field", node, near=self.said(node))
        if len(self.scopes) > 1 and names is self.scopes[-1] and self.scopes[0].field(part):
            return self.tell("outer_name", node, name=part)
        self.note(unknown("unknown_name", node.span, part, names.known()))
        return Term("const", UNKNOWN)

    def call(self, node: Call) -> Term:
        made = FUNCTIONS.get(node.name)
        if made is None:
            spot = (node.start, node.start + len(node.name))
            self.note(unknown("unknown_function", spot, node.name, (*FUNCTIONS, *functions.base.ALIASES)))
            return Term("const", UNKNOWN)
        if made.context:
            if made.name not in self.allowed:
                return self.tell("not_here", node, name=made.name)
            self.context.add(made.name)
        if self.pushdown and not made.pushable:
            return self.tell("application_only", node, name=made.name)
        return made.shape(self, node) if made.shape else self.generic(made, node)

    def generic(self, made: Function, node: Call) -> Term:
        """A call whose arguments are converted one by one as the function asks."""
        if not self.counted(node, made.least, made.most):
            return Term("const", UNKNOWN)
        args = [self.argument(param_at(made, i), arg) for i, arg in enumerate(node.args)]
        args += [constant(p.default, GIVES[p.kind]) for p in made.params[len(args) :] if p.default is not None]
        return call_of(made, args)

    def argument(self, param: Param, node: Node) -> Term:
        if param.words:
            return self.worded(param, node)
        return kept(self, node, self.term(node), param.kind) if param.kept else self.want(node, param.kind)

    def worded(self, param: Param, node: Node) -> Term:
        if not isinstance(node, Text) or node.value.lower() not in param.words:
            return self.tell("one_of", node, allowed=", ".join(param.words))
        return constant(node.value.lower(), TEXT)

    def counted(self, node: Call, least: int, most: int | None) -> bool:
        """Whether the number of arguments fits; a problem at the call when not."""
        count = len(node.args)
        if count < least:
            self.tell("too_few", node, name=node.name, least=least, count=count)
        elif most is not None and count > most:
            self.tell("too_much", node, name=node.name, most=most, count=count)
        return count >= least and (most is None or count <= most)

    def limits(self, tree: Term, node: Node) -> None:
        size, height = measure(tree, {})
        if size > MOST_TERMS or height > MOST_HEIGHT:
            self.tell("too_big", node)

    def finish(self, node: Node, tree: Term) -> Checked:
        aggregates = tuple(self.aggregates[key] for key in sorted(self.aggregates))
        inner = [term for a in aggregates for part in (a.value, a.where, a.order) if part for term in part.walk()]
        outer = [term for found in inner if found.op == "outer" for term in found.args[0].walk()]
        own = [*tree.walk(), *outer]
        ops = {term.op for term in (*own, *inner)}
        return Checked(
            text=self.canonical(node),
            tree=tree,
            fields=frozenset(t.value for t in own if t.op in ("field", "OLD", "CHANGED")),
            paths=frozenset(".".join(t.value) for t in own if t.op == "path"),
            relations=frozenset(self.relations | {t.value[0] for t in own if t.op == "path"}),
            aggregates=aggregates,
            pushable=all(pushable(op) for op in ops) and not any(loose_list(term) for term in (*own, *inner)),
            time_dependent=bool(ops & TIMES),
            context=frozenset(self.context),
            shown=self.shown,
            node=node,
        )


def spoken_labels(labels: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Which of the labels of an option is Chinese and which is not."""
    return {
        "zh": tuple(sorted(labels[:2], key=str.isascii)[:1]),
        "en": tuple(sorted(labels[:2], key=lambda label: not label.isascii())[:1]),
    }


def add_labels(labels: dict[str, list[str]], key: str, found: Mapping[str, str]) -> None:
    for language, names in labels.items():
        names.append(found.get(language, key))


def param_at(made: Function, at: int) -> Param:
    return made.params[min(at, len(made.params) - 1)]


def call_of(made: Function, args: list[Term]) -> Term:
    """A call of a generic function over arguments of the right types."""
    strict = any(arg.blank and not param_at(made, i).kept for i, arg in enumerate(args))
    skips = all(arg.blank and param_at(made, i).kept for i, arg in enumerate(args)) and bool(args)
    kind = args[0].type if made.gives == "first" else GIVES[made.gives]
    return Term(made.name, kind, tuple(args), blank=(strict or skips) and kind != BOOLEAN)


def loose_list(term: Term) -> bool:
    """A list that is no field of the record: SQL knows lists by their link tables only."""
    return term.type.kind == "list" and term.op not in ("field", "outer")


def pushable(op: str) -> bool:
    made = FUNCTIONS.get(op)
    return op not in UNPUSHED and (made is None or made.pushable)


def measure(term: Term, seen: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """Number of terms with shared ones counted each time, and the greatest depth."""
    if id(term) not in seen:
        parts = [measure(arg, seen) for arg in term.args]
        seen[id(term)] = (1 + sum(size for size, _ in parts), 1 + max((height for _, height in parts), default=0))
    return seen[id(term)]
