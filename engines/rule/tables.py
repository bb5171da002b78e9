"""Decision tables: a row is a condition, a cell a test of its column's input (DMN's unary tests)."""

import re
from collections.abc import Sequence

from engines.core.kernel.kind import Definition

ANY = {"", "-", "*", "任意"}
COMPARES = re.compile(r"^\s*(<=|>=|<>|!=|<|>|=)\s*(.+)$", re.DOTALL)
RANGE = re.compile(r"^\s*([\[(\]])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])\[])\s*$", re.DOTALL)


def condition_of(inputs: Sequence[Definition], cells: Sequence[str]) -> str:
    """The formula text of a row: every cell's test of its input; a row of blank cells always holds."""
    tests = [cell_test(str(column["formula"]), cell) for column, cell in zip(inputs, cells, strict=True)]
    held = [test for test in tests if test]
    return " AND ".join(f"({test})" for test in held) if held else "TRUE"


def cell_test(given: str, cell: str) -> str:
    """`> 5000`, `[1..5)`, `"vip"`, `1, 2, 3` (any of), `not("vip")`, or blank for any."""
    text = str(cell).strip()
    if text in ANY:
        return ""
    if inner := re.fullmatch(r"(?is)(?:not|非)\s*\((.*)\)", text):
        return f"NOT ({cell_test(given, inner[1])})"
    if found := RANGE.match(text):
        low = ">=" if found[1] == "[" else ">"
        high = "<=" if found[4] == "]" else "<"
        return f"({given}) {low} {found[2]} AND ({given}) {high} {found[3]}"
    parts = [part.strip() for part in _split(text)]
    return " OR ".join(_one(given, part) for part in parts)


def _one(given: str, part: str) -> str:
    if found := COMPARES.match(part):
        return f"({given}) {'<>' if found[1] == '!=' else found[1]} {found[2]}"
    return f"({given}) = {part}"


def _split(text: str) -> list[str]:
    """At commas that stand outside quotes and parentheses."""
    parts, depth, quoted, start = [], 0, False, 0
    for n, sign in enumerate(text):
        if sign == '"':
            quoted = not quoted
        elif not quoted:
            depth += {"(": 1, ")": -1}.get(sign, 0)
            if sign in ",，" and depth == 0:
                parts.append(text[start:n])
                start = n + 1
    return [*parts, text[start:]]
