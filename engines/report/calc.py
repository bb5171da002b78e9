"""Measures calculated from measures: a formula over their ids, worked out for each group and for each total."""

from collections.abc import Mapping, Sequence
from typing import Any

from .errors import NoSuchMeasure
from .model import AnyApp, Measure


def closure(known: Mapping[str, Measure], wanted: Sequence[Measure]) -> list[Measure]:
    """The measures and all that they are made of, parts before what is made of them."""
    return list(wanted)


def add(app: AnyApp, values: dict[str, Any], measures: Sequence[Measure]) -> None:
    """Put the calculated values beside the others."""
