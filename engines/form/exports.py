"""Records out as a spreadsheet: what the reader may see, in the reader's language, with nothing that runs."""

import csv
import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from engines.core.access import departments
from engines.core.fields import field_types
from engines.core.kernel.errors import Rejected
from engines.core.kernel.work import Look
from engines.core.records import query
from engines.core.records.query import Ask

from . import read, submit
from .compile import Form

BLOCK = 1000
RUNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula when a text cell of a CSV file starts with it."""
Names = Callable[[Look, list[int]], dict[int, str]]


def lines(
    look: Look, form: Form, ask: Ask, *, language: str, people: Names, fields: list[str] | None = None
) -> Iterator[list[Any]]:
    """The header, then a line a record that may be exported; relations and people by name. `people` gives names for
    person ids. Forbidden without the right to export."""
    submit.require(look, form, "export")
    scope = look.rights.scope(form.source.id)
    shown = [form.fields[n] for n in fields or form.fields if n in form.fields and scope.reads(n)]
    yield [f["label"].get(language) or next(iter(f["label"].values())) for f in shown]
    for block in _blocks(look.doing("export"), form, ask):
        names = {f["id"]: _called(look, form, f["id"], block, people) for f in shown}
        for row in block:
            yield [_cell(f, row.get(f["id"]), names[f["id"]], language) for f in shown]


def rows(look: Look, form: Form, ask: Ask) -> Iterator[dict[str, Any]]:
    """Stored rows that may be exported; Forbidden without the right to export."""
    submit.require(look, form, "export")
    for block in _blocks(look.doing("export"), form, ask):
        yield from block


def _blocks(look: Look, form: Form, ask: Ask) -> Iterator[list[dict[str, Any]]]:
    ask = replace(ask, limit=BLOCK, after=None)
    while True:
        page = query.page(look, form.source, ask)
        yield page.rows
        if page.after is None:
            return
        ask = replace(ask, after=page.after)


def _called(look: Look, form: Form, name: str, rows: list[dict[str, Any]], people: Names) -> dict[int, Any] | None:
    """What the targets of a link field are called; None for any other field."""
    kind = field_types.get(form.fields[name]["type"]).value_type(form.fields[name])
    target = kind.item or kind
    if target.kind != "link":
        return None
    values = [row.get(name) for row in rows]
    ids = sorted({one for v in values if v is not None for one in (v if isinstance(v, tuple) else (v,))})
    if target.form in form.source.others:
        return read.titles(look, form.source.others[target.form], ids)
    if target.form == "_department":
        return {one["id"]: one["name"] for one in departments.all_of(look.session)}
    return dict(people(look, ids)) if target.form == "" else None


def _cell(field: dict[str, Any], stored: Any, names: dict[int, Any] | None, language: str) -> Any:
    if stored is None or stored == ():
        return ""
    if names is not None:
        many = stored if isinstance(stored, tuple) else (stored,)
        return "、".join(str(names[one]) for one in many if one in names)
    return field_types.get(field["type"]).to_text(stored, field, language)


def write_xlsx(path: Path, rows: Iterable[list[Any]], *, zone: str = "UTC") -> int:
    """A workbook whose cells are text and numbers, never formulas; how many lines it got."""
    import xlsxwriter  # type: ignore[import-untyped]  # ships no types

    count = 0
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for line in rows:
            for column, cell in enumerate(line):
                if isinstance(cell, (int, float)) and not isinstance(cell, bool):
                    sheet.write_number(count, column, cell)
                else:
                    sheet.write_string(count, column, _plain(cell), bold if count == 0 else None)
            count += 1
    return count


def write_csv(target: TextIO, rows: Iterable[list[Any]]) -> int:
    """CSV with a byte-order mark, so that Excel reads it as UTF-8; text that would run gets a leading quote."""
    target.write("\ufeff")
    writer, count = csv.writer(target, quoting=csv.QUOTE_ALL), 0
    for line in rows:
        writer.writerow([_harmless(cell) for cell in line])
        count += 1
    return count


def _harmless(cell: Any) -> Any:
    text = _plain(cell)
    return "'" + text if isinstance(cell, str) and text.startswith(RUNS) else text


def _plain(cell: Any) -> str:
    if isinstance(cell, (datetime.date, datetime.datetime)):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime.datetime) else cell.isoformat()
    return "" if cell is None else str(cell)


def failed_lines(
    header: list[Any],
    failures: list[tuple[int, list[Any], dict[str, Rejected]]],
    say: Callable[[str, Rejected], str],
    heading: str,
) -> Iterator[list[Any]]:
    """The refused rows as they came, with a last column that says what to mend; `say(field, problem)` words it."""
    width = max([len(header), *(len(cells) for _, cells, _ in failures)])
    yield [*header, *[""] * (width - len(header)), heading]
    for _, cells, problems in failures:
        told = "；".join(say(name, problem) for name, problem in problems.items())
        yield [*cells, *[""] * (width - len(cells)), told]
