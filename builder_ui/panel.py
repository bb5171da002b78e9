"""Property panels: the `config` of a type drawn with the controls that end users get, and read back."""

import re
from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from engines.core.fields import field_types
from engines.core.fields.values import is_blank, parse_one
from engines.core.formula.check import check
from engines.core.formula.env import Env
from engines.core.formula.names import PlainNames
from engines.core.formula.problems import FormulaError
from engines.core.formula.python import compile_one
from engines.core.formula.types import TEXT
from engines.core.kernel.errors import Invalid, NotFound, Rejected
from engines.core.kernel.kind import Definition
from runtime import posted, render

from .base import Sent
from .shapes import shape_of

PREFIX = "p-"
Choices = Callable[[Definition], list[tuple[str, str]]]


def controls(
    config: list[Definition], settings: Definition, choices: Choices, *, page: Any, skip: tuple[str, ...] = ()
) -> list[tuple[str, Markup]]:
    """(name, control) of each setting that is to be seen, in the order of the config."""
    shown = [_over(one, settings) for one in config if one["id"] not in skip and _visible(one, settings)]
    return [(one["id"], draw(one, settings.get(one["id"]), choices, page)) for one in shown]


def _over(setting: Definition, settings: Definition) -> Definition:
    """A formula over the records that another setting leads to says so, for its editor."""
    leads = setting["type"] == "formula_text" and setting.get("of")
    return setting | {"over": str(settings.get(setting["of"]) or "")} if leads else setting


def draw(setting: Definition, value: Any, choices: Choices, page: Any, *, name: str = "") -> Markup:
    """The control of one setting; what was refused is shown as it was typed, with the reason."""
    name = name or PREFIX + setting["id"]
    problem, shown = page.problems.get(name), setting | {"width": 12, "read_only": False}
    if name in page.typed:
        value = page.typed[name]
    elif shape := shape_of(setting):
        shown, value = shape.field(setting, choices), shape.rows(value)
    if shown["type"] == "subform":
        rows = [row for row in value or () if isinstance(row, dict)] if isinstance(value, list) else []
        held = {one["id"]: {v for row in rows if isinstance(v := row.get(one["id"]), str)} for one in shown["fields"]}
        shown = shown | {"fields": [_inner(one, choices, held[one["id"]]) for one in shown["fields"]]}
    return render.control(shown, value, problem, name=name, choices=_choices(shown, choices), locked=False)


def take(setting: Definition, sent: Sent, old: Any = None, *, name: str = "") -> Any:
    """The new value of a setting as the definition keeps it, None for blank; Rejected when it cannot be."""
    name = name or PREFIX + setting["id"]
    shape = shape_of(setting)
    if shape:
        raw = shape.value(posted.value(shape.field(setting, lambda _: []), sent, name))
    else:
        raw = (
            _named(posted.value(setting, sent, name), old)
            if setting["type"] == "options"
            else _raw(setting, sent, name)
        )
    if is_blank(raw) or raw is False:
        if setting.get("required"):
            raise Rejected("required")
        return None
    field = setting | {"required": False}
    return _plain(field_types.get(setting["type"]).plain(parse_one(field, raw), field))


def sent_value(config: list[Definition], settings: Definition, sent: Sent) -> Any:
    """What was sent for the setting `sent["name"]`; NotFound for one the panel has not, Invalid names its control."""
    name = sent["name"]
    setting = next((one for one in config if one["id"] == name), None)
    if setting is None:
        raise NotFound(field=name)
    try:
        return take(setting, sent, settings.get(name))
    except Rejected as refused:
        raise Invalid({PREFIX + name: refused}) from refused


def _raw(setting: Definition, sent: Sent, name: str) -> Any:
    raw = posted.value(setting, sent, name)
    return [one for one in raw if one] if isinstance(raw, list) else raw


def _named(rows: list[Definition], old: Any) -> list[Definition]:
    """Options that were typed without an id get one from their label; what the page does not show is kept."""
    known = {one["id"]: one for one in old or ()}
    taken = {row["id"] for row in rows} | known.keys()
    for n, row in enumerate(rows, 1):
        if not row["id"]:
            slug = re.sub(r"[^a-z0-9]+", "_", row["label"].get("en", "").lower()).strip("_")[:24]
            base = slug if slug and slug[0].isalpha() else f"option_{n}"
            row["id"] = base if base not in taken else f"{base}_{n}"
            taken.add(row["id"])
    return [known.get(row["id"], {}) | row for row in rows]


def _plain(value: Any) -> Any:
    """Whole numbers as whole numbers, yes as true."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _visible(setting: Definition, settings: Definition) -> bool:
    """`visible` of a setting is a formula over the other settings."""
    text = setting.get("visible")
    if not text:
        return True
    names = PlainNames.of(**dict.fromkeys(re.findall(r"[a-z_]+", text), TEXT))
    try:
        made = compile_one(check(text, names))
    except FormulaError:
        return True
    facts = {name: settings.get(name) for name in names.fields}
    return bool(made(facts, Env(0, "UTC")))


def _choices(setting: Definition, choices: Choices) -> list[tuple[str, str]] | None:
    return choices(setting) if setting["type"] in ("form_ref", "field_ref") else None


def _inner(setting: Definition, choices: Choices, held: set[Any]) -> Definition:
    """A column of a small table: a reference becomes a choice among what there is, and what is held already."""
    if setting["type"] != "field_ref" and setting["type"] != "form_ref":
        return setting
    found = dict(choices(setting | {"held": held}))
    found |= {one: one for one in held if isinstance(one, str) and one and one not in found}
    options = [{"id": name, "label": {"zh": words, "en": words}} for name, words in found.items()]
    return setting | {"type": "select", "options": options}
