"""Batches of a recipe, in order, into rows: how many there are, what they hold, which are planted."""

from collections.abc import Callable, Iterator
from typing import Any

from engines.core.kernel.kind import Definition

from .draws import share
from .values import BadRecipe, Give, Kitchen, Row, Spec, Spot, give, path


def make(recipe: Definition, kitchen: Kitchen) -> dict[str, list[Row]]:
    """The rows of each form, in the order they will have. A row holds its variables and values by name, the batch it
    comes from as `_batch`, and the rows it belongs to."""
    batches = recipe["make"]
    for batch in batches:
        kitchen.made[batch["id"]] = _batch(batch, kitchen)
    return _by_form(batches, kitchen)


def _by_form(batches: list[Definition], kitchen: Kitchen) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for batch in batches:
        if "form" in batch:
            found.setdefault(batch["form"], []).extend(kitchen.made[batch["id"]])
    for rows in found.values():
        if all("_at" in row for row in rows):
            rows.sort(key=lambda row: row["_at"])
    return found


def _batch(batch: Definition, kitchen: Kitchen) -> list[Row]:
    rows = list(_empty(batch, kitchen))
    spot = Spot(kitchen, (batch["id"],), len(rows))
    for n, row in enumerate(rows, 1):
        row["n"], row["_batch"] = n, batch
    planted = Planted(batch.get("plant", ()), spot)
    for name, spec in _columns(batch):
        planted.column(rows, name, spec)
    for row in rows:
        row.pop("_plant", None)
    return rows


def _columns(batch: Definition) -> Iterator[tuple[str, Spec]]:
    """What each row gets, in order: variables, child rows, values, and when it was made."""
    yield from batch.get("let", {}).items()
    for name, child in batch.get("rows", {}).items():
        yield name, {"_child": child}
    yield from batch.get("set", {}).items()
    if "at" in batch:
        yield "_at", batch["at"]
    if "by" in batch:
        yield "_by", batch["by"]


class Planted:
    """Rows that are set aside for a purpose: theirs are the planted values, all others come from the batch."""

    def __init__(self, plants: Any, spot: Spot) -> None:
        self._plants, self._spot = list(plants), spot
        self._gives: dict[tuple[int, str], Give] = {}

    def column(self, rows: list[Row], name: str, spec: Spec) -> None:
        """Fill one column, then set rows aside for the plants that waited for it."""
        usual = _child_rows(name, spec["_child"], self._spot) if _is_child(spec) else self._spot.give(name, spec)
        for row in rows:
            row[name] = (self._own(row["_plant"], name) or usual)(row) if "_plant" in row else usual(row)
        for i, plant in enumerate(self._plants):
            if plant["after"] == name:
                self._take(rows, i, plant)

    def _take(self, rows: list[Row], i: int, plant: Definition) -> None:
        fits = chosen(plant.get("where", {}))
        found = [row for row in rows if "_plant" not in row and fits(row)][: plant["count"]]
        if len(found) < plant["count"]:
            raise BadRecipe(f"{'/'.join(self._spot.names)}: {plant['count']} rows asked for, {len(found)} fit {plant}")
        for k, row in enumerate(found, 1):
            row["_plant"], row["k"] = i, k

    def _own(self, i: int, name: str) -> Give | None:
        plant = self._plants[i]
        if name not in plant["set"]:
            return None
        if (i, name) not in self._gives:
            spot = Spot(self._spot.kitchen, (*self._spot.names, f"plant{i}"), plant["count"])
            self._gives[i, name] = spot.give(name, plant["set"][name])
        return self._gives[i, name]


def chosen(where: Definition) -> Callable[[Row], bool]:
    """Rows whose variables have these values (a list: one of them)."""
    tests = [(path(name), want if isinstance(want, list) else [want]) for name, want in where.items()]
    return lambda row: all(get(row) in wanted for get, wanted in tests)


def _is_child(spec: Spec) -> bool:
    return isinstance(spec, dict) and "_child" in spec


def _child_rows(name: str, child: Definition, spot: Spot) -> Give:
    """Rows inside a row: either `each` of some values, or `count` of them; they see the outer row as `outer`."""
    inner = spot.inner(name)
    columns = [(key, inner.give(key, spec)) for key, spec in {**child.get("let", {}), **child["set"]}.items()]
    count = inner.give("count", child.get("count", 0))

    def rows(row: Row) -> list[Row]:
        found = []
        starts = child["each"] if "each" in child else [{}] * int(count(row))
        for k, start in enumerate(starts, 1):
            one: Row = {"outer": row, "k": k, **start}
            for key, make_one in columns:
                one[key] = make_one(one)
            found.append(one)
        return found

    return rows


def _empty(batch: Definition, kitchen: Kitchen) -> Iterator[Row]:
    """Rows with nothing but where they come from."""
    if "weekly" in batch:
        for instant, weight in kitchen.calendar.weekly(batch["weekly"]):
            yield {"at": instant, "weight": weight}
    elif "each" in batch:
        yield from (dict(one) for one in batch["each"])
    elif "per" in batch:
        yield from _children(batch, kitchen)
    else:
        yield from ({} for _ in range(batch["count"]))


def _children(batch: Definition, kitchen: Kitchen) -> Iterator[Row]:
    fits = chosen(batch.get("where", {}))
    parents = [row for row in kitchen.made[batch["per"]] if fits(row)]
    numbers = counts(batch["count"], parents, Spot(kitchen, (batch["id"], "count"), len(parents)))
    for parent, number in zip(parents, numbers, strict=True):
        for k in range(1, number + 1):
            yield {batch["as"]: parent, "k": k}


def counts(spec: Spec, parents: list[Row], spot: Spot) -> list[int]:
    """How many children each parent gets: drawn one by one, or a total shared out exactly, or by a variable."""
    if isinstance(spec, dict) and "total" in spec:
        weigh = spot.give("weight", spec.get("weight", 1))
        weights = [float(weigh(row)) for row in parents]
        return share(spec["total"], weights, least=spec.get("least", 0), most=spec.get("most"))
    if isinstance(spec, dict) and "group" in spec:
        return _grouped(spec, parents, spot)
    one = give(spec, spot.inner("each"))
    return [int(one(row)) for row in parents]


def _grouped(spec: Definition, parents: list[Row], spot: Spot) -> list[int]:
    get, found = path(spec["group"]), [0] * len(parents)
    for value, part in spec["of"].items():
        places = [i for i, row in enumerate(parents) if get(row) == value]
        inner = Spot(spot.kitchen, (*spot.names, value), len(places))
        for i, number in zip(places, counts(part, [parents[i] for i in places], inner), strict=True):
            found[i] = number
    return found
