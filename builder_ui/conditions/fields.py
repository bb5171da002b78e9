"""What the cards of a condition may ask about, and the control that each answer is filled in with."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engines.core.fields import field_types
from engines.core.fields.values import is_blank
from engines.core.formula.names import FieldRef
from engines.core.formula.nodes import Constant, Name, Node, Number, Sign, Text
from engines.core.formula.types import BOOLEAN, Type
from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition, Label
from engines.core.records.filters import family
from engines.core.records.names import SYSTEM, ChildNames, SourceNames, labels_of_way
from engines.core.records.source import Source
from engines.form.lists import shape
from engines.form.read import Known
from runtime import posted, render

from ..base import Sent
from .cards import Question, Subject, reached
from .ops import AGGREGATES, Op, literal, ops_of

AnyNames = SourceNames | ChildNames
NONE_LATELY: Label = {"zh": "一段时间没有{}", "en": "no {} for some days"}
DAYS: Label = {"zh": "天", "en": "days"}
RELATED = "rows:"
"""Before the name of a relation, where it stands among fields."""
ABSENT = "none:"
"""Before the name of a relation: none of its records within some days."""
SYSTEM_TYPES = {"datetime": "datetime", "link": "person", "number": "number"}


@dataclass(frozen=True)
class Choice:
    """One line of the menu of subjects."""

    value: str
    words: str


Menu = list[tuple[str, list[Choice]]]
"""Choices by the words above them; "" for the form's own."""


def menu(names: AnyNames, *, inside: bool = False) -> Menu:
    """Everything that a card may ask about: own fields, those over a link, related records; `inside` the conditions of
    related records no further ones."""
    found: Menu = [("", own(names))]
    if isinstance(names, ChildNames):
        return found
    related: list[Choice] = []
    for way in names.source.ways.values():
        words = render.label(labels_of_way(names.source, way)) or way.id
        if way.many and inside:
            continue
        if way.many:
            related.append(Choice(RELATED + way.id, words))
            related.append(Choice(ABSENT + way.id, render.label(NONE_LATELY).format(words)))
        elif way.form:
            other = own(SourceNames(names.source.others[way.form]))
            found.append((words, [Choice(f"{way.id}.{one.value}", f"{words} · {one.words}") for one in other]))
    return [*found, (RELATED, related)] if related else found


def none_lately(names: SourceNames, relation: str) -> str:
    """The formula of "no such record for 30 days", by the first date that the related records have."""
    inner = inner_names(names, related(names, relation))
    dates = [ref.id for ref in inner.refs.values() if family(ref.type) == "date" and ref.id not in SYSTEM]
    return f"NOT EXISTS({relation} WHERE {(dates or ['created_at'])[0]} >= TODAY() - 30)"


def own(names: AnyNames) -> list[Choice]:
    """The fields of a form that a condition can read."""
    refs = sorted(names.refs.values(), key=lambda ref: ref.id in SYSTEM)
    return [Choice(ref.id, words_of(ref)) for ref in refs if ref.id != "_id" and ops_of(ref.type)]


def words_of(ref: FieldRef) -> str:
    return render.label(dict(ref.labels)) if ref.labels else ref.id


def like(names: AnyNames, subject: Subject) -> list[Choice]:
    """Other fields that a value can be compared with."""
    kind = family(subject.type)
    return [
        Choice(ref.id, words_of(ref))
        for ref in names.refs.values()
        if family(ref.type) == kind and (ref.id,) != subject.name.parts and ref.id != "_id"
    ]


def field_of(names: AnyNames, parts: tuple[str, ...]) -> Definition:
    """The definition behind a path of names; one made up for what the system keeps."""
    ref = (reached(names, parts) or ())[-1:]
    if isinstance(names, ChildNames):
        outer = names.source.fields[names.child]
        inner = field_types.get(outer["type"]).children(outer) or []
        return next((f for f in inner if ref and f["id"] == ref[0].id), _made_up(ref))
    source = home(names.source, parts)
    found = source.fields.get(ref[0].id) if ref and source else None
    return found if found is not None else _made_up(ref)


def home(source: Source, parts: tuple[str, ...]) -> Source | None:
    """The form that the field at the end of a path belongs to."""
    for part in parts[:-1]:
        relation = SourceNames(source).relation(part)
        if relation is None or not isinstance(relation.names, SourceNames):
            return None
        source = relation.names.source
    return source


def home_of(names: AnyNames, subject: Subject) -> str:
    """The id of the form whose field a question is about; "" for a column of a child table."""
    inner = inner_names(names, subject) if subject.function else names
    parts = subject.name.parts[1:] if subject.function else subject.name.parts
    found = home(inner.source, parts) if isinstance(inner, SourceNames) else None
    return found.form if found else ""


def _made_up(ref: tuple[FieldRef, ...]) -> Definition:
    kind = SYSTEM_TYPES.get(ref[0].type.kind, "text") if ref else "text"
    return {"id": ref[0].id if ref else "", "type": kind, "label": dict(ref[0].labels) if ref else {}}


def inner_names(names: AnyNames, subject: Subject) -> AnyNames:
    """The names of the related records that a subject sums up."""
    relation = names.relation(subject.name.parts[0])
    assert relation is not None  # noqa: S101  # a summary is read over a relation that there is
    assert isinstance(relation.names, SourceNames | ChildNames)  # noqa: S101  # the builder reads forms only
    return relation.names


