"""What is done to the cards of a condition, as the formula that is kept afterwards."""

from collections.abc import Callable
from dataclasses import replace

from engines.core.formula.grammar import parse
from engines.core.formula.nodes import Constant, Name, Node
from engines.core.formula.printer import text_of
from engines.core.formula.problems import FormulaError
from engines.core.kernel.errors import Invalid, NotFound, Rejected
from engines.core.records.filters import family
from engines.core.records.names import SourceNames

from ..base import Sent
from . import edits, fields
from .board import NO_FORMULA, TONES, Board, control_name
from .cards import Card, Group, Path, Question, Raw, Reader, Subject, read, write
from .ops import AGGREGATES, EITHER, LISTED, Op, ops_of


def edited(board: Board, sent: Sent) -> tuple[str, str]:
    """(formula text, path of the card to go on with) after a command; Invalid names the control."""
    root = read(board.text, board.names)
    if root is None:
        raise NotFound(card="")
    path = edits.path_of(sent.get("card", ""))
    change = CHANGES.get(sent.get("do", ""))
    if change is None:
        raise NotFound(do=sent.get("do", ""))
    made, at = change(board, root, path, sent)
    return write(made), at


Made = tuple[Group, str]


def _mode(board: Board, root: Group, path: Path, sent: Sent) -> Made:
    mode = sent.get("value", "")
    if mode not in TONES:
        raise NotFound(mode=mode)
    return edits.moded(root, path, mode), "/".join(path)


ALWAYS = Raw(Constant(True))


def _cleared(root: Group) -> Group:
    """Without a lone TRUE: what is added to "always" takes its place."""
    return replace(root, items=()) if root.items == (ALWAYS,) else root


def _add(board: Board, root: Group, path: Path, sent: Sent) -> Made:
    root = _cleared(root)
    card = fresh(board, board.names_at(root, path))
    made = edits.put(root, path, card)
    return made, edits.place(made, card)


def _add_group(board: Board, root: Group, path: Path, sent: Sent) -> Made:
    """A group of the other kind, with a first condition in it."""
    root = _cleared(root)
    around = edits.found(root, path)
    card = fresh(board, board.names_at(root, path))
    mode = "any" if isinstance(around, Group) and around.mode == "all" else "all"
    group = Group(mode, (card,), "call")
    if not edits.room(root, path, group):
        raise NotFound(card="/".join(path))
    made = edits.put(root, path, group)
    return made, edits.place(made, card)


def _add_formula(board: Board, root: Group, path: Path, sent: Sent) -> Made:
    card = Raw(parse("TRUE"))
    made = edits.put(root, path, card)
    return made, edits.place(made, card)


def fresh(board: Board, names: fields.AnyNames) -> Card:
    """A new condition about the first field."""
    choices = fields.own(names)
    found = Reader(names).subject(Name((choices[0].value,))) if choices else None
    return started(board, names, found) if found else Raw(parse("TRUE"))


def started(board: Board, names: fields.AnyNames, subject: Subject, op: Op | None = None) -> Question:
    """A question with an operator and values that can be computed."""
    op = op or next(one for one in ops_of(subject.type, subject.function) if _startable(board, one, subject))
    question = Question(subject, op, ())
    holes = op.holes or ((LISTED,) * (2 if op is EITHER else 1) if LISTED in op.pattern else ())
    values = tuple(fields.first_value(names, question, op, n, board.today) for n in range(len(holes)))
    return replace(question, values=values)


def _startable(board: Board, op: Op, subject: Subject) -> bool:
    """An operator that needs no record or person to be chosen first."""
    item = subject.type.item or subject.type
    needs = item.kind == "link" and bool(op.takes)
    return not needs and not op.spare and "CURRENT_USER" not in op.pattern


