"""A rule tried on a record that is there: which condition holds and why, and what would be done; nothing is written."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from markupsafe import Markup

from engines.core.actions.texts import HOLE
from engines.core.fields import field_types
from engines.core.formula.nodes import Call
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.form.lists import shape
from engines.rule import store as remembered
from runtime import render
from runtime.guard import right

from ..base import Page, build, read
from ..rules.designer import board, summary
from ..sample import Sample
from . import fields, words
from .board import Board
from .cards import Card, Group, Question, node_of, walk
from .cards import read as cards_of


@dataclass(frozen=True)
class Held:
    """What came of one card: `state` yes, no, blank, error or hidden; `words` of the card, `value` that is there."""

    path: str
    state: str
    words: Markup
    value: Markup
    deep: int


def held(trial: Sample, made: Board, card: Card, path: tuple[str, ...]) -> Held:
    """One card against the record."""
    state = trial.holds(node_of(card))
    said, value = _words(made, card), Markup("")
    if isinstance(card, Question):
        stored, value = _actual(trial, card)
        state = "blank" if stored is None and state in ("yes", "no") and card.op.takes else state
    return Held("/".join(path), state, said, value, len(path))


def _words(made: Board, card: Card) -> Markup:
    if isinstance(card, Question):
        return words.question_words(made, card, made.names)
    if isinstance(card, Group):
        return Markup("")
    return Markup("<code>{}</code>").format(words.formula_words(card.node, made.names))


def _actual(trial: Sample, question: Question) -> tuple[Any, Markup]:
    """What the record says to a question: a number of days where it is about days."""
    subject = question.subject
    if question.op.pattern.startswith("DAYS_SINCE"):
        days, shown = trial.shown(Call("DAYS_SINCE", (subject.node,)), None)
        return days, shown if days is None else Markup("{} {}").format(shown, render.label(fields.DAYS))
    if subject.function in ("COUNT", "SUM", "AVERAGE"):
        return trial.shown(subject.node, None)
    if subject.function == "EXISTS":
        return True, Markup("")
    field = shape(fields.definition(trial.names, subject))
    plain = field if field_types.get(field["type"]).computed_by(field) is None else None
    return trial.shown(subject.node, plain)


def tried(look: Look, page: Page, record: int) -> dict[str, Any] | None:
    """Everything that the panel shows; None where the live app has no such form or record."""
    live, body, made = page.draft.live, page.body, board(look, page)
    if made is None or body["form"] not in live.forms:
        return None
    try:
        trial = Sample(look, live.form(body["form"]), record)
    except AppError:
        return None
    root = cards_of(made.text, trial.names)
    found = (
        [held(trial, made, card, path) for path, card in walk(root) if "w" not in path] if root and root.items else []
    )
    whole = "yes" if not made.text else trial.holds(node_of(root)) if root else "error"
    return {"cards": found, "whole": whole, "does": _does(trial, page, whole), "record": record,
            "title": trial.title}  # fmt: skip


def _does(trial: Sample, page: Page, whole: str) -> list[tuple[str, str]]:
    """(what, why not or how it is now) for each action."""
    return [(_filled(trial, page, step), _standing(trial, page, step, whole)) for step in page.body["then"]]


def _filled(trial: Sample, page: Page, step: Definition) -> str:
    """An action in words, with the record's values in its texts."""

    def value(found: Any) -> str:
        field = trial.form.fields.get(found[1])
        stored = trial.facts.get(found[1]) if field and trial.reads(trial.source, found[1]) else None
        return render.show(field, stored, trial.known).striptags() if field and stored is not None else ""

    return HOLE.sub(value, summary(page, step))


def _standing(trial: Sample, page: Page, step: Definition, whole: str) -> str:
    """A code for the reader: would, has, lapses, acted, not."""
    if page.body.get("kind", "event") != "state":
        again = page.body.get("each_time") or not page.body.get("when")
        seen = remembered.held(trial.look, trial.source.id, trial.record, page.part)
        return "not" if whole != "yes" else "acted" if seen and not again else "would"
    if step.get("type") != "add_tag" or not trial.reads(trial.source, str(step.get("field"))):
        return "would" if whole == "yes" else "not"
    has = step.get("tag") in (trial.facts.get(str(step.get("field"))) or ())
    return ("has" if has else "would") if whole == "yes" else ("lapses" if has else "not")


@build.get("/<app>/<kind>/<part>/trial")
@right("builder")
def trial(app: str, kind: str, part: str) -> str:
    """The panel for one record, as the draft has the rule."""
    record = request.args.get("record", 0, type=int)

    def find(look: Look, found: Any) -> tuple[Page, dict[str, Any] | None]:
        page = Page(found, kind, part)
        return page, tried(look, page, record) if record and kind == "rules" else None

    page, result = read(app, find)
    return render_template("build/rules/trial.html", page=page, body=page.body, tried=result)
