"""What compiled formulas call while they run."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .faults import FormulaFault
from .functions.math import divided
from .functions.text import LONGEST
from .rounding import equal15, finite, less15, most15

OUTER = "\x00outer"
"""Where the facts of a related row keep the facts of the record that asks."""


def finite_or_blank(x: float | None) -> float | None:
    return None if x is None else finite(x)


def less(a: Any, b: Any) -> bool:
    return a is not None and b is not None and a < b


def most(a: Any, b: Any) -> bool:
    return a is not None and b is not None and a <= b


def less_text(a: str | None, b: str | None) -> bool:
    return bool(a and b and a < b)


def most_text(a: str | None, b: str | None) -> bool:
    return bool(a and b and a <= b)


def joined(parts: tuple[str, ...]) -> str:
    text = "".join(parts)
    if len(text) > LONGEST:
        raise FormulaFault("LIMIT")
    return text


def iferror(value: Callable[[], Any], other: Callable[[], Any]) -> Any:
    try:
        return settled(value())
    except FormulaFault:
        return other()


def iserror(value: Callable[[], Any]) -> bool:
    try:
        settled(value())
    except FormulaFault:
        return True
    return False


def isvalue(value: Callable[[], Any]) -> bool:
    try:
        return settled(value()) not in (None, "")
    except FormulaFault:
        return False


def settled(value: Any) -> Any:
    return finite(value) if isinstance(value, float) else value


def fail(code: str) -> Any:
    raise FormulaFault(code)


def strict(run: Callable[..., Any] | None, *, zone: bool) -> Callable[..., Any]:
    """The function, blank as soon as one of its arguments is."""
    assert run is not None  # noqa: S101  # every function that is called by name has an implementation

    def guarded(*args: Any) -> Any:
        return None if any(arg is None for arg in args) else run(*args)

    return guarded


def has_any(values: Sequence[Any], asked: tuple[Any, ...]) -> bool:
    return any(one in values for one in asked)


def has_all(values: Sequence[Any], asked: tuple[Any, ...]) -> bool:
    return all(one in values for one in asked)


def same_list(a: Sequence[Any] | None, b: Sequence[Any] | None) -> bool:
    return set(a or ()) == set(b or ())


def rank(value: Any, row: Mapping[str, Any], *, latest: bool) -> tuple[bool, Any, Any]:
    """By value, then by the age of the row; a blank is never the one that is picked unless all are blank."""
    return (value is not None) == latest, 0 if value is None else value, row.get("_id") or 0


def summary(function: str, values: list[Any]) -> Any:
    """A related aggregate over the values of its rows."""
    if function == "EXISTS":
        return bool(values)
    if function in ("LOOKUP", "EARLIEST", "LATEST"):
        return (values[-1] if function == "LATEST" else values[0]) if values else None
    real = [value for value in values if value not in (None, "")]
    if function == "COUNT":
        return float(len(real))
    if function == "COUNT_DISTINCT":
        return float(len(set(real)))
    if function == "SUM":
        return finite(sum(real, 0.0))
    if not real:
        return None
    return sum(real) / len(real) if function == "AVERAGE" else (min if function == "MIN" else max)(real)


NAMES: dict[str, Any] = {
    "__builtins__": {"len": len, "float": float}, "FormulaFault": FormulaFault, "equal15": equal15, "less15": less15,
    "most15": most15, "finite": finite, "finite_or_blank": finite_or_blank, "less": less, "most": most,
    "less_text": less_text, "most_text": most_text, "joined": joined, "divided": divided, "iferror": iferror,
    "iserror": iserror, "isvalue": isvalue, "fail": fail, "has_any": has_any, "has_all": has_all,
    "same_list": same_list,
}  # fmt: skip