def _subject(board: Board, root: Group, path: Path, sent: Sent) -> Made:
    """Another field: operator and values stay where they still make sense."""
    names, value = board.names_at(root, path), sent.get("value", "")
    old = edits.found(root, path)
    if value.startswith(fields.ABSENT) and isinstance(names, SourceNames) and not edits.scope(path):
        absent = parse(fields.none_lately(names, value.removeprefix(fields.ABSENT)))
        return edits.swapped(root, path, Reader(names).card(absent, len(path) + 1)), "/".join(path)
    subject = _named(names, value)
    if subject is None or (subject.function and edits.scope(path)):
        raise NotFound(field=value)
    card = started(board, names, subject)
    alike = isinstance(old, Question) and family(old.subject.type) == family(subject.type)
    if (
        isinstance(old, Question)
        and alike
        and not subject.function
        and old.op in ops_of(subject.type, subject.function)
    ):
        same = replace(old, subject=subject)
        kept = all(_still(board, names, same, node) for node in old.values)
        card = same if kept else started(board, names, subject, old.op)
    return edits.swapped(root, path, card), "/".join(path)


def _named(names: fields.AnyNames, value: str) -> Subject | None:
    reader = Reader(names)
    if value.startswith(fields.RELATED):
        return reader.subject(parse(f"COUNT({text_of(Name((value.removeprefix(fields.RELATED),)))})"))
    return reader.subject(Name(tuple(value.split("."))))


def _still(board: Board, names: fields.AnyNames, question: Question, node: Node) -> bool:
    """Does a value mean something beside another field? Options and records belong to their field."""
    item = question.subject.type.item or question.subject.type
    if item.kind == "choice":
        return fields.fitting(question, node) and item.option(getattr(node, "value", "")) is not None
    return item.kind != "link" and fields.fitting(question, node)


def _question_at(root: Group, path: Path) -> Question:
    card = edits.found(root, path)
    if not isinstance(card, Question):
        raise NotFound(card="/".join(path))
    return card


def _op(board: Board, root: Group, path: Path, sent: Sent) -> Made:
    question, names = _question_at(root, path), board.names_at(root, path)
    op = next((o for o in ops_of(question.subject.type, question.subject.function) if o.id == sent.get("value")), None)
    if op is None:
        raise NotFound(op=sent.get("value", ""))
    made = started(board, names, question.subject, op)
    if _alike(op, question.op):
        fresh_ones = [value for value in made.values if value not in question.values]
        made = replace(made, values=(*question.values, *fresh_ones)[: max(1, len(made.values))])
    return edits.swapped(root, path, made), "/".join(path)


def _alike(op: Op, other: Op) -> bool:
    """Are the values of one operator values of the other too?"""
    return bool(op.takes) and (op.takes == other.takes or {op.takes, other.takes} == {"own", "many"})


def _answer(board: Board, root: Group, path: Path, sent: Sent) -> Made:
    """Values as they were filled in."""
    question, names = _question_at(root, path), board.names_at(root, path)
    shown, values = fields.asked(names, question), list(question.values)
    refused: dict[str, Rejected] = {}
    listed = LISTED in question.op.pattern
    for n in range(1 if listed else len(values)):
        name = control_name(board, path, n)
        written = f"{name}-f" in sent
        try:
            taken = [_formula(sent[f"{name}-f"])] if written else fields.taken(shown, sent, name)
        except Rejected as wrong:
            refused[f"{name}-f" if written else name] = wrong
            continue
        values[n : len(values) if listed else n + 1] = taken
    if refused:
        raise Invalid(refused)
    return edits.swapped(root, path, replace(question, values=tuple(values))), "/".join(path)


def _formula(text: str) -> Node:
    try:
        return parse(text)
    except FormulaError as error:
        raise Rejected(NO_FORMULA, words=error.problems[0].words) from error


