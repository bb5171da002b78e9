"""Measures calculated from measures: a formula over their ids, worked out for each group and again for each total."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from engines.core.formula.check import Checked, check
from engines.core.formula.env import Env
from engines.core.formula.faults import FormulaFault
from engines.core.formula.names import FieldRef, PlainNames
from engines.core.formula.python import Formula, compile_one
from engines.core.formula.types import NUMBER

from .errors import NoSuchMeasure, Ring
from .model import Measure

NO_TIME = Env(0)


def closure(known: Mapping[str, Measure], wanted: Sequence[Measure]) -> list[Measure]:
    """The measures and all that they are made of, parts before what is made of them."""
    found: dict[str, Measure] = {}

    def visit(measure: Measure, above: tuple[str, ...]) -> None:
        if measure.id in above:
            raise Ring(measures=" → ".join([*above, measure.id]))
        for name in sorted(_checked(measure.calc, tuple(sorted(known))).fields) if measure.calc else ():
            if name not in known:
                raise NoSuchMeasure(measure=name, known=", ".join(known))
            visit(known[name], (*above, measure.id))
        found.setdefault(measure.id, measure)

    for measure in wanted:
        visit(measure, ())
    return list(found.values())


def add(known: Mapping[str, Measure], values: dict[str, Any], measures: Sequence[Measure]) -> None:
    """Put the calculated values beside the others; what cannot be worked out (a division by 0) is blank."""
    for measure in measures:
        try:
            result = _compiled(measure.calc, tuple(sorted(known)))(values, NO_TIME)
            values[measure.id] = None if result is None else float(f"{result:.15g}")
        except FormulaFault:
            values[measure.id] = None


@lru_cache(maxsize=1024)
def _checked(text: str, names: tuple[str, ...]) -> Checked:
    return check(text, PlainNames({name: FieldRef(name, NUMBER) for name in names}), wants=NUMBER)


@lru_cache(maxsize=1024)
def _compiled(text: str, names: tuple[str, ...]) -> Formula:
    return compile_one(_checked(text, names))
