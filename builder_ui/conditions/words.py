"""Cards of a condition as one would say them, in the reader's language."""

from typing import Any

from markupsafe import Markup, escape

from engines.core.formula.check import check
from engines.core.formula.nodes import Name, Node, Number, Text
from engines.core.formula.printer import text_of
from engines.core.formula.problems import FormulaError
from engines.form.lists import shape
from runtime import render

from . import fields
from .board import Board
from .cards import Card, Group, Question, Subject, reached, read

EVERY = frozenset({"OLD", "CHANGED", "CURRENT_USER", "CURRENT_ROLE", "HAS_ROLE"})
JOINTS = {
    "zh": {"all": (Markup("、"), Markup("，而且")), "any": (Markup("、"), Markup(" 或 "))},
    "en": {"all": (Markup(", "), Markup(" and ")), "any": (Markup(", "), Markup(" or "))},
}
WITHIN = {"zh": Markup("（{}）"), "en": Markup("({})")}
DENIED = {"zh": Markup("不满足（{}）"), "en": Markup("not ({})")}
NEGATED = {"none": "any", "notall": "all"}
COUNTED = {
    "zh": {"COUNT": "{r}的条数", "SUM": "{r}的{f}合计", "AVERAGE": "{r}的{f}平均", "MIN": "{r}的最小{f}",
           "MAX": "{r}的最大{f}", "LATEST": "最近一条{r}的{f}", "EXISTS": "{r}"},
    "en": {"COUNT": "the number of {r}", "SUM": "the sum of {f} over {r}", "AVERAGE": "the average {f} of {r}",
           "MIN": "the smallest {f} of {r}", "MAX": "the largest {f} of {r}", "LATEST": "{f} of the latest {r}",
           "EXISTS": "{r}"},
}  # fmt: skip


def sentence(board: Board) -> Markup:
    """The whole condition; as a formula with labels where it is no cards, "" without one."""
    root = read(board.text, board.names)
    if root is None:
        return escape(board.text)
    return _said(board, root, board.names, outer=True) if root.items else Markup("")


def _said(board: Board, card: Card, names: fields.AnyNames, *, outer: bool = False) -> Markup:
    if isinstance(card, Group):
        return _group(board, card, names, outer=outer)
    if isinstance(card, Question):
        return question_words(board, card, names)
    return Markup("<code>{}</code>").format(formula_words(card.node, names))


def _group(board: Board, group: Group, names: fields.AnyNames, *, outer: bool) -> Markup:
    """Items with a comma between, the last with a word; groups within groups stand in parentheses."""
    language = "zh" if render.language() == "zh" else "en"
    between, last = JOINTS[language][NEGATED.get(group.mode, group.mode)]
    items = [_said(board, item, names) for item in group.items]
    said = items[0] if len(items) == 1 else last.join([between.join(items[:-1]), items[-1]])
    if group.mode in NEGATED:
        return DENIED[language].format(said)
    return said if outer or len(items) == 1 else WITHIN[language].format(said)


def question_words(board: Board, question: Question, names: fields.AnyNames) -> Markup:
    """One question with its subject and values in words."""
    language = "zh" if render.language() == "zh" else "en"
    subject = subject_words(board, question.subject, names)
    values = [value_words(board, question, names, node) for node in question.values]
    op = question.op
    if op.said:
        words = {"s": subject} | dict(zip(("a", "b"), values, strict=False))
        return Markup("<b>{}</b>").format(op.said[language].format_map(words))
    listed = ("、" if language == "zh" else ", ").join(values)
    return Markup("<b>{}</b>").format(" ".join(part for part in (subject, render.label(op.words), listed) if part))


def subject_words(board: Board, subject: Subject, names: fields.AnyNames) -> str:
    """What is asked about: "fan · total spend", "the number of orders (status is paid)"."""
    language = "zh" if render.language() == "zh" else "en"
    labels = [render.label(one) if one else name for one, name in zip(subject.labels, subject.name.parts, strict=True)]
    if not subject.function:
        return ("的" if language == "zh" else " · ").join(labels)
    related = labels[0]
    if subject.where:
        inner = _said(board, subject.where, fields.inner_names(names, subject), outer=True).striptags()
        related += f"（{inner}）" if language == "zh" else f" ({inner})"
    return COUNTED[language][subject.function].format(r=related, f="".join(labels[1:]))


def value_words(board: Board, question: Question, names: fields.AnyNames, node: Node) -> str:
    """A value as people read it: the label of an option, a name, an amount with its sign."""
    if not fields.fitting(question, node):
        return _named(names, node) if isinstance(node, Name) else formula_words(node, names)
    if question.op.takes == "days":
        return text_of(node)
    field = shape(fields.definition(names, question.subject))
    if isinstance(node, Text):
        options = {one["id"]: one for one in field.get("options", ())}
        kind = question.subject.type.item or question.subject.type
        chosen = kind.option(node.value) if kind.kind == "choice" else None
        said = render.label(options[chosen]["label"]) if chosen in options else _dated(question, node.value)
        said = said or "…"
        return f"「{said}」" if render.language() == "zh" else f"“{said}”" if kind.kind != "date" else said
    return _figure(board, question, field, node)


def _dated(question: Question, text: str) -> str:
    try:
        return render.day(text) if question.subject.type.kind in ("date", "datetime") else text
    except ValueError:
        return text


def _figure(board: Board, question: Question, field: dict[str, Any], node: Node) -> str:
    item = question.subject.type.item or question.subject.type
    if item.kind == "link" and isinstance(node, Number):
        named = board.known.titles.get(item.form, {}) if item.form else board.known.people
        return str(named.get(int(node.value)) or "…")
    value = fields.stands(question, question.values.index(node))
    if field["type"] == "percent":
        return render.percent(field, value)
    text = f"{value:,.15g}"
    return f"¥{text}" if field["type"] == "money" and field.get("currency", "CNY") == "CNY" else text


def _named(names: fields.AnyNames, name: Name) -> str:
    found = reached(names, name.parts)
    return " · ".join(fields.words_of(one) for one in found) if found else text_of(name)


def formula_words(node: Node, names: fields.AnyNames) -> str:
    """A formula with labels in place of ids; as it stands where it cannot be checked."""
    try:
        return check(node, names, context=EVERY).labelled(render.language())
    except FormulaError:
        return text_of(node)
