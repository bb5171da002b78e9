"""A report as shelves that fields are laid on: each edit makes a new definition, none of them asks the database."""

from collections.abc import Mapping
from typing import Any

from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition

from .charts import charts
from .offer import Offer
from .params import PERIOD

DIMS = ("rows", "columns", "color")
SHELVES = (*DIMS, "values", "filters")
USUAL_PERIOD = "last 30 days"


class WrongShelf(AppError):
    code = "report_wrong_shelf"
    words = {
        "zh": "「{field}」是算出来的数，只能放在数值里；行、列、颜色放用来分组的字段",
        "en": "'{field}' is a worked-out number and goes to Values; rows, columns and colour take fields to group by",
    }


class NotThere(AppError):
    code = "report_not_on_shelf"
    words = {"zh": "这里已经没有这一项，刷新后再改", "en": "It is no longer there: reload, then change it again"}


def items(report: Definition, shelf: str) -> list[Definition]:
    """What lies on a shelf, in order; conditions that are written as a formula are one item."""
    if shelf != "filters":
        return list(report.get(shelf, ()))
    given = report.get("filter")
    return [{"formula": given}] if isinstance(given, str) else list(given or ())


def best(report: Definition, offer: Offer) -> str:
    """Where a field goes when nobody says where."""
    if offer.measure:
        return "values"
    return next((shelf for shelf in ("rows", "color", "columns") if not report.get(shelf)), "rows")


def put(report: Definition, shelf: str, offer: Offer, index: int | None = None) -> Definition:
    """With a field more; WrongShelf for a measure where only fields to group by can stand."""
    if shelf == "filters" and offer.kind in ("date", "datetime") and period_of(report) is None:
        return with_period(report, offer.token, USUAL_PERIOD)
    return _laid(report, shelf, _item(shelf, offer), index)


def move(report: Definition, shelf: str, n: int, to: str, index: int | None = None) -> Definition:
    """An item of one shelf to a place of the same or another."""
    item, rest = _taken(report, shelf, n)
    if shelf == to or (shelf in DIMS and to in DIMS):
        return _laid(rest, to, item, index)
    field = item.get("field")
    if not field or item.get("measure"):
        raise WrongShelf(field=item.get("measure") or item.get("formula") or "")
    if to == "values":
        return _laid(rest, to, {"agg": "count_distinct", "field": field}, index)
    return _laid(rest, to, {"field": field} | ({"op": "filled"} if to == "filters" else {}), index)


def take(report: Definition, shelf: str, n: int) -> Definition:
    """Without one of the items."""
    return tidy(_taken(report, shelf, n)[1])


def change(report: Definition, shelf: str, n: int, settings: Mapping[str, Any]) -> Definition:
    """Settings of one item; None takes one away."""
    item, rest = _taken(report, shelf, n)
    made = {name: value for name, value in (item | dict(settings)).items() if value is not None}
    return _laid(rest, shelf, made, n)


def period_of(report: Definition) -> tuple[str, Any] | None:
    """(field, period) that the report is cut to; the field is blank when it is the dataset's own time."""
    for one in report.get("params", ()):
        if one["id"] == PERIOD or one.get("op") == PERIOD:
            return one.get("field", ""), one.get("default")
    return ("", report["period"]) if "period" in report else None


def with_period(report: Definition, field: str, value: Any) -> Definition:
    """Cut to a period of a date field; None takes it away."""
    rest = [one for one in report.get("params", ()) if one["id"] != PERIOD and one.get("op") != PERIOD]
    if value is not None and field:
        rest = [{"id": PERIOD, "op": PERIOD, "field": field, "default": value}, *rest]
    made = {name: old for name, old in report.items() if name not in ("params", "period")}
    made |= {"params": rest} if rest else {}
    return made | ({"period": value} if value is not None and not field else {})


def tidy(report: Definition) -> Definition:
    """Empty shelves go, and sorts and firsts of what is no longer there; the chart becomes one that can show it."""
    made = {name: value for name, value in report.items() if value not in ([], {}) or name == "params"}
    made = {name: value for name, value in made.items() if name != "params" or value}
    values = [value_id(one) for one in made.get("values", ())]
    known = {*values, *(str(one.get("as", one["field"])) for shelf in DIMS for one in made.get(shelf, ()))}
    sort = [one for one in made.get("sort", ()) if one["by"] in known]
    made = {name: value for name, value in made.items() if name != "sort"} | ({"sort": sort} if sort else {})
    return _fitted(made)


def value_id(given: Definition) -> str:
    """What the column of a value is called."""
    if given.get("as") or given.get("measure"):
        return str(given.get("as") or given["measure"])
    return "_".join(filter(None, (given.get("agg", "count"), str(given.get("field", "")).replace(".", "_"))))


def fitting(report: Definition) -> str:
    """The chart that shows so many dimensions and measures best."""
    dims = [one for shelf in DIMS for one in report.get(shelf, ())]
    if not report.get("values") or len(dims) > 2:
        return "table"
    if not dims:
        return "kpi" if len(report["values"]) == 1 else "table"
    if report.get("columns"):
        return "pivot" if len(report["values"]) == 1 else "table"
    return "line" if dims[0].get("bucket") else "bar"


def _fitted(report: Definition) -> Definition:
    if "analysis" in report:
        return report
    sizes = sum(len(report.get(shelf, ())) for shelf in DIMS), len(report.get("values", ()))
    chart = report.get("chart")
    if chart and (chart["type"] not in charts or charts.get(chart["type"]).misses(*sizes) is None):
        return report
    return report | {"chart": {"type": fitting(report)}}


def _item(shelf: str, offer: Offer) -> Definition:
    if offer.named:
        if shelf != "values":
            raise WrongShelf(field=offer.token)
        return {"measure": offer.token}
    if shelf == "values":
        return {"agg": "sum" if offer.number else "count_distinct", "field": offer.token}
    if shelf == "filters":
        return {"field": offer.token, "op": "filled"}
    timed = offer.kind in ("date", "datetime")
    return {"field": offer.token} | ({"bucket": "month", "fill": "gaps"} if timed else {})


def _taken(report: Definition, shelf: str, n: int) -> tuple[Definition, Definition]:
    there = items(report, shelf)
    if shelf not in SHELVES or not 0 <= n < len(there):
        raise NotThere(shelf=shelf, n=n)
    key = "filter" if shelf == "filters" else shelf
    rest = [one for at, one in enumerate(there) if at != n]
    return there[n], {name: old for name, old in report.items() if name != key} | ({key: rest} if rest else {})


def _laid(report: Definition, shelf: str, item: Definition, index: int | None) -> Definition:
    if shelf not in SHELVES:
        raise NotThere(shelf=shelf, n=0)
    there = items(report, shelf)
    if shelf == "filters" and (item.get("formula") or any(one.get("formula") for one in there)):
        raise WrongShelf(field=item.get("field", ""))
    there.insert(
        len(there) if index is None else max(0, index), _named_apart(there, item) if shelf == "values" else item
    )
    made = report | {"filter" if shelf == "filters" else shelf: there}
    if shelf in DIMS and not made.get("values"):
        made = made | {"values": [{"measure": "count"}]}
    return tidy(made)


def _named_apart(there: list[Definition], item: Definition) -> Definition:
    """One measure may stand there twice, such as a number and its share: the second gets a name of its own."""
    taken, name = {value_id(one) for one in there}, value_id(item)
    if name not in taken:
        return item
    return item | {"as": next(f"{name[:28]}_{n}" for n in range(2, 99) if f"{name[:28]}_{n}" not in taken)}
