"""How reports and dashboards of a draft look right now: the live records, under the rights of whoever designs them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engines.apps.catalog import App
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look
from engines.core.records import query
from engines.core.records.source import Source
from engines.report import draw
from engines.report.check import report_problems
from engines.report.cuts import Cut
from engines.report.dashboard import Tile
from engines.report.model import Dataset, dataset_of, report_of
from engines.report.run import Running
from runtime.report_parts import tile_view

from ..base import Page

SAMPLE = 20_000
"""Beyond so many records a preview asks only for the newest ones."""
AHEAD = ("datasets", "reports", "dashboards")
UNPUBLISHED: Label = {
    "zh": "这张报表用到还没发布的表单或字段，发布之后这里就有数",
    "en": "This report uses a form or a field that is not published yet; its numbers appear here once it is",
}


@dataclass
class Ahead:
    """The live forms with the draft's datasets, reports and dashboards: what can be asked of the database today."""

    live: App
    definition: Definition
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.live.id

    @property
    def zone(self) -> str:
        return self.live.zone

    @property
    def forms(self) -> Mapping[str, Any]:
        return self.live.forms

    def form(self, name: str) -> Any:
        return self.live.form(name)

    def parts(self, name: str) -> list[Definition]:
        return list(self.definition.get(name, ()))

    def part(self, name: str, part_id: str) -> Definition:
        return App.part(self, name, part_id)  # type: ignore[arg-type]  # it asks only for the parts


def ahead(page: Page) -> Ahead:
    """The app as a preview sees it."""
    live = page.draft.live
    return Ahead(live, live.definition | {kind: page.definition.get(kind, []) for kind in AHEAD})


def drafted(page: Page, body: Definition) -> Dataset | None:
    """The dataset of a report with the forms of the draft; None when that cannot be made out."""
    given: Any = body.get("dataset") or body.get("source")
    if not given:
        return None
    try:
        return dataset_of(page.draft.compiled, given)
    except (AppError, LookupError, TypeError):
        return None


def previewed(look: Look, page: Page, *, whole: bool) -> dict[str, Any]:
    """{tile, view} as its reader would get it, and of how many records (`sampled`) when not of all; or `why` not."""
    app, tile = ahead(page), Tile({"id": page.part, "report": page.part})
    try:
        tile.report = report = report_of(app, page.body)
        cuts = [] if whole else _newest(look, report.dataset.source)
        config = draw.config_of(report)
        asked = bool(config.get("total")) or config["type"] in ("pie", "pivot")
        tile.frame = Running(look, app, report, {}, cuts).frame(total=asked)
        view = tile_view(page.app, tile, linked=False)
        crowded = view.get("reason")
        return {"tile": tile, "view": view | {"reason": None}, "crowded": crowded, "sampled": SAMPLE if cuts else 0}
    except (AppError, LookupError, ValueError, TypeError) as error:
        return {"tile": tile, "view": None, "why": _why(page, error), "sampled": 0}


def _newest(look: Look, source: Source) -> list[Cut]:
    """Numbers of records only ever grow, so the last one tells whether there may be too many."""
    last = query.page(look, source, query.Ask(limit=1)).rows
    return [Cut("id", ">", last[0]["_id"] - SAMPLE)] if last and last[0]["_id"] > SAMPLE else []


def _why(page: Page, error: Exception) -> Label:
    """Sound in the draft and yet without an answer: it waits for the publish."""
    try:
        waiting = not list(report_problems(page.draft.compiled, page.body))
    except (AppError, LookupError, TypeError):
        waiting = False
    if waiting and getattr(error, "code", "") in ("report_no_field", "not_found"):
        return UNPUBLISHED
    if isinstance(error, AppError):
        return {lang: error.say(lang) for lang in ("zh", "en")}
    return {"zh": f"定义里缺一块：{error}", "en": f"The definition lacks a piece: {error}"}
