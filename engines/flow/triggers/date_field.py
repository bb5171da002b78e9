"""A day in a record comes, or is so many days away: once, or every year."""

from engines.core.actions.base import Context
from engines.core.actions.shapes import DURATION
from engines.core.jobs import queue
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork
from engines.core.records.change import Change

from .. import timing
from ..base import Trigger, trigger_types
from ..compile import Flow


@trigger_types.register
class DateField(Trigger):
    """`offset` such as -P3D is before the day; `time` in the app's zone. A day that has passed is not made up for, one
    that came while nobody ran is. `when` is asked on the day."""

    type = "date_field"
    label = {"zh": "到了记录里的日期", "en": "When a day in a record comes"}
    icon = "calendar"
    config = [
        {"id": "field", "type": "field_ref", "label": {"zh": "日期字段", "en": "Date field"}, "required": True},
        {
            "id": "offset",
            "type": "json",
            "label": {"zh": "提前或推后，如 -P3D", "en": "Before or after, such as -P3D"},
            "schema": DURATION,
        },
        {
            "id": "time",
            "type": "text",
            "label": {"zh": "几点", "en": "Time of day"},
            "max_length": 5,
            "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$",
        },
        {"id": "yearly", "type": "checkbox", "label": {"zh": "每年", "en": "Every year"}},
        {"id": "when", "type": "formula_text", "label": {"zh": "条件", "en": "Condition"}, "returns": "boolean"},
    ]
    examples = [({"field": "birthday", "offset": "-P3D", "time": "09:00", "yearly": True},)]

    def follow(self, uow: UnitOfWork, change: Change, flow: Flow, settings: Definition, context: Context) -> None:
        if change.what == "delete":
            queue.cancel(uow, key=key(flow, context))
        elif change.what in ("create", "restore") or settings["field"] in change.changed:
            plan(uow, flow, settings, context)

    def published(self, uow: UnitOfWork, flow: Flow, settings: Definition, zone: str) -> None:
        payload = {"app": flow.app, "flow": flow.id, "after": 0, "since": uow.now}
        queue.enqueue(uow, "flow_dates", payload, key=f"dates:{flow.app}:{flow.id}", replace=True, priority=5)


def plan(uow: UnitOfWork, flow: Flow, settings: Definition, context: Context, *, after: int | None = None) -> None:
    """The one job of this flow for this record: written, moved, or taken away. `after`: the instant just met."""
    held = context.facts.get(settings["field"])
    since = uow.now if after is None else after
    due = None
    if held is not None:
        offset, time = settings.get("offset", ""), settings.get("time")
        if settings.get("yearly"):
            due = timing.yearly(held, offset, time, context.app.zone, since)
        else:
            due = timing.moved(held, offset, time, context.app.zone)
    if due is None or due <= since:
        queue.cancel(uow, key=key(flow, context))
        return
    payload = {"app": flow.app, "flow": flow.id, "record": context.record, "due": due}
    queue.enqueue(uow, "flow_date", payload, run_at=due, key=key(flow, context), replace=True)


def key(flow: Flow, context: Context) -> str:
    return f"date:{flow.app}:{flow.id}:{context.record}"
