"""An import from upload to the file of failed rows: dry run first, then in small bites beside everybody's saves."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from engines.core.kernel.errors import Conflict, Invalid, Rejected
from engines.core.kernel.work import Actor, Cause, Look, UnitOfWork
from engines.core.records import bulk, imports, query, store
from engines.form import submit
from engines.form.compile import Form
from engines.form.imports import Mapping, Row, importable, propose, read_rows
from engines.form.sheets import Cell, read

from .platform import Platform

BLOCK = 200


class Import:
    """One uploaded file on its way into a form. Every method may be called again after a restart."""

    def __init__(self, platform: Platform, actor: Actor, number: int) -> None:
        self.platform, self.actor, self.number = platform, actor, number

    @property
    def path(self) -> Path:
        return self.platform.data / "imports" / str(self.number)

    def state(self) -> dict[str, Any]:
        """The row of `dg_import`, with its mapping."""
        return self.platform.look(self.actor, lambda look: imports.one(look, self.number))

    def rows(self) -> Iterator[list[Cell]]:
        """The file's lines, the header first; BadSheet when it cannot be read."""
        return read(self.path, self.state()["name"])

    def choose(self, mapping: Mapping) -> None:
        """Which column is which field, and what to do with records that exist."""
        self._run(lambda uow: imports.note(uow, self.number, mapping=_json(mapping), state="new"))

    def check(self) -> dict[str, Any]:
        """The dry run: counts what would be created, updated and refused, and keeps every problem; writes no record."""
        self._run(lambda uow: imports.forget_failed(uow, self.number))
        counts = dict.fromkeys(imports.COUNTS, 0)
        seen: dict[Any, int] = {}
        for block in _blocks(self._lines()):
            made = self.platform.look(self.actor, lambda look, b=block: self._checked(look, b, seen))  # type: ignore[misc]  # a default keeps the loop's value
            good, bad = made
            counts["total"] += len(block)
            counts["failed"] += len(bad)
            counts["created"] += sum(record is None for _, record in good)
            counts["updated"] += sum(record is not None for _, record in good)
            self._run(lambda uow, rows=bad: self._keep_failed(uow, rows))
        self._run(lambda uow: imports.note(uow, self.number, state="checked", **counts))
        return self.state()

    def run(self) -> dict[str, Any]:
        """Bring the good rows in; goes on where a restart stopped it, exactly once."""
        found = self.state()
        if found["state"] not in ("checked", "running"):
            raise Conflict(state=found["state"])
        if found["state"] == "checked":
            self._run(self._begin)
        seen: dict[Any, int] = {}
        lines = islice(self._lines(), self.state()["done"], None)
        size = BLOCK
        while block := list(islice(lines, size)):
            began = time.monotonic()
            self._run(lambda uow, b=block: self._bite(uow, b, seen), bulk=True)
            size = self._rest(size, time.monotonic() - began)
        self._run(lambda uow: imports.note(uow, self.number, state="done"))
        return self.state()

    def failures(self) -> list[tuple[int, list[Cell], dict[str, Rejected]]]:
        """(row number, cells, problems by field) of every row that was refused."""
        problems = self.platform.look(self.actor, lambda look: imports.failures(look, self.number))
        return [(n, cells, problems[n]) for n, cells in self._lines() if n in problems]

    def _lines(self) -> Iterator[tuple[int, list[Cell]]]:
        return islice(enumerate(self.rows(), start=1), 1, None)

    def _run(self, fn: Any, *, bulk: bool = False) -> Any:
        return self.platform.run(self.actor, fn, cause=Cause("import", str(self.number)), bulk=bulk)

    def _begin(self, uow: UnitOfWork) -> None:
        imports.forget_failed(uow, self.number)
        imports.note(uow, self.number, state="running", done=0, created=0, updated=0, failed=0)

    def _rest(self, size: int, spent: float) -> int:
        """Small bites with a pause while somebody saves, large ones otherwise (spine.md 2)."""
        busy = self.platform.db.busy()
        time.sleep(spent * 0.25 if busy else 0)
        return max(50, min(5000, int(size * (0.01 if busy else 0.2) / max(spent, 0.001))))

    def _bite(self, uow: UnitOfWork, block: list[tuple[int, list[Cell]]], seen: dict[Any, int]) -> None:
        state = imports.one(uow, self.number)
        good, bad = self._checked(uow, block, seen)
        good, refused = self._write(uow, good)
        self._keep_failed(uow, [*bad, *refused])
        imports.note(
            uow,
            self.number,
            done=state["done"] + len(block),
            created=state["created"] + sum(record is None for _, record in good),
            updated=state["updated"] + sum(record is not None for _, record in good),
            failed=state["failed"] + len(bad) + len(refused),
        )

    def _checked(
        self, look: Look, block: list[tuple[int, list[Cell]]], seen: dict[Any, int]
    ) -> tuple[list[tuple[Row, int | None]], list[Row]]:
        """Good rows with the record each belongs to, and the rows that have problems."""
        form, mapping = self._form(look)
        rows = read_rows(look, form, mapping, block)
        records = _matched(look, form, mapping, rows, seen)
        good = [(row, records.get(row.number)) for row in rows if not row.problems]
        for row, record in good:
            if record is None and mapping.mode == "upsert":
                row.problems |= _required(form, row.values)
        return [one for one in good if not one[0].problems], [row for row in rows if row.problems]

    def _form(self, look: Look) -> tuple[Form, Mapping]:
        found = imports.one(look, self.number)
        form = look.apps.of_source(found["form"])
        given = found["mapping"]
        mapping = Mapping(tuple(given["columns"]), given["mode"], given["key"])
        _allowed(look, form, mapping)
        return form, mapping

    def _write(
        self, uow: UnitOfWork, good: list[tuple[Row, int | None]]
    ) -> tuple[list[tuple[Row, int | None]], list[Row]]:
        """A batch of tuples where nobody reacts to a record, else one by one through the ordinary door."""
        form, _ = self._form(uow)
        fresh = [row for row, record in good if record is None]
        if len(fresh) == len(good) and not self.platform.reacts(uow, form) and not _defaults(form):
            submit.require(uow, form, "create")
            bulk.create_many(uow, form.source, [row.values for row in fresh])
            return good, []
        refused = [row for row, record in good if not self._write_one(uow, form, row, record)]
        return [one for one in good if one[0] not in refused], refused

    def _write_one(self, uow: UnitOfWork, form: Form, row: Row, record: int | None) -> bool:
        try:
            with uow.attempt():
                if record is None:
                    submit.create_stored(uow, form, row.values)
                else:
                    submit.require_on(uow, form, record, "edit")
                    submit.only_once(uow, form, store.change(uow, form.source, record, row.values))
                uow.settle()
            return True
        except Invalid as refused:
            row.problems |= refused.problems
            return False

    def _keep_failed(self, uow: UnitOfWork, rows: list[Row]) -> None:
        for row in rows:
            imports.note_failed(uow, self.number, row.number, row.problems)


