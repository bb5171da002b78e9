"""What flows leave for later: timers, deadlines, starts of their own, schedules and days in records."""

from typing import Any

from engines.core.actions.base import Context
from engines.core.actions.services import Records
from engines.core.jobs import incidents, queue, schedule
from engines.core.jobs.base import Job, JobKind, job_kinds
from engines.core.kernel.errors import NotFound
from engines.core.kernel.work import Cause, UnitOfWork
from engines.core.records import query

from . import deadlines, store
from .compile import Flow
from .engine import Flows
from .step import INCIDENT, RUNNING, WAITING, Signal
from .timing import late_by
from .triggers.date_field import plan as plan_date
from .triggers.schedule import plan as plan_schedule

BLOCK = 500
GRACE = 5 * 60 * 1_000_000
"""A schedule with catch-up `skip` still runs when it is late by less than this."""


class FlowJob(JobKind):
    icon = "flow"

    def gave_up(self, uow: UnitOfWork, job: Job, error: str) -> None:
        """The run stands still until somebody retries or skips."""
        number = job.payload.get("run")
        row = store.load_instance(uow, number) if number else None
        incidents.open_one(
            uow,
            "flow",
            error,
            app=row["app"] if row else job.payload.get("app", ""),
            part=f"flow:{row['flow'] if row else job.payload.get('flow', '')}",
            form=(row["form"] or "") if row else "",
            record=row["record"] if row else job.payload.get("record"),
            instance=number,
            job=job.id,
            details={"token": job.payload.get("token"), "node": job.payload.get("node")},
        )
        if row and row["state"] == RUNNING:
            store.save_instance(uow, row["id"], row["rev"], state=INCIDENT, kept=row["kept"], ended=None)


@job_kinds.register
class Timer(FlowJob):
    type = "flow_timer"
    label = {"zh": "流程等待到点", "en": "A flow's wait is over"}

    def handle(self, uow: UnitOfWork, job: Job, result: Any) -> None:
        flows: Flows = uow.service("flows")
        run = flows.load(uow, job.payload["run"])
        token = run.token(job.payload["token"], job.payload["node"])
        if token is None or token.state != WAITING or run.row["state"] not in (RUNNING, INCIDENT):
            return
        late = late_by(job.payload["due"], uow.now)
        store.add_log(uow, run.id, "woke", node=token.node, data=late or None)
        run.move(Signal("leave", token.id))


@job_kinds.register
class Deadline(FlowJob):
    type = "flow_deadline"
    label = {"zh": "待办到期", "en": "A task's deadline"}

    def handle(self, uow: UnitOfWork, job: Job, result: Any) -> None:
        flows: Flows = uow.service("flows")
        run = flows.load(uow, job.payload["run"])
        token = run.token(job.payload["token"])
        if token is None or token.state != WAITING or run.row["state"] not in (RUNNING, INCIDENT):
            return
        signal = deadlines.meet(run, token, job)
        if signal is not None:
            queue.cancel(uow, subject=deadlines.subject(token.id))
            run.move(signal)


@job_kinds.register
class Start(FlowJob):
    """A start far down a chain of flows, in a transaction of its own."""

    type = "flow_start"
    label = {"zh": "启动流程", "en": "Start a flow"}

    def handle(self, uow: UnitOfWork, job: Job, result: Any) -> None:
        p = job.payload
        context = context_of(
            uow, p["app"], p["flow"], p["record"], person=p["person"], root=p["root"], depth=p["depth"]
        )
        if context is not None:
            flows: Flows = uow.service("flows")
            flows._begin(uow, flows._chained(context), flows.of(context.app, p["flow"]), p["key"])  # guarded before


@job_kinds.register
class Scheduled(FlowJob):
    type = "flow_schedule"
    label = {"zh": "定时流程", "en": "A scheduled flow"}

    def handle(self, uow: UnitOfWork, job: Job, result: Any) -> None:
        planned, app_id = job.payload["due"], job.payload["app"]
        found = _live(uow, app_id, job.payload["flow"])
        if found is None or found.trigger.get("type") != "schedule":
            return
        app, settings = uow.apps.app(app_id), found.trigger
        zone, skip = settings.get("zone") or app.zone, settings.get("catch_up") == "skip"
        if not (skip and uow.now - planned > GRACE):
            key = f"sched:{app_id}:{found.id}:{planned}"
            number = uow.service("flows").begin(uow, Context(app, Cause("schedule", found.id)), found, key=key)
            if number is not None and (late := late_by(planned, uow.now)):
                store.add_log(uow, number, "late", data=late)
        following = planned
        if settings.get("catch_up") != "all":
            following = (schedule.missed(settings, zone, planned, uow.now, most=10_000) or [planned])[-1]
        plan_schedule(uow, found, settings, zone, after=following)


@job_kinds.register
class DateCame(FlowJob):
    type = "flow_date"
    label = {"zh": "记录里的日期到了", "en": "A day in a record has come"}

    def handle(self, uow: UnitOfWork, job: Job, result: Any) -> None:
        p = job.payload
        flow = _live(uow, p["app"], p["flow"])
        context = context_of(uow, p["app"], p["flow"], p["record"]) if flow is not None else None
        if flow is None or context is None or flow.trigger["type"] != "date_field":
            return
        flows: Flows = uow.service("flows")
        plan_date(uow, flow, flow.trigger, context, after=p["due"])
        if flows.condition(uow, context, flow):
            key = f"date:{p['app']}:{p['flow']}:{p['record']}:{p['due']}"
            number = flows.begin(uow, context, flow, key=key)
            if number is not None and (late := late_by(p["due"], uow.now)):
                store.add_log(uow, number, "late", data=late)


@job_kinds.register
class DateScan(FlowJob):
    """Records that were there before the flow: their days since the publish are planned in blocks."""

    type = "flow_dates"
    label = {"zh": "为已有记录排期", "en": "Plan the days of existing records"}

    def handle(self, uow: UnitOfWork, job: Job, result: Any) -> None:
        p = job.payload
        flow = _live(uow, p["app"], p["flow"])
        if flow is None or flow.trigger["type"] != "date_field":
            return
        app = uow.apps.app(p["app"])
        form = app.form(flow.form)
        ask = query.Ask(sort=(("_id", False),), after=(p["after"],) if p["after"] else None, limit=BLOCK)
        page = query.page(uow.as_system("flows wait for days in every record"), form.source, ask)
        for row in page.rows:
            context = Context(app, Cause("flow", flow.id), form, row["_id"], row)
            plan_date(uow, flow, flow.trigger, context, after=p["since"])
        if page.after:
            queue.enqueue(uow, "flow_dates", p | {"after": page.after[0]}, priority=5)


def context_of(uow: UnitOfWork, app_id: str, flow: str, record: int | None, **chain: Any) -> Context | None:
    """What a flow started by a job works on; None when app, flow or record are gone."""
    found = _live(uow, app_id, flow)
    if found is None:
        return None
    app = uow.apps.app(app_id)
    if record is None:
        return Context(app, Cause("flow", flow), **chain)
    records: Records = uow.service("records")
    try:
        form = app.form(found.form)
        facts = records.read(uow, form, record)
    except NotFound:
        return None
    return Context(app, Cause("flow", flow), form, record, facts, **chain)


def _live(uow: UnitOfWork, app: str, flow: str) -> Flow | None:
    """The flow as it is live; None when it was taken away or switched off."""
    flows: Flows = uow.service("flows")
    try:
        found = flows.of(uow.apps.app(app), flow)
    except NotFound:
        return None
    return None if found.definition.get("off") else found
