"""What a kind of job says about itself; everything that must happen later is one row of dg_job."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engines.core.kernel.kind import Kind
from engines.core.kernel.registry import Registry
from engines.core.kernel.work import UnitOfWork

Services = Mapping[str, Any]


@dataclass(frozen=True)
class Job:
    """One leased job. `attempt` counts from 1. `late` is how many microseconds after its due time it runs."""

    id: int
    kind: str
    run_at: int
    attempt: int
    subject: str
    payload: dict[str, Any]
    late: int

    @property
    def key(self) -> str:
        """The same over every retry, and never another job's: what an outside call is recognised by."""
        return f"job-{self.id}"


class JobKind(Kind):
    """A job inside the database is done by `handle` alone, in one unit of work with its own end. One that reaches
    outside (`outside=True`) has `call` between two commits: it may happen twice, with the same key."""

    outside: ClassVar[bool] = False

    def call(self, job: Job, services: Services) -> Any:
        """The outside half: no database. What it returns reaches `handle`; what it raises is a failed attempt."""
        return None

    def handle(self, uow: UnitOfWork, job: Job, result: Any) -> None:
        """The inside half; the job is gone when this commits. `result` is what `call` returned."""

    def gave_up(self, uow: UnitOfWork, job: Job, error: str) -> None:
        """After the last attempt, in the transaction that marks the job dead."""


job_kinds: Registry[JobKind] = Registry("job_kind")
