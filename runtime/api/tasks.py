"""Tasks and the runs of flows: what the caller has to do, what it does with it, and what a flow set off."""

from typing import Any

from flask import Response, g

from engines.core.kernel.errors import Forbidden, NotFound
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look, UnitOfWork
from engines.core.records import query
from engines.flow import inbox, team
from engines.flow import tasks as flow_tasks
from engines.flow.store import LIVE
from engines.form import submit

from ..guard import platform, right
from .base import an_object, api, body, parameters, send, whole
from .refusals import BadParameter, BadRequest

STATES = ("", *LIVE, "done", "rejected", "cancelled")
MOST_TASKS = 200
DECIDE = ("approve", "reject", "complete")
ACTIONS = (*DECIDE, "claim", "unclaim", "transfer", "remind", "comment")


@api.get("/tasks")
@right("signed_in", api=True)
def tasks() -> Response:
    """The caller's tasks: `which` is todo, done or started; `page` is the `next` of the page before."""
    asked = parameters("which", "page", "limit")
    which = asked.get("which", "todo")
    if which not in inbox.WHICH:
        raise BadParameter(name="which", why_zh="写 todo、done 或 started", why_en="todo, done or started")
    limit = whole("limit", asked.get("limit", "50"), MOST_TASKS)
    page = whole("page", asked["page"], 10_000) if asked.get("page") else 0

    def find(look: Look) -> inbox.Page:
        return inbox.inbox(look, look.actor.id, which, page=page, limit=limit)

    found = platform().look(g.actor, find)
    return send({"tasks": [row for row in found.rows if _within(row, "view")], "next": found.next})


@api.get("/tasks/<int:task>")
@right("signed_in", api=True)
def task(task: int) -> Response:
    """One task with the fields that it asks for, what the caller may do, and the run's history."""
    parameters()
    return send(platform().look(g.actor, lambda look: _one(look, task, "view")))


@api.post("/tasks/<int:task>/<action>")
@right("signed_in", api=True)
def act(task: int, action: str) -> Response:
    """claim, unclaim, approve, reject, complete, transfer, remind or comment. The body: `comment`, `values` by field,
    `to` (a person's id, for transfer), `rev` of the task as the caller saw it. 409 when somebody was quicker."""
    parameters()
    if action not in ACTIONS:
        raise NotFound(action=action)
    given = _given(an_object(body() or {}))
    platform().run(g.actor, lambda uow: _act(uow, task, action, given))
    return send(platform().look(g.actor, lambda look: _after(look, task)))


@api.get("/apps/<app>/flows/<flow>/instances")
@right("app", api=True)
def instances(app: str, flow: str) -> Response:
    """Runs of a flow on records that the caller may view, newest first; `before` is the last id of the page before."""
    asked = parameters("state", "before", "limit")
    if asked.get("state", "") not in STATES:
        raise BadParameter(name="state", why_zh=f"只有 {', '.join(STATES[1:])}", why_en=", ".join(STATES[1:]))
    limit = whole("limit", asked.get("limit", "50"), MOST_TASKS)
    before = whole("before", asked["before"], 10**9) if asked.get("before") else None

    def find(look: Look) -> list[Definition]:
        _may(look, app, flow)
        found = inbox.runs(look, app, flow=flow, state=asked.get("state", ""), before=before, limit=limit)
        return [run for run in found if _sees(look, run)]

    return send({"instances": platform().look(g.actor, find)})


@api.post("/apps/<app>/flows/<flow>/instances")
@right("app", api=True)
def start(app: str, flow: str) -> Response:
    """Presses the button of a flow on `record`; the run that began."""
    parameters()
    record = an_object(body()).get("record")
    if not isinstance(record, int):
        raise BadRequest(why_zh="record 要是一条记录的编号", why_en="`record` has to be the id of a record")
    number = platform().run(g.actor, lambda uow: _start(uow, app, flow, record))
    return send(platform().look(g.actor, lambda look: _run(look, number)) if number else {"id": None}, 201)


