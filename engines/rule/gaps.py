"""What is wrong with a decision table before any record meets it: values that no row takes, rows that overlap with
another outcome, rows that are never the first. What is told is certain; cells that say more than a comparison count
as "may hold"."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from engines.core.formula.check import Checked, check
from engines.core.formula.env import Env
from engines.core.formula.names import Names
from engines.core.formula.problems import FormulaError
from engines.core.kernel.kind import Definition

from .domains import Column, Example, together

MOST_STATES = 20_000
"""Combinations that are looked at; beyond them "nothing found" proves nothing."""
MOST_ROWS = 150
"""Longer tables are not looked at: a page waits for the answer."""
MOST_TOLD = 3
MOST_PAIRS = 100
State = tuple[int, int]
"""Rows that surely hold and rows that may hold, as bits."""
Kinds = dict[State, Example]


@dataclass
class Findings:
    """`gaps`: rows of cells that would take what no row takes; `overlaps`: pairs of rows with different outcomes that
    both hold for something, with an example; `never`: rows that are never the first; `dead`: rows that hold for
    nothing. Rows count from 0. `proven` False: there were too many combinations to look at all."""

    gaps: list[tuple[str, ...]] = field(default_factory=list)
    overlaps: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)
    never: list[int] = field(default_factory=list)
    dead: list[int] = field(default_factory=list)
    proven: bool = True


def findings(table: Definition, names: Names, env: Env, *, filled: frozenset[str] = frozenset()) -> Findings | None:
    """None where a column cannot be read. `filled`: fields that are never blank."""
    try:
        formulas = [check(str(column["formula"]), names) for column in table["inputs"]]
    except FormulaError:
        return None
    rows: list[Definition] = table["rows"]
    if any(len(row["when"]) != len(formulas) for row in rows):
        return None
    if len(rows) > MOST_ROWS:
        return Findings(proven=False)
    return Search(formulas, rows, env, filled).found()


class Search:
    """All combinations of the columns' examples, those that leave the same rows taken together."""

    def __init__(self, formulas: list[Checked], rows: Sequence[Definition], env: Env, filled: frozenset[str]) -> None:
        self.rows, self.result = rows, Findings()
        self.every = (1 << len(rows)) - 1
        self.alike: dict[str, list[int]] = {}
        for place, formula in enumerate(formulas):
            self.alike.setdefault(formula.text, []).append(place)
        self.kinds = [self._kinds(formulas[places[0]], places, env, filled) for places in self.alike.values()]

    def _kinds(self, formula: Checked, places: list[int], env: Env, filled: frozenset[str]) -> Kinds:
        """What the values of one input do to the rows; columns that ask the same are one input."""
        cells = [str(row["when"][place]) for row in self.rows for place in places]
        column = Column(formula, cells, env, filled=formula.text in filled)
        found: dict[State, list[Example]] = {}
        for example in column.examples:
            found.setdefault(self._state(column, places, example), []).append(example)
        return {state: together(column.examples, alike) for state, alike in found.items()}

    def _state(self, column: Column, places: list[int], example: Example) -> State:
        sure = may = 0
        for n, row in enumerate(self.rows):
            held = [column.meets(str(row["when"][place]), example) for place in places]
            sure |= all(held) << n
            may |= all(one is not False for one in held) << n
        return sure, may

    def found(self) -> Findings:
        states: dict[State, tuple[Example, ...]] = {(self.every, self.every): ()}
        for kinds in self.kinds:
            states = self._further(states, kinds)
        self._outcomes(states)
        return self.result

    def _further(self, states: dict[State, Any], kinds: dict[State, Example]) -> dict[State, Any]:
        found: dict[State, Any] = {}
        for (sure, may), chosen in states.items():
            for (more_sure, more_may), example in kinds.items():
                found.setdefault((sure & more_sure, may & more_may), (*chosen, example))
            if len(found) > MOST_STATES:
                self.result.proven = False
                break
        return found

    def _outcomes(self, states: dict[State, tuple[Example, ...]]) -> None:
        firsts = anything = 0
        for (sure, may), chosen in states.items():
            anything |= may
            lowest = sure & -sure
            firsts |= may & ((lowest << 1) - 1) if lowest else may
            if not may and len(self.result.gaps) < MOST_TOLD:
                self._gap(chosen)
            self._overlaps(sure, chosen)
        if self.result.proven:
            self.result.never = [n for n in range(len(self.rows)) if not firsts >> n & 1 and anything >> n & 1]
            self.result.dead = [n for n in range(len(self.rows)) if not anything >> n & 1]

    def _gap(self, chosen: tuple[Example, ...]) -> None:
        """Cells for what no row takes; a column that makes no difference stays open."""
        cells = [""] * sum(map(len, self.alike.values()))
        for n, places in enumerate(self.alike.values()):
            others = self.every
            for at, example in enumerate(chosen):
                if at != n:
                    others &= next(may for (_, may), one in self.kinds[at].items() if one is example)
            if any(others & may for _, may in self.kinds[n]):
                cells[places[0]] = chosen[n].cell
        if tuple(cells) not in self.result.gaps:
            self.result.gaps.append(tuple(cells))

    def _overlaps(self, sure: int, chosen: tuple[Example, ...]) -> None:
        if not sure & (sure - 1) or len(self.result.overlaps) >= MOST_PAIRS:
            return
        held = [n for n in range(len(self.rows)) if sure >> n & 1]
        for at, a in enumerate(held):
            for b in held[at + 1 :]:
                if self.rows[a]["then"] != self.rows[b]["then"]:
                    self.result.overlaps.setdefault((a, b), self._cells(chosen))

    def _cells(self, chosen: tuple[Example, ...]) -> tuple[str, ...]:
        cells = [""] * sum(map(len, self.alike.values()))
        for example, places in zip(chosen, self.alike.values(), strict=True):
            cells[places[0]] = example.cell
        return tuple(cells)
