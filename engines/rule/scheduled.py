"""Rules on a schedule: at each planned instant, every record for which the condition holds is acted on."""

from typing import Any

from engines.core.actions.services import AnyApp, AnyForm
from engines.core.formula.env import Env
from engines.core.jobs import queue
from engines.core.jobs.base import Job, JobKind, job_kinds
from engines.core.jobs.schedule import next_after
from engines.core.kernel.errors import NotFound
from engines.core.kernel.work import UnitOfWork
from engines.core.records import query
from engines.core.records import store as records
from engines.core.records.conditions import formula_where

from . import engine
from .compile import Event, rules_of

BLOCK = 200


def planned(app: AnyApp) -> dict[str, Any]:
    """The schedules of enabled rules, by rule id."""
    rules = (rule for rule in app.parts("rules") if rule.get("enabled", True))
    return {rule["id"]: rule["on"]["schedule"] for rule in rules if rule.get("on", {}).get("schedule")}


def published(uow: UnitOfWork, app: AnyApp, before: AnyApp | None) -> None:
    """Plan the next run of each rule; those that are gone, or were changed, are taken off the plan."""
    for rule in planned(before) if before else ():
        queue.cancel(uow, key=_key(app, rule))
    for rule in planned(app):
        _plan(uow, app, rule, uow.now)


def _plan(uow: UnitOfWork, app: AnyApp, rule: str, after: int) -> None:
    at = next_after(planned(app)[rule], app.zone, after)
    if at is not None:
        payload = {"app": app.id, "rule": rule, "planned": at}
        queue.enqueue(uow, "rule_schedule", payload, run_at=at, key=_key(app, rule), replace=True)


def _key(app: AnyApp, rule: str) -> str:
    return f"rule_schedule:{app.id}:{rule}"


@job_kinds.register
class RuleSchedule(JobKind):
    """One planned run: the next one is planned from it, then records are taken in blocks. After a pause of the server
    a rule runs once, however many instants were missed."""

    type = "rule_schedule"
    label = {"zh": "按时间运行的规则", "en": "Rule on a schedule"}
    icon = "clock"
    examples = [({"app": "shop", "rule": "weekly", "planned": 0},)]

    def handle(self, uow: UnitOfWork, job: Job, result: Any) -> None:
        try:
            app = uow.apps.app(job.payload["app"])
        except NotFound:
            return
        rule = job.payload["rule"]
        if rule not in planned(app):
            return
        if "after" not in job.payload:
            _plan(uow, app, rule, max(job.payload["planned"], uow.now))
        form = app.form(app.part("rules", rule)["form"])
        event = next(one for one in rules_of(app, form).events if one.rule == rule)
        last = _block(uow, app, form, event, job.payload.get("after", 0))
        if last is not None:
            more = job.payload | {"after": last}
            queue.enqueue(uow, "rule_schedule", more, key=f"{_key(app, rule)}:{last}", priority=5)


def _block(uow: UnitOfWork, app: AnyApp, form: AnyForm, event: Event, after: int) -> int | None:
    """Acts on a block of records; the last id when there may be more."""
    env = Env(uow.now, form.source.zone)
    where: tuple[query.Where, ...] = ()
    if event.condition is not None and event.condition.pushable:
        where = (formula_where(form.source, event.condition, env),)
    ask = query.Ask(where=where, sort=(("_id", False),), after=(after,) if after else None, limit=BLOCK)
    page = query.page(uow.as_system("a rule looks at every record"), form.source, ask)
    for row in page.rows:
        engine.act_on(uow, app, form, records.load(uow, form.source, row["_id"]), event)
    return page.rows[-1]["_id"] if page.after else None
