"""What a decision table comes to, counted beside the work: records by row, and who would move if it were published."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from engines.apps.draft import Draft
from engines.core.fields import field_types
from engines.core.fields.values import Rejected
from engines.core.formula.problems import FormulaError
from engines.core.kernel.errors import AppError, NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.core.records import query
from engines.core.records.conditions import asked
from engines.core.records.source import Source
from engines.form.read import titles
from engines.rule import backtest
from engines.rule.tables import condition_of
from runtime import render
from runtime.guard import right

from ..base import Page, build, read

MOST_ROWS = 20
"""A longer table that collects is not counted: each of its rows asks the database once."""
MOST_VALUES = 12
"""A matrix of more has no place on a page: then the largest moves are listed."""
MOST_LISTED = 100
UNASKABLE = (FormulaError, AppError, Rejected, LookupError, ValueError)


@build.get("/<app>/tables/<part>/hits")
@right("builder")
def table_hits(app: str, part: str) -> Any:
    """`rows`: records by row; `none`: those that no row takes; `all`; `moves`: who would move, as HTML. Nothing where
    it cannot be counted."""

    def answer(look: Look, found: Draft) -> dict[str, Any]:
        page = Page(found, "tables", part)
        if page.body["form"] not in found.live.forms:
            return {}
        try:
            return counted(look, page)
        except UNASKABLE:
            return {}

    return read(app, answer)


@build.get("/<app>/tables/<part>/moved")
@right("builder")
def table_moved(app: str, part: str) -> Any:
    """Records that would get another value, `now` and `then` as JSON, for the dialog."""
    now, then = _asked("now"), _asked("then")

    def answer(look: Look, found: Draft) -> str:
        page = Page(found, "tables", part)
        source = found.live.form(page.body["form"]).source
        made = backtest.deciding(look, source, page.body)
        if made is None:
            raise NotFound(table=part)
        ask = query.Ask(where=(backtest.moving(made, now, then),), limit=MOST_LISTED)
        rows = [row["_id"] for row in query.page(look, source, ask).rows]
        named = titles(look, source, rows)
        shown = [(one, str(named.get(one) or "–")) for one in rows]
        said = _Said(source.fields[made.field])
        return render_template(
            "build/tables/moved.html",
            page=page,
            rows=shown,
            total=query.count(look, source, ask),
            now=said(now),
            then=said(then),
        )

    return read(app, answer)


def _asked(name: str) -> Any:
    try:
        value = json.loads(request.args.get(name, "null"))
    except ValueError:
        raise NotFound(value=name) from None
    if not isinstance(value, str | int | float | None):
        raise NotFound(value=name)
    return value


def counted(look: Look, page: Page) -> dict[str, Any]:
    """Each record is counted for the row that decides it; a table that collects counts it for every row that holds."""
    source, table = page.draft.live.form(page.body["form"]).source, page.body
    made = backtest.deciding(look, source, table)
    if made is None:
        return _collected(look, source, table) if len(table["rows"]) <= MOST_ROWS else {}
    found = backtest.moves(look, source, made)
    told = render_template("build/tables/moves.html", page=page, moves=found, **_matrix(page, source, made, found))
    return {"rows": found.lines[:-1], "none": found.lines[-1], "all": found.all, "moves": told}


def _collected(look: Look, source: Source, table: Definition) -> dict[str, Any]:
    conditions = [condition_of(table["inputs"], row["when"]) for row in table["rows"]]
    rows = [_count(look, source, one) for one in conditions]
    none = _count(look, source, " AND ".join(f"NOT ({one})" for one in conditions))
    return {"rows": rows, "none": none, "all": query.count(look, source)}


def _count(look: Look, source: Source, condition: str) -> int:
    return query.count(look, source, query.Ask(where=(asked(look, source, condition),)))


@dataclass(frozen=True)
class _Said:
    """Stored values of a field as its reader sees them."""

    field: Definition

    def __call__(self, value: Any) -> Any:
        """(words, tone) of a value; ("", "") of none."""
        if value is None:
            return "", ""
        option = next((one for one in self.field.get("options", ()) if one["id"] == value), None)
        if option:
            return render.label(option["label"]), option.get("tone", "grey")
        return field_types.get(self.field["type"]).to_text(value, self.field, render.language()), "grey"


@dataclass(frozen=True)
class Cell:
    """Records that have one value and would have another; `heat` from 0 to 4."""

    now: Any
    then: Any
    n: int
    heat: int

    @property
    def stays(self) -> bool:
        return bool(self.now == self.then)

    @property
    def address(self) -> dict[str, str]:
        return {"now": json.dumps(self.now), "then": json.dumps(self.then)}


def _matrix(page: Page, source: Source, made: backtest.Deciding, found: backtest.Moves) -> dict[str, Any]:
    """Values in the order of their options, no value last; the largest moves where there are too many."""
    field = source.fields[made.field]
    order = [option["id"] for option in field.get("options", ())]
    seen = {value for cell in found.cells for value in cell}
    values = [one for one in order if one in seen or one in made.values]
    values += sorted(seen - {*order, None}, key=str) + ([None] if None in seen else [])
    cells = {(one.now, one.then): one for one in _cells(found)}
    moved = sorted((one for one in cells.values() if not one.stays), key=lambda one: -one.n)
    return {
        "values": values if len(values) <= MOST_VALUES else [],
        "cells": cells,
        "largest": moved[:MOST_VALUES],
        "said": _Said(field),
        "lost": sum(one.n for one in moved if one.then is None),
        "hears": _hearing(page, made.field),
    }


def _cells(found: backtest.Moves) -> Iterator[Cell]:
    most = max((n for (now, then), n in found.cells.items() if now != then), default=1)
    for (now, then), n in found.cells.items():
        yield Cell(now, then, n, 1 + round(3 * n / most) if now != then else 0)


def _hearing(page: Page, field: str) -> list[str]:
    """Flows that begin when the field changes."""
    form = page.body["form"]
    return [
        render.label(flow["label"])
        for flow in page.parts("flows")
        if flow.get("form") == form
        and flow.get("enabled", True)
        and field in (flow["trigger"].get("field"), *flow["trigger"].get("watch", ()))
    ]
