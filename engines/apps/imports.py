"""An import from upload to the file of failed rows: dry run first, then in small bites beside everybody's saves."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson

from engines.core.kernel import clock
from engines.core.kernel.errors import Conflict, Invalid, NotFound, Rejected
from engines.core.kernel.work import Actor, Cause, Look, UnitOfWork
from engines.core.records import bulk, imports, query
from engines.form import submit
from engines.form.compile import Form
from engines.form.imports import Mapping, Row, importable, propose, raw_of, read_rows
from engines.form.sheets import Cell, read

from . import matching

if TYPE_CHECKING:
    from .platform import Platform

BLOCK = 200
LOOKED_AT = 1000
KEPT = 7 * 86_400 * 1_000_000
"""How long an uploaded file stays, so that its failed rows can be fetched."""
Line = tuple[int, list[Cell]]
Good = list[tuple[Row, int | None]]


class Import:
    """One uploaded file on its way into a form. Every method may be called again after a restart; one that takes a
    `budget` (seconds) may come back before it is through, and goes on when it is called again."""

    def __init__(self, platform: "Platform", actor: Actor, number: int) -> None:
        self.platform, self.actor, self.number = platform, actor, number
        self._left: tuple[str, int, Iterator[Line]] | None = None
        self._seen: dict[Any, int] = {}

    @property
    def path(self) -> Path:
        return self.platform.data / "imports" / str(self.number)

    def state(self) -> dict[str, Any]:
        """The row of `dg_import`, with its mapping."""
        return self.platform.look(self.actor, lambda look: imports.one(look, self.number))

    def rows(self) -> Iterator[list[Cell]]:
        """The file's lines, the header first; BadSheet when it cannot be read, NotFound when it was swept."""
        if not self.path.exists():
            raise NotFound(number=self.number)
        return read(self.path, self.state()["name"])

    def choose(self, mapping: Mapping) -> None:
        """Which column is which field, and what to do with records that exist; Forbidden, Invalid."""

        def keep(uow: UnitOfWork) -> None:
            form = uow.apps.of_source(imports.one(uow, self.number)["form"])
            allowed(uow, form, mapping)
            imports.note(uow, self.number, mapping=_json(mapping), state="new")

        self._run(keep)

    def check(self, budget: float | None = None) -> dict[str, Any]:
        """The dry run: counts what would be created, updated and refused, and keeps every problem; writes no record."""
        if self.state()["state"] != "checking":
            self._run(lambda uow: self.begin(uow, "checking"))
        until, lines = _until(budget), self._lines_left("checking")
        while block := list(islice(lines, LOOKED_AT)):
            good, bad = self.platform.look(self.actor, lambda look, b=block: self._tried(look, b))  # type: ignore[misc]  # a default keeps the loop's value
            self._run(lambda uow, b=block, g=good, f=bad: self._count(uow, len(b), g, f, at=b[0][0] - 2))
            if time.monotonic() > until:
                return self.state()
        done = self.state()["done"]
        self._run(lambda uow: imports.note(uow, self.number, state="checked", total=done))
        return self.state()

    def run(self, budget: float | None = None) -> dict[str, Any]:
        """Bring the good rows in; goes on where a restart stopped it, exactly once."""
        found = self.state()
        if found["state"] not in ("checked", "running"):
            raise Conflict(state=found["state"])
        if found["state"] == "checked":
            self._run(lambda uow: self.begin(uow, "running"))
        until, size, lines = _until(budget), BLOCK, self._lines_left("running")
        while block := list(islice(lines, size)):
            began = time.monotonic()
            self._run(lambda uow, b=block: self._bite(uow, b), bulk=True)
            size = self._rest(size, time.monotonic() - began)
            if time.monotonic() > until:
                return self.state()
        self._run(lambda uow: imports.note(uow, self.number, state="done"))
        return self.state()

    def failures(self) -> list[tuple[int, list[Cell], dict[str, Rejected]]]:
        """(row number, cells, problems by field) of every row that was refused."""
        problems = self.platform.look(self.actor, lambda look: imports.failures(look, self.number))
        return [(n, cells, problems[n]) for n, cells in self._lines() if n in problems]

    def _lines(self) -> Iterator[Line]:
        return islice(enumerate(self.rows(), start=1), 1, None)

    def _lines_left(self, state: str) -> Iterator[Line]:
        """What is still to do; the file stays open between two calls, and is read again after a restart."""
        done = self.state()["done"]
        if self._left is None or self._left[:2] != (state, done):
            self._seen = {}
            lines = self._lines()
            self._pass_by(list(islice(lines, done)))
            self._left = (state, done, lines)
        return self._counted(state, done, self._left[2])

    def _counted(self, state: str, done: int, lines: Iterator[Line]) -> Iterator[Line]:
        for line in lines:
            done += 1
            self._left = (state, done, lines)
            yield line

    def _pass_by(self, lines: list[Line]) -> None:
        """Keys of rows that are done already still count as seen."""
        if lines:
            form, mapping = self.platform.look(self.actor, self._form)
            matching.remember(form, mapping, lines, self._seen, raw_of)

    def _run(self, fn: Any, *, bulk: bool = False) -> Any:
        return self.platform.run(self.actor, fn, cause=Cause("import", str(self.number)), bulk=bulk)

    def begin(self, uow: UnitOfWork, state: str = "running") -> None:
        """From the first line on; `state`: checking or running."""
        imports.forget_failed(uow, self.number)
        imports.note(uow, self.number, state=state, done=0, created=0, updated=0, failed=0)

    def _rest(self, size: int, spent: float) -> int:
        """Small bites with a pause while somebody saves, large ones otherwise (spine.md 2)."""
        busy = self.platform.db.busy()
        time.sleep(spent * 0.25 if busy else 0)
        return max(50, min(5000, int(size * (0.01 if busy else 0.2) / max(spent, 0.001))))

    def _bite(self, uow: UnitOfWork, block: list[Line]) -> None:
        good, bad = self._checked(uow, block)
        good, refused = self._write(uow, good)
        self._count(uow, len(block), good, [*bad, *refused], at=block[0][0] - 2)

    def _count(self, uow: UnitOfWork, size: int, good: Good, bad: list[Row], *, at: int | None = None) -> None:
        """Progress, with the problems of the block; Conflict when another process is further on than `at`."""
        state = imports.one(uow, self.number)
        if at is not None and state["done"] != at:
            raise Conflict(done=state["done"])
        for row in bad:
            imports.note_failed(uow, self.number, row.number, row.problems)
        counts = {
            "done": size,
            "created": sum(record is None for _, record in good),
            "updated": sum(record is not None for _, record in good),
            "failed": len(bad),
        }
        imports.note(uow, self.number, **{name: state[name] + more for name, more in counts.items()})

    def _checked(self, look: Look, block: list[Line]) -> tuple[Good, list[Row]]:
        """Good rows with the record each belongs to, and the rows that have problems."""
        form, mapping = self._form(look)
        rows = read_rows(look, form, mapping, block)
        records = matching.matched(look, form, mapping, rows, self._seen)
        matching.unique(look, form, rows, records, self._seen)
        for row in rows:
            if mapping.mode == "upsert" and row.number not in records and not row.problems:
                row.problems |= _required(form, row.values)
        for row in rows:
            row.values, row.problems = submit.as_the_page(look, form, row.values, row.problems, records.get(row.number))
        good = [(row, records.get(row.number)) for row in rows if not row.problems]
        return good, [row for row in rows if row.problems]

    def _tried(self, look: Look, block: list[Line]) -> tuple[Good, list[Row]]:
        """As `_checked`, with what the door would say of rows that lie outside the importer's own."""
        good, bad = self._checked(look, block)
        form, _ = self._form(look)
        for row, record in good:
            row.problems |= submit.strays(look, form, row.values, record)
        return [one for one in good if not one[0].problems], [*bad, *(row for row, _ in good if row.problems)]

    def _form(self, look: Look) -> tuple[Form, Mapping]:
        found = imports.one(look, self.number)
        form = look.apps.of_source(found["form"])
        given = found["mapping"]
        mapping = Mapping(tuple(given["columns"]), given["mode"], given["key"])
        allowed(look, form, mapping)
        return form, mapping

    def _write(self, uow: UnitOfWork, good: Good) -> tuple[Good, list[Row]]:
        """A batch of tuples where nobody reacts to a record, else one by one through the ordinary door."""
        form, _ = self._form(uow)
        fresh = all(record is None for _, record in good)
        plain = not self.platform.reacts(uow, form) and not _defaults(form) and not submit.fenced(uow, form)
        if fresh and plain and self._batch(uow, form, good):
            return good, []
        refused = [row for row, record in good if not self._write_one(uow, form, row, record)]
        return [one for one in good if one[0] not in refused], refused

    def _batch(self, uow: UnitOfWork, form: Form, good: Good) -> bool:
        """False, and nothing written, when a value is taken by a record that this reader cannot see."""
        try:
            with uow.attempt():
                bulk.create_many(uow, form.source, [row.values for row, _ in good])
        except Exception as error:
            if "unique" not in str(error).lower():
                raise
            return False
        return True

    def _write_one(self, uow: UnitOfWork, form: Form, row: Row, record: int | None) -> bool:
        try:
            with uow.attempt():
                if record is None:
                    submit.create_stored(uow, form, row.values)
                else:
                    submit.change_stored(uow, form, record, row.values)
                uow.settle()
            return True
        except Invalid as refused:
            row.problems |= refused.problems
            return False

    def undo(self, budget: float | None = None) -> dict[str, Any]:
        """Into the bin with what this import created and nobody changed since; needs the right to delete."""
        if self.state()["state"] not in ("done", "undoing"):
            raise Conflict(state=self.state()["state"])
        if self.state()["state"] == "done":
            self._run(lambda uow: imports.note(uow, self.number, state="undoing", done=0))
        until = _until(budget)
        while self._run(self._take_back, bulk=True):
            if time.monotonic() > until:
                return self.state()
        self._run(lambda uow: imports.note(uow, self.number, state="undone"))
        return self.state()

    def _take_back(self, uow: UnitOfWork) -> int:
        """How many went; 0 when none is left."""
        state = imports.one(uow, self.number)
        form = uow.apps.of_source(state["form"])
        ids = list(islice(_untouched(uow, form, self.number), BLOCK))
        for record in ids:
            submit.delete_record(uow, form, record)
        imports.note(uow, self.number, done=state["done"] + len(ids))
        return len(ids)


