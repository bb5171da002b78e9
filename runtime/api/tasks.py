"""Tasks and runs of flows over the API: what the caller's person would see in the inbox, and do there."""

from collections.abc import Callable
from typing import Any

from flask import Response, g, request

from engines.core.access.principals import Token
from engines.core.kernel.errors import NotFound
from engines.core.kernel.work import Look, UnitOfWork
from engines.core.records import query
from engines.flow import inbox, tasks, team

from .. import guard
from ..guard import platform, right
from . import shape
from .base import MOST, PAGE, an_object, api, body, parameters, send, whole
from .refusals import BadParameter, BadRequest
from .writes import cause, once

Card = dict[str, Any]
TIMES = ("due_at", "created_at", "acted_at", "started_at", "ended_at", "at")
DOES: dict[str, Callable[..., Any]] = {
    "approve": tasks.approve,
    "reject": tasks.reject,
    "complete": tasks.complete,
    "claim": tasks.claim,
    "unclaim": tasks.unclaim,
    "transfer": tasks.transfer,
    "remind": tasks.remind,
    "comment": tasks.comment,
}


@api.get("/tasks")
@right("signed_in", api=True)
def inbox_of() -> Response:
    """Tasks as cards, the most urgent first: `which` is todo, done or started; `app`, `form` and `q` narrow it."""
    args = parameters("which", "app", "form", "q", "page", "limit")
    which, page = args.get("which", "todo"), args.get("page", "0")
    if which not in inbox.WHICH:
        known = ", ".join(inbox.WHICH)
        raise BadParameter(name="which", why_zh=f"可选 {known}", why_en=f"use {known}")
    if not page.isdigit() or len(page) > 6:
        raise BadParameter(name="page", why_zh="要是从 0 开始的整数", why_en="a whole number from 0")
    narrow = {name: args.get(name, "") for name in ("app", "form", "q")} | {"page": int(page)}
    limit = whole("limit", args.get("limit", str(PAGE)), MOST)

    def read(look: Look) -> Card:
        found = inbox.inbox(look, look.actor.id, which, limit=limit, **narrow)
        return {"tasks": [_told(one) for one in found.rows if _reaches(look, one["app"])], "next": found.next}

    return send(platform().look(g.actor, read))


@api.get("/tasks/<int:task>")
@right("signed_in", api=True)
def task(task: int) -> Response:
    """One task: the fields it asks for, what may be done with it, what happened so far."""
    parameters()
    return send(platform().look(g.actor, lambda look: _one(look, task)))


@api.post("/tasks/<int:task>/<action>")
@right("signed_in", api=True)
def act(task: int, action: str) -> Response:
    """claim, unclaim, approve, reject, complete, transfer, remind or comment.

    The body may have `comment`, `values` of the fields that the task asks for, `rev` as it was seen, and `to`, the
    person that a transfer goes to."""
    parameters()
    if action not in DOES:
        raise NotFound
    given = an_object(body()) if request.content_length else {}
    arguments = _arguments(action, given)

    def work(uow: UnitOfWork) -> Card:
        card = _one(uow, task)
        g.about = card["app"], card["form"]
        DOES[action](uow, uow.actor.id, task, *arguments[0], **arguments[1])
        uow.drain()
        return {"body": _one(uow, task)}

    return send(once(given, work)["body"])


@api.get("/apps/<app>/flows/<flow>/instances")
@right("app", api=True)
def runs(app: str, flow: str) -> Response:
    """Runs of a flow, newest first; `state` and `before`, the id of the last one seen, narrow it."""
    args = parameters("state", "before", "limit")
    before = whole("before", args["before"], 2**31) if args.get("before") else None
    limit = whole("limit", args.get("limit", str(PAGE)), MOST)

    def read(look: Look) -> list[Card]:
        _may_run(look, app, flow)
        return [_told(one) for one in _runs(look, app, flow, args.get("state", ""), before, limit)]

    return send({"instances": platform().look(g.actor, read)})


@api.post("/apps/<app>/flows/<flow>/instances")
@right("app", api=True)
def begin(app: str, flow: str) -> Response:
    """Presses the flow's button on a record: `{"record": 7}`. `Idempotency-Key` as for records."""
    parameters()
    given = an_object(body())
    record = given.get("record")
    if set(given) != {"record"} or isinstance(record, bool) or not isinstance(record, int):
        raise BadRequest(why_zh='写 {"record": 记录编号}', why_en='write {"record": the id of a record}')

    def work(uow: UnitOfWork) -> Card:
        definition = _may_run(uow, app, flow)
        query.one(uow, uow.apps.form(app, definition["form"]).source, record)
        number = platform().flows.press(uow, uow.apps.app(app), flow, record)
        uow.drain()
        return {"body": {"instance": number, "record": record}}

    return send(once(given, work)["body"], 201)


