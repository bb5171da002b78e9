"""What a column of a decision table can hold, as far as its cells tell values apart: an example of each."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import floor
from typing import Any

from engines.core.formula.check import Checked, check
from engines.core.formula.env import DAY, Env, midnight
from engines.core.formula.faults import FormulaFault
from engines.core.formula.grammar import parse
from engines.core.formula.names import FieldRef, PlainNames
from engines.core.formula.nodes import Call, Chain, Constant, Name, Node, Number, Percent, Sign, Text
from engines.core.formula.problems import FormulaError
from engines.core.formula.python import compile_one
from engines.core.formula.types import BOOLEAN, NUMBER, Type

from .tables import ANY, cell_test

X = "x_of_this_column"
COMPARES = {"=", "<>", "<", "<=", ">", ">="}
ORDERED = ("number", "date", "datetime", "text")
WHOLE = ("COUNT", "COUNT_DISTINCT", "DAYS")
"""Operations that give whole numbers."""


@dataclass(frozen=True)
class Example:
    """One value for all that the cells treat alike; `cell` is the text of a cell that it meets."""

    value: Any
    cell: str


class Column:
    """The examples of one column, and which cells each of them meets."""

    def __init__(self, formula: Checked, cells: Sequence[str], env: Env, *, filled: bool = False) -> None:
        self.kind = NUMBER if formula.type.kind in ("number", "duration") else formula.type
        self.env, self.whole = env, whole(formula)
        self.blank = formula.tree.blank and not filled
        self.names = PlainNames({X: FieldRef(X, self.kind)})
        self.tests = {cell: self._test(cell) for cell in set(cells)}
        self.examples = self._examples()

    def meets(self, cell: str, example: Example) -> bool | None:
        """Does the value meet the cell? None where that depends on more than the value."""
        if cell.strip() in ANY:
            return True
        test = self.tests[cell]
        if test is None:
            return None
        try:
            return bool(test[1]({X: example.value}, self.env))
        except FormulaFault:
            return False

    def _test(self, cell: str) -> tuple[Node, Any] | None:
        """(tree, compiled) of a cell that only compares its column with fixed values; None for any other."""
        if cell.strip() in ANY or self.kind.kind == "list":
            return None
        try:
            node = parse(cell_test(X, cell))
            made = check(node, self.names, wants=BOOLEAN)
        except FormulaError:
            return None
        return (node, compile_one(made)) if plain(node) else None

    def _examples(self) -> list[Example]:
        found = [Example(None, "BLANK")] if self.blank else []
        kind = self.kind.kind
        if kind == "choice":
            return found + [Example(option, f'"{option}"') for option, _ in self.kind.options]
        if kind == "boolean":
            return [*found, Example(1, "TRUE"), Example(0, "FALSE")]
        fixed = sorted(set(self._constants()))
        if kind not in (*ORDERED, "link") or not fixed:
            return [*found, Example(STAND_INS.get(kind, 0), "-")]
        return found + self._around(fixed)

    def _around(self, fixed: list[Any]) -> list[Example]:
        """The fixed values and what lies around them."""
        made: dict[str, Callable[[list[Any]], list[Example]]] = {
            "number": self._numbers,
            "date": days,
            "text": texts,
            "datetime": self._instants,
            "link": others,
        }
        return made[self.kind.kind](fixed)

    def _constants(self) -> Iterable[Any]:
        """The fixed values that the cells compare with."""
        for test in self.tests.values():
            for operand in operands(test[0]) if test else ():
                value = self._value(operand)
                if value is not None:
                    yield value

    def _value(self, operand: Node) -> Any:
        if isinstance(operand, Constant) and operand.value is None:
            return None
        if isinstance(operand, Text) and self.kind.kind in ("date", "datetime", "text"):
            return operand.value
        try:
            return compile_one(check(operand, PlainNames({})))({}, self.env)
        except FormulaFault:
            return None

    def _numbers(self, fixed: list[float]) -> list[Example]:
        made = [Example(fixed[0] - 1, f"< {said(fixed[0])}")]
        for low, high in pairwise([*fixed, None]):
            assert low is not None  # noqa: S101  # only the last is none
            made.append(Example(low, said(low)))
            if high is None:
                made.append(Example(low + 1, f"> {said(low)}"))
            elif not self.whole or floor(low) + 1 < high:
                made.append(Example((low + high) / 2, f"({said(low)}..{said(high)})"))
        return [whole_example(one) for one in made if is_whole(one)] if self.whole else made

    def _instants(self, fixed: list[Any]) -> list[Example]:
        """Noons of the days, and the days before and after."""
        if any(not isinstance(one, str) for one in fixed):
            numbers = sorted(one if isinstance(one, int) else midnight(one, self.env.zone) for one in fixed)
            return [Example(value, "-") for at in numbers for value in (at - 1, at, at + 1)]
        made = days(fixed)
        return [Example(midnight(one.value, self.env.zone) + DAY // 2, one.cell) for one in made]


def together(all_: Sequence[Example], alike: Sequence[Example]) -> Example:
    """Examples that rows treat alike as one, with a cell that takes as many of them as a cell can."""
    first = alike[0]
    if first.cell[:1] == '"' and all(one.cell[:1] == '"' for one in all_ if one.cell != "BLANK"):
        return Example(first.value, ", ".join(one.cell for one in alike if one.cell != "BLANK"))
    at, run = list(all_).index(first), [first]
    if first.cell == "BLANK" and len(alike) > 1:
        return together(all_, alike[1:])
    while at + len(run) < len(all_) and all_[at + len(run)] in alike:
        run.append(all_[at + len(run)])
    return Example(first.value, spanning(first.cell, run[-1].cell)) if len(run) > 1 and ranged(run) else first


def ranged(run: Sequence[Example]) -> bool:
    return not any(one.cell in ("-", "BLANK") or one.cell.startswith("not(") for one in run)


def spanning(first: str, last: str) -> str:
    """One range from where a cell starts to where another ends: `(10..20)` and `20` are `(10..20]`."""
    if first[0] == "<" and last[0] == ">":
        return "<> BLANK"
    low = "" if first[0] == "<" else f"{first.partition('..')[0]}" if first[0] == "(" else f"[{first}"
    high = "" if last[0] == ">" else last.partition("..")[2] if last[-1] == ")" else f"{last}]"
    if not low:
        return f"{'<=' if high[-1] == ']' else '<'} {high[:-1]}"
    if not high:
        return f"{'>=' if low[0] == '[' else '>'} {low[1:]}"
    return f"{low}..{high}"


STAND_INS: dict[str, Any] = {"date": "2000-01-01", "datetime": 0, "text": "a", "number": 0.0, "link": 1, "list": ()}
"""Any value of a column that no cell asks about."""


def whole(formula: Checked) -> bool:
    """Whole numbers only: counts and days."""
    tree = formula.tree
    return tree.op in WHOLE or (tree.op == "aggregate" and formula.aggregates[0].function in WHOLE)


def is_whole(one: Example) -> bool:
    return isinstance(one.value, float | int) and (float(one.value).is_integer() or one.cell[0] in "(<>")


def whole_example(one: Example) -> Example:
    """A whole number where the example stands between two."""
    if float(one.value).is_integer():
        return one
    low = floor(one.value)
    return Example(float(low + 1 if one.cell[0] in ">(" else low), one.cell)


def said(number: float) -> str:
    return f"{number:.15g}"


def days(fixed: list[str]) -> list[Example]:
    """The dates themselves, a day before the first, between two, and after the last."""
    made = [Example(beside(fixed[0], -1), f'< "{fixed[0]}"')]
    for low, high in pairwise([*fixed, ""]):
        made.append(Example(low, f'"{low}"'))
        after = beside(low, 1)
        if not high:
            made.append(Example(after, f'> "{low}"'))
        elif after < high:
            made.append(Example(after, f'("{low}".."{high}")'))
    return made


def beside(day: str, by: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=by)).isoformat()


def texts(fixed: list[str]) -> list[Example]:
    """The texts themselves, and what lies before, between and after them by code point."""
    quoted = ['"' + text.replace('"', '""') + '"' for text in fixed]
    made = [Example("\x01", f"not({', '.join(quoted)})")]
    for text, words in zip(fixed, quoted, strict=True):
        made += [Example(text, words), Example(text + "\x01", f"not({', '.join(quoted)})")]
    return [one for one in made if one.value]


def others(fixed: list[float]) -> list[Example]:
    """The records themselves, and one that nobody names."""
    named = ", ".join(map(said, fixed))
    return [*(Example(int(one), said(one)) for one in fixed), Example(int(max(fixed)) + 1, f"not({named})")]


def plain(node: Node) -> bool:
    """Nothing but the column compared with fixed values, joined by AND, OR and NOT."""
    if isinstance(node, Name):
        return node.parts == (X,)
    if isinstance(node, Constant):
        return node.value is not None
    if isinstance(node, Call):
        return node.name in ("NOT", "AND", "OR") and all(plain(arg) for arg in node.args)
    if not isinstance(node, Chain):
        return False
    if node.rest[0][0] in ("AND", "OR"):
        return plain(node.first) and all(plain(part) for _, part in node.rest)
    return len(node.rest) == 1 and node.rest[0][0] in COMPARES and node.first == Name((X,)) and fixed(node.rest[0][1])


def fixed(node: Node) -> bool:
    """A value that does not depend on the record."""
    if isinstance(node, Number | Text | Constant):
        return True
    if isinstance(node, Sign | Percent):
        return fixed(node.operand)
    if isinstance(node, Call):
        return all(fixed(arg) for arg in node.args)
    return isinstance(node, Chain) and fixed(node.first) and all(fixed(part) for _, part in node.rest)


def operands(node: Node) -> Iterable[Node]:
    """What the column is compared with."""
    if isinstance(node, Call):
        for arg in node.args:
            yield from operands(arg)
    elif isinstance(node, Chain) and node.rest[0][0] in COMPARES:
        yield node.rest[0][1]
    elif isinstance(node, Chain):
        for part in (node.first, *(each for _, each in node.rest)):
            yield from operands(part)


__all__ = ["Column", "Example", "Type"]
