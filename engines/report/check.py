"""Is a dataset, report or dashboard sound? Beyond its shape: every field, measure, chart and report that it names."""

from collections.abc import Callable, Iterator
from typing import Any

from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition, Label
from engines.core.records.conditions import checked_filter
from engines.core.records.source import Source

from . import calc
from .analyses import analyses
from .buckets import UNITS
from .charts import charts
from .errors import BadParam
from .model import AnyApp, dataset_of, report_of
from .paths import resolve
from .periods import period
from .zones import local

Found = Iterator[tuple[str, Label]]


def dataset_problems(app: AnyApp, given: Definition) -> Found:
    """(path within the dataset, words) of everything that a reader would stumble over."""
    if given["source"] not in app.forms:
        yield "/source", _no("表单", "form", given["source"])
        return
    source = app.form(given["source"]).source
    yield from _tried("", dataset_of, app, given)
    yield from _tried("/default_time", resolve, source, given.get("default_time", "created_at"))
    yield from _condition(source, given.get("filter"), "/filter")
    for n, one in enumerate(given.get("hierarchies", ())):
        yield from _hierarchy(source, one, f"/hierarchies/{n}")
    for n, measure in enumerate(given.get("measures", ())):
        if measure.get("from") and measure["from"] not in app.forms:
            yield f"/measures/{n}/from", _no("表单", "form", measure["from"])
            continue
        there = app.form(measure["from"]).source if measure.get("from") else source
        yield from _condition(there, measure.get("where"), f"/measures/{n}/where")
        yield from _condition(there, measure.get("filter"), f"/measures/{n}/filter")
        for name, path in measure.get("map", {}).items():
            yield from _tried(f"/measures/{n}/map/{name}", resolve, there, path)
        if measure.get("calc"):
            yield from _tried(f"/measures/{n}/calc", _calc, app, given, measure["id"])


def report_problems(app: AnyApp, given: Definition) -> Found:
    """The same of a report."""
    dataset: Any = given.get("dataset", given.get("source"))
    known = {one["id"]: one for one in app.parts("datasets")}
    form = dataset if isinstance(dataset, str) else dataset.get("source", "")
    if isinstance(dataset, str) and "dataset" in given and dataset not in known:
        yield "/dataset", _no("数据集", "dataset", dataset)
        return
    form = known[form]["source"] if "dataset" in given and isinstance(dataset, str) else form
    if form not in app.forms:
        yield "/source", _no("表单", "form", form)
        return
    source = app.form(form).source
    placed = list(_items(app, given))
    yield from placed or _tried("", report_of, app, given)
    yield from _condition(source, given.get("filter"), "/filter")
    yield from _tried("/period", _period, given.get("period"))
    for n, one in enumerate(given.get("params", ())):
        if one.get("field"):
            yield from _tried(f"/params/{n}/field", resolve, source, one["field"])
    for n, one in enumerate(given.get("values", ())):
        yield from _condition(source, one.get("where"), f"/values/{n}/where")
    if "chart" in given:
        yield from _tried("/chart/type", charts.get, given["chart"]["type"])
    if "analysis" in given:
        yield from _analysis(source, given["analysis"])
    yield from _order(app, given)


def dashboard_problems(app: AnyApp, given: Definition) -> Found:
    """The same of a dashboard."""
    known = {one["id"] for one in app.parts("reports")}
    own = {one["id"] for one in given.get("params", ())}
    for n, one in enumerate(given.get("params", ())):
        form, _, path = one.get("of", "").partition(".")
        if one["type"] == "choice" and form not in app.forms:
            yield f"/params/{n}/of", _no("表单", "form", form)
        elif one["type"] == "choice":
            yield from _tried(f"/params/{n}/of", resolve, app.form(form).source, path)
    names = [widget["id"] for widget in given["widgets"]]
    for n, widget in enumerate(given["widgets"]):
        if widget["id"] in names[:n]:
            yield f"/widgets/{n}/id", {"zh": f"「{widget['id']}」出现了两次", "en": f"'{widget['id']}' is there twice"}
        if "report" in widget and widget["report"] not in known:
            yield f"/widgets/{n}/report", _no("报表", "report", widget["report"])
        if "filter" in widget and widget["filter"] not in own:
            yield f"/widgets/{n}/filter", _no("看板参数", "dashboard parameter", widget["filter"])
        if widget["at"][0] + widget["at"][2] > 12:
            yield f"/widgets/{n}/at", {"zh": "超出了 12 列", "en": "reaches beyond the 12 columns"}
        for name, value in widget.get("params", {}).items():
            if isinstance(value, str) and value.startswith("$") and value[1:] not in own:
                yield f"/widgets/{n}/params/{name}", _no("看板参数", "dashboard parameter", value[1:])


