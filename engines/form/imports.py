"""Rows of a spreadsheet to values of a form: which column is which field, and what is wrong in which cell."""

import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from engines.core.access import departments, people
from engines.core.fields import field_types
from engines.core.fields.values import parser
from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look
from engines.core.records import query
from engines.core.records.source import Source

from . import submit
from .compile import Form
from .sheets import Cell

KEPT = 1000
REASONS = {
    "no_match": {"zh": "找不到叫「{text}」的{form}", "en": "There is no {form} called {text}"},
    "two_matches": {"zh": "有几条{form}都叫「{text}」", "en": "Several {form} are called {text}"},
    "key_missing": {"zh": "没有填匹配用的「{key}」", "en": "{key} is blank, so the record cannot be found"},
    "key_unknown": {"zh": "没有「{key}」是这个值的记录", "en": "No record has this {key}"},
    "key_twice": {"zh": "文件里第 {row} 行已有同样的值", "en": "Row {row} of the file has the same value"},
}


@dataclass(frozen=True)
class Mapping:
    """`columns`: field id by position, None for a column that is left out. `mode`: insert, update or upsert by `key`,
    a field id."""

    columns: tuple[str | None, ...]
    mode: str = "insert"
    key: str = ""


@dataclass
class Row:
    """One line of the file; `number` is the spreadsheet's own, the header being 1."""

    number: int
    cells: list[Cell]
    values: dict[str, Any] = field(default_factory=dict)
    problems: dict[str, Rejected] = field(default_factory=dict)


def importable(look: Look, form: Form) -> list[str]:
    """Fields that a column may stand for: what this principal may fill in by hand, but for files and child rows."""
    return [
        n for n in submit.writable(look, form) if not submit.closed(form.fields[n]) and _fits_a_cell(form.fields[n])
    ]


def _fits_a_cell(field: Definition) -> bool:
    kind = field_types.get(field["type"])
    value = kind.value_type(field)
    return (value.item or value).kind != "file" and kind.children(field) is None


def propose(form: Form, header: Sequence[Cell], names: Sequence[str]) -> Mapping:
    """Columns whose heading is a field's label in any language, or its id; each of `names` once."""
    wanted = {_plain_name(name): f["id"] for f in form.fields.values() for name in (f["id"], *f["label"].values())}
    taken: set[str] = set()
    columns: list[str | None] = []
    for heading in header:
        found = wanted.get(_plain_name(str(heading)))
        free = found in names and found not in taken
        columns.append(found if free else None)
        taken.update({found} if found and free else set())
    return Mapping(tuple(columns))


def read_rows(look: Look, form: Form, mapping: Mapping, numbered: Iterable[tuple[int, list[Cell]]]) -> list[Row]:
    """A block of lines with stored values and every problem of every cell; blank lines are left out."""
    rows = [Row(number, cells) for number, cells in numbered if any(cell not in ("", None) for cell in cells)]
    named = {name: n for n, name in enumerate(mapping.columns) if name}
    for name, column in named.items():
        _read_column(_reader(look, form, name, column, rows), name, column, rows)
    missing = _left_out(form, named) if mapping.mode == "insert" else ()
    for name in missing:
        for row in rows:
            row.problems[name] = Rejected("required")
    return rows


def _read_column(read: Callable[[Cell], Any], name: str, column: int, rows: list[Row]) -> None:
    for row in rows:
        cells = row.cells
        try:
            row.values[name] = read(cells[column] if column < len(cells) else "")
        except Rejected as problem:
            row.problems[name] = problem


def _reader(look: Look, form: Form, name: str, column: int, rows: list[Row]) -> Callable[[Cell], Any]:
    """A column says the same few things again and again: the first answers of each are kept with the version. One
    that says ever new things is read straight."""
    definition = form.fields[name]
    parse = parser(definition)
    if (known := _targets(look, form, name, column, rows)) is not None:
        return lambda cell: parse(known.of(cell))
    seen: dict[Any, Any] = form.source.kept(("cells", name), dict)

    def read(cell: Cell) -> Any:
        if len(seen) >= KEPT:
            return parse(raw_of(cell, definition))
        key = cell.__class__, cell
        if key not in seen:
            seen[key] = parse(raw_of(cell, definition))
        return seen[key]

    return read


def _left_out(form: Form, named: dict[str, int]) -> tuple[str, ...]:
    """Required fields that the file has no column for."""
    wanted = (name for name, f in form.fields.items() if f.get("required") and not f.get("default"))
    return tuple(name for name in wanted if name not in named)


def raw_of(cell: Cell, definition: Definition) -> Any:
    """A cell as its field type takes it."""
    kind = field_types.get(definition["type"])
    if isinstance(cell, str):
        return kind.from_text(cell.strip(), definition) if cell.strip() else None
    if isinstance(cell, datetime.datetime) and kind.value_type(definition).kind == "date":
        return cell.date().isoformat()
    if isinstance(cell, (datetime.date, datetime.datetime)):
        return cell.isoformat()
    if isinstance(cell, bool) or cell is None or kind.value_type(definition).kind == "number":
        return cell
    return kind.from_text(str(cell), definition)


@dataclass
class Targets:
    """Records of another form, people or departments, by what they are called."""

    label: Label
    many: bool
    ids: dict[str, list[int]]

    def of(self, cell: Cell) -> Any:
        texts = _parts(cell) if self.many else [str(cell).strip()]
        found = [self._one(text) for text in texts if text]
        return found if self.many else (found[0] if found else None)

    def _one(self, text: str) -> int:
        ids = self.ids.get(text, [])
        if len(ids) == 1:
            return ids[0]
        raise Rejected("two_matches" if ids else "no_match", text=text[:40], form=self.label)


def _targets(look: Look, form: Form, name: str, column: int, rows: list[Row]) -> Targets | None:
    """For a field that points at something: what the cells name, found in one go."""
    field = form.fields[name]
    value = field_types.get(field["type"]).value_type(field)
    kind = value.item or value
    if kind.kind != "link":
        return None
    if kind.form in form.source.others:
        ids = _records(look, form.source.others[kind.form], [_at(row.cells, column) for row in rows])
    else:
        ids = _people(look) if kind.form == "" else _departments(look)
    return Targets(field["label"], value.kind == "list", ids)


def _records(look: Look, target: Source, cells: list[Cell]) -> dict[str, list[int]]:
    texts = sorted({text for cell in cells for text in (*_parts(cell), str(cell).strip()) if text})
    ids: dict[str, list[int]] = {}
    for start in range(0, len(texts), 500):
        for number, called in query.called(look, target, texts[start : start + 500]):
            ids.setdefault(str(called), []).append(number)
    return ids


def _people(look: Look) -> dict[str, list[int]]:
    """By the name they sign in with, and by the one they are called."""
    ids: dict[str, list[int]] = {}
    for one in people.everyone(look.session):
        for name in {one["name"], one["display"] or one["name"]}:
            ids.setdefault(name, []).append(one["id"])
    return ids


def _departments(look: Look) -> dict[str, list[int]]:
    ids: dict[str, list[int]] = {}
    for one in departments.all_of(look.session):
        ids.setdefault(one["name"], []).append(one["id"])
    return ids


def _parts(cell: Cell) -> list[str]:
    return [part.strip() for part in re.split(r"[,，、;；|\n]", str(cell)) if part.strip()]


def _at(cells: list[Cell], column: int) -> Cell:
    return cells[column] if column < len(cells) else ""


def _plain_name(name: str) -> str:
    return re.sub(r"[\s*＊:：()（）_-]+", "", name).lower()
