"""One task as its page shows it: the record with the fields that the step asks for, what may be done, what happened."""

from typing import Any

import orjson
from flask import g

from engines.core.access import people
from engines.core.fields.values import parse_one
from engines.core.kernel.errors import NotFound, Rejected
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.core.records import query
from engines.core.records.source import Values
from engines.flow import inbox, team
from engines.form import read, submit, visible
from engines.form.compile import Form

from .. import posted
from ..guard import platform
from ..views.base import Place, hang
from ..views.cells import typed
from . import words
from .base import active, names, zone_of

PREFIX = "v-"
"""Before the names of the record's fields, so that a field may be called `comment`."""
FIRST = 9
"""Fields of the record that are shown at once; the rest unfolds."""


def pane(look: Look, number: int) -> dict[str, Any]:
    """What the template of a task needs; NotFound when it is not for this reader."""
    card = inbox.one(look, g.actor.id, number, over=team.over(look))
    zone, named = zone_of(look, card["app"]), names(look)
    above = people.supervisor_of(look.session, card["assignee"]) if card["assignee"] else None
    return {
        "card": card,
        "zone": zone,
        "now": look.now,
        "named": named,
        "lines": words.lines(card["history"], named, zone),
        "threat": words.threat(card, named, above),
        "spent": _spent(card, look.now),
        "others": [one for one in active(look) if one["id"] != card["assignee"]] if _hands(card) else [],
        **_record(look, card),
    }


def asked(look: Look, card: Definition) -> tuple[Form, list[Definition]] | None:
    """The form and the fields that the step lets its people fill in."""
    try:
        form = look.apps.form(card["app"], card["form"] or "")
    except NotFound:
        return None
    wanted = dict.fromkeys([*card["fields"], *card["required"]])
    fields = [form.fields[name] for name in wanted if name in form.fields and not submit.closed(form.fields[name])]
    return form, [field | {"required": True} if field["id"] in card["required"] else field for field in fields]


def changed(form: Form, fields: list[Definition], sent: posted.Sent) -> Values:
    """The values that this person touched: what stood on the page when it came is left to whoever changed it since."""
    given = posted.given(fields, sent, PREFIX)
    before = orjson.loads(sent.get("was") or "{}")
    there = [name for name in given if f"{PREFIX}{name}" in sent or name in before]
    return {name: given[name] for name in there if _differs(form.fields[name], given[name], before)}


def _differs(field: Definition, raw: Any, before: dict[str, Any]) -> bool:
    if field["id"] not in before:
        return True
    old = before[field["id"]]
    try:
        return bool(parse_one(field | {"required": False}, raw) != (tuple(old) if isinstance(old, list) else old))
    except Rejected:
        return True


def _record(look: Look, card: Definition) -> dict[str, Any]:
    """The record as far as this person may read it, and the fields that they are asked to fill in."""
    found = asked(look, card)
    nothing: dict[str, Any] = {"place": None, "row": None, "asked": [], "gone": card["record"] is not None}
    if found is None or card["record"] is None:
        return nothing
    form, fields = found
    place = Place(look.apps.app(card["app"]), form, look.rights.scope(form.source.id))
    try:
        whole = platform().services["records"].read(look, form, card["record"])
    except NotFound:
        return nothing
    row = _own(look, place, card["record"])
    known = hang(read.known(look, form, [row or whole]), form, [row] if row else [])
    fields = fields if _acts(card) else []
    return {
        "place": place,
        "row": row,
        "gone": False,
        "known": known,
        "asked": fields,
        "values": {field["id"]: typed(place, whole, field["id"]) for field in fields},
        "was": orjson.dumps({f["id"]: whole[f["id"]] for f in fields}, default=str).decode(),
        "shown": _shown(look, place, row, {field["id"] for field in fields}) if row else [],
        "first": FIRST,
    }


def _own(look: Look, place: Place, record: int) -> Values | None:
    """The record under the reader's own rights: a task opens the fields it asks for, nothing else."""
    if not place.may("view"):
        return None
    try:
        return query.one(look, place.form.source, record)
    except NotFound:
        return None


def _shown(look: Look, place: Place, row: Values, without: set[str]) -> list[Definition]:
    """Fields with a value, in the order of the form."""
    gone = visible.hidden(look, place.form, row)
    ordered = [name for section in place.form.sections for name in section["fields"] if name in place.form.fields]
    return [
        place.form.fields[name]
        for name in ordered
        if place.scope.reads(name) and name not in gone | without and row.get(name) not in (None, (), "", False)
    ]


def _acts(card: Definition) -> bool:
    return any(action in card["actions"] for action in ("approve", "complete"))


def _hands(card: Definition) -> bool:
    return "transfer" in card["actions"]


def _spent(card: Definition, now: int) -> int:
    """Per cent of the time that has gone."""
    if card["due_at"] is None or card["due_at"] <= card["created_at"]:
        return 100
    return int(min(100, max(0, 100 * (now - card["created_at"]) / (card["due_at"] - card["created_at"]))))
