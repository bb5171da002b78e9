"""The value types that operators, aggregates and casts hang on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Type:
    """`scale`: a number stored as an integer scaled by 10**scale (money); the formula sees the true number.
    `options`: (option id, all its labels) of a choice or of a list's item. `form`: what a link points at, "" is a
    person."""

    kind: str  # number text boolean date datetime duration choice list link file
    scale: int = 0
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    item: "Type | None" = None
    form: str = ""


NUMBER, TEXT, BOOLEAN = Type("number"), Type("text"), Type("boolean")
DATE, DATETIME, DURATION = Type("date"), Type("datetime"), Type("duration")
PERSON, FILE = Type("link"), Type("file")
