"""Incidents of flows: retry from where it stood, or skip the step that cannot be done."""

from engines.core.actions.services import AnyApp
from engines.core.jobs import incidents, queue
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import UnitOfWork

from .engine import Flows
from .later import context_of
from .run import Run
from .step import FAILED, Signal, Token


class CannotRetry(AppError):
    code = "cannot_retry"
    words = {
        "zh": "这件事没有可以重试的一步，可以直接关闭",
        "en": "There is no step here to try again; it can be closed",
    }


def retry(uow: UnitOfWork, number: int) -> None:
    """Try again: the step, the job, or the start. A new failure is a new incident."""
    found = incidents.one(uow, number)
    incidents.close(uow, number, "retried")
    if found["job"] and queue.revive(uow, found["job"]):
        _resume(uow, found)
        return
    stuck = _stuck(uow, found)
    if stuck is not None:
        run, token = stuck
        run.move(Signal("enter", token.id))
    elif found["details"].get("start"):
        _start_again(uow, found)
    else:
        raise CannotRetry(incident=number)


def skip(uow: UnitOfWork, number: int) -> None:
    """Leave the step by its usual way out without doing it; without a step, only close the incident."""
    found = incidents.one(uow, number)
    incidents.close(uow, number, "skipped")
    if found["job"]:
        queue.discard(uow, found["job"])
    stuck = _stuck(uow, found)
    if stuck is not None:
        run, token = stuck
        ports = run.flow.kind(token.node).ports(run.flow.nodes[token.node])
        run.move(Signal("leave", token.id, ports[0] if ports else ""))


def _stuck(uow: UnitOfWork, found: Definition) -> tuple[Run, Token] | None:
    """The run and the token that stands at the error."""
    if not found["instance"]:
        return None
    flows: Flows = uow.service("flows")
    run = flows.load(uow, found["instance"])
    token = run.token(found["details"].get("token") or 0)
    return (run, token) if token is not None and (token.state == FAILED or found["job"]) else None


def _resume(uow: UnitOfWork, found: Definition) -> None:
    """The run is no longer an incident while its job is tried again."""
    if found["instance"]:
        flows: Flows = uow.service("flows")
        flows.load(uow, found["instance"]).move()


def _start_again(uow: UnitOfWork, found: Definition) -> None:
    flow_id = found["part"].removeprefix("flow:")
    context = context_of(uow, found["app"], flow_id, found["record"])
    if context is not None:
        flows: Flows = uow.service("flows")
        app: AnyApp = context.app
        flows.begin(uow, context, flows.of(app, flow_id), key=found["details"].get("key"))
