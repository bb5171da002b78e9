"""Once a night: what has been kept long enough goes, a small batch at a time, so that no save waits for it."""

from typing import Any

from engines.core.database.retention import Kept, kept
from engines.core.jobs import queue
from engines.core.jobs.base import Job, JobKind, job_kinds
from engines.core.jobs.schedule import next_after
from engines.core.jobs.worker import Runs
from engines.core.kernel import clock
from engines.core.kernel.settings import Settings
from engines.core.kernel.work import SYSTEM, UnitOfWork
from engines.core.records import files, store

DAY = 86_400 * 1_000_000
NIGHT = {"rrule": "FREQ=DAILY", "time": "03:30"}


def plan(platform: Runs) -> None:
    """The next night, when it is not planned yet; for whoever starts a worker."""
    platform.run(SYSTEM, _plan)


def _plan(uow: UnitOfWork) -> None:
    zone = next((app.zone for app in uow.apps.all()), "UTC")
    queue.enqueue(uow, "tidy", run_at=next_after(NIGHT, zone, uow.now), key="tidy", priority=9)


@job_kinds.register
class Tidy(JobKind):
    """Plans the next night first, then one line of batches for each kind: one that fails stops no other."""

    type = "tidy"
    label = {"zh": "夜间整理", "en": "Nightly tidying"}
    icon = "clock"

    def handle(self, uow: UnitOfWork, job: Job, result: Any) -> None:
        _plan(uow)
        for one in kept:
            _batch(uow, one, None)


@job_kinds.register
class TidyBatch(JobKind):
    type = "tidy_batch"
    label = {"zh": "夜间整理的一批", "en": "A batch of the nightly tidying"}
    icon = "clock"
    examples = [({"what": "outbox", "after": None},)]

    def handle(self, uow: UnitOfWork, job: Job, result: Any) -> None:
        one = kept.get(job.payload["what"])
        settings: Settings = uow.service("settings")
        days = settings.keep.get(one.type, one.days)
        if not days:
            return
        left = one.prune(uow, min(uow.now, clock.wall()) - days * DAY, job.payload["after"])
        if left is not None:
            _batch(uow, one, left)


def _batch(uow: UnitOfWork, one: Kept, after: Any) -> None:
    payload = {"what": one.type, "after": after}
    queue.enqueue(uow, "tidy_batch", payload, key=f"tidy:{one.type}", replace=True, priority=9)


@kept.register
class Uploads(Kept):
    """Files that were uploaded and that no record holds."""

    type = "files"
    label = {"zh": "没有记录引用的文件", "en": "Files that no record holds"}
    days = 1

    def prune(self, uow: UnitOfWork, before: int, after: Any) -> Any:
        sources = [form.source for app in uow.apps.all() for form in app.forms.values()]
        folder = files.Folder(uow.service("platform").data / "files")
        return files.sweep(uow, sources, folder, before=before, after=after or 0)


@kept.register
class Binned(Kept):
    """Deleted records, for as long as somebody may want one back."""

    type = "bin"
    label = {"zh": "回收站里的记录", "en": "Records in the bin"}
    days = 30

    def prune(self, uow: UnitOfWork, before: int, after: Any) -> Any:
        forms = [form for app in uow.apps.all() for form in app.forms.values()]
        return True if sum(store.empty_bin(uow, form.source, before) for form in forms) else None
