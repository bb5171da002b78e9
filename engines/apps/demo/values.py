"""Value descriptions of a recipe, compiled into functions of a row."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .days import Calendar
from .draws import Stream, Weighted, deal

Row = dict[str, Any]
Give = Callable[[Row], Any]
Spec = Any


class BadRecipe(ValueError):
    """What is wrong with a recipe, and where."""


@dataclass
class Kitchen:
    """What value descriptions may refer to; `made` holds the rows of earlier batches."""

    seed: int
    language: str
    calendar: Calendar
    words: Mapping[str, Any]
    made: dict[str, list[Row]] = field(default_factory=dict)


@dataclass(frozen=True)
class Spot:
    """Where a description stands: it names the stream, and says how many rows there will be."""

    kitchen: Kitchen
    names: tuple[str, ...]
    count: int = 0

    @property
    def stream(self) -> Stream:
        return Stream(self.kitchen.seed, *self.names)

    def inner(self, name: object) -> "Spot":
        return Spot(self.kitchen, (*self.names, str(name)), self.count)

    def give(self, name: object, spec: Spec) -> Give:
        return give(spec, self.inner(name))


Generator = Callable[[Spec, Spot], Give]
GENERATORS: dict[str, Generator] = {}


def generator(name: str) -> Callable[[Generator], Generator]:
    """Declares the description `{name: …}`."""

    def declare(fn: Generator) -> Generator:
        GENERATORS[name] = fn
        return fn

    return declare


def give(spec: Spec, spot: Spot) -> Give:
    """The function that gives a row its value."""
    if isinstance(spec, dict) and not spec.keys() <= {"zh", "en"}:
        for name, make in GENERATORS.items():
            if name in spec:
                return make(spec, spot)
        raise BadRecipe(f"{'/'.join(spot.names)}: no such value: {', '.join(spec)}")
    fixed = spoken(spec, spot.kitchen.language)
    return lambda row: fixed


def spoken(spec: Spec, language: str) -> Any:
    """A text in the language of the installation; anything else as it is."""
    return spec.get(language, next(iter(spec.values()))) if isinstance(spec, dict) else spec


def path(text: str) -> Give:
    """`a`, `fan.owner`: a variable of the row, or of a row it holds."""
    first, *rest = text.split(".")
    if not rest:
        return lambda row: row[first]

    def walk(row: Row) -> Any:
        found = row[first]
        for name in rest:
            found = found[name]
        return found

    return walk


@generator("get")
def _get(spec: Spec, spot: Spot) -> Give:
    return path(spec["get"])


@generator("by")
def _by(spec: Spec, spot: Spot) -> Give:
    """`{"by": path, "of": {value: …}, "else": …}`"""
    key = path(spec["by"])
    cases = {value: spot.give(value, one) for value, one in spec["of"].items()}
    other = spot.give("else", spec.get("else"))
    return lambda row: cases.get(_name(key(row)), other)(row)


def _name(value: Any) -> str:
    return {True: "yes", False: "no", None: "none"}.get(value, value) if not isinstance(value, str) else value


@generator("pick")
def _pick(spec: Spec, spot: Spot) -> Give:
    """`{"pick": {value: weight}}` or a list; drawn for each row."""
    given, stream = spec["pick"], spot.stream
    if isinstance(given, list):
        chosen = [spot.give(i, one) for i, one in enumerate(given)]
        return lambda row: chosen[stream.whole(0, len(chosen) - 1)](row)
    bowl = Weighted(list(given), list(given.values()))
    return lambda row: bowl.pick(stream)


@generator("deal")
def _deal(spec: Spec, spot: Spot) -> Give:
    """Like pick, but the whole batch has exactly these proportions."""
    hand = iter(deal(spot.stream, spec["deal"], spot.count))
    return lambda row: next(hand)


@generator("chance")
def _chance(spec: Spec, spot: Spot) -> Give:
    """`{"chance": 0.3, "then": …, "else": …}`"""
    stream, odds = spot.stream, spot.give("odds", spec["chance"])
    then, other = spot.give("then", spec.get("then", True)), spot.give("else", spec.get("else"))
    return lambda row: then(row) if stream.unit() < odds(row) else other(row)


@generator("some")
def _some(spec: Spec, spot: Spot) -> Give:
    """`{"some": {value: chance}}`: a list."""
    stream, odds = spot.stream, {value: spot.give(value, one) for value, one in spec["some"].items()}
    return lambda row: [value for value, chance in odds.items() if stream.unit() < chance(row)]


@generator("words")
def _words(spec: Spec, spot: Spot) -> Give:
    """`{"words": ["{adjective}的{noun}", …], "unique": true}`: patterns over the recipe's word lists."""
    kitchen, stream = spot.kitchen, spot.stream
    patterns = [spoken(one, kitchen.language) for one in spoken(spec["words"], kitchen.language)]
    lists = {name: [spoken(one, kitchen.language) for one in spoken(words, kitchen.language)]
             for name, words in kitchen.words.items()}  # fmt: skip
    seen: set[str] = set()

    def fill(row: Row) -> str:
        pattern = patterns[stream.whole(0, len(patterns) - 1)]
        named = {name: words for name, words in lists.items() if f"{{{name}}}" in pattern}
        used = {name: words[stream.whole(0, len(words) - 1)] for name, words in named.items()}
        return str(pattern.format(**used, n=row.get("n", 0)))

    def fresh(row: Row) -> str:
        found = fill(row)
        for _ in range(200):
            if found not in seen and len(found) <= spec.get("longest", 80):
                break
            found = fill(row)
        seen.add(found)
        return found

    return fresh if spec.get("unique") else fill


