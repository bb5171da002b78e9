"""Summaries of related records: COUNT(orders WHERE …), SUM(orders.amount), LATEST(orders.status)."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ..names import RelationRef
from ..nodes import Call, Name, Node, Where
from ..problems import kinds
from ..tree import Aggregate, Term
from ..types import BOOLEAN, NUMBER, UNKNOWN, Type
from .base import Shape, special

if TYPE_CHECKING:
    from ..check import Checker

COUNTS = ("COUNT", "EXISTS", "COUNT_DISTINCT")
NEVER_BLANK = (*COUNTS, "SUM")
NUMERIC = ("SUM", "AVERAGE")
ORDERED = ("LATEST", "EARLIEST", "LOOKUP")


def related_name(checker: "Checker", node: Node) -> tuple[Name, RelationRef] | None:
    """The relation that an argument begins with, when there is one."""
    name = node.value if isinstance(node, Where) else node
    if not isinstance(name, Name):
        return None
    here = checker.scopes[-1]
    relation = here.relation(name.parts[0])
    if relation is None or not relation.many or (len(name.parts) == 1 and here.field(name.parts[0])):
        return None
    return name, relation


def summary(checker: "Checker", node: Call, function: str) -> Term | None:
    """The call as a related aggregate; None when its argument is no relation."""
    found = related_name(checker, node.args[0]) if node.args else None
    if found is None:
        return None
    if len(checker.scopes) > 1:
        return checker.tell("nested", node)
    checker.counted(node, 1, 2 if function in ORDERED else 1)
    name, relation = found
    if len(name.parts) == 1 and function not in ("COUNT", "EXISTS"):
        return checker.tell("needs_field", name, near=checker.said(name))
    return aggregate(checker, node, function, name, relation)


def aggregate(checker: "Checker", node: Call, function: str, name: Name, relation: RelationRef) -> Term:
    before = len(checker.problems)
    checker.scopes.append(relation.names)
    value = inner(checker, name, relation) if len(name.parts) > 1 else None
    first = node.args[0]
    where = checker.want(first.condition, "condition") if isinstance(first, Where) else None
    order = ordered(checker, node.args[1], relation) if len(node.args) > 1 else None
    checker.scopes.pop()
    if value is None:
        checker.rename(name, (relation.id,), {language: (text,) for language, text in relation.labels.items()})
    if len(checker.problems) > before:
        return Term("const", UNKNOWN)
    kind = type_of(checker, function, name, value)
    return noted(checker, Aggregate(checker.canonical(node), function, relation.id, value, where, order, kind))


def noted(checker: "Checker", made: Aggregate) -> Term:
    checker.aggregates[made.key] = made
    checker.relations.add(made.relation)
    return Term("aggregate", made.type, value=made.key, blank=made.function not in NEVER_BLANK)


def inner(checker: "Checker", name: Name, relation: RelationRef) -> Term:
    """The field of the related form, shown with the relation before it."""
    rest = Name(name.parts[1:], start=name.start, end=name.end)
    term = checker.term(rest)
    ids, labels = checker.shown.get(id(rest), ((), {}))
    before = {language: (relation.labels.get(language, relation.id),) for language in ("zh", "en")}
    checker.rename(
        name, (relation.id, *ids), {language: (*before[language], *names) for language, names in labels.items()}
    )
    return term


def ordered(checker: "Checker", node: Node, relation: RelationRef) -> Term:
    """What makes a record the latest: a field of the same related form."""
    if not isinstance(node, Name) or len(node.parts) < 2 or checker.scopes[0].relation(node.parts[0]) != relation:
        return checker.tell("not_related", node, name="LATEST", near=checker.said(node))
    return inner(checker, node, relation)


def type_of(checker: "Checker", function: str, name: Name, value: Term | None) -> Type:
    """Summaries give the true number, whatever the scale it is stored with."""
    if function == "EXISTS":
        return BOOLEAN
    if function in COUNTS or value is None:
        return NUMBER
    if function in NUMERIC:
        if value.type.kind not in ("number", "duration"):
            details = kinds(wanted="number", found=value.type.kind)
            checker.tell("wrong_type", name, near=checker.said(name), mend_zh="", mend_en="", **details)
        return NUMBER
    return replace(value.type, scale=0)


def only_related(function: str) -> Shape:
    def shape(checker: "Checker", node: Call) -> Term:
        if not checker.counted(node, 1, 2 if function in ORDERED else 1):
            return Term("const", UNKNOWN)
        found = summary(checker, node, function)
        return found or checker.tell("not_related", node.args[0], name=function, near=checker.said(node.args[0]))

    return shape


special(
    "EXISTS 存在",
    zh="有这样的关联记录就成立",
    en="TRUE when there is such a related record",
    example='EXISTS(orders WHERE status = "paid")',
)(only_related("EXISTS"))
special(
    "LOOKUP 取关联",
    zh="第一条关联记录的字段",
    en="A field of the first related record",
    example='LOOKUP(orders.no WHERE status = "paid")',
)(only_related("LOOKUP"))
special(
    "LATEST 最近一条",
    zh="最近一条关联记录的字段",
    en="A field of the latest related record",
    example="LATEST(orders.status)",
)(only_related("LATEST"))
special(
    "EARLIEST 最早一条",
    zh="最早一条关联记录的字段",
    en="A field of the earliest related record",
    example="EARLIEST(orders.paid_at)",
)(only_related("EARLIEST"))
special(
    "COUNT_DISTINCT 去重计数",
    zh="关联记录的字段有几个不同的值",
    en="How many different values a field of related records has",
    example="COUNT_DISTINCT(orders.product)",
)(only_related("COUNT_DISTINCT"))