def _compare(board: Board, root: Group, path: Path, sent: Sent) -> Made:
    """A value in place of another field, or the other way round."""
    question, names = _question_at(root, path), board.names_at(root, path)
    choices = fields.like(names, question.subject)
    own = started(board, names, question.subject, question.op)
    literal = all(fields.fitting(question, node) for node in question.values)
    if literal and choices and question.op.takes == "own":
        values: tuple[Node, ...] = (Name((choices[0].value,)), *question.values[1:])
        own = replace(question, values=values)
    return edits.swapped(root, path, own), "/".join(path)


def _function(board: Board, root: Group, path: Path, sent: Sent) -> Made:
    """Another summary of the same related records."""
    question, names = _question_at(root, path), board.names_at(root, path)
    name, chosen = question.subject.name, sent.get("value", "")
    if chosen not in AGGREGATES or not question.subject.function:
        raise NotFound(function=chosen)
    choices = [] if chosen in ("COUNT", "EXISTS") else fields.summed(names, question.subject, chosen)
    kept = next((one for one in choices if one.value == ".".join(name.parts[1:])), choices[0] if choices else None)
    parts = (name.parts[0], *((kept.value,) if kept else ()))
    return _summary(board, root, path, replace(question.subject, function=chosen, name=Name(parts)))


def _summed(board: Board, root: Group, path: Path, sent: Sent) -> Made:
    subject = _question_at(root, path).subject
    return _summary(board, root, path, replace(subject, name=Name((subject.name.parts[0], sent.get("value", "")))))


def _summary(board: Board, root: Group, path: Path, wanted: Subject) -> Made:
    names, question = board.names_at(root, path), _question_at(root, path)
    subject = Reader(names).subject(wanted.node)
    if subject is None:
        raise NotFound(function=wanted.function)
    kept = question.op in ops_of(subject.type, subject.function)
    kept = kept and all(_still(board, names, replace(question, subject=subject), node) for node in question.values)
    made = replace(question, subject=subject) if kept else started(board, names, subject)
    return edits.swapped(root, path, made), "/".join(path)


def _where(board: Board, root: Group, path: Path, sent: Sent) -> Made:
    """A first condition that the related records have to meet."""
    question = _question_at(root, path)
    inner = fresh(board, fields.inner_names(board.names_at(root, path), question.subject))
    made = edits.put(root, (*path, "w"), inner)
    return made, edits.place(made, inner)


def _text(board: Board, root: Group, path: Path, sent: Sent) -> Made:
    """The formula of a card that is one, or of any card that is to become one."""
    name = control_name(board, path, 0)
    try:
        node = _formula(sent.get(f"{name}-f", sent.get("text", "")))
    except Rejected as wrong:
        raise Invalid({f"{name}-f": wrong}) from wrong
    return edits.swapped(root, path, Raw(node)), "/".join(path)


def _remove(board: Board, root: Group, path: Path, sent: Sent) -> Made:
    return edits.removed(root, path), ""


def _copy(board: Board, root: Group, path: Path, sent: Sent) -> Made:
    if not path or path[-1] == "w":
        raise NotFound(card="/".join(path))
    return edits.copied(root, path), "/".join((*path[:-1], str(int(path[-1]) + 1)))


def _step(board: Board, root: Group, path: Path, sent: Sent) -> Made:
    card, made = edits.found(root, path), edits.stepped(root, path, -1 if sent.get("by") == "-1" else 1)
    return made, edits.place(made, card)


def _move(board: Board, root: Group, path: Path, sent: Sent) -> Made:
    card = edits.found(root, path)
    made = edits.moved(root, path, edits.path_of(sent.get("to", "")), sent.get("index", 0, type=int))
    return made, edits.place(made, card)


CHANGES: dict[str, Callable[[Board, Group, Path, Sent], Made]] = {
    "mode": _mode,
    "add": _add,
    "add_group": _add_group,
    "add_formula": _add_formula,
    "subject": _subject,
    "op": _op,
    "value": _answer,
    "compare": _compare,
    "function": _function,
    "summed": _summed,
    "where": _where,
    "text": _text,
    "remove": _remove,
    "copy": _copy,
    "step": _step,
    "move": _move,
}