@api.post("/apps/<app>/flows/<flow>/instances/<int:instance>/cancel")
@right("publish", api=True)
def cancel(app: str, flow: str, instance: int) -> Response:
    """Stops a run; `why` stays in its history. Asks for the right to publish the app."""
    parameters()
    why = str(an_object(body()).get("why") or "").strip()[:500]
    if not why:
        raise BadRequest(why_zh="why 要写明原因", why_en="`why` has to give the reason")

    def stop(uow: UnitOfWork) -> None:
        run = inbox.run(uow, instance)
        if (run["app"], run["flow"]) != (app, flow):
            raise NotFound(run=instance)
        platform().flows.cancel(uow, instance, why=why)

    platform().run(g.actor, stop)
    return send(platform().look(g.actor, lambda look: _run(look, instance)))


def _given(sent: dict[str, Any]) -> dict[str, Any]:
    """The body of an action; unknown names and wrong kinds of values are refused."""
    kinds: dict[str, type] = {"comment": str, "values": dict, "to": int, "rev": int}
    for name, value in sent.items():
        if name not in kinds or not isinstance(value, kinds[name]):
            listed = ", ".join(f"{known}: {kind.__name__}" for known, kind in kinds.items())
            raise BadRequest(why_zh=f"{name} 看不懂，这里只有 {listed}", why_en=f"{name}: there is only {listed}")
    return sent


def _act(uow: UnitOfWork, number: int, action: str, given: dict[str, Any]) -> None:
    me, comment = uow.actor.id, given.get("comment", "").strip()[:2000]
    card = _one(uow, number, "edit")
    g.about = {"app": card["app"], "form": card["form"]}
    if action in DECIDE:
        chosen = {name: given[name] for name in ("values", "rev") if name in given}
        getattr(flow_tasks, action)(uow, me, number, comment=comment, **chosen)
    elif action == "transfer":
        if "to" not in given:
            raise BadRequest(why_zh="to 要写明交给谁", why_en="`to` has to name whom it goes to")
        flow_tasks.transfer(uow, me, number, given["to"], comment=comment, rev=given.get("rev"))
    elif action == "comment":
        if not comment:
            raise BadRequest(why_zh="comment 是空的", why_en="`comment` is empty")
        flow_tasks.comment(uow, me, number, comment)
    else:
        getattr(flow_tasks, action)(uow, me, number)


def _one(look: Look, number: int, action: str) -> Definition:
    found = inbox.one(look, look.actor.id, number, over=team.over(look))
    if not _within(found, "view"):
        raise NotFound(task=number)
    if not _within(found, action):
        raise Forbidden(action=action)
    return found


def _after(look: Look, number: int) -> Definition:
    """The task as it is now; only its id when it went out of the caller's sight, as after a transfer."""
    try:
        return _one(look, number, "view")
    except NotFound:
        return {"id": number}


def _within(card: Definition, action: str) -> bool:
    """A token reaches tasks of the forms that it was made for; a person's own rights on the record do not matter."""
    via = g.actor.via
    if via is None:
        return True
    scopes = getattr(via, "scopes", ())
    return any(
        app == card["app"] and form in (card["form"], "*") and (action in actions or "*" in actions)
        for app, form, actions in scopes
    )


def _may(look: Look, app: str, flow: str) -> Definition:
    """The flow's definition; NotFound also when the caller may not start it."""
    found = look.apps.app(app).part("flows", flow)
    if not look.rights.may("flows", app, flow):
        raise NotFound(flow=flow)
    return dict(found)


def _sees(look: Look, run: Definition) -> bool:
    """May the caller view the record that a run is about?"""
    if not run["record"] or not run["form"]:
        return True
    form = look.apps.form(run["app"], run["form"])
    return bool(look.rights.scope(form.source.id).may("view") and query.many(look, form.source, [run["record"]]))


def _start(uow: UnitOfWork, app: str, flow: str, record: int) -> int | None:
    form = uow.apps.form(app, _may(uow, app, flow).get("form", ""))
    submit.require(uow, form, "view")
    query.one(uow, form.source, record)
    return platform().flows.press(uow, uow.apps.app(app), flow, record)


def _run(look: Look, number: int) -> Definition:
    names = ("id", "app", "flow", "state", "form", "record", "started_at", "ended_at", "at")
    found = inbox.run(look, number)
    return {name: found[name] for name in names}
