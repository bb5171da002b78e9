"""What follows when nobody acts in time: remind, escalate to the supervisor, decide, or take another way."""

from typing import TYPE_CHECKING, Any

import orjson

from engines.core.jobs import duration, queue
from engines.core.jobs.base import Job
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import UnitOfWork
from engines.core.messages import notices

from . import store
from .assign import assigned
from .step import Signal, Token
from .timing import late_by

if TYPE_CHECKING:
    from .run import Run

REMIND: Label = {"zh": "别忘了：{title}{late}", "en": "Do not forget: {title}{late}"}
ESCALATED: Label = {"zh": "超时升级给你：{title}{late}", "en": "Overdue, now with you: {title}{late}"}
RAISED: Label = {"zh": "已超时，升级给 {who}：{title}{late}", "en": "Overdue, now with {who}: {title}{late}"}
LATE: Label = {"zh": "（提醒晚了 {long}）", "en": " (this notice is {long} late)"}
UNITS: list[tuple[int, Label]] = [
    (2 * 1440, {"zh": "{n} 天", "en": "{n} d"}),
    (2 * 60, {"zh": "{n} 小时", "en": "{n} h"}),
    (1, {"zh": "{n} 分钟", "en": "{n} min"}),
]
"""From how many minutes on a unit is used."""


def subject(token: int) -> str:
    """Jobs that wait for a token go with it."""
    return f"token:{token}"


def plan(uow: UnitOfWork, run: int, token: Token, node: Definition) -> None:
    """A job for each deadline of a step."""
    for n, deadline in enumerate(node.get("deadlines", [])):
        _enqueue(uow, run, token.id, n, uow.now + duration.micros(deadline["after"]), 1)


def meet(run: "Run", token: Token, job: Job) -> Signal | None:
    """A deadline has come while the step still waits; a signal when it ends the step."""
    number, due, count = job.payload["deadline"], job.payload["due"], job.payload["count"]
    deadlines = run.flow.nodes[token.node].get("deadlines", [])
    open_tasks = [task for task in store.tasks_of_token(run.uow, token.id) if task["state"] in store.WAITING]
    if number >= len(deadlines) or not open_tasks:
        return None
    deadline, late = deadlines[number], late_by(due, run.uow.now)
    store.add_log(run.uow, run.id, "due", node=token.node, data={"do": deadline["do"], "count": count, **late})
    signal: Signal | None = ACTS[deadline["do"]](run, token, deadline, open_tasks, late)
    if signal is None and "repeat" in deadline and count < deadline.get("max", 3):
        _enqueue(run.uow, run.id, token.id, number, due + duration.micros(deadline["repeat"]), count + 1)
    return signal


def words_late(late: dict[str, int]) -> Label:
    """What a notice adds when it could not be given in time."""
    minutes = late.get("late_s", 0) // 60
    for least, unit in UNITS:
        if minutes >= least:
            n = minutes // max(1, least // 2)
            return {language: text.format(long=unit[language].format(n=n)) for language, text in LATE.items()}
    return dict.fromkeys(LATE, "")


def _enqueue(uow: UnitOfWork, run: int, token: int, number: int, due: int, count: int) -> None:
    payload = {"run": run, "token": token, "deadline": number, "due": due, "count": count}
    queue.enqueue(uow, "flow_deadline", payload, run_at=due, subject=subject(token))


def _remind(run: "Run", token: Token, deadline: Definition, tasks: list[store.Row], late: dict[str, int]) -> None:
    for task in tasks:
        people = [task["assignee"]] if task["assignee"] else store.candidates_of(run.uow, task["id"])
        _tell(run, task, people, REMIND, late, kind="remind")
        store.change_task(run.uow, task, {"reminded_at": run.uow.now})


def _escalate(run: "Run", token: Token, deadline: Definition, tasks: list[store.Row], late: dict[str, int]) -> None:
    """`add`: the supervisor has it too; `replace`: it moves. Nobody above: an administrator."""
    to = deadline.get("to") or [{"supervisor": "assignee"}]
    context, place = run.context(), f"{run.flow.id}/{token.node}/escalate"
    already = {task["assignee"] for task in tasks}
    for task in tasks:
        above = assigned(run.uow, context, to, place, assignee=task["assignee"]).people
        below = [task["assignee"]] if task["assignee"] else []
        raise_to = [person for person in above if person not in already]
        already |= set(raise_to)
        if deadline.get("mode") == "replace" and raise_to:
            store.change_task(run.uow, task, {"assignee": raise_to[0], "escalated_at": run.uow.now})
            reached = {raise_to[0]: task["id"]}
        else:
            store.change_task(run.uow, task, {"escalated_at": run.uow.now})
            reached = {person: _beside(run, task, person) for person in raise_to}
        _announce(run, task, below, reached, late)
        data = {"task": task["id"], "from": below, "to": list(reached), "mode": deadline.get("mode", "add")}
        store.add_log(run.uow, run.id, "escalated", node=token.node, data=data)


def _beside(run: "Run", task: store.Row, person: int) -> int:
    """A second task for somebody above, whose word alone decides."""
    kept = ("app", "instance", "token", "node", "visit", "kind", "title", "form", "record", "due_at")
    row = {name: task[name] for name in kept} | {"assignee": person, "owner": person, "extra": 1, "seq": 99}
    return store.add_task(run.uow, row | {"state": "open", "escalated_at": run.uow.now})


def _announce(run: "Run", task: store.Row, below: list[int], reached: dict[int, int], late: dict[str, int]) -> None:
    for person, number in reached.items():
        _tell(run, task | {"id": number}, [person], ESCALATED, late, kind="escalate")
    if reached:
        names = "、".join(run.people.name(run.uow, person) for person in reached)
        _tell(run, task, below, RAISED, late, kind="escalate", who=names)


def _tell(
    run: "Run", task: store.Row, people: list[int], words: Label, late: dict[str, int], *, kind: str, who: str = ""
) -> None:
    title, added = orjson.loads(task["title"]), words_late(late)
    told = {lang: text.format(title=title.get(lang, ""), late=added[lang], who=who) for lang, text in words.items()}
    notices.tell(
        run.uow, people, told, kind=kind, app=task["app"], form=task["form"] or "", record=task["record"],
        task=task["id"],
    )  # fmt: skip


def _decide(port: str) -> Any:
    def act(run: "Run", token: Token, deadline: Definition, tasks: list[store.Row], late: dict[str, int]) -> Signal:
        store.close_tasks(run.uow, state="expired", token_id=token.id)
        return Signal("leave", token.id, port, {token.node: port})

    return act


def _edge(run: "Run", token: Token, deadline: Definition, tasks: list[store.Row], late: dict[str, int]) -> Signal:
    store.close_tasks(run.uow, state="expired", token_id=token.id)
    port = deadline.get("port", "late")
    return Signal("leave", token.id, port, {token.node: port})


ACTS: dict[str, Any] = {
    "remind": _remind,
    "escalate": _escalate,
    "approve": _decide("approve"),
    "reject": _decide("reject"),
    "edge": _edge,
}