def _number(name: str, draw: Callable[[Stream, list[Any]], float]) -> None:
    """A number drawn from a law, kept within `min` and `max`, rounded to a multiple of `round`."""

    @generator(name)
    def _drawn(spec: Spec, spot: Spot) -> Give:
        stream, law = spot.stream, [spot.give(i, one) for i, one in enumerate(spec[name])]
        low, high, step = spec.get("min", float("-inf")), spec.get("max", float("inf")), spec.get("round")

        def give_one(row: Row) -> float:
            found = float(min(max(draw(stream, [part(row) for part in law]), low), high))
            return float(round(found / step) * step) if step else found

        return give_one


_number("normal", lambda stream, law: stream.normal(*law))
_number("lognormal", lambda stream, law: stream.lognormal(*law))
_number("pareto", lambda stream, law: stream.pareto(*law))
_number("range", lambda stream, law: stream.between(*law))
_number("whole", lambda stream, law: stream.whole(*law))


def _fold(name: str, fold: Callable[[list[Any]], Any]) -> None:
    @generator(name)
    def _folded(spec: Spec, spot: Spot) -> Give:
        parts = [spot.give(i, one) for i, one in enumerate(spec[name])]
        return lambda row: fold([part(row) for part in parts])


def _product(parts: list[Any]) -> Any:
    found = 1
    for part in parts:
        found = found * part
    return found


_fold("plus", sum)
_fold("minus", lambda parts: parts[0] - sum(parts[1:]))
_fold("times", _product)
_fold("ratio", lambda parts: parts[0] / parts[1])
_fold("least", min)
_fold("most", max)


@generator("earlier")
def _earlier(spec: Spec, spot: Spot) -> Give:
    """`{"earlier": [a, b], "then": …, "else": …}`: is a below b?"""
    left, right = (spot.give(i, one) for i, one in enumerate(spec["earlier"]))
    then, other = spot.give("then", spec.get("then")), spot.give("else", spec.get("else"))
    return lambda row: then(row) if left(row) < right(row) else other(row)


@generator("rounded")
def _rounded(spec: Spec, spot: Spot) -> Give:
    """`{"rounded": …, "to": 5}`"""
    inner, step = spot.give("of", spec["rounded"]), spec.get("to", 1)
    return lambda row: round(inner(row) / step) * step


@generator("sum_of")
def _sum_of(spec: Spec, spot: Spot) -> Give:
    """`{"sum_of": "items", "get": …}` over rows that this row holds."""
    rows, inner = path(spec["sum_of"]), path(spec["value"])
    return lambda row: sum(inner(one) for one in rows(row))


@generator("first_of")
def _first_of(spec: Spec, spot: Spot) -> Give:
    rows, inner = path(spec["first_of"]), path(spec["value"])
    return lambda row: inner(rows(row)[0])


@generator("one_of")
def _one_of(spec: Spec, spot: Spot) -> Give:
    """A row of an earlier batch: `weight` names its weight, `from` and `until` a stretch of its `key`, which ascends.
    An empty stretch gives the first row at or after `from`, else the last of all."""
    rows, stream = spot.kitchen.made[spec["one_of"]], spot.stream
    weigh = spot.give("weight", spec["weight"]) if "weight" in spec else lambda row: 1.0
    bowl = Weighted(rows, [weigh(row) for row in rows])
    if "key" not in spec:
        return lambda row: bowl.pick(stream)
    keys = [row[spec["key"]] for row in rows]
    since, until = spot.give("from", spec.get("from")), spot.give("until", spec.get("until"))

    def within(row: Row) -> Row:
        low = _place(keys, since(row), 0)
        high = _place(keys, until(row), len(keys), after=True)
        if low >= high:
            stream.unit()
            return rows[min(low, len(rows) - 1)]
        return bowl.pick(stream, low, high)  # type: ignore[no-any-return]  # the bowl holds rows

    return within


def _place(keys: list[Any], mark: Any, default: int, *, after: bool = False) -> int:
    if mark is None:
        return default
    return bisect_right(keys, mark) if after else bisect_left(keys, mark)


@generator("many_of")
def _many_of(spec: Spec, spot: Spot) -> Give:
    """`{"many_of": batch, "count": …}`: different rows."""
    rows, stream, count = spot.kitchen.made[spec["many_of"]], spot.stream, spot.give("count", spec["count"])
    return lambda row: stream.shuffled(rows)[: int(count(row))]
