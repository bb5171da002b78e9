"""When a formula can change with no new event: the earliest instant at which one of its time conditions can flip."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from .check import TIMES, Checked
from .env import DAY, Env, midnight
from .faults import FormulaFault
from .python import compile_term
from .tree import Aggregate, Term
from .types import BOOLEAN

FOREVER = 200 * 366
"""Days ahead that are looked at: what flips later is never due."""
RISING = frozenset({"TODAY", "NOW"})
KEEPS = frozenset(
    "zero|date of|midnight|INT|TRUNC|ROUND|ROUNDUP|ROUNDDOWN|FLOOR|CEILING|EOMONTH|EDATE|STARTOF|add days|add time|"
    "YEAR|digits|least of|greatest of|+".split("|")
)
"""Operations that rise when their operands rise."""
DISTANCES = frozenset({"DAYS", "time between", "hours between"})
MONTHLY = frozenset({"MONTH", "QUARTER", "YEAR"})
ORDERED = frozenset({"<", "<=", ">", ">="})


def next_due(checked: Checked, facts: Mapping[str, Any], env: Env) -> int | None:
    """Microseconds UTC of the next instant at which the value can change by itself; None when it never does.

    For a windowed count the facts may carry, under `window_key(aggregate)`, the instants of the rows inside the
    window, newest first; without them the answer is the next midnight of the zone.
    """
    if not checked.time_dependent:
        return None
    finder = Finder(facts, env, {aggregate.key: aggregate for aggregate in checked.aggregates})
    return min((at for at in finder.dues(checked.tree) if at is not None and at > env.now), default=None)


def window_key(aggregate: Aggregate) -> str:
    """The fact that holds the instants of an aggregate's rows, newest first."""
    return "window of " + aggregate.key


def moves(term: Term) -> bool:
    return any(part.op in TIMES for part in term.walk())


def direction(term: Term) -> int | None:
    """1 rises with time, -1 falls, 0 stands still, None when it may do both."""
    if term.op in RISING:
        return 1
    if not moves(term):
        return 0
    parts = [direction(arg) for arg in term.args]
    if term.op == "neg":
        return None if parts[0] is None else -parts[0]
    if term.op in DISTANCES:
        return combined([parts[0], None if parts[1] is None else -parts[1]])
    if term.op == "DATEDIF":
        return (
            combined([None if parts[0] is None else -parts[0], parts[1]])
            if term.args[2].value in ("y", "m", "d")
            else None
        )
    if term.op in ("*", "/"):
        return scaled(term, parts)
    return combined(parts) if term.op in KEEPS and not any(moves(arg) for arg in rest(term)) else None


def rest(term: Term) -> tuple[Term, ...]:
    """Operands that must stand still for an operation to keep the direction of its first."""
    return () if term.op in ("+", "add days", "add time", "least of", "greatest of") else term.args[1:]


def combined(parts: list[int | None]) -> int | None:
    if any(part is None for part in parts):
        return None
    signs = {part for part in parts if part}
    return 0 if not signs else signs.pop() if len(signs) == 1 else None


def scaled(term: Term, parts: list[int | None]) -> int | None:
    """Times or divided by a constant."""
    moving = [i for i, arg in enumerate(term.args) if moves(arg)]
    others = [arg for i, arg in enumerate(term.args) if i not in moving]
    if len(moving) != 1 or any(arg.op != "const" for arg in others) or (term.op == "/" and moving == [1]):
        return None
    sign = 1
    for arg in others:
        sign *= (arg.value > 0) - (arg.value < 0)
    found = parts[moving[0]]
    return None if found is None else found * sign


