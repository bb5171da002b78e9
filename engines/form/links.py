"""What a public link asks of a visitor, and how an entry becomes a record."""

from collections.abc import Mapping
from typing import Any

from engines.core.access.principals import LinkRights, PublicLink
from engines.core.fields import field_types
from engines.core.fields.values import parse_one, writable
from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Actor, Cause, Look, UnitOfWork
from engines.core.records import query
from engines.core.records.change import Change
from engines.core.records.source import Source
from engines.core.records.spots import Found, missing

from . import submit
from .compile import Form
from .words import say

MOST = 200
"""Channels of one link."""
CLOSED = {
    "zh": "「{name}」不能放进公开表单：它要从内部名单里选，或由系统填写",
    "en": "'{name}' cannot stand in a public form: it is chosen from an internal list, or the system fills it in",
}
NEEDED = {
    "zh": "「{name}」要填，公开表单却没有问它：加进 fields，或在 prefill 里给一个值",
    "en": "'{name}' is needed but the public form does not ask for it: add it to fields, or give it in prefill",
}


def fillable(form: Form) -> list[str]:
    """Fields that a stranger can fill in: no people, no records, no files, nothing that the system fills in."""
    return [name for name, field in form.fields.items() if not submit.closed(field) and _open(field)]


def channel_fields(form: Form) -> list[str]:
    """Fields that can keep where a visitor came from."""
    kinds = ("text", "select", "relation")
    return [n for n, f in form.fields.items() if f["type"] in kinds and not submit.closed(f) and not f.get("multiple")]


def actor(form: Form, link: str, fields: list[str]) -> Actor:
    """Whoever came over the link: may make one kind of record, and see nothing."""
    return Actor(0, "link", via=PublicLink(LinkRights(form.source.id, link, takes=frozenset(fields))))


def enter(uow: UnitOfWork, form: Form, link: Definition, given: Mapping[str, Any], channel: str = "") -> Change:
    """The new record of a visitor; Invalid. What the link itself fills in is not the visitor's to change."""
    asked = {name: given.get(name) for name in link["fields"] if name in form.fields}
    change = submit.create_record(uow, form, asked)
    change.set(fixed(uow, form, link, channel), cause=Cause("link", str(link.get("id", ""))))
    return change


def fixed(uow: UnitOfWork, form: Form, link: Definition, channel: str) -> dict[str, Any]:
    """Stored values that every entry gets: of fields that are not asked, and of the channel."""
    found = {}
    for name, raw in link.get("prefill", {}).items():
        if name in form.fields and name not in link["fields"]:
            found[name] = parse_one(form.fields[name], raw)
    name = link.get("channel_field")
    if name in form.fields and (known := channel_of(link, channel) or _unlisted(form, link, channel)):
        value = _channel(uow, form, name, known)
        if value is not None:
            found[name] = value
    return found


def channel_of(link: Definition, channel: str) -> Definition | None:
    """The channel that an address names; None for one that the link does not have."""
    return next((one for one in link.get("channels", ()) if one["id"] == channel), None)


def channels(look: Look, form: Form, link: Definition) -> list[Definition]:
    """The channels of a link; where it lists none and keeps a related record, the records that the reader may see."""
    field = form.fields.get(link.get("channel_field", ""), {})
    if link.get("channels") or field.get("type") != "relation":
        return list(link.get("channels", ()))
    source = form.source.others[field["form"]]
    scope, name = look.rights.scope(source.id), [*_unique(source), source.title][0]
    if not scope.may("view") or not scope.compares(name) or not scope.compares(source.title):
        return []
    rows = query.page(look, source, query.Ask(sort=((source.title, False),), limit=MOST)).rows
    called = [(row.get(name), row.get(source.title)) for row in rows]
    return [
        {"id": str(code), "label": {"zh": str(title), "en": str(title)}} for code, title in called if code and title
    ]


def _unlisted(form: Form, link: Definition, channel: str) -> Definition | None:
    """A link without a list of its own takes what its field can hold."""
    kind = form.fields[link["channel_field"]]["type"]
    return {"id": channel, "label": {}} if channel and not link.get("channels") and kind != "text" else None


def _unique(source: Source) -> list[str]:
    """Texts that tell its records apart, a code before the title."""
    names = [n for n, f in source.fields.items() if f["type"] == "text" and f.get("unique")]
    return sorted(names, key=lambda name: name == source.title)


def _channel(uow: UnitOfWork, form: Form, name: str, channel: Definition) -> Any:
    """As the field keeps it: the option, the text, or the record that the channel's id or label names."""
    field = form.fields[name]
    if field["type"] == "relation":
        return _record(uow, form, field["form"], [channel["id"], *channel["label"].values()])
    try:
        return parse_one(field, channel["id"])
    except Rejected:
        return None


def _record(uow: UnitOfWork, form: Form, target: str, texts: list[str]) -> int | None:
    source = form.source.others[target]
    whole = uow.as_system("a public link names the channel's record")
    for name in [*_unique(source), source.title]:
        found = {number for number, _ in query.called(whole, source, texts, field=name)}
        if len(found) == 1:
            return found.pop()
    return None


def problems(app: Any, link: Definition) -> Found:
    """(path within the link, words) for everything that does not fit its form."""
    if link["form"] not in app.forms:
        yield "/form", missing(link["form"])
        return
    form = app.forms[link["form"]]
    can = fillable(form)
    for n, name in enumerate(link["fields"]):
        if name not in form.fields:
            yield f"/fields/{n}", missing(name)
        elif name not in can:
            yield f"/fields/{n}", {language: text.format(name=name) for language, text in CLOSED.items()}
    yield from _prefilled(form, link)
    name = link.get("channel_field")
    if name is not None and name not in channel_fields(form):
        yield "/channel_field", missing(name)


def unasked(form: Form, fields: list[str], prefill: Mapping[str, Any]) -> list[str]:
    """Fields that a record needs and nobody would fill in."""
    needed = [n for n, f in form.fields.items() if f.get("required") and writable(f) and not f.get("default")]
    return [name for name in needed if name not in fields and name not in prefill]


def _prefilled(form: Form, link: Definition) -> Found:
    given = link.get("prefill", {})
    for name, raw in given.items():
        if name not in form.fields:
            yield f"/prefill/{name}", missing(name)
            continue
        try:
            parse_one(form.fields[name], raw)
        except Rejected as wrong:
            yield f"/prefill/{name}", {language: _told(form, name, wrong, language) for language in ("zh", "en")}
    for name in unasked(form, [*link["fields"], link.get("channel_field", "")], given):
        yield "/fields", {language: text.format(name=name) for language, text in NEEDED.items()}


def _told(form: Form, name: str, wrong: Rejected, language: str) -> str:
    return say(form, name, wrong, language)


def _open(field: Definition) -> bool:
    kind = field_types.get(field["type"])
    value = kind.value_type(field)
    return (value.item or value).kind not in ("link", "file") and kind.children(field) is None
