"""A record on its way into the database: settled in memory, then written once."""

from dataclasses import dataclass, field
from typing import Any

from engines.core.kernel.work import Cause

from .source import Source, Values


@dataclass(eq=False)
class Change:
    """`facts` are the record's stored values as they will be; `old` what they replace. `id` is None until a new record
    is written. `what`: create, update, delete, restore, touch (computed values only)."""

    source: Source
    facts: Values
    what: str = "create"
    id: int | None = None
    version: int = 0
    old: Values = field(default_factory=dict)
    causes: dict[str, Cause] = field(default_factory=dict)
    """By field, and `tags.vip` for one value of several."""
    givers: dict[str, dict[Any, str]] = field(default_factory=dict)
    """Who gave each value of a link field: `person:7`, `rule:vip`."""
    chain: tuple[int, int] | None = None
    """The flow run at the head of the chain that led here, and how long the chain is."""
    fence: Any = None
    """What its writer may leave behind; asked once while it settles, None for any record."""

    @property
    def key(self) -> tuple[str, int | None]:
        return self.source.id, self.id

    @property
    def changed(self) -> frozenset[str]:
        """Fields whose value differs from what is stored; all that hold something, for a new record."""
        if self.what == "create":
            return frozenset(n for n, value in self.facts.items() if value not in (None, ()))
        return frozenset(self.old)

    @property
    def alive(self) -> bool:
        return self.what != "delete"

    def before(self, name: str) -> Any:
        """The stored value of a field before this change."""
        return self.old.get(name, None if self.what == "create" else self.facts.get(name))

    def set(self, values: Values, *, cause: Cause | None = None, giver: str = "") -> bool:
        """A write that changes nothing is no write; a value that comes back to what is stored is forgotten."""
        moved = [name for name, value in values.items() if self.facts.get(name) != value]
        for name in moved:
            self._set(name, values[name], giver)
        for name in values if cause else ():
            if name in self.old or self.what == "create":
                self.causes[name] = cause  # type: ignore[assignment]  # the loop is empty without a cause
        return bool(moved)

    def _set(self, name: str, value: Any, giver: str) -> None:
        if self.what != "create":
            stored = self.old.setdefault(name, self.facts.get(name))
            if stored == value:
                del self.old[name]
        if name in self.source.links and giver:
            known = self.givers.setdefault(name, {})
            known.update({one: giver for one in value if one not in (self.facts.get(name) or ())})
        self.facts[name] = value