def upload(platform: Platform, actor: Actor, form: Form, name: str, content: BinaryIO) -> Import:
    """Keep the file, propose which column is which field; BadSheet, and nothing kept, when it is no spreadsheet."""
    waiting = platform.data / "imports"
    waiting.mkdir(exist_ok=True)
    number = platform.run(actor, lambda uow: imports.start(uow, form.source.id, name, asdict(Mapping(()))))
    found = Import(platform, actor, number)
    try:
        with found.path.open("wb") as target:
            shutil.copyfileobj(content, target)
        header = next(found.rows(), [])
    except Exception:
        found.path.unlink(missing_ok=True)
        platform.run(actor, lambda uow: imports.note(uow, number, state="broken"))
        raise
    names = platform.look(actor, lambda look: importable(look, form))
    found.choose(propose(form, header, names))
    return found


def _allowed(look: Look, form: Form, mapping: Mapping) -> None:
    """Forbidden without the rights that the mode needs, Invalid for columns that this principal may not fill in."""
    needs = {"insert": ("create",), "update": ("view", "edit"), "upsert": ("view", "create", "edit")}
    for action in ("import", *needs[mapping.mode]):
        submit.require(look, form, action)
    names = importable(look, form)
    closed = [name for name in mapping.columns if name and name not in names]
    if closed:
        raise Invalid({name: Rejected("read_only") for name in closed})


def _json(mapping: Mapping) -> str:
    return orjson.dumps(asdict(mapping)).decode()


def _blocks(lines: Iterator[tuple[int, list[Cell]]]) -> Iterator[list[tuple[int, list[Cell]]]]:
    while block := list(islice(lines, 1000)):
        yield block


def _defaults(form: Form) -> bool:
    return any("default" in field for field in form.fields.values())


def _required(form: Form, values: dict[str, Any]) -> dict[str, Rejected]:
    wanted = (name for name, f in form.fields.items() if f.get("required") and not f.get("default"))
    return {name: Rejected("required") for name in wanted if values.get(name) in (None, ())}


def _matched(look: Look, form: Form, mapping: Mapping, rows: list[Row], seen: dict[Any, int]) -> dict[int, int]:
    """Row number to the record its key names; a problem on rows whose key is blank, unknown or used twice."""
    if mapping.mode == "insert" or not mapping.key:
        return {}
    key, label = mapping.key, form.fields[mapping.key]["label"]
    keys = [row.values.get(key) for row in rows if row.values.get(key) is not None]
    known: dict[Any, int] = {}
    for number, value in query.called(look, form.source, keys, field=key):
        known.setdefault(value, number)
    for row in rows:
        value = row.values.get(key)
        if value is None and key not in row.problems:
            row.problems[key] = Rejected("key_missing", key=label)
        elif value in seen and seen[value] != row.number:
            row.problems[key] = Rejected("key_twice", row=seen[value])
        elif mapping.mode == "update" and value not in known:
            row.problems[key] = Rejected("key_unknown", key=label)
        seen.setdefault(value, row.number)
    return {row.number: known[row.values[key]] for row in rows if row.values.get(key) in known}
