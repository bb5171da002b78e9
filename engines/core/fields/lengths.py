"""Lengths of time as text, ISO 8601 such as PT2H or P3D, and as a number with a unit."""

import re

PATTERN = "^P([0-9]{1,4}W)?([0-9]{1,4}D)?(T([0-9]{1,4}H)?([0-9]{1,5}M)?([0-9]{1,6}S)?)?$"
"""For RE2 too, which cannot ask that there is a number at all."""
ENDING = "[0-9][WDHMS]$"
"""That asks it."""
SECONDS = {"W": 604_800, "D": 86_400, "H": 3_600, "M": 60, "S": 1}
DATES = ("W", "D")


def measured(text: str) -> tuple[int, str]:
    """(number, unit) of a length in the largest unit of those it is written in that makes it whole."""
    parts = [(int(number), unit) for number, unit in re.findall(r"(\d+)([WDHMS])", text)]
    total = sum(number * SECONDS[unit] for number, unit in parts)
    if len(parts) == 1:
        return parts[0]
    unit = next((one for one in ("H", "M") if total % SECONDS[one] == 0), "S")
    return total // SECONDS[unit], unit


def written(number: str, unit: str) -> str:
    """A number and a unit as the text that is kept."""
    return f"P{number}{unit}" if unit in DATES else f"PT{number}{unit}"
