"""The `conditions` control: the cards of a formula as a page draws them."""

from dataclasses import dataclass, field
from typing import Any

from engines.core.formula.nodes import Name
from engines.core.formula.printer import text_of
from engines.core.kernel.errors import Rejected
from engines.core.records.names import SourceNames
from engines.form.read import Known
from runtime import render

from . import edits, fields
from .cards import DEPTH, Card, Group, Path, Question, Raw, Subject, read
from .ops import LISTED, Op, ops_of

TONES = {"all": "brand", "any": "vio", "none": "bad", "notall": "warn"}
FEW = 40
"""Options that a card carries with it; more are fetched when they are asked for."""
NO_FORMULA = "no_formula"
"""The code of a formula card whose text cannot be read; its words are those of the first mistake."""


@dataclass(frozen=True)
class Board:
    """One condition on a page: its text, the names it may use, and what its controls need. `slot` tells it from
    others on the same page; `problems` and `typed` are of input that was refused, by control."""

    text: str
    names: fields.AnyNames
    context: frozenset[str] = frozenset()
    known: Known = field(default_factory=Known)
    today: str = "2000-01-01"
    slot: str = "when"
    chosen: str = ""
    problems: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)

    def names_at(self, root: Group, path: Path) -> fields.AnyNames:
        """Inside the conditions of related records their fields are meant."""
        scope = edits.scope(path)
        question = edits.found(root, scope[:-1]) if scope else None
        return fields.inner_names(self.names, question.subject) if isinstance(question, Question) else self.names


def draw(board: Board) -> dict[str, Any] | None:
    """What the template shows; None when the text is no formula, so that only the formula can be shown."""
    root = read(board.text, board.names)
    return _drawn(board, root, root, ()) if root is not None else None


def _drawn(board: Board, root: Group, card: Card, path: Path) -> dict[str, Any]:
    at = "/".join(path)
    shown = {"path": at, "id": at.replace("/", "-"), "on": bool(at) and board.chosen == at, "slot": board.slot}
    if isinstance(card, Group):
        return shown | _group(board, root, card, path)
    if isinstance(card, Question):
        return shown | _question(board, root, card, path)
    return shown | _raw(board, card, path)


def _group(board: Board, root: Group, group: Group, path: Path) -> dict[str, Any]:
    items = [_drawn(board, root, item, (*path, str(n))) for n, item in enumerate(group.items)]
    deep = len(path) + 1
    return {"kind": "group", "mode": group.mode, "tone": TONES[group.mode], "items": items, "deep": deep,
            "may_nest": deep < DEPTH, "scope": "/".join(edits.scope(path))}  # fmt: skip


def _question(board: Board, root: Group, question: Question, path: Path) -> dict[str, Any]:
    names, subject = board.names_at(root, path), question.subject
    related = bool(subject.function)
    return {
        "kind": "question",
        **_menu(board, names, subject, inside=bool(edits.scope(path))),
        "subject": (fields.RELATED if related else "") + (subject.name.parts[0] if related else _value(subject)),
        "ops": [op for op in ops_of(subject.type, subject.function) if _offered(op, question, board)],
        "op": question.op,
        "values": _values(board, names, question, path),
        "functions": list(fields.functions_of(names, subject)) if related else [],
        "function": subject.function,
        "summed": fields.summed(names, subject, subject.function) if len(subject.name.parts) > 1 and related else [],
        "field": ".".join(subject.name.parts[1:]) if related else "",
        "where": _drawn(board, root, subject.where, (*path, "w")) if subject.where else None,
        "can_where": related and len(path) + 2 <= DEPTH,
    }


def _menu(board: Board, names: fields.AnyNames, subject: Subject, *, inside: bool) -> dict[str, Any]:
    """What else the card can ask about: with the card, or fetched where there is a lot of it."""
    menu = fields.menu(names, inside=inside)
    if sum(len(choices) for _, choices in menu) <= 3 * FEW or not isinstance(names, SourceNames):
        return {"menu": menu, "lookup": ""}
    now = (fields.RELATED + subject.name.parts[0]) if subject.function else _value(subject)
    chosen = [one for _, choices in menu for one in choices if one.value == now]
    return {"menu": [("", chosen)], "lookup": {"form": names.source.form, "way": "inside" if inside else "outside"}}


def _value(subject: Subject) -> str:
    return ".".join(subject.name.parts)


def _offered(op: Op, question: Question, board: Board) -> bool:
    allowed = "CURRENT_USER" not in op.pattern or "CURRENT_USER" in board.context
    return op == question.op or (allowed and not op.spare)


def control_name(board: Board, path: Path, n: int) -> str:
    return f"{board.slot}-{'_'.join(path)}-{n}"


def _values(board: Board, names: fields.AnyNames, question: Question, path: Path) -> list[dict[str, Any]]:
    """The controls of a question's values: those of the field, other fields, or a formula."""
    if not question.values:
        return []
    if LISTED in question.op.pattern and all(fields.fitting(question, one) for one in question.values):
        chosen = [fields.stands(question, n) for n in range(len(question.values))]
        return [_own(board, names, question, path, 0, chosen)]
    return [
        _own(board, names, question, path, n, fields.stands(question, n))
        if fields.fitting(question, node)
        else _other(board, names, question, path, n)
        for n, node in enumerate(question.values)
    ]


def _own(board: Board, names: Any, question: Question, path: Path, n: int, value: Any) -> dict[str, Any]:
    name = control_name(board, path, n)
    shown, problem = fields.asked(names, question), board.problems.get(name)
    if shown["type"] in ("person", "relation") and value == 0:
        value = None
    home = fields.home_of(names, question.subject)
    if len(shown.get("options", ())) > FEW and home:
        chosen = value if isinstance(value, list) else [value]
        picked = [(one["id"], render.label(one["label"])) for one in shown["options"] if one["id"] in chosen]
        return {"name": name, "n": n, "picked": picked, "form": home, "field": shown["id"],
                "several": shown["type"] == "tags"}  # fmt: skip
    control = fields.drawn(shown, board.typed.get(name, value), board.known, name, problem)
    return {"name": name, "control": control, "n": n}


def _other(board: Board, names: Any, question: Question, path: Path, n: int) -> dict[str, Any]:
    node, name = question.values[n], control_name(board, path, n)
    choices = fields.like(names, question.subject)
    same = isinstance(node, Name) and any(one.value == ".".join(node.parts) for one in choices)
    problem = board.problems.get(f"{name}-f")
    text = board.typed.get(f"{name}-f", text_of(node))
    return {"name": name, "n": n, "choices": choices if same else [], "text": text,
            "problem": _said(problem) if problem else ""}  # fmt: skip


def _said(problem: Rejected) -> str:
    return render.label(problem.details["words"]) if problem.code == NO_FORMULA else problem.code


def _raw(board: Board, card: Raw, path: Path) -> dict[str, Any]:
    name = control_name(board, path, 0)
    problem = board.problems.get(f"{name}-f")
    text = board.typed.get(f"{name}-f", text_of(card.node))
    return {"kind": "raw", "name": name, "text": text, "problem": _said(problem) if problem else ""}
