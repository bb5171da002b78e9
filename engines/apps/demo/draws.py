"""Chance that comes out the same on every machine: one stream for each name, exact deals, exact shares."""

import bisect
import hashlib
import math
from collections.abc import Mapping, Sequence
from itertools import accumulate
from random import Random
from statistics import NormalDist
from typing import Any

_NORMAL = NormalDist()


class Stream:
    """Draws that depend on the seed and the name alone, never on what other streams did before."""

    def __init__(self, *names: object) -> None:
        key = hashlib.sha256("/".join(map(str, names)).encode()).digest()
        self.unit = Random(int.from_bytes(key[:8], "big")).random  # noqa: S311  demo data, not secrets
        """The next number in [0, 1); the only thing taken from Random, since no Python release changes it."""

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self.unit() * (high - low + 1))

    def normal(self, mean: float, spread: float) -> float:
        return mean + spread * _NORMAL.inv_cdf(min(max(self.unit(), 1e-9), 1 - 1e-9))

    def lognormal(self, median: float, sigma: float) -> float:
        return median * math.exp(self.normal(0, sigma))

    def pareto(self, least: float, alpha: float) -> float:
        return float(least * (1 - self.unit()) ** (-1 / alpha))

    def shuffled(self, items: Sequence[Any]) -> list[Any]:
        found = list(items)
        for i in range(len(found) - 1, 0, -1):
            j = self.whole(0, i)
            found[i], found[j] = found[j], found[i]
        return found


class Weighted:
    """One of several by weight, also from a stretch of them."""

    def __init__(self, items: Sequence[Any], weights: Sequence[float]) -> None:
        self.items = items
        self._sums = [0.0, *accumulate(weights)]

    def pick(self, stream: Stream, low: int = 0, high: int | None = None) -> Any:
        """An item of `items[low:high]`; the stretch must hold one."""
        high = len(self.items) if high is None else high
        mark = stream.between(self._sums[low], self._sums[high])
        return self.items[min(max(bisect.bisect_right(self._sums, mark) - 1, low), high - 1)]


def deal(stream: Stream, shares: Mapping[Any, float], count: int) -> list[Any]:
    """`count` values in these proportions, exactly, in random order."""
    numbers = share(count, list(shares.values()))
    return stream.shuffled([value for value, n in zip(shares, numbers, strict=True) for _ in range(n)])


def share(total: int, weights: Sequence[float], *, least: int = 0, most: int | None = None) -> list[int]:
    """`total` in whole parts near the weights, each at least `least` and at most `most`."""
    cap = total if most is None else most
    if not least * len(weights) <= total <= cap * len(weights):
        raise ValueError(f"{total} cannot be shared among {len(weights)} with {least} to {cap} each")
    parts = [float(least)] * len(weights)
    rest = float(total - least * len(weights))
    open_ones = [i for i in range(len(weights)) if cap > least]
    while rest > 1e-9:
        rest, open_ones = _pour(parts, weights, open_ones, rest, cap)
    return _whole(parts, total)


def _pour(
    parts: list[float], weights: Sequence[float], open_ones: list[int], rest: float, cap: int
) -> tuple[float, list[int]]:
    """One round: everybody gets by weight, what is above the cap flows back."""
    unit, over = rest / sum(weights[i] for i in open_ones), 0.0
    for i in open_ones:
        parts[i] += unit * weights[i]
        over += max(0.0, parts[i] - cap)
        parts[i] = min(parts[i], cap)
    return over, [i for i in open_ones if parts[i] < cap]


def _whole(parts: list[float], total: int) -> list[int]:
    """Largest remainder."""
    numbers = [int(part + 1e-9) for part in parts]
    order = sorted(range(len(parts)), key=lambda i: numbers[i] - parts[i])
    for i in order[: total - sum(numbers)]:
        numbers[i] += 1
    return numbers
