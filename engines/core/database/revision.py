"""What a change of the platform's own tables says about itself; each is one module in `revisions/`."""

from typing import ClassVar

from engines.core.kernel.kind import Kind
from engines.core.kernel.registry import Registry

from .statements import Session


class Revision(Kind):
    """`type` is its number, four digits, without a gap; once released it is never changed. It speaks plain DDL and SQL
    and imports no declared table: those have moved on when it runs again years later."""

    icon: ClassVar[str] = "database"
    additive: ClassVar[bool] = False
    """It only adds what may be empty: an older backup needs nothing done to its rows."""

    def up(self, session: Session) -> None:
        """From the number before to this one; inside the transaction of the whole upgrade."""


revisions: Registry[Revision] = Registry("revision")
FIRST = 1
"""The tables of the first release; folders from before it count as this."""


def rows_fit(number: int) -> bool:
    """Whether rows of these tables can be put into this program's as they are."""
    return number <= newest() and all(one.additive for one in revisions if int(one.type) > number)


def newest() -> int:
    """What this program's tables are."""
    return max((int(one.type) for one in revisions), default=FIRST)
