"""`/build/components`: every control in every state, and each field type as it is filled in, refused and read.

The field types come from their registry with their own examples: a new one stands here by itself."""

from dataclasses import dataclass
from typing import Any

from flask import render_template

from engines.core.fields import field_types, values
from engines.core.fields.base import FieldType
from engines.core.kernel.errors import Rejected
from engines.core.kernel.kind import Definition
from engines.form.read import Known
from runtime.guard import right

from ..base import build

TONES = ("brand", "ok", "warn", "bad", "vio", "info", "wood", "grey")
KNOWN = Known()


@dataclass(frozen=True)
class Sample:
    """One field type: its example as `field` with a `value` to fill in and the `stored` one that is read; `wrong` is a
    value it refuses, with the `problem`."""

    kind: FieldType
    field: Definition
    value: Any
    stored: Any
    wrong: Any = None
    problem: Rejected | None = None


@build.get("/components")
@right("builder")
def components() -> str:
    return render_template("build/components.html", samples=samples(), tones=TONES, known=KNOWN)


def samples() -> list[Sample]:
    """Every type of the palette that takes values, by its group."""
    kinds = [kind for kind in field_types if kind.in_palette and kind.examples]
    return [sample(kind) for kind in sorted(kinds, key=lambda one: one.group)]


def sample(kind: FieldType) -> Sample:
    config, _, stored = kind.examples[0]
    field = {"label": kind.label, **config, "id": f"sample_{kind.type}", "type": kind.type}
    value = kind.plain(stored, field)
    if not kind.rejects or not values.writable(field):
        return Sample(kind, field, value, stored)
    config, wrong, _ = kind.rejects[0]
    shown = wrong if isinstance(wrong, str) and isinstance(value, (str, int, float)) else value
    return Sample(kind, field, value, stored, shown, _refusal(kind, field | config, wrong))


def _refusal(kind: FieldType, field: Definition, wrong: Any) -> Rejected | None:
    """What the type says of it, with the details that its words need."""
    try:
        kind.parse(wrong, field)
    except Rejected as problem:
        return problem
    return None