def definition(names: AnyNames, subject: Subject) -> Definition:
    """The field whose values a question is about."""
    if not subject.function:
        return field_of(names, subject.name.parts)
    if subject.function in ("COUNT", "EXISTS"):
        return {"id": subject.name.parts[0], "type": "number", "label": {}, "scale": 0}
    return field_of(inner_names(names, subject), subject.name.parts[1:])


def asked(names: AnyNames, question: Question, *, op: Op | None = None) -> Definition:
    """The field that is drawn for a value of a question."""
    op = op or question.op
    label = op.words
    if op.takes == "days":
        return {"id": "days", "type": "number", "label": label, "scale": 0, "min": 0, "unit": DAYS}
    field = shape(definition(names, question.subject))
    kind = field_types.get(field["type"]).value_type(field)
    drawn = {name: field[name] for name in ("currency", "scale", "unit", "form", "zone") if name in field}
    return drawn | {"id": field["id"], "label": label} | _as_asked(field, kind, op)


def _as_asked(field: Definition, kind: Type, op: Op) -> Definition:
    """The widget of one value, or of several."""
    item = kind.item or kind
    several = op.takes == "many"
    if item.kind == "choice":
        return {"type": "tags" if several else "select", "options": list(field.get("options", ()))}
    if item.kind == "link":
        return {"type": "relation" if item.form else "person", "multiple": several, "form": item.form}
    if item.kind in ("date", "datetime"):
        return {"type": "date"}
    if item.kind in ("number", "duration"):
        return {"type": field["type"] if field["type"] in ("money", "percent") else "number"}
    return {"type": "text"}


def stands(question: Question, n: int) -> Any:
    """A value as its control shows it; None where it is a formula."""
    node = question.values[n]
    if isinstance(node, Sign) and isinstance(node.operand, Number):
        return -node.operand.value if node.op == "-" else node.operand.value
    if isinstance(node, Text):
        kind = question.subject.type.item or question.subject.type
        return (kind.option(node.value) or node.value) if kind.kind == "choice" else node.value
    if isinstance(node, Number):
        kind = question.subject.type.item or question.subject.type
        return int(node.value) if kind.kind == "link" or node.value.is_integer() else node.value
    return None


def fitting(question: Question, node: Node) -> bool:
    """Is the value one that the control of the subject can show?"""
    if not literal(node):
        return False
    if question.op.takes == "days":
        return isinstance(node, Number)
    item = question.subject.type.item or question.subject.type
    wanted = {"number": Number | Sign, "duration": Number | Sign, "link": Number}.get(item.kind, Text)
    return isinstance(node, wanted)


def drawn(field: Definition, value: Any, known: Known, name: str, problem: Rejected | None) -> Any:
    """The control, without a label above it."""
    return render.control(field, value, problem, known, name=name, bare=True, locked=False)


def taken(field: Definition, sent: Sent, name: str) -> list[Node]:
    """What was filled in, as values of a formula; Rejected tells why not."""
    raw = posted.value(field, sent, name)
    given = [one for one in raw if one] if isinstance(raw, list) else [raw]
    if not given or (is_blank(given[0]) and field["type"] != "text"):
        raise Rejected("required")
    return [value_node(field | {"required": False}, one) for one in given]


def value_node(field: Definition, raw: Any) -> Node:
    """One value as the formula writes it."""
    if field["type"] in ("select", "tags", "text"):
        return Text(str(raw).strip())
    if field["type"] in ("person", "relation"):
        return Number(float(raw))
    kind = field_types.get(field["type"])
    return node_of_plain(kind.plain(kind.parse(raw, field), field))


def node_of_plain(plain: Any) -> Node:
    if isinstance(plain, bool):
        return Constant(plain)
    if isinstance(plain, int | float):
        return Sign("-", Number(float(-plain))) if plain < 0 else Number(float(plain))
    return Text(str(plain))


def first_value(names: AnyNames, question: Question, op: Op, n: int, today: str) -> Node:
    """What a new question asks for until somebody says otherwise: always something that can be computed."""
    field = asked(names, question, op=op)
    if op.takes == "days":
        return Number(30.0)
    options = field.get("options")
    if options:
        return Text(str(options[min(n, len(options) - 1)]["id"]))
    number = Number(float(n * 100))
    starts: dict[str, Node] = {"number": number, "money": number, "percent": Number(float(n)), "date": Text(today)}
    starts |= {"person": Number(0.0), "relation": Number(0.0)}
    return starts.get(field["type"], Text(""))


def functions_of(names: AnyNames, subject: Subject) -> Iterator[tuple[str, str]]:
    """(function, words) of the summaries that the related records allow."""
    numbers = any(family(ref.type) == "number" for ref in inner_names(names, subject).refs.values() if ref.id != "_id")
    for name, words in AGGREGATES.items():
        if numbers or name in ("COUNT", "EXISTS", "LATEST", "MAX", "MIN"):
            yield name, render.label(words)


def summed(names: AnyNames, subject: Subject, function: str) -> list[Choice]:
    """Fields of the related records that a summary can take."""
    inner = inner_names(names, subject)
    allowed = {"number"} if function in ("SUM", "AVERAGE") else {"number", "date", "text", "choice", "boolean"}
    if function in ("MIN", "MAX"):
        allowed = {"number", "date"}
    refs = [ref for ref in inner.refs.values() if ref.id != "_id" and family(ref.type) in allowed]
    return [Choice(ref.id, words_of(ref)) for ref in refs]


def related(names: SourceNames, relation: str) -> Subject:
    """The records that a relation leads to, as a subject."""
    return Subject(Name((relation,)), BOOLEAN, ({},), "COUNT")