@dataclass
class Finder:
    facts: Mapping[str, Any]
    env: Env
    aggregates: Mapping[str, Aggregate]

    def dues(self, term: Term) -> Iterator[int | None]:
        """When each time condition inside the term can change next."""
        if term.op == "aggregate":
            if windowed(self.aggregates.get(term.value)):
                yield self.midnight()
            return
        if not self.concerns(term):
            return
        if term.op in ("=", "<>", *ORDERED):
            yield from self.comparison(term)
        elif term.op in TIMES:
            yield self.midnight()
        elif term.op in MONTHLY and direction(term.args[0]) is not None:
            yield self.month_start()
        else:
            for arg in term.args:
                yield from self.dues(arg)

    def concerns(self, term: Term) -> bool:
        return any(
            part.op in TIMES or (part.op == "aggregate" and windowed(self.aggregates.get(part.value)))
            for part in term.walk()
        )

    def comparison(self, term: Term) -> Iterator[int | None]:
        a, b = term.args
        window = self.window(term)
        if window:
            yield from window
            return
        one_way = combined([direction(a), None if (d := direction(b)) is None else -d])
        inner = [part for part in term.walk() if part.op == "aggregate" and windowed(self.aggregates.get(part.value))]
        if one_way is None or inner:
            for arg in term.args:
                yield from self.dues(arg)
        elif term.op in ORDERED:
            yield self.flip(term)
        else:
            yield self.flip(Term("<", BOOLEAN, (a, b)))
            yield self.flip(Term("<=", BOOLEAN, (a, b)))

    def flip(self, term: Term) -> int | None:
        """A comparison that turns at most once: its first instant of the other answer, by halving the time ahead."""
        run = compile_term(term)
        exact = any(part.op == "NOW" for part in term.walk())
        try:
            before = run(self.facts, self.env)
            if not exact:
                return self.halve(lambda days: run(self.facts, self.on(days)) != before)
            if run(self.facts, self.at(self.env.now + FOREVER * DAY)) == before:
                return None
            low, high = self.env.now, self.env.now + FOREVER * DAY
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (low, middle) if run(self.facts, self.at(middle)) != before else (middle, high)
            return high
        except FormulaFault:
            return self.midnight()

    def halve(self, turned: Any) -> int | None:
        """The midnight of the first day ahead on which it has turned."""
        if not turned(FOREVER):
            return None
        low, high = 0, FOREVER
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if turned(middle) else (middle, high)
        return self.midnight(high)

    def at(self, now: int) -> Env:
        return Env(
            now, self.env.zone, self.env.user, self.env.roles, self.env.departments, self.env.old, self.env.changed
        )

    def on(self, days: int) -> Env:
        """The same surroundings some days from today, for what looks at the date only."""
        ahead = self.at(self.env.now + days * DAY)
        ahead.__dict__["today"] = self.day(days)
        return ahead

    def day(self, days: int) -> str:
        return (date.fromisoformat(self.env.today) + timedelta(days=days)).isoformat()

    def midnight(self, days: int = 1) -> int:
        """The start of a day some days from today."""
        return midnight(self.day(days), self.env.zone)

    def month_start(self) -> int:
        today = date.fromisoformat(self.env.today)
        first = date(today.year + today.month // 12, today.month % 12 + 1, 1)
        return midnight(first.isoformat(), self.env.zone)

    def window(self, term: Term) -> list[int | None]:
        """COUNT(rows WHERE t >= TODAY() - n) > k flips when its (k+1)-th newest row leaves the window."""
        count, limit = term.args
        found = self.aggregates.get(count.value) if count.op == "aggregate" else None
        if found is None or found.function != "COUNT" or limit.op != "const" or not windowed(found):
            return []
        instants, edge = self.facts.get(window_key(found)), edge_of(found)
        if instants is None or edge is None:
            return [self.midnight()]
        kept = int(limit.value) + (term.op in (">", "<="))
        return [self.leaves(edge, instants[kept - 1]) if 0 < kept <= len(instants) else None]

    def leaves(self, edge: Term, instant: Any) -> int | None:
        """When a row of that date or instant is no longer inside."""
        field = edge.args[0]
        while field.op != "field":
            field = field.args[0]
        return Finder({field.value: instant}, self.env, {}).flip(edge)


def windowed(aggregate: Aggregate | None) -> bool:
    return bool(aggregate and any(part and moves(part) for part in (aggregate.where, aggregate.value)))


def edge_of(aggregate: Aggregate) -> Term | None:
    """The one condition of an aggregate that time moves: a field against an instant, newer rows inside."""
    where = aggregate.where
    parts = where.args if where and where.op == "and" else (where,) if where else ()
    moving = [part for part in parts if moves(part)]
    if len(moving) != 1 or moving[0].op not in ORDERED:
        return None
    a, b = moving[0].args
    fields = [part for part in moving[0].walk() if part.op == "field"]
    one_way = combined([direction(a), None if (d := direction(b)) is None else -d])
    return moving[0] if len(fields) == 1 and one_way in (1, -1) and any(p is fields[0] for p in a.walk()) else None
