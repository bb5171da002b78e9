"""At set times, without a record: every day, on weekdays, on the last of the month."""

from engines.core.jobs import queue
from engines.core.jobs.schedule import next_after
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork

from ..base import Trigger, trigger_types
from ..compile import Flow

CATCH_UP = [
    {"id": "one", "label": {"zh": "补一次", "en": "Once"}},
    {"id": "all", "label": {"zh": "逐次补", "en": "Each of them"}},
    {"id": "skip", "label": {"zh": "不补", "en": "Not at all"}},
]


@trigger_types.register
class Schedule(Trigger):
    """`rrule` (RFC 5545) with `time` and `start`, or `cron`; `zone` is the app's unless named. `catch_up`: what happens
    with times that passed while nobody ran."""

    type = "schedule"
    label = {"zh": "定时", "en": "On schedule"}
    icon = "clock"
    on_records = False
    config = [
        {"id": "rrule", "type": "text", "label": {"zh": "重复规则", "en": "Recurrence"}, "max_length": 300},
        {"id": "cron", "type": "text", "label": {"zh": "cron", "en": "cron"}, "max_length": 100},
        {
            "id": "time",
            "type": "text",
            "label": {"zh": "几点", "en": "Time of day"},
            "max_length": 5,
            "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$",
        },
        {"id": "start", "type": "text", "label": {"zh": "从哪天起", "en": "Starting"}, "max_length": 25},
        {"id": "zone", "type": "text", "label": {"zh": "时区", "en": "Zone"}, "max_length": 64},
        {
            "id": "catch_up",
            "type": "select",
            "label": {"zh": "停机错过的", "en": "What was missed"},
            "options": CATCH_UP,
        },
    ]
    examples = [({"rrule": "FREQ=WEEKLY;BYDAY=MO", "time": "09:00"},), ({"cron": "0 9 * * 1-5", "catch_up": "skip"},)]

    def published(self, uow: UnitOfWork, flow: Flow, settings: Definition, zone: str) -> None:
        queue.cancel(uow, subject=subject(flow))
        plan(uow, flow, settings, settings.get("zone") or zone, after=uow.now)


def plan(uow: UnitOfWork, flow: Flow, settings: Definition, zone: str, *, after: int) -> None:
    """The next planned instant; none when the rule has ended."""
    due = next_after(settings, zone, after)
    if due is not None:
        payload = {"app": flow.app, "flow": flow.id, "due": due}
        queue.enqueue(uow, "flow_schedule", payload, run_at=due, key=f"{subject(flow)}:{due}", subject=subject(flow))


def subject(flow: Flow) -> str:
    return f"sched:{flow.app}:{flow.id}"
