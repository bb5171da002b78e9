"""The value types that formulas, operators, aggregates and field types share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Type:
    """One type. Stored shapes: number float (or scaled int), text str, boolean 0/1, date ISO text, datetime int
    microseconds UTC, duration days, choice option id, link int, list a tuple of stored items; blank is None."""

    kind: str
    scale: int = 0
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    item: Type | None = None
    form: str = ""

    def option(self, text: str) -> str | None:
        """The id of the option that `text` names: an id first, then any of its labels."""
        ids = {option: option for option, _ in self.options}
        labels = {label: option for option, names in reversed(self.options) for label in names}
        return ids.get(text) or labels.get(text)

    def shown(self, option: str) -> str:
        """The first label of an option, its id when it has none."""
        return next((names[0] for key, names in self.options if key == option and names), option)


NUMBER = Type("number")
TEXT = Type("text")
BOOLEAN = Type("boolean")
DATE = Type("date")
DATETIME = Type("datetime")
DURATION = Type("duration")
PERSON = LINK_PERSON = Type("link")
FILE = Type("file")
BLANK = Type("blank")
"""What the word BLANK alone is: it goes with every type."""
UNKNOWN = Type("unknown")
"""What a wrong part is: it goes with every type, so that one mistake is told once."""


def money(scale: int = 2) -> Type:
    """A number stored as an integer scaled by 10**scale."""
    return Type("number", scale=scale)


def choice(*options: tuple[str, tuple[str, ...]]) -> Type:
    """One of a list of options, each (id, all its labels)."""
    return Type("choice", options=options)


def list_of(item: Type) -> Type:
    """Several values of one type, kept in a link table."""
    return Type("list", item=item)


def link(form: str = "") -> Type:
    """The row id of another record; no form means a person."""
    return Type("link", form=form)


def type_to_json(kind: Type) -> dict[str, object]:
    """A type as plain JSON, only what differs from the usual."""
    plain: dict[str, object] = {"kind": kind.kind}
    if kind.scale:
        plain["scale"] = kind.scale
    if kind.options:
        plain["options"] = [[option, list(labels)] for option, labels in kind.options]
    if kind.item:
        plain["item"] = type_to_json(kind.item)
    if kind.form:
        plain["form"] = kind.form
    return plain


def type_from_json(plain: dict[str, object]) -> Type:
    """The way back of `type_to_json`."""
    options = plain.get("options", [])
    item = plain.get("item")
    return Type(
        str(plain["kind"]),
        scale=int(str(plain.get("scale", 0))),
        options=tuple((str(option), tuple(labels)) for option, labels in options),  # type: ignore[attr-defined]  # JSON
        item=type_from_json(item) if isinstance(item, dict) else None,
        form=str(plain.get("form", "")),
    )
