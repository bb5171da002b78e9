"""What of a form can be laid on a report's shelves: dimensions and measures, also over relations to one record each."""

from collections.abc import Iterator
from dataclasses import dataclass

from engines.core.fields import field_types
from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition, Label
from engines.core.records.source import Source

from .model import Dataset
from .paths import SYSTEM, Path, resolve

DEPTH = 2
MOST = 300
KINDS = {"text", "choice", "boolean", "date", "datetime", "link", "number", "duration"}
NUMBERS = {"number", "duration"}
EVERYWHERE = ("created_at", "updated_at", "created_by")
COUNT: Label = {"zh": "记录数", "en": "Records"}


@dataclass(frozen=True)
class Offer:
    """`token` is a path, or the id of a measure of the dataset; `group` the relations on the way to it, in words."""

    token: str
    label: Label
    kind: str
    icon: str
    measure: bool
    named: bool = False
    group: Label | None = None

    @property
    def number(self) -> bool:
        return self.kind in NUMBERS

    @property
    def whole(self) -> Label:
        """With the relations before it, so that two fields of one name can be told apart."""
        if self.group is None:
            return self.label
        return {lang: f"{said(self.group, lang)}.{said(self.label, lang)}" for lang in ("zh", "en")}


def offers(dataset: Dataset) -> list[Offer]:
    """The dataset's own measures and dimensions first, then the fields of its form and of those it leads to; a field
    that goes by the name of a measure gives way to it."""
    count = Offer("count", COUNT, "number", "num", measure=True, named=True)
    found = [count, *_named_measures(dataset), *_named_dims(dataset)]
    named = {tuple(one.label.values()) for one in found}
    for one in _fields(dataset.source, dataset.source, "", None, ()):
        if one.group is None and tuple(one.label.values()) in named:
            continue
        found.append(one)
        if len(found) >= MOST:
            break
    return found


def offer_of(dataset: Dataset, token: str, *, named: bool = False) -> Offer | None:
    """What one token stands for; None when it is not there (any more)."""
    if named:
        return next((one for one in [*offers(dataset)[:1], *_named_measures(dataset)] if one.token == token), None)
    own = next((one for one in _named_dims(dataset) if one.token == token), None)
    return own or _offer(dataset.source, token, None)


def said(label: Label, language: str) -> str:
    """A label in one language, else in the one that is there."""
    return label.get(language) or next(iter(label.values()))


def _named_measures(dataset: Dataset) -> list[Offer]:
    return [
        Offer(one.id, one.label, "number", "sum" if one.calc else "num", measure=True, named=True)
        for one in dataset.measures.values()
        if one.id != "count"
    ]


def _named_dims(dataset: Dataset) -> list[Offer]:
    found = []
    for name, given in dataset.dimensions.items():
        made = _offer(dataset.source, "=" + given["formula"] if given.get("formula") else given["field"], None)
        if made:
            found.append(Offer(name, given.get("label") or made.label, made.kind, made.icon, measure=False))
    return found


def _fields(start: Source, here: Source, before: str, group: Label | None, seen: tuple[str, ...]) -> Iterator[Offer]:
    names = [*here.fields, *(EVERYWHERE if not before else ())]
    for name in names:
        made = _offer(start, before + name, group)
        if made:
            yield made
    if len(seen) >= DEPTH:
        return
    for way in here.ways.values():
        if not way.many and way.form and not way.back and way.form not in (*seen, start.form):
            label = _joined(group, here.fields[way.field]["label"])
            yield from _fields(start, here.others[way.form], f"{before}{way.id}.", label, (*seen, way.form))


def _offer(start: Source, token: str, group: Label | None) -> Offer | None:
    try:
        path = resolve(start, token)
    except (AppError, LookupError):
        return None
    kind = (path.type.item or path.type).kind
    if kind not in KINDS:
        return None
    return Offer(token, path.label, kind, _icon(path), kind in NUMBERS and not path.listed, group=group)


def _icon(path: Path) -> str:
    shown: Definition = path.definition
    if shown:
        return str(field_types.get(shown["type"]).icon)
    return "user" if path.field in SYSTEM and path.type.kind == "link" else "calendar"


def _joined(group: Label | None, label: Label) -> Label:
    if group is None:
        return label
    return {lang: f"{said(group, lang)}.{said(label, lang)}" for lang in ("zh", "en")}
