"""Demo data comes and goes: made by a recipe, written in blocks, taken away again by its marks."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from engines.apps.catalog import App
from engines.apps.platform import SYSTEM, Platform
from engines.core.kernel import clock
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Cause, UnitOfWork
from engines.core.records import blocks, marks
from engines.form.compile import Form

from .days import Calendar
from .make import Progress, make
from .recipe import check_recipe
from .settle import settle, settling
from .staff import staff
from .stored import Shelf
from .values import Kitchen, Row

BLOCK = 5000
"""Records in one transaction: a save never waits longer than for one block."""
SETTLED = 250
"""The same where each record is worked out on its own."""
CAUSE = Cause("demo")


def quiet(what: str, done: int, of: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Demo:
    """The demo data of one app. `progress` is told what is being done, how far, of how many."""

    platform: Platform
    app_id: str
    progress: Progress = quiet

    def load(self, recipe: Definition, *, language: str = "zh") -> dict[str, int]:
        """How many records of each form were made; what an earlier load left is taken away first. The same recipe on
        the same day makes the same numbers in every language. BadDefinition."""
        app = self.platform.look(SYSTEM, lambda look: look.apps.app(self.app_id))
        check_recipe(recipe, app.forms)
        self.clear()
        people = self._run(lambda uow: staff(uow, self.app_id, recipe, language))
        calendar = Calendar(clock.now(), ZoneInfo(app.zone), recipe.get("days", {}), recipe.get("seasons", {}))
        kitchen = Kitchen(recipe["seed"], language, calendar, recipe.get("words", {}))
        rows = make(recipe, kitchen, self.progress)
        self._number(app, rows)
        for name, found in rows.items():
            self._write(app.form(name), found, Shelf(app.form(name), calendar, people, language))
        for form in settling(app):
            self._settle(form, rows.get(form.id, []))
        return {name: len(found) for name, found in rows.items()}

    def clear(self) -> int:
        """Takes every demo record away for good, and lets other records let go of them; how many there were."""
        app = self.platform.look(SYSTEM, lambda look: look.apps.app(self.app_id))
        found = self.platform.look(SYSTEM, lambda look: marks.marked(look, self.app_id))
        gone = 0
        for i, mark in enumerate(found):
            self.progress(mark.form, i, len(found))
            gone += self._erase(app, mark)
        return gone

    def _number(self, app: App, rows: dict[str, list[Row]]) -> None:
        """Ids first, since rows point at each other; the marks with them, so that a load cut short can be cleared."""
        self._run(lambda uow: _reserve(uow, app, rows))

    def _write(self, form: Form, rows: list[Row], shelf: Shelf) -> None:
        done = 0
        for block in _blocks(shelf.rows(rows), BLOCK):
            self._run(lambda uow, block=block: blocks.put(uow, form.source, block, giver=f"person:{uow.actor.id}"))
            done += len(block)
            self.progress(form.id, done, len(rows))
        self._run(lambda uow: blocks.remember(uow, form.source, rows[0]["_id"], rows[-1]["_id"]))

    def _settle(self, form: Form, rows: list[Row]) -> None:
        for i in range(0, len(rows), SETTLED):
            some = [row["_id"] for row in rows[i : i + SETTLED]]
            self._run(lambda uow, some=some: settle(uow, form, some))
            self.progress(form.id, i + len(some), len(rows))

    def _erase(self, app: App, mark: marks.Mark) -> int:
        form = app.form(mark.form.partition("__")[2])
        gone = 0
        for first in range(mark.first, mark.last + 1, BLOCK):
            last = min(first + BLOCK - 1, mark.last)
            gone += self._run(lambda uow, first=first, last=last: _erase_block(uow, app, form, first, last))
        self._run(lambda uow: marks.unmark(uow, mark))
        return gone

    def _run(self, fn: Any) -> Any:
        return self.platform.run(SYSTEM, fn, cause=CAUSE, bulk=True)


def _reserve(uow: UnitOfWork, app: App, rows: dict[str, list[Row]]) -> None:
    for name, found in rows.items():
        source = app.form(name).source
        first = blocks.reserve(uow.session, source.table, len(found))
        for i, row in enumerate(found):
            row["_id"] = first + i
        marks.mark(uow, source.id, first, first + len(found) - 1)


def _erase_block(uow: UnitOfWork, app: App, form: Form, first: int, last: int) -> int:
    gone = blocks.erase(uow, form.source, first, last)
    for other in app.forms.values():
        for name, way in other.source.ways.items():
            if way.form == form.id and not way.back:
                blocks.let_go(uow, other.source, name, first, last)
    return gone


def _blocks(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while block := list(islice(rows, size)):
        yield block
