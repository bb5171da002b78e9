"""Numbers as people see them: compared, rounded and written with 15 significant decimal digits."""

import math
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from .faults import FormulaFault

NEAR = 1e-14


def digits15(x: float) -> float:
    """The number that 15 significant digits of `x` say."""
    return float(f"{x:.15g}")


def equal15(a: float | None, b: float | None) -> bool:
    """Equal in 15 digits; blank equals blank only."""
    if a is None or b is None:
        return a is b
    return a == b or (abs(a - b) <= NEAR * abs(a) and digits15(a) == digits15(b))


def less15(a: float | None, b: float | None) -> bool:
    return a is not None and b is not None and a < b and not equal15(a, b)


def most15(a: float | None, b: float | None) -> bool:
    return a is not None and b is not None and (a < b or equal15(a, b))


def finite(x: float) -> float:
    """The number itself; NUM when it ran out of range."""
    if x - x != 0:
        raise FormulaFault("NUM")
    return x


def floor15(x: float) -> float:
    return float(math.floor(digits15(x)))


def ceil15(x: float) -> float:
    return float(math.ceil(digits15(x)))


def trunc15(x: float) -> float:
    return float(math.trunc(digits15(x)))


def round15(x: float, places: float = 0.0) -> float:
    """Half away from zero, on the 15 digits that people see: ROUND(1.005, 2) is 1.01."""
    n = clamp(places)
    if 0 <= n <= 9 and abs(x) < 1e5:
        scaled = abs(x) * 10.0**n
        part = scaled - math.floor(scaled)
        if abs(part - 0.5) > 1e-6:
            whole = math.floor(scaled + 0.5) / 10.0**n
            return (-whole if x < 0 else whole) + 0.0
    return quantized(x, n, ROUND_HALF_UP)


def round_up15(x: float, places: float = 0.0) -> float:
    return quantized(x, clamp(places), ROUND_UP)


def round_down15(x: float, places: float = 0.0) -> float:
    return quantized(x, clamp(places), ROUND_DOWN)


def clamp(places: float) -> int:
    return int(max(-300.0, min(300.0, places)))


def quantized(x: float, places: int, mode: str) -> float:
    seen = Decimal(f"{x:.15g}")
    if -seen.as_tuple().exponent <= places:  # type: ignore[operator]  # x is finite
        return float(seen)
    return float((seen.scaleb(places)).to_integral_value(mode).scaleb(-places)) + 0.0


def number_text(x: float) -> str:
    """Plain digits, never an exponent, at most 15 of them significant."""
    text = f"{x + 0.0:.15g}"
    return format(Decimal(text), "f") if "e" in text else text
