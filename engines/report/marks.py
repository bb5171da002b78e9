"""Frames in the long shape that charts read, and the parts that several drawings share."""

from collections.abc import Sequence
from typing import Any

from . import words
from .frame import OTHER, Column, Frame


def long_rows(frame: Frame, language: str, *, compare: bool = False) -> list[dict[str, Any]]:
    """One row a mark: x, series `k`, value `y`, its text `t`, the frame's row `i`, the column's id `m`, orders.

    The series is the second dimension, else the measure; `compare` adds the earlier values as series of their own.
    """
    dims = frame.of_role("dimension")
    measures = frame.of_role("measure", *(("compare",) if compare else ()))
    found = []
    for i, row in enumerate(frame.rows):
        x = frame.columns[dims[0]].shown(row[dims[0]], language) if dims else ""
        for n, at in enumerate(measures):
            column = frame.columns[at]
            second = frame.columns[dims[1]].shown(row[dims[1]], language) if len(dims) > 1 else column.name(language)
            found.append(
                {"x": x, "k": second, "y": row[at], "t": text(column, row[at]), "i": i, "m": column.id, "o": n}
                | ({"z": int(row[dims[-1]] == OTHER)} if dims else {})
            )
    return found


def text(column: Column, value: Any) -> str:
    """A value whole, as tables and hints show it."""
    return words.full(value, column.format, currency=column.currency, decimals=column.decimals)


def order(rows: Sequence[dict[str, Any]], name: str) -> list[str]:
    """The values of a field as they come, each once."""
    return list(dict.fromkeys(row[name] for row in rows))


def axis(frame: Frame, language: str) -> str:
    """How the value axis is written: as the first measure is."""
    column = frame.columns[frame.of_role("measure")[0]]
    return words.axis(language, column.format, currency=column.currency)


def label(frame: Frame) -> str:
    """How the first dimension is written on its axis: days without the year, which the hint still tells."""
    unit = frame.columns[frame.of_role("dimension")[0]].unit
    return "slice(datum.label, 5)" if unit in ("hour", "day", "week") else "datum.label"


def several(frame: Frame, *, compare: bool = False) -> bool:
    """More than one series."""
    roles = ("measure", "compare") if compare else ("measure",)
    return len(frame.of_role("dimension")) > 1 or len(frame.of_role(*roles)) > 1
