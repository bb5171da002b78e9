"""Conversions between types: every one is a term of its own, made here and nowhere else."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from .nodes import Node, Text
from .problems import kinds
from .tree import Term, constant, number
from .types import BLANK, BOOLEAN, DATE, DATETIME, NUMBER, TEXT, UNKNOWN, Type

if TYPE_CHECKING:
    from .check import Checker

MENDS = {
    ("number", "text"): ("，用 VALUE(…) 转成数字", ": turn it into a number with VALUE(…)"),
    ("date", "text"): ("，用 DATEVALUE(…) 转成日期", ": turn it into a date with DATEVALUE(…)"),
    ("text", "list"): ("，用 JOIN(…) 连成文字", ": join it with JOIN(…)"),
    ("text", "link"): ("，写明它的字段，比如 负责人.姓名", ": name one of its fields, such as owner.name"),
}
NUMERIC = ("number", "duration")
Conversion = Callable[[Term, Node | None], Term | None]


def convert(checker: "Checker", node: Node, term: Term, kind: str) -> Term:
    """The term as a value of `kind`, blanks read as the kind says; a problem at the node when it cannot be."""
    found = term.type.kind
    if found == "unknown" or kind == "any":
        return term
    made = CONVERT[kind](term, node)
    if made is None:
        mend = MENDS.get((kind, found), ("", ""))
        checker.tell(
            "wrong_type",
            node,
            near=checker.said(node),
            mend_zh=mend[0],
            mend_en=mend[1],
            **kinds(wanted=kind, found=found),
        )
        return Term("const", UNKNOWN)
    return made


def to_number(term: Term, node: Node | None = None) -> Term | None:
    """Blank is 0, TRUE is 1."""
    kind = term.type.kind
    if kind in NUMERIC:
        return Term("zero", NUMBER, (term,)) if term.blank else term
    if kind == "boolean":
        return Term("boolean number", NUMBER, (to_condition(term),))  # type: ignore[arg-type]  # a boolean converts
    return number(0) if kind == "blank" else None


def to_text(term: Term, node: Node | None = None) -> Term | None:
    """Blank is empty; numbers with 15 significant digits, dates as ISO, choices by their first label."""
    kind = term.type.kind
    if kind == "text":
        return Term("empty", TEXT, (term,)) if term.blank else term
    if kind == "blank":
        return constant("", TEXT)
    if kind == "date":
        return Term("empty", TEXT, (Term("retype", TEXT, (term,), blank=term.blank),))
    named = {"number": "number text", "duration": "number text", "boolean": "boolean text", "datetime": "datetime text"}
    if kind in named or kind == "choice":
        made = Term(named.get(kind, "choice text"), TEXT, (term,), blank=term.blank)
        return Term("empty", TEXT, (made,)) if term.blank else made
    return None


def to_condition(term: Term, node: Node | None = None) -> Term | None:
    """Blank is FALSE, a number is TRUE unless it is 0."""
    kind = term.type.kind
    if kind == "boolean":
        return Term("truth", BOOLEAN, (term,)) if term.blank else term
    if kind in NUMERIC:
        return Term("<>", BOOLEAN, (to_number(term) or term, number(0)))
    return constant(False, BOOLEAN) if kind == "blank" else None


def to_date(term: Term, node: Node | None = None) -> Term | None:
    """A datetime gives its calendar date in the app's zone; an ISO text in quotes is a date."""
    kind = term.type.kind
    if kind == "date":
        return term
    if kind == "datetime":
        return Term("date of", DATE, (term,), blank=term.blank)
    if kind == "blank":
        return constant(None, DATE)
    return iso_date(node)


def iso_date(node: Node | None) -> Term | None:
    if not isinstance(node, Text) or len(node.value) != 10:
        return None
    try:
        return constant(date.fromisoformat(node.value).isoformat(), DATE)
    except ValueError:
        return None


def to_datetime(term: Term, node: Node | None = None) -> Term | None:
    """A date is its midnight in the app's zone."""
    if term.type.kind in ("datetime", "blank"):
        return term if term.type.kind == "datetime" else constant(None, DATETIME)
    day = to_date(term, node)
    return day and Term("midnight", DATETIME, (day,), blank=day.blank)


def to_moment(term: Term, node: Node | None = None) -> Term | None:
    return term if term.type.kind == "datetime" else to_date(term, node)


def to_time(term: Term, node: Node | None = None) -> Term | None:
    """The time of day as a fraction of a day."""
    if term.type.kind == "datetime":
        return Term("time of day", NUMBER, (term,), blank=term.blank)
    return to_number(term, node)


def to_shown(term: Term, node: Node | None = None) -> Term | None:
    """A number stays one; anything else is the text that it shows. A blank stays blank."""
    if term.type.kind in (*NUMERIC, "text", "date", "blank"):
        return term
    made = to_text(term, node)
    return made.args[0] if made and made.op == "empty" else made


def same(kind: str) -> Conversion:
    return lambda term, node: term if term.type.kind == kind else None


CONVERT: dict[str, Conversion] = {
    "number": to_number, "text": to_text, "boolean": to_condition, "condition": to_condition, "date": to_date,
    "datetime": to_datetime, "moment": to_moment, "time": to_time, "list": same("list"), "link": same("link"),
    "choice": same("choice"), "shown": to_shown,
}  # fmt: skip


def kept(checker: "Checker", node: Node, term: Term, kind: str) -> Term:
    """As `convert`, but a blank stays blank."""
    if term.type.kind == kind or (kind == "number" and term.type.kind in NUMERIC):
        return term
    if term.type.kind == "blank":
        return constant(None, {"number": NUMBER, "text": TEXT, "boolean": BOOLEAN}.get(kind, BLANK))
    return convert(checker, node, term, kind)


def unify(checker: "Checker", nodes: Sequence[Node], terms: Sequence[Term]) -> tuple[list[Term], Type]:
    """Terms of one common type: the same kind, a date beside a datetime, and text where kinds differ."""
    wanted = common([term.type for term in terms])
    if wanted.kind in ("unknown", "blank"):
        return list(terms), wanted
    made = [as_type(checker, node, term, wanted) for node, term in zip(nodes, terms, strict=True)]
    return made, wanted


def common(types: Sequence[Type]) -> Type:
    """The type of a value that may come from any of these."""
    real = [kind for kind in types if kind.kind != "blank"]
    if not real or any(kind.kind == "unknown" for kind in real):
        return UNKNOWN if real else BLANK
    kinds_found = {kind.kind for kind in real}
    if kinds_found <= set(NUMERIC):
        return NUMBER
    if kinds_found == {"date", "datetime"}:
        return DATETIME
    if len(kinds_found) == 1 and all(kind == real[0] for kind in real):
        return real[0]
    return TEXT


def as_type(checker: "Checker", node: Node, term: Term, wanted: Type) -> Term:
    if term.type == wanted or (wanted == NUMBER and term.type.kind in NUMERIC):
        return term
    if term.type.kind == "blank":
        return constant(None, wanted)
    made = convert(checker, node, term, wanted.kind)
    return made.args[0] if made.op == "empty" and term.blank else made
