"""Demo data comes and goes: made by a recipe, written in blocks, taken away again by its marks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from engines.apps.catalog import App
from engines.apps.platform import SYSTEM, Platform
from engines.core.kernel import clock
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Cause, UnitOfWork
from engines.core.records import blocks, marks
from engines.form.compile import Form
from engines.rule import store as rules

from .days import Calendar
from .make import make
from .recipe import check_recipe
from .settle import settle, settling
from .staff import staff
from .stored import Shelf
from .tasks import Start, start, starts, stop
from .values import Kitchen, Row

T = TypeVar("T")
BLOCK = 5000
"""Records in one transaction: a save never waits longer than for one block."""
SETTLED = 250
"""The same where each record is worked out on its own."""
CAUSE = Cause("demo")


class NoDemo(AppError):
    code = "no_demo"
    words = {"zh": "这个应用没有演示数据，先装一份", "en": "This app has no demo data: load some first"}


@dataclass(frozen=True)
class Demo:
    """The demo data of one app. Each method works in many short transactions and may be called again after it was
    cut short; `marks.load_of` tells how far it is."""

    platform: Platform
    app_id: str

    def load(self, recipe: Definition, *, language: str = "") -> dict[str, int]:
        """How many records of each form were made; what an earlier load left is taken away first. The same recipe on
        the same day makes the same numbers in every language; without one that the app speaks it is the workspace's,
        else the app's first. BadDefinition."""
        app = self._app()
        language = spoken(app, language, self.platform.settings.language)
        check_recipe(recipe, app.forms)
        self._run(lambda uow: marks.begin(uow, app.id, recipe, language, 1))
        self._wipe(app)
        people = self._run(lambda uow: staff(uow, self.app_id, recipe, language))
        calendar = Calendar(clock.now(), ZoneInfo(app.zone), recipe.get("days", {}), recipe.get("seasons", {}))
        kitchen = Kitchen(recipe["seed"], language, calendar, recipe.get("words", {}))
        rows = make(recipe, kitchen)
        work = [form for form in settling(app) if form.id in rows]
        total = sum(map(len, rows.values())) + sum(len(rows[form.id]) for form in work)
        self._run(lambda uow: _begin(uow, app, recipe, language, rows, total))
        for name, found in rows.items():
            self._write(app.form(name), found, Shelf(app.form(name), calendar, people, language))
        for form in work:
            self._settle(form, rows[form.id])
        self._start(app, starts(recipe, kitchen))
        self._run(lambda uow: uow.service("flows").look_around(uow, app))
        return {name: len(found) for name, found in rows.items()}

    def reset(self, *, language: str = "") -> dict[str, int]:
        """Made again from the recipe it was made by, as of today, in the language it has or another one; NoDemo when
        there is none."""
        made = self.platform.look(SYSTEM, lambda look: marks.load_of(look, self.app_id))
        if made is None:
            raise NoDemo(app=self.app_id)
        return self.load(made.recipe, language=language or made.language)

    def clear(self) -> int:
        """Takes every demo record away for good, and lets other records let go of them; how many there were."""
        gone = self._wipe(self._app())
        self._run(lambda uow: marks.end(uow, self.app_id))
        return gone

    def _app(self) -> App:
        app: App = self.platform.look(SYSTEM, lambda look: look.apps.app(self.app_id))
        return app

    def _wipe(self, app: App) -> int:
        found = self.platform.look(SYSTEM, lambda look: marks.marked(look, self.app_id))
        return sum(self._erase(app, mark) for mark in found)

    def _write(self, form: Form, rows: list[Row], shelf: Shelf) -> None:
        for block in _blocks(shelf.rows(rows), BLOCK):
            self._run(lambda uow, block=block: self._put(uow, form, block))
        self._run(lambda uow: blocks.remember(uow, form.source, rows[0]["_id"], rows[-1]["_id"]))

    def _put(self, uow: UnitOfWork, form: Form, block: list[dict[str, Any]]) -> None:
        blocks.put(uow, form.source, block, giver=f"person:{uow.actor.id}")
        marks.advance(uow, self.app_id, len(block))

    def _settle(self, form: Form, rows: list[Row]) -> None:
        for block in _blocks((row["_id"] for row in rows), SETTLED):
            self._run(lambda uow, block=block: self._work_out(uow, form, block))

    def _work_out(self, uow: UnitOfWork, form: Form, block: list[int]) -> None:
        settle(uow, form, block)
        marks.advance(uow, self.app_id, len(block))

    def _start(self, app: App, wanted: Iterable[Start]) -> None:
        for flow, row, at in wanted:
            form, record = app.form(row["_batch"]["form"]), row["_id"]
            self._run(lambda uow, f=form, r=record, flow=flow, at=at: start(uow, app, f, r, flow, at))

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


def spoken(app: App, *wanted: str) -> str:
    """The first of these languages that the app speaks, else its own first."""
    languages: list[str] = app.definition["languages"]
    return next((one for one in wanted if one in languages), languages[0])


def _begin(
    uow: UnitOfWork, app: App, recipe: Definition, language: str, rows: dict[str, list[Row]], total: int
) -> None:
    """Ids first, since rows point at each other; the marks with them, so that a load cut short can be cleared."""
    marks.begin(uow, app.id, recipe, language, total)
    for name, found in rows.items():
        source = app.form(name).source
        first = blocks.reserve(uow.session, source.table, len(found))
        for i, row in enumerate(found):
            row["_id"] = first + i
        marks.mark(uow, source.id, first, first + len(found) - 1)


def _erase_block(uow: UnitOfWork, app: App, form: Form, first: int, last: int) -> int:
    stop(uow, app, form, range(first, last + 1))
    gone = blocks.erase(uow, form.source, first, last)
    rules.forget_all(uow, form.source.id, first, last)
    if flows := uow.steps.services.get("flows"):
        flows.forget_all(uow, app, form.id, first, last)
    for other in app.forms.values():
        for name, way in other.source.ways.items():
            if way.form == form.id and not way.back:
                blocks.let_go(uow, other.source, name, first, last)
    return gone


def _blocks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    found = iter(rows)
    while block := list(islice(found, size)):
        yield block
