"""Writing records: one or a thousand in one unit of work, edits that name the version they saw, upsert by key."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

import orjson
from flask import Response, g, request

from engines.core.access.principals import Token
from engines.core.fields.values import parse_one
from engines.core.kernel.errors import Conflict, Invalid, NoSuchField, Rejected
from engines.core.kernel.work import Cause, UnitOfWork
from engines.core.records import query
from engines.core.records.change import Change
from engines.form import submit
from engines.form.compile import Form

from .. import guard
from ..guard import platform, right
from . import shape
from .base import MOST, an_object, api, body, form_of, parameters, send
from .records import AT, ONE
from .refusals import BadParameter, BadRecords, BadRequest, KeyReused, Several, Stale

Body = dict[str, Any]
Work = Callable[[UnitOfWork], Any]


@api.post(AT)
@right("app", action="create", api=True)
def create(app: str, form: str) -> Response:
    """A new record, `{field: value}`; or up to 1,000, `{"records": [ … ]}`, all or none.

    With `Idempotency-Key` a request that is sent again gets the first answer, and nothing is done twice."""
    parameters()
    given = body()

    def work(uow: UnitOfWork) -> Any:
        made = form_of(uow, app, form)
        if (records := several(made, given)) is None:
            return [submit.create_record(uow, made, an_object(given))]
        return each(uow, records, lambda record: submit.create_record(uow, made, record))

    return answered(app, form, given, work)


@api.put(AT)
@right("app", action="create", api=True)
def upsert(app: str, form: str) -> Response:
    """Like POST, but a record whose `key` field has the value that was sent is changed instead; needs edit too."""
    key = parameters("key").get("key", "")
    given = body()

    def work(uow: UnitOfWork) -> Any:
        made = form_of(uow, app, form)
        _key_is_good(uow, made, key)
        if (records := several(made, given)) is None:
            return [put(uow, made, key, an_object(given))]
        return each(uow, records, lambda record: put(uow, made, key, record))

    return answered(app, form, given, work)


@api.patch(ONE)
@right("app", action="edit", api=True)
def change(app: str, form: str, record: int) -> Response:
    """Only the fields that are sent. `If-Match` with the ETag of what was read: 412 when it changed since."""
    parameters()
    given, seen = an_object(body()), version()

    def work(uow: UnitOfWork) -> Body:
        made = form_of(uow, app, form)
        submit.change_record(uow, made, record, given, seen=seen)
        uow.drain()
        return shape.many(uow, made, [record])[0]

    found = _fresh(seen, work)
    response = send(found)
    if "_version" in found:
        response.set_etag(str(found["_version"]))
    return response


@api.delete(ONE)
@right("app", action="delete", api=True)
def remove(app: str, form: str, record: int) -> Response:
    """Into the bin, where it stays 30 days."""
    parameters()
    seen = version()
    _fresh(seen, lambda uow: submit.delete_record(uow, form_of(uow, app, form), record, seen=seen))
    return Response(status=204)


def several(form: Form, given: Any) -> list[Body] | None:
    """The records of `{"records": […]}`; None when it is one record."""
    if not isinstance(given, dict) or set(given) != {"records"} or "records" in form.fields:
        return None
    records = given["records"]
    if not isinstance(records, list) or not 1 <= len(records) <= MOST:
        raise BadRequest(why_zh=f"records 要是 1 到 {MOST} 条的列表", why_en=f"records is a list of 1 to {MOST}")
    return [an_object(one) for one in records]


def each(uow: UnitOfWork, records: list[Body], write: Callable[[Body], Change]) -> list[Change]:
    """All of them, or BadRecords with the problems of every one."""
    problems: dict[int, dict[str, Rejected]] = {}
    changes = []
    for n, record in enumerate(records):
        try:
            with uow.attempt():
                changes.append(write(record))
                uow.settle()
        except Invalid as found:
            problems[n] = found.problems
    if problems:
        raise BadRecords(problems)
    return changes


def put(uow: UnitOfWork, form: Form, key: str, record: Body) -> Change:
    """One record by its key: changed when it is there, else created."""
    if record.get(key) in (None, "", []):
        raise Invalid({key: Rejected("required")})
    try:
        stored = parse_one(form.fields[key], record[key])
    except Rejected as wrong:
        raise Invalid({key: wrong}) from wrong
    ids = sorted({number for number, _ in query.called(uow, form.source, [stored], field=key)})
    if len(ids) > 1:
        raise Several(count=len(ids), key=key)
    return submit.change_record(uow, form, ids[0], record) if ids else submit.create_record(uow, form, record)


def answered(app: str, form: str, given: Any, work: Work) -> Response:
    """The written records, as they are once rules have settled."""

    def whole(uow: UnitOfWork) -> Body:
        changes = work(uow)
        uow.drain()
        found = shape.many(uow, form_of(uow, app, form), [change.id for change in changes])
        fresh = all(change.what == "create" for change in changes)
        one = not (isinstance(given, dict) and isinstance(given.get("records"), list) and len(given) == 1)
        return {"status": 201 if fresh else 200, "body": found[0] if one else {"records": found}}

    answer = once(given, whole)
    response = send(answer["body"], answer["status"])
    if (number := answer["body"].get("_id")) is not None:
        response.headers["Location"] = f"/api/v1/apps/{app}/forms/{form}/records/{number}"
        if "_version" in answer["body"]:
            response.set_etag(str(answer["body"]["_version"]))
    return response


def once(given: Any, work: Callable[[UnitOfWork], Body]) -> Body:
    """With an Idempotency-Key the first answer is kept and given again; KeyReused when the request differs."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return platform().run(guard.actor(), work, cause=cause())
    if len(key) > 200:
        raise BadParameter(name="Idempotency-Key", why_zh="最多 200 个字符", why_en="at most 200 characters")
    said = _digest(orjson.dumps(given, option=orjson.OPT_SORT_KEYS), request.full_path.encode())
    name = f"api:{_digest(request.method.encode(), request.path.encode(), key.encode())}"
    answer: Body = platform().once(guard.actor(), name, lambda uow: work(uow) | {"of": said}, cause=cause())
    if answer["of"] != said:
        raise KeyReused
    return answer


def version() -> int | None:
    """The version that `If-Match` names; Stale for one that no record can have."""
    header = request.headers.get("If-Match", "*").strip()
    if header == "*":
        return None
    found = re.fullmatch(r'"?([0-9]{1,15})"?', header)
    if not found:
        raise Stale
    return int(found[1])


def cause() -> Cause:
    via = g.actor.via
    return Cause("api", str(via.id) if isinstance(via, Token) else "")


def _fresh(seen: int | None, work: Work) -> Any:
    """A version that is no longer the record's is 412 for who named one."""
    try:
        return platform().run(guard.actor(), work, cause=cause())
    except Conflict as late:
        raise Stale(**late.details) if seen is not None else late from late


def _key_is_good(uow: UnitOfWork, form: Form, key: str) -> None:
    if key not in form.source.own or not uow.rights.scope(form.source.id).compares(key):
        raise NoSuchField(field=key)
    submit.require(uow, form, "edit")
    submit.require(uow, form, "view")


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


__all__ = ["change", "create", "remove", "upsert"]
