"""Lets time pass for one run of a flow and tells what happened: the ordinary engine, with a clock that jumps."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import and_

from engines.core.jobs import queue, worker
from engines.core.jobs.worker import Runs
from engines.core.kernel import clock
from engines.core.kernel.errors import AppError, Invalid
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import SYSTEM, Actor, Look
from engines.core.messages import notices, outbox

from . import inbox, store, tasks
from .tables import task

MOST = 2000
"""Jumps of the clock; a flow that waits by the second does not keep us for ever."""


@dataclass(frozen=True)
class Act:
    """Somebody does something `after` microseconds: `do` is approve, reject, complete or claim; without `node` it is
    about their first open task. `spare`: values for fields that they would have to fill in and that are blank."""

    after: int
    person: int
    do: str = "complete"
    node: str = ""
    given: Definition = field(default_factory=dict)
    spare: Definition = field(default_factory=dict)


def play(workspace: Runs, run: int, *, start: int, until: int, acts: list[Act]) -> list[Definition]:
    """The timeline of a run that stands in a throw-away workspace: [{after_s, what, node, label, who, data}]."""
    todo, refused = sorted(acts, key=lambda act: act.after), []
    for now in _instants(workspace, start, start + until, todo):
        with clock.pretended(now):
            worker.drain(workspace, now)
            while todo and start + todo[0].after <= now:
                refused += _do(workspace, run, todo.pop(0), now)
                worker.drain(workspace, now)
    told = workspace.look(SYSTEM, lambda look: [*_log(look, run), *_notices(look), *_outbox(look), *refused])
    return [
        line | {"after_s": (line.pop("at") - start) // 1_000_000} for line in sorted(told, key=lambda one: one["at"])
    ]


def standing(workspace: Runs, run: int, *, start: int) -> Definition:
    """How the run stands after `play`: {state, tasks, next_s}; a task is {node, title, who, due_s, do}, `who` by id,
    `do` what they can do."""

    def read(look: Look) -> Definition:
        row = store.load_instance(look, run) or {"state": ""}
        due = queue.next_due(look) if row["state"] in store.LIVE else None
        found = store.inbox(look, [task.c.instance == run, task.c.state == "open"], [task.c.id], offset=0, limit=50)
        return {
            "state": row["state"],
            "tasks": [_waiting(look, one, start) for one in found],
            "next_s": None if due is None else max(0, due - start) // 1_000_000,
        }

    return workspace.look(SYSTEM, read)


def _waiting(look: Look, row: store.Row, start: int) -> Definition:
    who = [row["assignee"]] if row["assignee"] else store.candidates_of(look, row["id"])
    due = None if row["due_at"] is None else (row["due_at"] - start) // 1_000_000
    do = ["approve", "reject"] if row["kind"] == "approve" else ["complete"]
    return {"node": row["node"], "title": orjson.loads(row["title"]), "who": list(who), "due_s": due, "do": do}


def _instants(workspace: Runs, start: int, end: int, todo: list[Act]) -> Iterator[int]:
    """From one thing that is due to the next."""
    now = start
    for _ in range(MOST):
        yield now
        due = workspace.look(SYSTEM, queue.next_due)
        following = [instant for instant in (due, start + todo[0].after if todo else None) if instant is not None]
        if not following or min(following) > end:
            return
        now = max(now, min(following))


def _do(workspace: Runs, run: int, act: Act, now: int) -> list[Definition]:
    """What a person does; a refusal is part of the story."""

    def command(uow: Any) -> None:
        uow.actor = Actor(act.person)  # the throw-away workspace has no people of its own
        where = [task.c.instance == run, task.c.state == "open"]
        where += [task.c.node == act.node] if act.node else []
        mine = and_(*where)
        rows = store.inbox(uow, [mine], [task.c.id], offset=0, limit=50)
        meant = [row for row in rows if act.person in (row["assignee"], *store.candidates_of(uow, row["id"]))]
        if not meant:
            raise tasks.NotOpen(task=0)
        _settle(uow, act, meant[0]["id"])

    try:
        workspace.run(SYSTEM, command)
    except AppError as error:
        return [_line(now, "refused", node=act.node, who=act.person, data={"do": act.do, "why": _why(error)})]
    return []


def _settle(uow: Any, act: Act, number: int) -> None:
    decide = getattr(tasks, act.do)
    try:
        decide(uow, act.person, number, **act.given)
    except Invalid as blank:
        spare = {name: act.spare[name] for name in blank.problems if name in act.spare}
        if not spare:
            raise
        decide(uow, act.person, number, **act.given | {"values": act.given.get("values", {}) | spare})


def _why(error: AppError) -> Label:
    """In both languages; of a form that is not filled in, the fields."""
    fields = "、".join(error.problems) if isinstance(error, Invalid) else ""
    return {lang: f"{error.say(lang)}{': ' + fields if fields else ''}" for lang in ("zh", "en")}


def _log(look: Any, run: int) -> list[Definition]:
    return [
        _line(
            line["at"], line["what"], node=line["node"] or "", label=line["label"], who=line["actor"], data=line["data"]
        )
        for line in inbox.history(look, run)
    ]


def _notices(look: Any) -> list[Definition]:
    found = notices.everybodys(look)
    return [_line(one["at"], "notice", who=one["person"], data={"text": one["text"]}) for one in found]


def _outbox(look: Any) -> list[Definition]:
    found = outbox.listed(look, limit=500)
    return [_line(m["at"], "message", data={n: m[n] for n in ("channel", "to", "subject", "body")}) for m in found]


def _line(at: int, what: str, *, node: str = "", label: Any = None, who: Any = None, data: Any = None) -> Definition:
    return {"at": at, "what": what, "node": node, "label": label, "who": who, "data": data or {}}
