"""Message texts: `{{field}}` stands for a value as people read it; nothing in them is ever executed."""

import re
from dataclasses import replace
from typing import Any

from engines.core.access.scopes import rights_of
from engines.core.access.service import account
from engines.core.fields import field_types
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look
from engines.core.records import query

from .base import Context
from .services import People

HOLE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_.]{0,79})\s*\}\}")


def fill(look: Look, context: Context, text: str | Label, language: str) -> str:
    """The text in a language (the next best when it has none); an unknown name leaves nothing, and so does a field that
    whoever published the app may not read: no message tells more than its author knows."""
    words = text if isinstance(text, str) else text.get(language) or next(iter(text.values()), "")
    return filled(as_app(look, context.app.id), context, words, language) if "{{" in words else words


def filled(look: Look, context: Context, words: str, language: str) -> str:
    """Words with the values that this reader may read."""
    return HOLE.sub(lambda found: value_text(look, context, found[1], language), words)


def as_app(look: Look, app: str) -> Look:
    """The same snapshot with the rights of the app's service account."""
    return replace(look, rights=rights_of(look.session, account(app), look.apps))


def fill_label(look: Look, context: Context, text: str | Label) -> Label:
    """In both languages, for readers who are not known yet."""
    return {language: fill(look, context, text, language) for language in ("zh", "en")}


def language_of(context: Context) -> str:
    """The app's first language: for readers outside."""
    return str(context.app.definition.get("languages", ["zh"])[0])


def value_text(look: Look, context: Context, name: str, language: str) -> str:
    """A field's value, `_link` and `_id` of the record, or something the flow keeps."""
    if name == "_link":
        return link_to(look, context)
    if name == "_id":
        return str(context.record or "")
    field = context.form.fields.get(name) if context.form is not None else None
    if field is None:
        return str(context.values.get(name, ""))
    return shown(look, context, field, language)


def shown(look: Look, context: Context, field: Definition, language: str) -> str:
    """A stored value in words: labels for options, names for people, titles for linked records."""
    stored, scope = context.facts.get(field["id"]), look.rights.scope(context.source_id)
    if not scope.compares(field["id"]):
        return (query.masked(stored) or "") if scope.reads(field["id"]) else ""
    kind = field_types.get(field["type"])
    value_type = kind.value_type(field)
    item = value_type.item or value_type
    if stored is None or stored == ():
        return ""
    if item.kind != "link":
        told = kind.to_text(stored, field, language)
        return _figure(told, item.scale) if isinstance(told, float) else str(told)
    linked = list(stored) if isinstance(stored, tuple) else [stored]
    return "、".join(_titles(look, context, item.form, linked))


def _figure(number: float, scale: int) -> str:
    """Thousands apart, with the decimals of the field, or those that there are."""
    if scale:
        return f"{number:,.{scale}f}"
    return f"{int(number):,}" if number.is_integer() else f"{number:,}"


def link_to(look: Look, context: Context) -> str:
    """The address of the record's page."""
    if context.form is None or context.record is None:
        return ""
    settings = services_of(look).get("settings")
    base = settings.public_url if settings else ""
    return f"{base}/a/{context.app.id}/{context.form.id}/{context.record}"


def services_of(look: Look) -> dict[str, Any]:
    """The services of a unit of work; a plain look has none."""
    steps = getattr(look, "steps", None)
    return steps.services if steps else {}


def _titles(look: Look, context: Context, form: str, linked: list[int]) -> list[str]:
    if not form:
        people: People = services_of(look)["people"]
        return [people.name(look, person) for person in linked]
    found = query.titles(look, context.app.form(form).source, linked)
    return [str(found.get(record) or "") for record in linked]
