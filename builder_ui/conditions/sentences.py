"""Any condition of the builder as cards in a dialog: the text goes in with a command and comes out with its cards."""

from dataclasses import replace
from typing import Any

from flask import Response, jsonify, render_template, request

from engines.apps.draft import Draft
from engines.core.access import people
from engines.core.formula.env import date_at
from engines.core.kernel.errors import Invalid
from engines.core.kernel.work import Look
from engines.form.formulas import CONTEXT
from engines.form.lists import shape
from engines.form.read import Known, titles
from engines.rule.compile import TRIGGERED
from runtime import render
from runtime.guard import right

from ..base import build, read
from . import board as condition_cards
from . import commands as condition_commands
from . import fields
from . import words as condition_words
from .board import Board
from .cards import Group, linked
from .cards import read as cards_of
from .formulas import form_of, names_of


def known(look: Look, found: Draft, root: Group | None) -> Known:
    """Names of people, and of the records that a condition names by number."""
    forms = found.live.forms
    titled = {name: titles(look, forms[name].source, ids) for name, ids in linked(root).items() if name in forms}
    return Known(found.app, people.names(look.session), {}, titled)


@build.post("/<app>/<kind>/<part>/formula/cards")
@right("builder")
def formula_cards(app: str, kind: str, part: str) -> Any:
    """The cards of `text`, after the command when there is one; the text as it is then stands beside them."""
    sent = request.form

    def answer(look: Look, found: Draft) -> str:
        names = names_of(found, sent.get("form") or form_of(found, kind, part), sent.get("over", ""))
        context = TRIGGERED if kind in ("rules", "flows") else CONTEXT
        today = date_at(look.now, found.compiled.zone)
        text = sent.get("text", "")
        board = Board(text, names, context, known(look, found, cards_of(text, names)), today, slot="any")
        if sent.get("do"):
            board = _after(board)
        return render_template(
            "build/conditions/dialog.html",
            app=app,
            text=board.text,
            cards=condition_cards.draw(board),
            sentence=condition_words.sentence(board),
        )

    return read(app, answer)


@build.get("/<app>/forms/<part>/options/<field>")
@right("builder")
def options(app: str, part: str, field: str) -> Response:
    """[{value, text}] of the options of a field that have `q` in them, for a picker of many."""
    asked = request.args.get("q", "").strip().lower()
    found = read(app, lambda look, found: _options(found, part, field))
    fits = [one for one in found if asked in one["text"].lower()]
    return jsonify(fits[:500])


@build.get("/<app>/forms/<part>/subjects/<way>")
@right("builder")
def subjects(app: str, part: str, way: str) -> Response:
    """[{value, text}] of what a card over a form can ask about, with `q` in it; `inside`: of related records."""
    asked = request.args.get("q", "").strip().lower()

    def answer(look: Look, found: Draft) -> list[dict[str, str]]:
        groups = fields.menu(names_of(found, part, ""), inside=way == "inside")
        return [{"value": one.value, "text": one.words} for _, choices in groups for one in choices]

    fits = [one for one in read(app, answer) if asked in one["text"].lower()]
    return jsonify(fits[:500])


def _options(found: Draft, part: str, field: str) -> list[dict[str, str]]:
    form = next((one for one in found.definition["forms"] if one["id"] == part), {"fields": []})
    given = shape(next((one for one in form["fields"] if one["id"] == field), {"id": field, "type": "text"}))
    return [{"value": one["id"], "text": render.label(one["label"])} for one in given.get("options", ())]


def _after(board: Board) -> Board:
    """The board after the command that was sent, or with what was refused of it."""
    sent = request.form
    try:
        text, chosen = condition_commands.edited(board, sent)
    except Invalid as refused:
        typed = {name: sent.get(name) for name in refused.problems if name in sent}
        return replace(board, problems=dict(refused.problems), typed=typed)
    return replace(board, text=text, chosen=chosen)
