"""The worker: takes what is due, does it in a unit of work of its own, ends it or tries again later."""

import logging
import os
import secrets
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from engines.core.kernel import clock
from engines.core.kernel.errors import AppError
from engines.core.kernel.work import SYSTEM, Actor, Cause, Look, Steps, UnitOfWork

from . import queue
from .base import Job, job_kinds

T = TypeVar("T")
BATCH = 8
IDLE = 1.0
log = logging.getLogger("dougong.jobs")


class Killed(AppError):
    code = "worker_killed"
    words = {
        "zh": "处理它的进程 {attempts} 次都中途退出，已停下",
        "en": "The process doing it ended {attempts} times on the way; stopped",
    }


class LeaseLost(AppError):
    code = "lease_lost"
    words = {"zh": "另一个进程已接手这件事", "en": "Another process has taken this over"}


class Runs(Protocol):
    """What a worker needs of the platform."""

    steps: Steps

    def run(self, actor: Actor, fn: Callable[[UnitOfWork], T], *, cause: Cause | None = None) -> T: ...
    def look(self, actor: Actor, fn: Callable[[Look], T]) -> T: ...
    def held(self) -> bool:
        """While it is, nothing due is done."""
        ...


def name() -> str:
    """`host/pid/mark` of a new worker."""
    return f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"


def run_due(platform: Runs, now: int | None = None, *, worker: str = "step", limit: int = BATCH) -> int:
    """Take up to `limit` jobs that are due at `now` (business time) and do each; how many were taken. Nothing is
    written when nothing is due."""
    at = clock.now() if now is None else now
    if platform.held():
        return 0
    if not platform.look(SYSTEM, lambda look: _something(look, at)):
        return 0
    jobs = platform.run(SYSTEM, lambda uow: _take(uow, worker, at, limit))
    for job in jobs:
        run_job(platform, job, worker)
    return len(jobs)


def drain(platform: Runs, now: int | None = None, *, most: int = 10_000) -> int:
    """Step until nothing is due: for tests, simulation and the command line."""
    done = 0
    while done < most and (taken := run_due(platform, now, limit=64)):
        done += taken
    return done


def run_job(platform: Runs, job: Job, worker: str) -> None:
    """One leased job to its end; a failure is recorded in a transaction of its own."""
    cause = Cause("job", job.kind)
    try:
        result = _call(platform, job, worker)
        platform.run(SYSTEM, lambda uow: _end(uow, job, worker, result), cause=cause)
    except Exception as error:  # noqa: BLE001  whatever it is, the worker lives and the job keeps its error
        log.warning("job %s %s, attempt %s: %r", job.id, job.kind, job.attempt, error)
        words = f"{type(error).__name__}: {error}"
        platform.run(SYSTEM, lambda uow: queue.fail(uow, job, worker, words), cause=cause)


def _call(platform: Runs, job: Job, worker: str) -> Any:
    """The outside half, under a full lease; a job that killed its worker each time is not tried again."""
    if job.attempt > queue.ATTEMPTS:
        raise Killed(attempts=queue.ATTEMPTS)
    kind = job_kinds.get(job.kind)
    if not kind.outside:
        return None
    if not platform.run(SYSTEM, lambda uow: queue.hold(uow.session, job, worker)):
        raise LeaseLost(job=job.id)
    return kind.call(job, platform.steps.services)


def recover(platform: Runs) -> int:
    """At start: what workers of this machine held that no longer live, and what ran out, is ready again."""

    def work(uow: UnitOfWork) -> int:
        dead = [one for one in queue.holders(uow.session) if _dead(one)]
        return queue.free(uow.session, dead) + queue.free_lost(uow.session)

    return platform.run(SYSTEM, work)


class Worker:
    """A thread that looks every second, and at once when the bell rings."""

    def __init__(self, platform: Runs) -> None:
        self._platform, self.name = platform, name()
        self._bell, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self.loop, name="worker", daemon=True)

    def ring(self) -> None:
        self._bell.set()

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """After the job in hand."""
        self._stop.set()
        self._bell.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def loop(self) -> None:
        """Until stopped; an error of the database is logged and tried again."""
        self._safely(lambda: recover(self._platform))
        while not self._stop.is_set():
            if not self._safely(lambda: run_due(self._platform, worker=self.name)):
                self._bell.wait(IDLE)
                self._bell.clear()

    def _safely(self, step: Callable[[], int]) -> int:
        try:
            return step()
        except Exception:  # the loop must outlive a busy or restarting database
            log.exception("the worker could not step")
            return 0


def _something(look: Look, now: int) -> bool:
    due = queue.next_due(look)
    return (due is not None and due <= now) or queue.has_lost(look.session)


def _take(uow: UnitOfWork, worker: str, now: int, limit: int) -> list[Job]:
    queue.free_lost(uow.session)
    return queue.claim(uow.session, worker, now=now, limit=limit)


def _end(uow: UnitOfWork, job: Job, worker: str, result: Any) -> None:
    """The row goes first, so that the handler may enqueue under the same key."""
    if queue.finish(uow.session, job, worker):
        job_kinds.get(job.kind).handle(uow, job, result)


def _dead(worker: str) -> bool:
    host, _, rest = worker.partition("/")
    pid = rest.partition("/")[0]
    if host != socket.gethostname() or not pid.isdigit() or sys.platform == "win32":
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
