"""What people do with their tasks: each operation is one transaction, and says who was quicker when somebody was."""

from typing import Any

import orjson

from engines.core.actions.services import People, Records
from engines.core.jobs import queue, schedule
from engines.core.kernel.errors import AppError, Conflict, Forbidden, Invalid, NotFound, Rejected
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look, UnitOfWork

from . import store
from .deadlines import subject
from .engine import Flows
from .opening import NEW_TASK, announce
from .run import Run
from .step import INCIDENT, RUNNING, Signal
from .votes import Vote, decided

REMINDER: Label = {"zh": "有人催你办：{title}", "en": "Somebody asks for this: {title}"}
HANDED: Label = {"zh": "转交给你：{title}", "en": "Handed to you: {title}"}
HOUR = 3600 * 1_000_000
DONE_WORDS = {
    "approve": {"zh": "同意了", "en": "approved"},
    "reject": {"zh": "不同意", "en": "rejected"},
    "done": {"zh": "办完了", "en": "finished"},
}


class AlreadyDone(Conflict):
    code = "task_done"
    words = {"zh": "{who} 已在 {at} {did_zh}", "en": "{who} already {did_en} this at {at}"}


class NotOpen(Conflict):
    code = "task_not_open"
    words = {
        "zh": "这件待办已经不用办了：流程走到别处了，或别人先办了",
        "en": "This task is no longer needed: the flow moved on, or somebody else did it",
    }


class Taken(Conflict):
    code = "task_taken"
    words = {"zh": "{who} 已经领走了", "en": "{who} has claimed this already"}


class RemindedLately(AppError):
    code = "reminded_lately"
    words = {"zh": "一小时内已经催过了", "en": "This was asked for within the last hour"}


class HasItAlready(AppError):
    code = "has_it_already"
    words = {"zh": "{who} 在这一步已有一件待办", "en": "{who} has a task at this step already"}


class Gone(AppError):
    code = "person_gone"
    words = {"zh": "{who} 已停用，交给别人吧", "en": "{who} is no longer active: choose somebody else"}


# ---- deciding


def approve(uow: UnitOfWork, person: int, task: int, **given: Any) -> str | None:
    """Yes. `comment`, `values` of the fields the step lets them change, `rev` as seen. The step's result when this
    settled it, else None."""
    return _act(uow, person, task, "approve", **given)


def reject(uow: UnitOfWork, person: int, task: int, **given: Any) -> str | None:
    """No; like `approve`."""
    return _act(uow, person, task, "reject", **given)


def complete(uow: UnitOfWork, person: int, task: int, **given: Any) -> str | None:
    """Done; like `approve`. Invalid names each required field that is missing."""
    return _act(uow, person, task, "done", **given)


def _act(
    uow: UnitOfWork, person: int, number: int, outcome: str, *, values: Definition | None = None, comment: str = "",
    rev: int | None = None,
) -> str | None:  # fmt: skip
    run, task = _held(uow, number, person, rev)
    if (task["kind"] == "approve") == (outcome == "done"):
        raise NotFound(task=number)
    _fill(run, task, outcome, values or {})
    said = {"state": "done", "outcome": outcome, "comment": comment or None, "acted_by": person, "acted_at": uow.now}
    if not store.change_task(uow, task, said | {"assignee": person}):
        raise NotOpen(task=number)
    data = {"task": number, "outcome": outcome} | ({"comment": comment} if comment else {})
    store.add_log(uow, run.id, outcome, node=task["node"], data=data)
    return _settle(run, task)


def _settle(run: Run, task: store.Row) -> str | None:
    """Does this decide the step? If so the others need not act, and the run goes on."""
    node, uow = run.flow.nodes[task["node"]], run.uow
    rows = _beside(uow, task)
    result = decided(node.get("mode", "any"), [_vote(row) for row in rows], ratio=node.get("ratio", 0.5))
    if result is None:
        _next_in_turn(run, node, rows)
        return None
    queue.cancel(uow, subject=subject(task["token"]))
    store.close_tasks(uow, state="skipped", token_id=task["token"])
    port = "done" if task["kind"] == "handle" else result
    run.move(Signal("leave", task["token"], port, {task["node"]: port}))
    return port


