"""People are given their tasks: who, what it is called, by when, and what follows if nobody acts."""

import orjson

from engines.core.actions.base import Context
from engines.core.actions.services import People
from engines.core.actions.texts import fill_label
from engines.core.actions.whom import people_of
from engines.core.jobs import duration
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import UnitOfWork
from engines.core.messages import notices

from . import store
from .assign import Assigned, assigned
from .compile import Flow
from .deadlines import plan
from .step import Token

FALLEN: Label = {
    "zh": "新待办（该办的人还没有，先交给你）：{title}",
    "en": "New task, yours because nobody is there who was meant: {title}",
}
NEW_TASK: Label = {"zh": "新待办：{title}", "en": "New task: {title}"}


def open_tasks(uow: UnitOfWork, flow: Flow, context: Context, token: Token, *, visit: int) -> str | None:
    """The tasks of a step that a token has reached; a port instead when nobody needs to be asked."""
    node = flow.nodes[token.node]
    who = assigned(uow, context, node["assign"], f"{flow.id}/{token.node}")
    if node["type"] == "approve" and node.get("same_as_starter", "self") != "self" and context.person in who.people:
        if node["same_as_starter"] == "skip":
            store.add_log(uow, _run(context), "passed", node=token.node, data={"why": "starter"})
            return "approve"
        who = _above(uow, context, who)
    _write(uow, flow, context, token, who, visit=visit)
    return None


def title_of(uow: UnitOfWork, flow: Flow, context: Context, node: Definition) -> Label:
    """What the task is called, in both languages."""
    return fill_label(uow, context, node.get("title") or node.get("label") or flow.label)


def tell(uow: UnitOfWork, flow: Flow, context: Context, node: Definition) -> list[int]:
    """A step that only informs."""
    people = people_of(uow, context, node["assign"])
    words = fill_label(uow, context, node.get("text") or node.get("label") or flow.label)
    notices.tell(uow, people, words, kind="note", app=context.app.id, form=flow.form, record=context.record)
    return people


def announce(uow: UnitOfWork, people: list[int], title: Label, task: store.Row, *, kind: str, words: Label) -> None:
    """A notice about a task; `words` may name {title}."""
    told = {language: words[language].format(title=title[language]) for language in title}
    notices.tell(
        uow, people, told, kind=kind, app=task["app"], form=task["form"] or "", record=task["record"], task=task["id"]
    )


def _above(uow: UnitOfWork, context: Context, who: Assigned) -> Assigned:
    """The starter's place is taken by their supervisor."""
    people: People = uow.service("people")
    above = people.supervisor_of(uow, context.person or 0)
    others = tuple(person for person in who.people if person != context.person)
    return Assigned((*others, above)) if above and above not in others else Assigned(others) if others else who


def _write(uow: UnitOfWork, flow: Flow, context: Context, token: Token, who: Assigned, *, visit: int) -> None:
    node = flow.nodes[token.node]
    title = title_of(uow, flow, context, node)
    due = uow.now + duration.micros(node["due"]) if "due" in node else None
    first = node.get("deadlines", [{}])[0].get("after") if node.get("deadlines") else None
    due = due if due is not None or first is None else uow.now + duration.micros(first)
    base = {
        "app": context.app.id,
        "instance": _run(context),
        "token": token.id,
        "node": token.node,
        "visit": visit,
        "kind": node["type"],
        "title": orjson.dumps(title).decode(),
        "form": flow.form or None,
        "record": context.record,
        "due_at": due,
        "state": "open",
    }
    data = {"people": list(who.people)} | ({"meant": _roles(context, node)} if who.fallback else {})
    store.add_log(uow, _run(context), "open", node=token.node, data=data)
    for row, people in _rows(uow, base, node, who):
        announce(uow, people, title, row, kind="task", words=FALLEN if who.fallback else NEW_TASK)
    plan(uow, _run(context), token, node)


def _roles(context: Context, node: Definition) -> list[Label]:
    """What the roles are called that nobody holds; none when it was not for a role."""
    named = {one["role"] for one in node["assign"] if "role" in one}
    return [role["label"] for role in context.app.parts("roles") if role["id"] in named]


def _rows(uow: UnitOfWork, base: store.Row, node: Definition, who: Assigned) -> list[tuple[store.Row, list[int]]]:
    """(task, whom to tell): one for all to claim, or one each; in sequence the later ones wait for their turn."""
    if node.get("claim") == "queue" and len(who.people) > 1:
        row = base | {"id": store.add_task(uow, base, who.people)}
        return [(row, list(who.people))]
    found = []
    for seq, person in enumerate(who.people):
        later = node.get("mode") == "seq" and seq > 0
        row = base | {"assignee": person, "owner": person, "seq": seq, "state": "queued" if later else "open"}
        found.append((row | {"id": store.add_task(uow, row)}, [] if later else [person]))
    return found


def _run(context: Context) -> int:
    return context.instance or 0
