"""What lies on the shelves of a report as chips: their names, what stands beside, and what their menus offer."""

from typing import Any

from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition, Label
from engines.report import periods, shelves
from engines.report.model import Dataset
from engines.report.offer import Offer, offer_of
from engines.report.paths import resolve
from runtime import render

from ..shapes import BUCKETS, SUMS

Words = dict[str, tuple[str, str]]
SHELVES: Words = {
    "rows": ("行", "Rows"),
    "columns": ("列", "Columns"),
    "values": ("数值", "Values"),
    "color": ("颜色", "Colour"),
    "filters": ("筛选", "Filters"),
}
OPS: Words = {
    "in": ("是", "is"),
    "not_in": ("不是", "is not"),
    "=": ("=", "="),
    "!=": ("≠", "≠"),
    ">": (">", ">"),
    ">=": ("≥", "≥"),
    "<": ("<", "<"),
    "<=": ("≤", "≤"),
    "contains": ("包含", "contains"),
    "filled": ("已填", "is filled in"),
    "empty": ("为空", "is empty"),
}
BY_KIND = {
    "choice": ("in", "not_in", "filled", "empty"),
    "boolean": ("=", "empty"),
    "number": ("=", ">", ">=", "<", "<=", "filled", "empty"),
    "duration": (">", ">=", "<", "<="),
    "date": (">=", "<", "filled", "empty"),
    "datetime": (">=", "<", "filled", "empty"),
    "text": ("=", "!=", "contains", "filled", "empty"),
    "link": ("filled", "empty"),
}
PERIODS = ("today", "last 7 days", "last 30 days", "this month", "last 6 months", "last 12 months", "this year")
FIGURES = ("sum", "average", "median")
"""Ways of summing up that only numbers have."""


def all_chips(dataset: Dataset | None, body: Definition, wrong: list[Any]) -> list[tuple[str, str, list[Definition]]]:
    """(shelf, its name, chips) of every shelf; a chip also tells what is `wrong` with it."""
    found = {shelf: [_chip(dataset, shelf, n, one) for n, one in enumerate(shelves.items(body, shelf))]
             for shelf in SHELVES}  # fmt: skip
    period = shelves.period_of(body)
    if period is not None:
        found["filters"].insert(0, _period(dataset, *period))
    for path, words in wrong:
        _blame(found, path, words)
    return [(shelf, said(SHELVES, shelf), found[shelf]) for shelf in SHELVES]


def said(words: Words, name: str) -> str:
    """One of a table of (zh, en) in the reader's language."""
    zh, en = words.get(name, (name, name))
    return zh if render.language() == "zh" else en


def _chip(dataset: Dataset | None, shelf: str, n: int, given: Definition) -> Definition:
    named = "measure" in given
    token = str(given.get("measure") or given.get("field") or given.get("formula") or "")
    offer = offer_of(dataset, token, named=named) if dataset and token else None
    label = given.get("label") or (offer.whole if offer else None)
    kind = offer.kind if offer else ""
    return {
        "n": n,
        "shelf": shelf,
        "token": token,
        "given": given,
        "kind": kind,
        "known": bool(offer) or not token or "formula" in given,
        "tone": "ok" if shelf == "values" else "brand",
        "name": render.label(label) if label else (said(SUMS, "count") if not token else token),
        "note": _note(dataset, shelf, given, kind),
        "timed": kind in ("date", "datetime"),
        "named": named,
        "aggregates": _aggregates(offer) if shelf == "values" and token and not named else [],
        "ops": BY_KIND.get(kind, ("filled", "empty")) if shelf == "filters" else (),
        "options": _options(dataset, token, kind) if shelf == "filters" and dataset else [],
        "wrong": [],
    }


def _note(dataset: Dataset | None, shelf: str, given: Definition, kind: str) -> str:
    """Beside the name: how time is cut, how values are summed up, what a filter lets through."""
    if shelf == "filters":
        return "" if "formula" in given else _condition(dataset, given, kind)
    if shelf == "values":
        return "" if "measure" in given or not given.get("field") else said(SUMS, given["agg"])
    top = f" {said({'top': ('前', 'top')}, 'top')} {given['top']['n']}" if given.get("top") else ""
    return (said(BUCKETS, given["bucket"]) if given.get("bucket") else "") + top


def _condition(dataset: Dataset | None, given: Definition, kind: str) -> str:
    op, value = str(given.get("op", "=")), given.get("value")
    if op in ("filled", "empty"):
        return said(OPS, op)
    labels = dict(_options(dataset, given["field"], kind)) if dataset else {}
    values = [labels.get(one, str(one)) for one in (value if isinstance(value, list) else [value])]
    shown = ("、" if render.language() == "zh" else ", ").join(values[:3]) + (" …" if len(values) > 3 else "")
    return shown if op == "in" else f"{said(OPS, op)} {shown}"


def _options(dataset: Dataset | None, token: str, kind: str) -> list[tuple[Any, str]]:
    if kind == "boolean":
        return [(True, said({"y": ("是", "Yes")}, "y")), (False, said({"n": ("否", "No")}, "n"))]
    if kind != "choice" or dataset is None:
        return []
    try:
        path = resolve(dataset.source, token)
    except AppError:
        return []
    labels = {one["id"]: one["label"] for one in path.definition.get("options", ())}
    kinds = (path.type.item or path.type).options
    return [(option, render.label(labels.get(option) or {"zh": names[0], "en": names[-1]})) for option, names in kinds]


def _aggregates(offer: Offer | None) -> list[tuple[str, str, bool]]:
    """(aggregate, its name, can it be had): sums need numbers."""
    number = offer is None or offer.number
    return [(agg, said(SUMS, agg), number or agg not in FIGURES) for agg in SUMS]


def _period(dataset: Dataset | None, field: str, value: Any) -> Definition:
    offer = offer_of(dataset, field or dataset.time) if dataset else None
    name: Label = offer.whole if offer else {"zh": "时间", "en": "Time"}
    known = bool(offer) or not field
    return {"n": "period", "shelf": "filters", "token": field, "given": {"period": value}, "kind": "period",
            "known": known, "tone": "brand", "name": render.label(name), "note": render.label(periods.words(value)),
            "ops": (), "options": [(one, render.label(periods.words(one))) for one in (*PERIODS, "all")],
            "wrong": []}  # fmt: skip


def _blame(found: dict[str, list[Definition]], path: str, words: Label) -> None:
    """A problem goes to the chip that its path names."""
    steps = path.split("/")[1:]
    if len(steps) < 2 or not steps[1].isdigit():
        return
    shelf = "filters" if steps[0] == "filter" else steps[0]
    for chip in found.get(shelf, ()):
        if chip["n"] == int(steps[1]):
            chip["wrong"].append(words)


def condition_of(chip_kind: str, op: str, values: list[str]) -> Definition:
    """`op` and `value` as a definition keeps them, of what was sent; blank values are left out."""
    given = [one for one in values if one != ""]
    if op in ("filled", "empty"):
        return {"op": op, "value": None}
    if op in ("in", "not_in"):
        return {"op": op, "value": given} if given else {"op": "filled", "value": None}
    if not given:
        return {"op": "filled", "value": None}
    return {"op": op, "value": _value(chip_kind, given[0])}


def _value(kind: str, text: str) -> Any:
    if kind == "boolean":
        return text in ("True", "true", "1")
    if kind in ("number", "duration"):
        try:
            number = float(text)
        except ValueError:
            return text
        return int(number) if number.is_integer() else number
    return text
