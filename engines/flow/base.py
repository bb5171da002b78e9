"""What a step and a trigger say about themselves; a type is one file in nodes/ or triggers/."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from engines.core.actions.base import Context
from engines.core.actions.told import Names
from engines.core.kernel.kind import Definition, Kind, Label
from engines.core.kernel.registry import Registry
from engines.core.kernel.work import UnitOfWork
from engines.core.records.change import Change

if TYPE_CHECKING:
    from .compile import Flow
    from .step import Step, Token

START = "start"
"""The id that edges leaving the trigger name as their `from`."""
COMMON = ("id", "type", "label", "note")
"""What every step has beside the settings of its type."""


class Node(Kind):
    """A step. `enter` decides on a token that arrives: it asks the step to leave by a port, to wait, or to act; what it
    asks for is done by the engine afterwards. Nothing here reads a clock or a database."""

    waits: ClassVar[bool] = False
    """Whether it can hold a token for a while; a cycle needs one that does."""
    people: ClassVar[bool] = False
    """Whether somebody is given a task."""
    splits: ClassVar[bool] = False
    """Whether it has a condition or a branch on each edge instead of fixed ports."""
    group: ClassVar[str] = "more"
    """Where the menu of steps shows it: people, ways, actions or more."""
    meets: ClassVar[str] = ""
    """The type of step that comes along, where the ways out of this one meet again."""
    offered: ClassVar[bool] = True
    """Whether the menu has it; what comes along with another step it has not."""
    starter: ClassVar[Definition] = {}
    """Settings that a new step begins with; they must do on any form."""
    port_labels: ClassVar[dict[str, Label]] = {}
    """What the ways out are called."""

    def ports(self, settings: Definition) -> tuple[str, ...]:
        """The ways out, the usual one first; an edge without a port leaves by it. None: the flow ends here."""
        return ("",)

    def line(self, settings: Definition, names: Names) -> Label:
        """What it does with these settings, in one line for its card; nothing: the name of the type stands there."""
        return {}

    def enter(self, step: "Step", token: "Token", settings: Definition) -> None:
        """What happens when a token arrives."""
        step.leave(token, self.ports(settings)[0])

    def release(self, step: "Step", token: "Token", settings: Definition) -> None:
        """Whenever something moved while a token of this step waits for others of its fork."""

    def problems(self, flow: "Flow", settings: Definition) -> list[tuple[str, Label]]:
        """(path below the node, what is wrong) beyond the panel's own shape."""
        return []


@dataclass(frozen=True)
class Fired:
    """`key` makes the same trigger twice one run."""

    key: str


@dataclass(frozen=True)
class Watch:
    """One written change as triggers see it. `holds` evaluates a condition on it, with OLD and CHANGED."""

    uow: UnitOfWork
    change: Change
    context: Context
    holds: Callable[[str], bool]

    def passes(self, settings: Mapping[str, Any]) -> bool:
        """The trigger's own condition, `when`; none is always met."""
        when = settings.get("when")
        return not when or self.holds(when)

    def key(self, flow: "Flow") -> str:
        """One run for each version of a record."""
        return f"rec:{self.change.source.id}:{self.change.id}:{self.change.version}:{flow.id}"


class Trigger(Kind):
    """What starts a flow. `fires` meets each written change of the flow's form; the other two keep jobs in step."""

    on_records: ClassVar[bool] = True
    """Whether `fires` and `follow` have anything to do."""

    def fires(self, watch: Watch, flow: "Flow", settings: Definition) -> Fired | None:
        """The dedup key of a run that this change starts."""
        return None

    def follow(self, uow: UnitOfWork, change: Change, flow: "Flow", settings: Definition, context: Context) -> None:
        """Move what waits for this record, in the transaction that changed it."""

    def published(self, uow: UnitOfWork, flow: "Flow", settings: Definition, zone: str) -> None:
        """After this version of the flow went live."""


node_types: Registry[Node] = Registry("node_type")
trigger_types: Registry[Trigger] = Registry("trigger_type")