def _items(app: AnyApp, given: Definition) -> Found:
    """Each dimension and value alone, so that what is wrong has its place."""
    bare = {name: value for name, value in given.items() if name in ("id", "dataset", "source")}
    for shelf in ("rows", "columns", "color", "values"):
        for n, one in enumerate(given.get(shelf, ())):
            yield from _tried(f"/{shelf}/{n}", report_of, app, bare | {shelf: [one]})


def _order(app: AnyApp, given: Definition) -> Found:
    """What sort and top name must be there."""
    try:
        report = report_of(app, given)
    except (AppError, KeyError):
        return
    ids = {dim.id for dim in report.dims} | {value.id for value in report.values}
    for n, one in enumerate(given.get("sort", ())):
        if one["by"] not in ids:
            yield f"/sort/{n}/by", _no("列", "column", one["by"])
    for dim in report.dims:
        if dim.top:
            yield from _tried("/rows", report.measure, dim.top.by)


def _hierarchy(source: Source, given: Definition, path: str) -> Found:
    """Levels are buckets of a time, or fields."""
    if given.get("field"):
        yield from _tried(f"{path}/field", resolve, source, given["field"])
    for n, level in enumerate(given["levels"]):
        if given.get("field") and level not in UNITS:
            yield f"{path}/levels/{n}", _no("时间分组", "bucket", level)
        elif not given.get("field"):
            yield from _tried(f"{path}/levels/{n}", resolve, source, level)


def _analysis(source: Source, given: Definition) -> Found:
    found = list(_tried("/analysis/type", analyses.get, given["type"]))
    if found:
        yield from found
        return
    for n, step in enumerate(given.get("steps", ())):
        yield from _condition(source, step.get("when"), f"/analysis/steps/{n}/when")
    for setting in analyses.get(given["type"]).config:
        name = setting["id"]
        if setting["type"] == "field_ref" and given.get(name):
            yield from _tried(f"/analysis/{name}", resolve, source, given[name])
        elif setting.get("required") and not given.get(name):
            words = setting["label"]
            yield (
                f"/analysis/{name}",
                {"zh": f"还没选「{words['zh']}」", "en": f"'{words['en']}' is still to be chosen"},
            )


def _condition(source: Source, given: Any, path: str) -> Found:
    if isinstance(given, str):
        yield from _tried(path, checked_filter, source, given)
    for n, one in enumerate(given if isinstance(given, list) else ()):
        yield from _tried(f"{path}/{n}/field", resolve, source, one["field"])


def _calc(app: AnyApp, given: Definition, name: str) -> None:
    dataset = dataset_of(app, given)
    calc.closure(dataset.measures, [dataset.measures[name]])


def _period(value: Any) -> None:
    try:
        period(value, local(0, "UTC"))
    except (ValueError, TypeError, KeyError):
        raise BadParam(param="period", value=value) from None


def _tried(path: str, fn: Callable[..., Any], *args: Any) -> Found:
    try:
        fn(*args)
    except AppError as error:
        yield path, {language: error.say(language) for language in ("zh", "en")}
    except KeyError as error:
        yield path, _no("引用", "reference", str(error.args[0]))


def _no(zh: str, en: str, name: str) -> Label:
    return {"zh": f"没有叫「{name}」的{zh}", "en": f"there is no {en} '{name}'"}