@api.post("/instances/<int:instance>/cancel")
@right("signed_in", api=True)
def stop(instance: int) -> Response:
    """Ends a run with everything that is open in it; `{"why": …}`. For who may build the app."""
    parameters()
    why = str(an_object(body() if request.content_length else {}).get("why", ""))[:500]

    def work(uow: UnitOfWork) -> Card:
        found = inbox.run(uow, instance)
        if not uow.rights.may("builder", found["app"]):
            raise NotFound(run=instance)
        platform().flows.cancel(uow, instance, why=why)
        uow.drain()
        return _told(inbox.run(uow, instance))

    return send(platform().run(guard.actor(), work, cause=cause()))


def _one(look: Look, number: int) -> Card:
    found = inbox.one(look, look.actor.id, number, over=team.over(look))
    if not _reaches(look, found["app"]):
        raise NotFound(task=number)
    return _told(found)


def _reaches(look: Look, app: str) -> bool:
    """A token acts on tasks of the apps that it stands for whole: `APP:*:*`."""
    via = look.actor.via
    return not isinstance(via, Token) or any(a == app and form == "*" and "*" in can for a, form, can in via.scopes)


def _runs(look: Look, app: str, flow: str, state: str, before: int | None, limit: int) -> list[Card]:
    """As many runs as are asked for, of records that the caller may see; who may build the app sees all."""
    found: list[Card] = []
    while len(found) < limit:
        block = inbox.runs(look, app, flow=flow, state=state, before=before, limit=limit)
        found += block if look.rights.may("builder", app) else _seen(look, block)
        if len(block) < limit:
            break
        before = block[-1]["id"]
    return found[:limit]


def _seen(look: Look, runs: list[Card]) -> list[Card]:
    """Those that are about no record, about one that the caller may see, or that they started."""
    seen: dict[str, set[int]] = {}
    for app, form in {(one["app"], one["form"]) for one in runs if one["record"]}:
        if form not in look.apps.app(app).forms:
            continue
        source = look.apps.form(app, form).source
        ids = sorted({one["record"] for one in runs if one["form"] == form and one["record"]})
        seen[form] = {row["_id"] for row in query.many(look, source, ids)}
    me = look.actor.id
    return [
        one for one in runs if one["starter"] == me or not one["record"] or one["record"] in seen.get(one["form"], ())
    ]


def _may_run(look: Look, app: str, flow: str) -> Card:
    """The flow's definition; NotFound for one that is not there or not for the caller."""
    if not look.rights.may("flows", app, flow):
        raise NotFound(flow=flow)
    return look.apps.app(app).part("flows", flow)  # type: ignore[no-any-return]  # the kernel does not know apps


def _arguments(action: str, given: Card) -> tuple[list[Any], Card]:
    """What an action takes of the body."""
    takes = {"transfer": {"to", "comment", "rev"}, "comment": {"comment"}, "claim": set(), "unclaim": set()}
    known = takes.get(action, {"values", "comment", "rev"} if action != "remind" else set())
    if unknown := set(given) - known:
        name = min(unknown)
        raise BadRequest(why_zh=f"{action} 用不到 {name}", why_en=f"{action} takes no {name}")
    comment, rev, to = given.get("comment", ""), given.get("rev"), given.get("to")
    sound = isinstance(comment, str) and isinstance(rev, int | None) and isinstance(given.get("values", {}), dict)
    if not sound or (action == "transfer" and not isinstance(to, int)):
        raise BadRequest(
            why_zh="comment 是文字，rev 和 to 是整数", why_en="comment is text, rev and to are whole numbers"
        )
    if action == "comment":
        return [comment], {}
    if action == "transfer":
        return [to], {"comment": comment, "rev": rev}
    return [], {name: given[name] for name in known if name in given}


def _told(card: Any) -> Any:
    """A card as JSON: instants as ISO 8601."""
    if isinstance(card, dict):
        return {name: _instant(name, value) for name, value in card.items()}
    return [_told(one) for one in card] if isinstance(card, list) else card


def _instant(name: str, value: Any) -> Any:
    return shape.instant(value) if name in TIMES and isinstance(value, int) else _told(value)
