"""Charts that a form lends itself to, made from the types of its fields: a way to begin without knowing how."""

from engines.core.kernel.kind import Definition, Label

from .analysis import Analysis
from .model import Dataset
from .offer import COUNT, Offer, offers, said

MANY = 10
COUNTED: Definition = {"measure": "count"}


def suggestions(dataset: Dataset) -> list[Definition]:
    """Up to four reports without id and source: title, shelves and chart."""
    own = [one for one in offers(dataset) if one.group is None]
    amount = next((one for one in own if one.measure and not one.named and _adds_up(dataset, one)), None)
    kinds = {kind: next((one for one in own if one.kind == kind and not one.measure), None)
             for kind in ("datetime", "date", "choice", "link", "boolean", "text")}  # fmt: skip
    time = kinds["date"] if kinds["date"] and _system(kinds["datetime"]) else kinds["datetime"] or kinds["date"]
    found = [_over(time, amount)] if time else []
    found += [_by(one, amount) for one in (kinds["choice"], kinds["boolean"]) if one][:1]
    found += [_first(one, amount) for one in (kinds["link"], kinds["text"]) if one][:1]
    found.append(_whole(amount))
    if amount and kinds["choice"]:
        found.append(_shares(kinds["choice"]))
    return found[:4]


def _over(time: Offer, amount: Offer | None) -> Definition:
    row = {"field": time.token, "bucket": "month", "fill": "gaps"}
    titled = _title(("每月", ""), ("", " by month"), amount)
    return {"title": titled, "rows": [row], "values": [_value(amount)], "chart": {"type": "line", "area": True}}


def _by(one: Offer, amount: Offer | None) -> Definition:
    titled = _title((f"各{said(one.label, 'zh')}的", ""), ("", f" by {said(one.label, 'en').lower()}"), amount)
    return {"title": titled, "rows": [{"field": one.token}], "values": [_value(amount)], "chart": {"type": "bar"}}


def _first(one: Offer, amount: Offer | None) -> Definition:
    value = _value(amount)
    by = value.get("measure") or f"{value['agg']}_{value['field'].replace('.', '_')}"
    row = {"field": one.token, "top": {"n": MANY, "by": by, "other": True}}
    what = said(one.label, "zh"), said(one.label, "en").lower()
    titled = _title((f"{what[0]}前 {MANY} 名：", ""), ("", f", top {MANY} by {what[1]}"), amount)
    return {"title": titled, "rows": [row], "values": [value], "chart": {"type": "ranking"}}


def _whole(amount: Offer | None) -> Definition:
    return {
        "title": _title(("", "合计"), ("Total: ", ""), amount),
        "values": [_value(amount)],
        "chart": {"type": "kpi"},
    }


def _shares(one: Offer) -> Definition:
    titled = _title((f"{said(one.label, 'zh')}的分布：", ""), ("", f" by {said(one.label, 'en').lower()}"), None)
    return {"title": titled, "rows": [{"field": one.token}], "values": [COUNTED], "chart": {"type": "pie"}}


def _value(amount: Offer | None) -> Definition:
    return {"agg": "sum", "field": amount.token} if amount else dict(COUNTED)


def _title(zh: tuple[str, str], en: tuple[str, str], amount: Offer | None) -> Label:
    label = amount.label if amount else COUNT
    return {"zh": (zh[0] + said(label, "zh") + zh[1])[:80], "en": (en[0] + said(label, "en") + en[1])[:80]}


def _adds_up(dataset: Dataset, one: Offer) -> bool:
    """Money and plain numbers add up; shares, scores and places on a list do not."""
    field = dataset.source.fields.get(one.token)
    return field is not None and field["type"] in ("money", "number")


def _system(time: Offer | None) -> bool:
    return time is None or time.token in ("created_at", "updated_at")


def begun(analysis: Analysis, dataset: Dataset) -> Definition:
    """An analysis with the first field that fits each of its required settings."""
    made: Definition = {"type": analysis.type}
    own = [one for one in offers(dataset) if one.group is None and not one.named]
    for setting in analysis.config:
        fits = [one for kind in setting.get("kinds", ()) for one in own if one.kind == kind]
        if setting.get("required") and fits:
            own_time = [one for one in fits if one.token == dataset.time and not _system(one)]
            better = own_time or [one for one in fits if _adds_up(dataset, one)]
            made[setting["id"]] = (better or [one for one in fits if not _system(one)] or fits)[0].token
        elif setting.get("required") and setting["type"] == "json":
            made[setting["id"]] = [{"id": "all", "label": {"zh": "全部记录", "en": "All records"}}]
    return made
