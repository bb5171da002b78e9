"""Which record a row of a file belongs to, and which rows name a value that somebody has already."""

from collections.abc import Callable, Sequence
from typing import Any

from engines.core.fields.values import parse_one
from engines.core.kernel.errors import Rejected
from engines.core.kernel.work import Look
from engines.core.records import query
from engines.form.compile import Form
from engines.form.imports import Mapping, Row
from engines.form.sheets import Cell

Seen = dict[Any, int]
"""The row in which (field, value) came first."""


def matched(look: Look, form: Form, mapping: Mapping, rows: list[Row], seen: Seen) -> dict[int, int]:
    """Row number to the record its key names; a problem on rows whose key is blank, unknown or used twice."""
    if mapping.mode == "insert" or not mapping.key:
        return {}
    key, label = mapping.key, form.fields[mapping.key]["label"]
    known = _known(look, form, key, rows)
    for row in rows:
        value = row.values.get(key)
        if value is None:
            row.problems.setdefault(key, Rejected("key_missing", key=label))
            continue
        first = seen.setdefault((key, value), row.number)
        if first != row.number:
            row.problems[key] = Rejected("key_twice", row=first)
        elif mapping.mode == "update" and value not in known:
            row.problems[key] = Rejected("key_unknown", key=label)
    return {row.number: known[row.values[key]] for row in rows if row.values.get(key) in known}


def unique(look: Look, form: Form, rows: list[Row], records: dict[int, int], seen: Seen) -> None:
    """A problem on rows whose value of a unique field another record, or an earlier row, has."""
    names = [name for name, field in form.fields.items() if field.get("unique") and name in form.source.own]
    for name in names:
        if not look.rights.scope(form.source.id).compares(name):
            continue
        known = _known(look, form, name, rows)
        for row in rows:
            value = row.values.get(name)
            if value is None or name in row.problems:
                continue
            first = seen.setdefault((name, value), row.number)
            if first != row.number:
                row.problems[name] = Rejected("key_twice", row=first)
            elif value in known and known[value] != records.get(row.number):
                row.problems[name] = Rejected("not_unique")


def remember(
    form: Form, mapping: Mapping, lines: Sequence[tuple[int, list[Cell]]], seen: Seen, raw: Callable[[Cell, Any], Any]
) -> None:
    """The keys and unique values of rows that were dealt with before a restart."""
    named = {name: n for n, name in enumerate(mapping.columns) if name}
    wanted = [n for n in named if n == mapping.key or form.fields[n].get("unique")]
    for number, cells in lines:
        for name in wanted:
            try:
                cell = cells[named[name]] if named[name] < len(cells) else ""
                value = parse_one(form.fields[name], raw(cell, form.fields[name]))
            except Rejected:
                continue
            if value is not None:
                seen.setdefault((name, value), number)


def _known(look: Look, form: Form, name: str, rows: list[Row]) -> dict[Any, int]:
    """The record that has each value, where one has it."""
    values = [row.values[name] for row in rows if row.values.get(name) is not None]
    known: dict[Any, int] = {}
    for number, value in query.called(look, form.source, values, field=name):
        known.setdefault(value, number)
    return known
