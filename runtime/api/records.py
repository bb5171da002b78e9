"""Reading records: lists, one record, its history, why a value is what it is."""

from dataclasses import replace
from typing import Any

from flask import Response, g, request

from engines.core.access import people
from engines.core.kernel.errors import Forbidden
from engines.core.kernel.work import Look
from engines.core.records import history, query
from engines.form import asking
from engines.form.compile import Form

from ..guard import platform, right
from . import shape
from .base import MOST, PAGE, api, cursor, form_of, parameters, send, start, switch, whole

AT = "/apps/<app>/forms/<form>/records"
ONE = f"{AT}/<int:record>"


@api.get(AT)
@right("app", action="view", api=True)
def listing(app: str, form: str) -> Response:
    """A page of records.

    `filter` is a formula over field ids, `sort` field ids joined by commas with - for the largest first, `fields` the
    fields wanted; `after` of one answer gets the next page; `count=1` adds how many there are in all."""
    args = parameters("filter", "sort", "limit", "after", "fields", "count")
    limit, count = whole("limit", args.get("limit", str(PAGE)), MOST), switch("count", args.get("count", ""))

    def read(look: Look) -> dict[str, Any]:
        made = form_of(look, app, form)
        ask = asking.asked(look, made, filter=args.get("filter", ""), sort=args.get("sort", ""), limit=limit)
        ask = replace(ask, after=start(made, ask, args.get("after", "")))
        names = asking.chosen(look, made, args["fields"]) if args.get("fields") else None
        page = query.page(look, made.source, ask)
        found: dict[str, Any] = {"records": [shape.plain(made, row, names) for row in page.rows]}
        found["after"] = cursor(made, ask, page.after)
        return found | ({"count": query.count(look, made.source, ask)} if count else {})

    return send(platform().look(g.actor, read))


@api.get(ONE)
@right("app", action="view", api=True)
def one(app: str, form: str, record: int) -> Response:
    """One record; its version is the ETag."""
    args = parameters("fields")

    def read(look: Look) -> tuple[dict[str, Any], int]:
        made = form_of(look, app, form)
        names = asking.chosen(look, made, args["fields"]) if args.get("fields") else None
        row = query.one(look, made.source, record)
        return shape.plain(made, row, names), row["_version"]

    found, version = platform().look(g.actor, read)
    response = send(found)
    response.set_etag(str(version))
    return response.make_conditional(request)


@api.get(f"{ONE}/history")
@right("app", action="history", api=True)
def events(app: str, form: str, record: int) -> Response:
    """What happened to a record, newest first: who, when, by what cause, the values before and after."""
    parameters()

    def read(look: Look) -> list[dict[str, Any]]:
        made = form_of(look, app, form)
        names = people.names(look.session)
        return [event(made, one, names) for one in history.events(look, made.source, record)]

    return send({"events": platform().look(g.actor, read)})


@api.get(f"{ONE}/why")
@right("app", action="view", api=True)
def why(app: str, form: str, record: int) -> Response:
    """The event that gave a field its value; `because` names the rule, flow or import."""
    name = parameters("field").get("field", "")

    def read(look: Look) -> dict[str, Any] | None:
        made = form_of(look, app, form)
        if not look.rights.scope(made.source.id).may("history"):
            raise Forbidden(action="history")
        found = history.why(look, made.source, record, name)
        return found and event(made, found, people.names(look.session)) | {"because": found["because"]}

    return send({"field": name, "why": platform().look(g.actor, read)})


def event(form: Form, found: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    """One line of a record's history."""
    changes = {
        name: [shape.value(form, name, old), shape.value(form, name, new)]
        for name, (old, new) in found["changes"].items()
    }
    return {
        "at": shape.instant(found["at"]),
        "what": found["what"],
        "actor": _person(found["actor"], names),
        "on_behalf": _person(found["on_behalf"], names),
        "cause": {"kind": found["cause"], "ref": found["cause_ref"]},
        "changes": changes,
        "why": found["why"],
    }


def _person(number: int | None, names: dict[int, str]) -> dict[str, Any] | None:
    return None if number is None else {"id": number, "name": names.get(number, "system")}