def upload(platform: "Platform", actor: Actor, form: Form, name: str, content: BinaryIO) -> Import:
    """Keep the file, propose which column is which field; BadSheet, and nothing kept, when it is no spreadsheet."""
    waiting = platform.data / "imports"
    waiting.mkdir(exist_ok=True)
    _sweep(waiting)
    number = platform.run(actor, lambda uow: imports.start(uow, form.source.id, name, asdict(Mapping(()))))
    found = Import(platform, actor, number)
    try:
        with found.path.open("wb") as target:
            shutil.copyfileobj(content, target)
        header = next(found.rows(), [])
        names = platform.look(actor, lambda look: importable(look, form))
        found.choose(propose(form, header, names))
    except Exception:
        found.path.unlink(missing_ok=True)
        platform.run(actor, lambda uow: imports.note(uow, number, state="broken"))
        raise
    return found


def allowed(look: Look, form: Form, mapping: Mapping) -> None:
    """Forbidden without the rights that the mode needs, Invalid for columns that this principal may not fill in."""
    needs = {"insert": ("create",), "update": ("view", "edit"), "upsert": ("view", "create", "edit")}
    for action in ("import", *needs[mapping.mode]):
        submit.require(look, form, action)
    names = importable(look, form)
    closed = [name for name in mapping.columns if name and name not in names]
    if closed:
        raise Invalid({name: Rejected("read_only") for name in closed})


def _untouched(uow: UnitOfWork, form: Form, number: int) -> Iterator[int]:
    """Living records that the import created and nobody changed since."""
    for first, last in imports.made(uow, form.source.id, number):
        changed = imports.touched(uow, form.source.id, first, last)
        for start in range(first, last + 1, 500):
            ids = [n for n in range(start, min(start + 500, last + 1)) if n not in changed]
            yield from sorted(row["_id"] for row in query.many(uow, form.source, ids))


def _sweep(folder: Path) -> None:
    before = (clock.wall() - KEPT) / 1e6
    for path in folder.iterdir():
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _until(budget: float | None) -> float:
    return float("inf") if budget is None else time.monotonic() + budget


def _json(mapping: Mapping) -> str:
    return orjson.dumps(asdict(mapping)).decode()


def _defaults(form: Form) -> bool:
    return any("default" in field for field in form.fields.values())


def _required(form: Form, values: dict[str, Any]) -> dict[str, Rejected]:
    wanted = (name for name, f in form.fields.items() if f.get("required") and not f.get("default"))
    return {name: Rejected("required") for name in wanted if values.get(name) in (None, ())}
