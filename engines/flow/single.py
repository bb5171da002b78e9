"""Tasks that somebody or an action makes one by one: in an app all of them run one stored flow of one step, and what
is each one's own (title, people, deadline) stands with its run."""

from dataclasses import replace

from engines.core.kernel.kind import Definition

from .base import START
from .compile import Flow

TASK = "_task"
"""The id of the one-step flow behind a task that was made by itself."""
STEP = "task"
KEPT = ("assign", "fields", "due", "deadlines", "title")
SHARED: Definition = {
    "id": TASK,
    "label": {"zh": "待办", "en": "Task"},
    "trigger": {"type": "button"},
    "nodes": [
        {"id": STEP, "type": "handle", "label": {"zh": "办理", "en": "Do"}, "assign": [{"admin": True}]},
        {"id": "end", "type": "end", "label": {"zh": "结束", "en": "End"}},
    ],
    "edges": [{"id": "a", "from": START, "to": STEP}, {"id": "b", "from": STEP, "to": "end"}],
}


def own_of(settings: Definition) -> Definition:
    """What a run keeps of the settings of `create_task`."""
    kept = {name: settings[name] for name in KEPT if name in settings}
    return kept | ({"help": settings["note"]} if "note" in settings else {})


def single(shared: Flow, form: str, own: Definition) -> Flow:
    """The shared flow as one run has it; its hash stays the shared one's."""
    step, *rest = shared.definition["nodes"]
    label = own["title"]
    whole = shared.definition | {"form": form, "label": label, "nodes": [step | {"label": label} | own, *rest]}
    return replace(shared, definition=whole, own=own, notes={})
