"""What time alone changes: each record knows the next instant at which one of its conditions may flip."""

from typing import Any

from engines.core.actions.services import AnyForm
from engines.core.formula.due import next_due
from engines.core.formula.env import Env
from engines.core.jobs import queue
from engines.core.jobs.base import Job, JobKind, job_kinds
from engines.core.kernel.work import UnitOfWork
from engines.core.records import store as records
from engines.core.records.change import Change
from engines.core.records.facts import system_facts

from . import store
from .compile import rules_of

BLOCK = 500


def note(uow: UnitOfWork, app: Any, form: AnyForm, change: Change) -> None:
    """Keep the record's next due instant in step with its values."""
    formulas = [f for f in (*rules_of(app, form).formulas, *uow.service("computed")(form)) if f.time_dependent]
    if not formulas or not change.alive:
        return
    env = Env(uow.now, change.source.zone)
    facts = system_facts(change.facts)
    instants = [next_due(formula, facts, env) for formula in formulas]
    at = min((one for one in instants if one is not None), default=None)
    store.put_due(uow, change.source.id, change.id, at)
    if at is not None:
        queue.enqueue(uow, "rules_due", run_at=at, key=f"rules_due:{at}")


@job_kinds.register
class RulesDue(JobKind):
    """Looks at the records whose time has come, in blocks, so that no save waits longer than a block."""

    type = "rules_due"
    label = {"zh": "到点复查规则", "en": "Rules whose time has come"}
    icon = "clock"
    examples = [({},)]

    def handle(self, uow: UnitOfWork, job: Job, result: Any) -> None:
        found = store.take_due(uow, uow.now, most=BLOCK)
        for form, record in found:
            records.touch(uow, uow.apps.of_source(form).source, record)
        if len(found) == BLOCK:
            queue.enqueue(uow, "rules_due", key=f"rules_due:{uow.now}:{found[-1][1]}")
