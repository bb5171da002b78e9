"""The columns of a frame: what they are called, how their values read."""

from collections.abc import Iterable
from typing import Any

from engines.core.access import people
from engines.core.kernel.kind import Label
from engines.core.kernel.work import Look
from engines.core.records import query

from .frame import OTHER, Column
from .model import Dim, Value

TRUTH = {True: {"zh": "是", "en": "Yes"}, False: {"zh": "否", "en": "No"}}
OFFSETS = {
    "day": ("天", "day"),
    "week": ("周", "week"),
    "month": ("个月", "month"),
    "quarter": ("季", "quarter"),
    "year": ("年", "year"),
}


def dimension_column(look: Look, dim: Dim, values: Iterable[Any] = ()) -> Column:
    """With the labels of the values that occur, as far as the reader may see them."""
    kind = dim.path.type.item or dim.path.type
    unit = dim.bucket.unit if dim.bucket else ""
    labels = {} if dim.bucket else _labels(look, dim, [v for v in values if v not in (None, OTHER)])
    shown = "text" if dim.bucket else kind.kind
    return Column(dim.id, dim.label, shown, "dimension", unit=unit, labels=labels)


def measure_columns(value: Value) -> list[Column]:
    """The value, and for each comparison what it was and by what share it grew."""
    measure = value.measure
    style = {"format": "percent" if value.share else measure.format, "decimals": measure.decimals}
    found = [Column(value.id, value.label, "number", "measure", currency=measure.currency, **style)]  # type: ignore[arg-type]  # two kinds of setting
    for offset in value.compare:
        name, words = _offset(offset)
        before = {language: f"{_said(value.label, language)} {words[language]}" for language in words}
        found.append(
            Column(f"{value.id}_{name}", before, "number", "compare", currency=measure.currency, of=value.id, **style)  # type: ignore[arg-type]  # as above
        )
        change = {"zh": f"较{words['zh'].strip('()（）')}", "en": f"vs {words['en'].strip('()')}"}
        found.append(Column(f"{value.id}_{name}_change", change, "number", "change", "percent", of=value.id))
    return found


def _labels(look: Look, dim: Dim, values: list[Any]) -> dict[Any, Label]:
    kind = dim.path.type.item or dim.path.type
    if kind.kind == "choice":
        given = {one["id"]: one["label"] for one in dim.path.definition.get("options", ())}
        return {option: given.get(option) or {"zh": names[0], "en": names[-1]} for option, names in kind.options}
    if kind.kind == "boolean":
        return dict(TRUTH)
    if kind.kind == "link":
        return _names(look, dim, kind.form, [int(v) for v in values])
    return {}


def _names(look: Look, dim: Dim, form: str, ids: list[int]) -> dict[Any, Label]:
    """People by name; records by their title where the reader may see it, else by number."""
    if not form:
        known: dict[int, Any] = dict(people.names(look.session))
    else:
        source = dim.path.source.others[form]
        readable = look.rights.scope(source.id).reads(source.title)
        known = query.titles(look, source, ids) if readable else {}
    return {one: {"zh": str(known.get(one) or f"#{one}"), "en": str(known.get(one) or f"#{one}")} for one in ids}


def _offset(offset: Any) -> tuple[str, Label]:
    if offset == "previous":
        return "previous", {"zh": "（上期）", "en": "(previous)"}
    count, unit = offset
    zh, en = OFFSETS[unit]
    many = "s" if count > 1 else ""
    return f"{count}_{unit}", {"zh": f"（{count} {zh}前）", "en": f"({count} {en}{many} ago)"}


def _said(label: Label, language: str) -> str:
    return label.get(language) or next(iter(label.values()))
