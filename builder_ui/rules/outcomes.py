"""How many records each row of a decision table decides now, counted beside the work."""

from typing import Any

from engines.apps.draft import Draft
from engines.core.formula.problems import FormulaError
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.core.records import query
from engines.core.records.conditions import asked
from engines.core.records.source import Source
from engines.rule.tables import condition_of
from runtime.guard import right

from ..base import Page, build, read

MOST_ROWS = 20
"""Longer tables are not counted: each row asks the database once."""


@build.get("/<app>/tables/<part>/hits")
@right("builder")
def table_hits(app: str, part: str) -> Any:
    """`rows`: records by row; `none`: those that no row takes; `all`. Nothing where it cannot be counted."""

    def answer(look: Look, found: Draft) -> dict[str, Any]:
        body = Page(found, "tables", part).body
        if body["form"] not in found.live.forms or len(body["rows"]) > MOST_ROWS:
            return {}
        try:
            return counted(look, found.live.form(body["form"]).source, body)
        except (FormulaError, AppError, LookupError, ValueError):
            return {}

    return read(app, answer)


def counted(look: Look, source: Source, table: Definition) -> dict[str, Any]:
    """Each record is counted for the row that decides it; a table that collects counts it for every row that holds."""
    conditions = [condition_of(table["inputs"], row["when"]) for row in table["rows"]]
    collects = table.get("hit") == "collect"
    before = [conditions[:n] if not collects else [] for n in range(len(conditions))]
    rows = [_count(look, source, one, above) for one, above in zip(conditions, before, strict=True)]
    return {"rows": rows, "none": _count(look, source, "TRUE", conditions), "all": query.count(look, source)}


def _count(look: Look, source: Source, condition: str, above: list[str]) -> int:
    """Records for which the condition holds and none of those above does."""
    taken = " OR ".join(f"({one})" for one in above)
    text = f"({condition}) AND NOT ({taken})" if above else condition
    return query.count(look, source, query.Ask(where=(asked(look, source, text),)))
