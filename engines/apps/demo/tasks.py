"""To-dos of a recipe: flows that were started some time ago for chosen records, by the flow engine itself."""

from collections.abc import Iterable, Iterator

from engines.apps.catalog import App
from engines.core.actions.base import Context
from engines.core.actions.services import Records
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Cause, UnitOfWork
from engines.flow import store
from engines.flow.engine import Flows
from engines.form.compile import Form

from .make import chosen
from .values import Kitchen, Row, Spot

Start = tuple[str, Row, int]
"""(flow, row, the instant at which it started)"""


def starts(recipe: Definition, kitchen: Kitchen) -> Iterator[Start]:
    """Which flows start when, on which rows; no row twice by the same entry."""
    for i, entry in enumerate(recipe.get("tasks", ())):
        fits = chosen(entry.get("where", {}))
        rows = [row for row in kitchen.made[entry["of"]] if fits(row)][: entry["count"]]
        started = Spot(kitchen, ("tasks", str(i)), len(rows)).give("started", entry["started"])
        yield from ((entry["flow"], row, int(started(row))) for row in rows)


def start(uow: UnitOfWork, app: App, form: Form, record: int, flow: str, at: int) -> None:
    """As if this unit of work had been done at `at`: due times, reminders and escalation follow from it."""
    uow.now = at
    records: Records = uow.service("records")
    flows: Flows = uow.service("flows")
    context = Context(app, Cause("demo"), form, record, records.read(uow, form, record))
    flows.start(uow, context, flow)


def stop(uow: UnitOfWork, app: App, form: Form, records: Iterable[int]) -> None:
    """Runs on these records end, and their tasks leave every inbox; those that people started on them too."""
    if not any(part.get("form") == form.id for part in (*app.parts("flows"), *app.parts("rules"))):
        return
    flows: Flows = uow.service("flows")
    for record in records:
        for run in store.live_of_record(uow, app.id, form.id, record):
            flows.cancel(uow, run, why="demo data was cleared")