def _vote(row: store.Row) -> Vote:
    """Whoever did a task said yes."""
    return Vote(row["state"], "approve" if row["outcome"] == "done" else row["outcome"], bool(row["extra"]))


def _next_in_turn(run: Run, node: Definition, rows: list[store.Row]) -> None:
    """In sequence, the next task opens when nobody has one open."""
    waiting = [row for row in rows if row["state"] == "queued"]
    if waiting and not any(row["state"] == "open" and not row["extra"] for row in rows):
        store.change_task(run.uow, waiting[0], {"state": "open", "created_at": run.uow.now})
        title = orjson.loads(waiting[0]["title"])
        announce(run.uow, [waiting[0]["assignee"]], title, waiting[0], kind="task", words=NEW_TASK)


def _fill(run: Run, task: store.Row, outcome: str, values: Definition) -> None:
    """Values go through the form's door; only fields that the step opens, and what it requires must be there."""
    node = run.flow.nodes[task["node"]]
    allowed = {*node.get("fields", ()), *node.get("required", ())}
    problems = {name: Rejected("read_only") for name in values if name not in allowed}
    if outcome == "done":
        facts = run.context().facts
        for name in node.get("required", ()):
            if values.get(name, facts.get(name)) in (None, "", (), []):
                problems[name] = Rejected("required")
    if problems:
        raise Invalid(problems)
    if values and run.row["record"] is not None:
        records: Records = run.uow.service("records")
        records.change(run.uow, run.app.form(run.flow.form), run.row["record"], values)
        run.uow.settle()
        run.forget()


# ---- who has it


def claim(uow: UnitOfWork, person: int, number: int) -> None:
    """Out of the queue into one's own hands; Taken says by whom when somebody was quicker."""
    _run, task = _open(uow, number)
    if person not in store.candidates_of(uow, number):
        raise Forbidden(action="claim")
    if not store.claim_task(uow, number, person):
        raise Taken(who=_name(uow, task["assignee"]))
    store.add_log(uow, task["instance"], "claimed", node=task["node"], data={"task": number})


def unclaim(uow: UnitOfWork, person: int, number: int) -> None:
    """Back into the queue."""
    _run, task = _held(uow, number, person)
    if not store.candidates_of(uow, number):
        raise Forbidden(action="unclaim")
    store.change_task(uow, task, {"assignee": None})
    store.add_log(uow, task["instance"], "unclaimed", node=task["node"], data={"task": number})


def transfer(uow: UnitOfWork, person: int, number: int, to: int, *, comment: str = "", rev: int | None = None) -> None:
    """To somebody else, who is told; the first owner stays known. HasItAlready, Gone."""
    run, task = _held(uow, number, person, rev)
    if not run.people.active(uow, to):
        raise Gone(who=_name(uow, to))
    rows = _beside(uow, task)
    if any(row["assignee"] == to and row["state"] in store.WAITING for row in rows):
        raise HasItAlready(who=_name(uow, to))
    if not store.change_task(uow, task, {"assignee": to, "owner": task["owner"] or person}):
        raise NotOpen(task=number)
    data = {"task": number, "from": person, "to": to} | ({"comment": comment} if comment else {})
    store.add_log(uow, run.id, "transferred", node=task["node"], data=data)
    announce(uow, [to], orjson.loads(task["title"]), task, kind="task", words=HANDED)


