"""Job `import`: a slice of an import at a time, so that nothing that is due waits for a large file."""

from typing import Any

import orjson

from engines.core.access import people
from engines.core.jobs import queue
from engines.core.jobs.base import Job, JobKind, Services, job_kinds
from engines.core.kernel.errors import AppError, Conflict
from engines.core.kernel.work import SYSTEM, UnitOfWork
from engines.core.records import imports

from .imports import Import

SLICE = 2.0
"""Seconds."""
KEPT_OPEN = 4
LANGUAGES = ("zh", "en")


def start(uow: UnitOfWork, number: int, what: str) -> None:
    """`what`: check, run or undo. Waits at most once for each import."""
    queue.enqueue(uow, "import", {"number": number, "what": what}, key=f"import:{number}", priority=5)


@job_kinds.register
class ImportJob(JobKind):
    type = "import"
    label = {"zh": "导入", "en": "Import"}
    icon = "upload"
    outside = True

    def __init__(self) -> None:
        self._open: dict[int, Import] = {}

    def call(self, job: Job, services: Services) -> Any:
        """True when there is more to do."""
        platform, number, what = services["platform"], job.payload["number"], job.payload["what"]
        try:
            found = self._found(platform, number)
            state = {"check": found.check, "run": found.run, "undo": found.undo}[what](SLICE)["state"]
        except Conflict:
            return False
        except AppError as error:
            _broken(platform, number, error)
            return False
        more = state in ("checking", "running", "undoing")
        if not more:
            self._open.pop(number, None)
        return more

    def handle(self, uow: UnitOfWork, job: Job, result: Any) -> None:
        if result:
            start(uow, job.payload["number"], job.payload["what"])

    def gave_up(self, uow: UnitOfWork, job: Job, error: str) -> None:
        words = {
            "zh": "处理时出错，已停下；重新导入这个文件",
            "en": "It broke on the way and stopped: import the file again",
        }
        imports.note(uow, job.payload["number"], state="broken", error=orjson.dumps(words).decode())

    def _found(self, platform: Any, number: int) -> Import:
        """The import with its file open, when this process had it in hand before."""
        found = self._open.get(number)
        if found is None or found.platform is not platform:
            while len(self._open) >= KEPT_OPEN:
                self._open.pop(next(iter(self._open)))
            found = self._open[number] = _of_its_actor(platform, number)
        return found


def _of_its_actor(platform: Any, number: int) -> Import:
    """It runs with the rights that whoever uploaded it has now."""
    actor = platform.look(SYSTEM, lambda look: people.by_id(look.session, imports.actor_of(look, number)))
    return Import(platform, actor or SYSTEM, number)


def _broken(platform: Any, number: int, error: AppError) -> None:
    told = orjson.dumps({language: error.say(language) for language in LANGUAGES}).decode()
    platform.run(SYSTEM, lambda uow: imports.note(uow, number, state="broken", error=told))
