"""Going down a hierarchy of the dataset: the same report with one of its dimensions a level finer."""

from collections.abc import Mapping
from typing import Any

from engines.core.kernel.kind import Definition

from .errors import BadParam
from .model import AnyApp, Dim, Report, report_of

SHELVES = ("rows", "columns", "color")


def leveled(app: AnyApp, report: str, levels: Mapping[str, Any]) -> Report:
    """A report of the app with some dimensions at other levels, by dimension id; BadParam for what is none."""
    found = report_of(app, report)
    if not levels:
        return found
    dims = {dim.id: dim for dim in found.dims}
    changed: Definition = dict(found.definition)
    for name, level in levels.items():
        if name not in dims or level not in _levels(found, dims[name]):
            raise BadParam(param="level", value=f"{name}: {level}")
        changed = _at(changed, dims[name], str(level))
    return report_of(app, changed)


def finer(report: Report) -> dict[str, str]:
    """The next level of each dimension that has one, by dimension id."""
    found = {}
    for dim in report.dims:
        levels = _levels(report, dim)
        here = dim.bucket.unit if dim.bucket else dim.field
        if here in levels[:-1]:
            found[dim.id] = levels[levels.index(here) + 1]
    return found


def _levels(report: Report, dim: Dim) -> list[str]:
    """Buckets of a time, or fields from the largest to the smallest."""
    for one in report.dataset.hierarchies:
        levels = [str(level) for level in one["levels"]]
        if dim.bucket and one.get("field") == dim.field:
            return levels
        if not dim.bucket and not one.get("field") and dim.field in levels:
            return levels
    return []


def _at(definition: Definition, dim: Dim, level: str) -> Definition:
    """The column keeps its id, so that sorts and marks still mean it."""
    part = {"bucket": level} if dim.bucket else {"field": level}
    shelves = {
        shelf: [one | part | {"as": dim.id} if _is(one, dim) else one for one in definition[shelf]]
        for shelf in SHELVES
        if shelf in definition
    }
    return definition | shelves


def _is(one: Definition, dim: Dim) -> bool:
    return bool(one.get("as", one["field"]) == dim.id)