def remind(uow: UnitOfWork, person: int, number: int) -> None:
    """Somebody waits for this; once an hour."""
    _run, task = _open(uow, number)
    if task["reminded_at"] and uow.now - task["reminded_at"] < HOUR:
        raise RemindedLately(task=number)
    store.change_task(uow, task, {"reminded_at": uow.now})
    people = [task["assignee"]] if task["assignee"] else store.candidates_of(uow, number)
    announce(uow, people, orjson.loads(task["title"]), task, kind="remind", words=REMINDER)
    store.add_log(uow, task["instance"], "reminded", node=task["node"], data={"task": number, "by": person})


def comment(uow: UnitOfWork, person: int, number: int, text: str) -> None:
    """A word into the run's history; the task stays as it is."""
    task = store.load_task(uow, number)
    if task is None:
        raise NotFound(task=number)
    data = {"task": number, "comment": text[:2000], "by": person}
    store.add_log(uow, task["instance"], "comment", node=task["node"], data=data)


def person_left(uow: UnitOfWork, person: int) -> int:
    """Whoever leaves hands all open tasks to their supervisor, else to an administrator; how many they were."""
    from .assign import last_resort

    people: People = uow.service("people")
    rows = store.open_tasks_of(uow, person)
    above = people.supervisor_of(uow, person)
    heir = above if above and people.active(uow, above) else last_resort(uow)[0]
    for task in rows:
        store.change_task(uow, task, {"assignee": heir})
        data = {"task": task["id"], "from": person, "to": heir, "why": "left"}
        store.add_log(uow, task["instance"], "transferred", node=task["node"], data=data)
        announce(uow, [heir], orjson.loads(task["title"]), task, kind="task", words=HANDED)
    return len(rows)


# ---- holding


def _open(uow: UnitOfWork, number: int) -> tuple[Run, store.Row]:
    """The run first, then the task: the order of locks is always the same. Conflict when there is nothing to do."""
    task = store.load_task(uow, number)
    if task is None:
        raise NotFound(task=number)
    flows: Flows = uow.service("flows")
    run = flows.load(uow, task["instance"])
    task = store.load_task(uow, number) or task
    if task["state"] == "done":
        raise _already(uow, run, task)
    if task["state"] not in store.WAITING or run.row["state"] not in (RUNNING, INCIDENT):
        raise _beaten(uow, run, task)
    return run, task


def _held(uow: UnitOfWork, number: int, person: int, rev: int | None = None) -> tuple[Run, store.Row]:
    """A task that this person may act on: theirs, or one they may claim."""
    run, task = _open(uow, number)
    free = task["assignee"] is None and person in store.candidates_of(uow, number)
    if task["assignee"] != person and not free:
        if task["assignee"] is not None and person in store.candidates_of(uow, number):
            raise Taken(who=_name(uow, task["assignee"]))
        raise NotFound(task=number)
    if task["state"] != "open" or (rev is not None and rev != task["rev"]):
        raise NotOpen(task=number)
    return run, task


def _beside(uow: UnitOfWork, task: store.Row) -> list[store.Row]:
    """The tasks of the same step and the same time it was come to, this one too."""
    return [row for row in store.tasks_of_token(uow, task["token"]) if row["visit"] == task["visit"]]


def _beaten(uow: UnitOfWork, run: Run, task: store.Row) -> AppError:
    """Somebody else's word closed this task: say whose, if it was a person's."""
    for row in _beside(uow, task):
        if row["state"] == "done" and row["acted_at"] == task["acted_at"]:
            return _already(uow, run, row)
    return NotOpen(task=task["id"])


def _already(look: Look, run: Run, task: store.Row) -> AlreadyDone:
    at = schedule.to_local(task["acted_at"], run.app.zone)
    did = DONE_WORDS[task["outcome"]]
    said = {f"did_{language}": words for language, words in did.items()}
    return AlreadyDone(who=_name(look, task["acted_by"]), at=f"{at:%H:%M}", task=task["id"], **said)


def _name(look: Look, person: int | None) -> str:
    steps = getattr(look, "steps", None)
    people: People | None = steps.services.get("people") if steps else None
    return people.name(look, person) if people and person else str(person or "")
