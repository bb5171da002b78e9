"""The inbox, the history of a run and what an administrator sees: reading only, for pages and the API."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, case, func, or_, select

from engines.core.jobs import incidents
from engines.core.kernel.errors import NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.core.records import query

from . import store
from .single import TASK
from .tables import candidate, instance, task
from .versions import of_run

HOUR = 3600 * 1_000_000
WHICH = ("todo", "done", "started")
CLOSED = ("done", "skipped", "expired", "cancelled")
AHEAD = 6


@dataclass(frozen=True)
class Page:
    """`next` is the number of the following page, None at the end."""

    rows: list[Definition]
    next: int | None


def inbox(
    look: Look, person: int, which: str = "todo", *, app: str = "", form: str = "", q: str = "", page: int = 0,
    limit: int = 50,
) -> Page:  # fmt: skip
    """Tasks as cards, `q` in their titles. todo: theirs and those they may claim, the most urgent first; done: what
    they did; started: open tasks of runs they started. A card: {id, rev, kind, app, form, record, record_title,
    title, flow, node, due_at, urgency, escalated, assignee, claimable, created_at, state, outcome, run}; `urgency`:
    overdue, soon (4 hours), today (24 hours), later, none."""
    where = [*_whose(person, which), *([task.c.app == app] if app else []), *([task.c.form == form] if form else [])]
    where += [titled(q)] if q else []
    return paged(look, where, _order(which), page, limit)


def paged(
    look: Look, where: list[ColumnElement[bool]], order: list[ColumnElement[Any]], page: int, limit: int
) -> Page:  # fmt: skip
    """A page of cards under any condition."""
    rows = store.inbox(look, where, order, offset=page * limit, limit=limit + 1)
    cards = [_card(look, row) for row in rows[:limit]]
    _add_titles(look, cards)
    return Page(cards, page + 1 if len(rows) > limit else None)


def titled(q: str) -> ColumnElement[bool]:
    """Tasks whose title holds a text, in either language."""
    return task.c.title.icontains(q, autoescape=True)


def mark(look: Look, person: int, which: str = "todo") -> str:
    """Something short that changes whenever a list of this kind would look different: one statement, for whoever asks
    again and again."""
    late = func.sum(case((task.c.due_at < look.now, 1), else_=0))
    found = store.figures(look, [func.count(), func.max(task.c.id), func.sum(task.c.rev), late], _whose(person, which))
    return ".".join(str(n or 0) for n in found)


def waiting(look: Look, person: int) -> int:
    """How much there is to do: one count, for the badge of every page."""
    return store.count(look, _whose(person, "todo"))


def counts(look: Look, person: int) -> dict[str, int]:
    """{todo, overdue, claimable}: for the badge."""
    mine = _whose(person, "todo")
    overdue = [*mine, task.c.due_at < look.now]
    free = [*mine, task.c.assignee.is_(None)]
    return {
        "todo": store.count(look, mine),
        "overdue": store.count(look, overdue),
        "claimable": store.count(look, free),
    }


def one(look: Look, person: int, number: int, *, over: Collection[int] | None = ()) -> Definition:
    """A task's card with `help`, `fields`, `required`, `deadlines`, the `actions` this person may take, the run's
    `history` and the steps `ahead`; NotFound when it is neither theirs nor theirs to claim, nor part of a run they
    started or acted in, nor a task of somebody they are `over` (None: of anybody)."""
    rows = store.inbox(look, [task.c.id == number], [task.c.id], offset=0, limit=1)
    if not rows or not (_concerned(look, rows[0], person) or _below(look, rows[0], over)):
        raise NotFound(task=number)
    row, card = rows[0], _card(look, rows[0])
    _add_titles(look, [card])
    node = of_run(look, row).nodes.get(row["node"], {})
    return card | {
        "help": node.get("help"),
        "fields": [*node.get("fields", ())],
        "required": [*node.get("required", ())],
        "deadlines": [*node.get("deadlines", ())],
        "node_label": node.get("label"),
        "ahead": ahead(look, row["instance"]),
        "actions": _actions(look, row, person),
        "history": history(look, row["instance"]),
    }


def history(look: Look, run: int) -> list[Definition]:
    """What happened in a run, oldest first: {at, what, node, label, actor, data}."""
    row = store.load_instance(look, run)
    if row is None:
        raise NotFound(run=run)
    nodes = of_run(look, row).nodes
    return [line | {"label": nodes.get(line["node"] or "", {}).get("label")} for line in store.log_of(look, run)]


def ahead(look: Look, run: int) -> list[Definition]:
    """The steps that follow where a run stands, up to the next fork in the road: [{node, type, label}]."""
    row, tokens = store.load_instance(look, run), store.tokens_of(look, run)
    if row is None or row["state"] not in store.LIVE or not tokens:
        return []
    flow, at, found = of_run(look, row), tokens[-1].node, list[Definition]()
    while len(found) < AHEAD and len(edges := flow.out.get(at, [])) > 0:
        at = str(edges[0]["to"])
        found.append({"node": at, "type": flow.nodes[at]["type"], "label": flow.nodes[at].get("label")})
        if len(flow.out.get(at, [])) > 1 or found.count(found[-1]) > 1:
            break
    return found


def live_on(look: Look, app: str, form: str, record: int) -> list[Definition]:
    """Runs on a record that have not ended, newest first, each with its open tasks as cards."""
    found = []
    for number in reversed(store.live_of_record(look, app, form, record)):
        row = store.load_instance(look, number)
        rows = store.inbox(look, [task.c.instance == number, task.c.state == "open"], [task.c.id], offset=0, limit=50)
        found += [_run(look, row) | {"tasks": [_card(look, one) for one in rows]}] if row else []
    return found


def of_record(look: Look, app: str, form: str, record: int) -> list[Definition]:
    """Runs on a record, newest first, each with its open tasks as cards."""
    found = []
    for row in store.instances(look, app=app, form=form, record=record):
        where = [task.c.instance == row["id"], task.c.state == "open"]
        rows = store.inbox(look, where, [task.c.id], offset=0, limit=50)
        found.append(_run(look, row) | {"tasks": [_card(look, one) for one in rows]})
    return found


def runs(
    look: Look, app: str = "", *, flow: str = "", state: str = "", before: int | None = None, limit: int = 50
) -> list[Definition]:
    """Runs of an app, or of all, newest first: {id, flow, label, state, form, record, starter, cause, started_at,
    ended_at} and `at`, the steps each stands at: [{node, state, label}]."""
    return [
        _run(look, row) for row in store.instances(look, app=app, flow=flow, state=state, before=before, limit=limit)
    ]


def run(look: Look, number: int) -> Definition:
    """One run with its `history`, `tasks` and `incidents`."""
    row = store.load_instance(look, number)
    if row is None:
        raise NotFound(run=number)
    rows = store.inbox(look, [task.c.instance == number], [task.c.id], offset=0, limit=200)
    return _run(look, row) | {
        "history": history(look, number),
        "tasks": [_card(look, one) for one in rows],
        "incidents": incidents.of_instance(look, number),
    }


def _whose(person: int, which: str) -> list[ColumnElement[bool]]:
    if which == "done":
        return [task.c.acted_by == person, task.c.state == "done"]
    if which == "started":
        return [instance.c.starter == person, task.c.state == "open"]
    mine = select(candidate.c.task).where(candidate.c.person == person)
    free = (task.c.assignee.is_(None)) & task.c.id.in_(mine)
    return [task.c.state == "open", or_(task.c.assignee == person, free)]


def _order(which: str) -> list[ColumnElement[Any]]:
    if which == "done":
        return [task.c.acted_at.desc(), task.c.id.desc()]
    return [task.c.due_at.asc().nulls_last(), task.c.id.asc()]


def _card(look: Look, row: store.Row) -> Definition:
    flow = of_run(look, row)
    kept = (
        "id", "rev", "kind", "app", "form", "record", "node", "due_at", "assignee", "created_at", "state", "outcome",
        "comment", "acted_at", "acted_by",
    )  # fmt: skip
    return {name: row[name] for name in kept} | {
        "title": orjson.loads(row["title"]),
        "flow": None if row["flow"] == TASK else row["flow"],
        "flow_label": flow.label,
        "starter": row["starter"],
        "run": row["instance"],
        "run_state": row["run_state"],
        "urgency": _urgency(look, row),
        "escalated": row["escalated_at"] is not None,
        "claimable": row["assignee"] is None and row["state"] == "open",
        "record_title": None,
    }


def _urgency(look: Look, row: store.Row) -> str:
    if row["due_at"] is None or row["state"] in CLOSED:
        return "none"
    left = row["due_at"] - look.now
    if left < 0:
        return "overdue"
    return "soon" if left < 4 * HOUR else "today" if left < 24 * HOUR else "later"


def _add_titles(look: Look, cards: list[Definition]) -> None:
    """What each record is called, as far as the reader may see it: one statement a form."""
    by_form: dict[tuple[str, str], set[int]] = {}
    for card in cards:
        if card["form"] and card["record"]:
            by_form.setdefault((card["app"], card["form"]), set()).add(card["record"])
    for (app, form), records in by_form.items():
        try:
            found = query.titles(look, look.apps.form(app, form).source, sorted(records))
        except NotFound:
            continue
        for card in cards:
            if (card["app"], card["form"]) == (app, form):
                card["record_title"] = found.get(card["record"])


def _actions(look: Look, row: store.Row, person: int) -> list[str]:
    if row["state"] != "open" or row["run_state"] not in ("running", "incident"):
        return []
    if row["assignee"] is None:
        return ["claim"] if person in store.candidates_of(look, row["id"]) else []
    if row["assignee"] != person:
        return ["remind"]
    queued = ["unclaim"] if store.candidates_of(look, row["id"]) else []
    return (["approve", "reject"] if row["kind"] == "approve" else ["complete"]) + ["transfer", *queued]


def _concerned(look: Look, row: store.Row, person: int) -> bool:
    """Theirs, theirs to claim, started by them, or in a run where they had a task."""
    if person in (row["assignee"], row["acted_by"], row["owner"], row["starter"]):
        return True
    others = store.tasks_of_instance(look, row["instance"])
    return person in store.candidates_of(look, row["id"]) or any(person in (o["assignee"], o["owner"]) for o in others)


def _below(look: Look, row: store.Row, over: Collection[int] | None) -> bool:
    """Does it belong to somebody the reader is over?"""
    if over is None:
        return True
    return row["assignee"] in over or any(person in over for person in store.candidates_of(look, row["id"]))


def _run(look: Look, row: store.Row) -> Definition:
    """`at` are the steps it stands at."""
    flow = of_run(look, row)
    kept = ("id", "app", "state", "form", "record", "starter", "cause", "started_at", "ended_at")
    nodes = {token.node: token.state for token in store.tokens_of(look, row["id"])}
    at = [{"node": n, "state": s, "label": flow.nodes.get(n, {}).get("label")} for n, s in nodes.items()]
    name = None if row["flow"] == TASK else row["flow"]
    return {key: row[key] for key in kept} | {"flow": name, "label": flow.label, "at": at}
