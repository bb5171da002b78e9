"""A rule tried on a record that is there: which condition holds and why, and what would be done; nothing is written."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from markupsafe import Markup

from engines.core.actions.texts import HOLE
from engines.core.fields import field_types
from engines.core.formula.check import Checked, check
from engines.core.formula.env import Env
from engines.core.formula.faults import FormulaFault
from engines.core.formula.nodes import Call, Node
from engines.core.formula.problems import FormulaError
from engines.core.formula.python import compile_one
from engines.core.formula.types import BOOLEAN
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.core.records import store
from engines.core.records.facts import outside, system_facts
from engines.core.records.names import SourceNames
from engines.core.records.source import Source, Values
from engines.form import read as reading
from engines.form.compile import Form
from engines.form.lists import shape
from engines.rule import store as remembered
from engines.rule.compile import TRIGGERED
from runtime import render
from runtime.guard import right

from . import condition_fields as fields
from . import condition_words as words
from .base import Page, build, read
from .condition_cards import Board
from .conditions import Card, Group, Question, node_of, walk
from .conditions import read as cards_of
from .rules import board, summary


@dataclass(frozen=True)
class Held:
    """What came of one card: `state` yes, no, blank, error or hidden; `words` of the card, `value` that is there."""

    path: str
    state: str
    words: Markup
    value: Markup
    deep: int


class Trial:
    """One record of the live form, with everything that formulas about it need; values that the person may not read
    decide nothing here."""

    def __init__(self, look: Look, form: Form, record: int, context: frozenset[str] = TRIGGERED) -> None:
        self.look, self.form, self.record, self.context = look, form, record, context
        self.source: Source = form.source
        self.names = SourceNames(form.source)
        self.env = Env(look.now, form.source.zone, user=look.actor.id)
        facts = store.load(look, form.source, record).facts
        self.facts: Values = system_facts(facts)
        self.known = reading.known(look, form, [dict(facts)], [])

    def checked(self, node: Node, *, condition: bool = False) -> Checked:
        return check(node, self.names, context=self.context, wants=BOOLEAN if condition else None)

    def value(self, made: Checked) -> Any:
        """The stored value of a formula; FormulaFault."""
        around = outside(self.source, [made]).read(self.look, self.record, self.env)
        return compile_one(made)({**self.facts, **around}, self.env)

    def hidden(self, made: Checked) -> bool:
        scope = self.look.rights.scope(self.source.id)
        return not all(scope.compares(name) for name in made.fields if name in self.source.fields)

    def holds(self, node: Node) -> str:
        """yes, no, error or hidden."""
        try:
            made = self.checked(node, condition=True)
            return "hidden" if self.hidden(made) else "yes" if self.value(made) else "no"
        except (FormulaError, FormulaFault):
            return "error"

    def shown(self, node: Node, field: Definition | None) -> tuple[Any, Markup]:
        """(stored value, as it is read)."""
        try:
            made = self.checked(node)
            if self.hidden(made):
                return None, Markup("")
            stored = self.value(made)
        except (FormulaError, FormulaFault):
            return None, Markup("")
        if field is None or stored is None:
            return stored, render.show({"id": "x", "type": "number", "label": {}}, stored)
        scale = field_types.get(field["type"]).value_type(field).scale
        kept = round(stored * 10**scale) if scale else stored
        return stored, render.show(field, kept, self._known(field, kept))

    def _known(self, field: Definition, stored: Any) -> reading.Known:
        return reading.known(self.look, self.form, [{field["id"]: stored}], [field])


def held(trial: Trial, made: Board, card: Card, path: tuple[str, ...]) -> Held:
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


def _actual(trial: Trial, question: Question) -> tuple[Any, Markup]:
    """What the record says to a question: a number of days where it is about days."""
    subject = question.subject
    if question.op.pattern.startswith("DAYS_SINCE"):
        return trial.shown(Call("DAYS_SINCE", (subject.node,)), None)
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
        trial = Trial(look, live.form(body["form"]), record)
    except AppError:
        return None
    root = cards_of(made.text, trial.names)
    found = (
        [held(trial, made, card, path) for path, card in walk(root) if "w" not in path] if root and root.items else []
    )
    whole = "yes" if not made.text else trial.holds(node_of(root)) if root else "error"
    return {"cards": found, "whole": whole, "does": _does(trial, page, whole), "record": record,
            "title": _title(trial)}  # fmt: skip


def _title(trial: Trial) -> str:
    return str(reading.titles(trial.look, trial.source, [trial.record]).get(trial.record) or "–")


def _does(trial: Trial, page: Page, whole: str) -> list[tuple[str, str]]:
    """(what, why not or how it is now) for each action."""
    return [(_filled(trial, page, step), _standing(trial, page, step, whole)) for step in page.body["then"]]


def _filled(trial: Trial, page: Page, step: Definition) -> str:
    """An action in words, with the record's values in its texts."""

    def value(found: Any) -> str:
        field = trial.form.fields.get(found[1])
        stored = trial.facts.get(found[1]) if field else None
        return render.show(field, stored, trial.known).striptags() if field and stored is not None else ""

    return HOLE.sub(value, summary(page, step))


def _standing(trial: Trial, page: Page, step: Definition, whole: str) -> str:
    """A code for the reader: would, has, lapses, acted, not."""
    if page.body.get("kind", "event") != "state":
        again = page.body.get("each_time") or not page.body.get("when")
        seen = remembered.held(trial.look, trial.source.id, trial.record, page.part)
        return "not" if whole != "yes" else "acted" if seen and not again else "would"
    if step.get("type") != "add_tag":
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
