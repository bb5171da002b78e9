"""Short tours: what a page is for, in a few steps that point at it; offered once a person, told again when asked."""

from dataclasses import dataclass
from typing import Any

from flask import g, jsonify, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from engines.apps.draft import Draft
from engines.core.access import people
from engines.core.kernel.errors import NotFound
from engines.core.kernel.work import Actor
from runtime.guard import platform, right

from ..base import build

OVERVIEW = "overview"


@dataclass(frozen=True)
class Step:
    """`at`: a selector of what it points at, by id or data-test."""

    at: str
    title: Any
    text: Any


def at(test: str, title: Any, text: Any) -> Step:
    """A step that points at a `data-test`."""
    return Step(f"[data-test='{test}']", title, text)


PUBLISH = at("publish", _("Publish"), _("Until you publish, people go on with what is live. You see the plan first."))
PROBLEMS = at("problems", _("Problems"), _("What is still wrong in the draft, each with a way to its place."))
TOURS: dict[str, tuple[Step, ...]] = {
    OVERVIEW: (
        Step("#parts", _("What the app is made of"), _("Every form, rule, flow and report. Click one to change it.")),
        Step(
            "#designers", _("The designers"), _("One page for each kind of part; Ctrl+K goes to any of them by name.")
        ),
        Step("#changes", _("What changed"), _("Who changed what since the last version. Nothing of it is live yet.")),
        at("more", _("Beside the designers"), _("Menu, texts in both languages, where used, export, keys, this tour.")),
        PUBLISH,
    ),
    "forms": (
        Step("#side", _("Field types"), _("Drag one onto the form, or click it: it goes below the chosen field.")),
        Step("#sections", _("The form"), _("As people will see it. Click a field to choose it; F2 renames it there.")),
        Step(
            "#props", _("Properties"), _("Everything about the chosen field: name, rules for its value, who sees it.")
        ),
        at("undo", _("Nothing to save"), _("Each change is kept at once and can be undone, tomorrow too.")),
        at("preview", _("Preview"), _("Look at it as a role or a person, on a desk or on a phone.")),
        PUBLISH,
    ),
    "flows": (
        Step("#canvas .node", _("What starts it"), _("A flow begins here. Click a card to change what it does.")),
        at("plus", _("The next step"), _("A plus on each line puts a step in there; drag a card onto one to move it.")),
        Step("#props", _("Properties"), _("What the chosen card needs: whom, by when, and what if it is not done.")),
        at("drawer", _("Rehearsal"), _("Runs the draft on a real record. Nothing is written, nothing is sent.")),
        at("toggle", _("On or off"), _("A flow that is off starts nothing; runs that began go on.")),
        PUBLISH,
    ),
    "rules": (
        Step("#side", _("Rules and tables"), _("A dot says which are on. A decision table is many rules in one grid.")),
        at("if", _("If"), _("The condition, in sentences. Groups may hold groups; a formula can say more.")),
        at("add-action", _("Then"), _("What happens to a record for which it comes true: tag it, set a field, send.")),
        Step("#hits", _("Whom it meets"), _("How many records it holds for now, before anything goes live.")),
        Step("#trial", _("Try it"), _("Choose a record: it says what holds for it and what does not.")),
        PUBLISH,
    ),
    "tables": (
        at("head-0", _("Columns"), _("Each column asks for one thing: a field or any formula.")),
        at("cell-0-0", _("Cells"), _("A cell is a test: 1000, > 5000, or empty for any. Paste from Excel works.")),
        at("gives-0", _("The outcome"), _("What a record gets when all cells of its row hold.")),
        at("hit-first", _("Which rows count"), _("The first that fits, the only one, or all of them together.")),
        PROBLEMS,
        PUBLISH,
    ),
    "reports": (
        at("source", _("Data"), _("The table whose records are counted; related ones come along.")),
        Step("#side", _("Fields"), _("Drag one onto a shelf, or click it: it goes where it fits best.")),
        at("shelf-rows", _("Shelves"), _("What to group by, what to add up, what to leave out.")),
        Step("#charts", _("Charts"), _("Those that fit are lit; the others say what they lack.")),
        Step("#look", _("Live preview"), _("Drawn from your real records each time something changes.")),
        Step("#props", _("Format"), _("Title, colours, labels, numbers: all about how it looks.")),
    ),
    "dashboards": (
        Step("#side", _("What can be added"), _("Charts, numbers and texts: drag one onto the wall, or click it.")),
        Step("#wall", _("The wall"), _("Drag a tile to move it, its corner to change its size; keys do both.")),
        at("board-filters", _("Filters"), _("One filter narrows all tiles: a span of time, a shop, a person.")),
        Step("#props", _("Properties"), _("Size, place and title of the chosen tile.")),
        PUBLISH,
    ),
}
"""By kind of part; the steps of a page in their order. What is hidden on a phone is pointed at where it opens."""


@build.get("/<app>/tour/<name>")
@right("builder")
def steps(app: str, name: str) -> Response:
    """{steps: [{at, title, text}], words}: in the reader's language."""
    told = [{"at": step.at, "title": str(step.title), "text": str(step.text)} for step in _tour(name)]
    words = {
        "next": gettext("Next"),
        "back": gettext("Previous"),
        "done": gettext("Done"),
        "skip": gettext("Skip the tour"),
        "progress": gettext("%(n)s of %(all)s", n="{{current}}", all="{{total}}"),
    }
    return jsonify(steps=told, words=words)


@build.post("/<app>/tour/<name>")
@right("builder")
def seen(app: str, name: str) -> tuple[str, int]:
    """It was seen or skipped and offers itself no more."""
    _tour(name)
    me = _reader()
    platform().run(Actor(me), lambda uow: people.toured(uow.session, me, name))
    return "", 204


def offered(name: str) -> bool:
    """Should the page offer its tour to this reader?"""
    known: set[str] = platform().look(g.actor, lambda look: people.tours(look.session, _reader()))
    return name not in known


def tour_of(kind: str, part: str) -> str:
    """The tour of a designer with a part open in it; "" where there is none."""
    return kind if part and kind in TOURS else ""


def listed(found: Draft) -> list[tuple[str, str, str]]:
    """(name, what it is of, its address) of each tour that this app has a page for."""
    words = {OVERVIEW: _("Overview"), "forms": _("Forms"), "flows": _("Flows"), "rules": _("Rules"),
             "tables": _("Decision tables"), "reports": _("Reports"), "dashboards": _("Dashboards")}  # fmt: skip
    there = [name for name in TOURS if name == OVERVIEW or found.definition.get(name)]
    return [(name, gettext("Tour: %(what)s", what=words[name]), _address(found, name)) for name in there]


def _address(found: Draft, name: str) -> str:
    if name == OVERVIEW:
        return url_for("build.overview", app=found.app, tour=name)
    return url_for("build.page", app=found.app, kind=name, part=found.definition[name][0]["id"], tour=name)


def _tour(name: str) -> tuple[Step, ...]:
    if name not in TOURS:
        raise NotFound(tour=name)
    return TOURS[name]


def _reader() -> int:
    """Who sits at the desk, also when the pages are opened as somebody else."""
    found: int = g.signed.person if g.signed else g.actor.id
    return found
