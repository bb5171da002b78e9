"""What an action says about itself, and what it works on; an action is one file in types/."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition, Kind, Label
from engines.core.kernel.registry import Registry
from engines.core.kernel.work import Cause, UnitOfWork
from engines.core.records.source import Values

from . import told
from .services import AnyApp, AnyForm


class NoRecord(AppError):
    code = "no_record"
    words = {
        "zh": "动作「{action}」要用到一条记录，这里没有",
        "en": "The action '{action}' needs a record, and there is none here",
    }


@dataclass(frozen=True)
class Context:
    """`facts` are the record's stored values, `old` those before the change that set it off. `person`: on whose behalf.
    `root` and `depth`: the chain of flows that led here; `values`: what the flow keeps."""

    app: AnyApp
    cause: Cause
    form: AnyForm | None = None
    record: int | None = None
    facts: Values = field(default_factory=dict)
    old: Values | None = None
    person: int | None = None
    root: int | None = None
    depth: int = 0
    instance: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)

    def about(self, action: str) -> tuple[AnyForm, int]:
        """The form and the record; NoRecord when the action has none to work on."""
        if self.form is None or self.record is None:
            raise NoRecord(action=action)
        return self.form, self.record

    @property
    def source_id(self) -> str:
        """`<app>__<form>` of the record, "" without one."""
        return self.form.source.id if self.form is not None else ""


class Action(Kind):
    """`run` acts inside the transaction. A message out is written to the outbox there and sent after the commit, so no
    action ever waits for another program. `config` fields are the settings, flat in the definition beside `type`."""

    group: ClassVar[str] = "data"
    """Where the palette shows it: data, people, outside."""
    formulas: ClassVar[tuple[str, ...]] = ()
    """Settings that are formula text."""
    starter: ClassVar[Definition] = {}
    """Settings that a new one begins with, beyond those that can be guessed from the panel; must do on any form."""

    def run(self, uow: UnitOfWork, context: Context, settings: Definition) -> Mapping[str, Any]:
        """What it did, for the log and for later steps; plain JSON values."""
        return {}

    def line(self, settings: Definition, names: told.Names) -> Label:
        """What it does with these settings, in a few words for a card or a list."""
        return told.about(settings, names)

    def problems(self, settings: Definition) -> list[tuple[str, Label]]:
        """(path below the action, what is wrong and how to mend it) beyond the panel's own shape."""
        return []


action_types: Registry[Action] = Registry("action_type")
