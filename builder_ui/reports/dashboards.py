"""The dashboard designer: tiles on twelve columns as their readers see them, and the filters that they share."""

from collections.abc import Callable
from typing import Any

from engines.apps.ops import changes_of
from engines.core.kernel.errors import NotFound
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look
from engines.report import grid, periods
from engines.report.analyses import analyses
from engines.report.charts import charts
from engines.report.dashboard import board
from engines.report.offer import offers
from runtime import render
from runtime.report_parts import board_view

from ..base import Edit, Page, Sent, designer, fresh
from ..panel import controls, sent_value
from .preview import ahead, drafted
from .reporting import TITLE, Reporting, number, parsed

SIZES = {"report": (6, 5), "kpi": (3, 2), "text": (4, 2), "filter": (3, 2)}
BOARD: list[Definition] = [
    TITLE,
    {"id": "icon", "type": "text", "label": {"zh": "图标", "en": "Icon"}, "max_length": 32},
    {"id": "row_h", "type": "number", "label": {"zh": "一行多高（像素）", "en": "Height of a row (pixels)"}, "min": 20,
     "max": 200, "scale": 0},
]  # fmt: skip
HEAD: Definition = {"id": "title", "type": "labels", "label": {"zh": "标题", "en": "Title"}, "max_length": 80}
TEXT: Definition = {"id": "text", "type": "labels", "label": {"zh": "文字", "en": "Text"}, "max_length": 2000,
                    "required": True}  # fmt: skip
PLACES: list[Definition] = [
    {"id": name, "type": "number", "label": {"zh": zh, "en": en}, "min": low, "max": high, "scale": 0, "required": True}
    for name, zh, en, low, high in (("x", "第几列", "Column", 1, 12), ("y", "第几行", "Row", 1, 501),
                                    ("w", "宽", "Width", 1, 12), ("h", "高", "Height", 1, 40))
]  # fmt: skip
CLICK: Definition = {
    "id": "click",
    "type": "select",
    "label": {"zh": "点图上的一处", "en": "A click on a mark"},
    "options": [
        {"id": "menu", "label": {"zh": "给出选择", "en": "Offers what can be done"}},
        {"id": "filter", "label": {"zh": "筛选其他图", "en": "Filters the other charts"}},
        {"id": "records", "label": {"zh": "打开背后的记录", "en": "Opens the records behind"}},
        {"id": "none", "label": {"zh": "什么也不做", "en": "Does nothing"}},
    ],
}
CROSS: list[Definition] = [
    {"id": "emit", "type": "checkbox", "label": {"zh": "可筛选其他图", "en": "May filter the other charts"}},
    {"id": "listen", "type": "checkbox", "label": {"zh": "随其他图筛选", "en": "Follows their filters"}},
]
LABEL: Definition = {"id": "label", "type": "labels", "label": {"zh": "名称", "en": "Name"}, "max_length": 80}
MULTI: Definition = {"id": "multi", "type": "checkbox", "label": {"zh": "可选多个", "en": "Several at once"}}
NAMED = ("today", "yesterday", "last 7 days", "last 30 days", "this week", "this month", "last month", "this quarter",
         "last 6 months", "last 12 months", "this year", "all")  # fmt: skip
DONE: dict[str, Label] = {"title": {"zh": "说明", "en": "Note"}, "period": {"zh": "时间", "en": "Period"}}


@designer
class Dashboards(Reporting):
    """`sel` is `tile:<id>`, `param:<id>`, or "" for the dashboard itself."""

    kind = "dashboards"
    folder = "dashboards"
    config = BOARD

    def context(self, look: Look, page: Page) -> dict[str, Any]:
        body, app = page.body, ahead(page)
        what, _, name = page.sel.partition(":")
        shown = board_view(page.app, board(look, app, page.part, {}), linked=False)
        tile = next((one for one in body["widgets"] if what == "tile" and one["id"] == name), None)
        param = next((one for one in body.get("params", ()) if what == "param" and one["id"] == name), None)
        config, settings = _panel(page, tile, param)
        return super().context(look, page) | shown | {
            "panel": controls(config, settings, lambda _: [], page=page),
            "chosen": tile,
            "param": param,
            "reports": page.parts("reports"),
            "kind_icon": _icon,
            "cards": _cards(page),
            "choosable": _choosable(page),
            "params": body.get("params", []),
            "param_words": lambda one: render.label(one.get("label") or DONE.get(one["type"]) or {"en": one["id"]}),
            "free": [one for one in body.get("params", ()) if one["id"] not in _in_tiles(body)],
            "here": lambda **_: "#",
        }  # fmt: skip

    def edit(self, look: Look, page: Page, op: str, sent: Sent) -> Edit:
        if op == "add" and sent.get("what") == "kpi":
            return _with_card(page, sent)
        if op not in OPS:
            raise NotFound(op=op)
        body, after = OPS[op](page, sent)
        return "set", {"at": ["dashboards", page.part], "value": body}, after


Made = tuple[Definition, str]


def _add(page: Page, sent: Sent) -> Made:
    """A tile: a report, a text, a filter; where it was dropped, else in the first gap."""
    what, name = sent["what"], sent.get("name", "")
    content: Definition = {"report": name}
    if what == "text":
        content = {"text": {"zh": "写点什么", "en": "Say something"}}
    elif what == "filter":
        content = {"filter": name}
    elif not any(one["id"] == name for one in page.parts("reports")):
        raise NotFound(report=name)
    body, tile = _tiled(page, what, content, sent)
    return body, f"tile:{tile}"


def _tiled(page: Page, what: str, content: Definition, sent: Sent) -> tuple[Definition, str]:
    widgets = list(page.body["widgets"])
    kind = "kpi" if what == "kpi" or _is_card(page, content) else what
    size = SIZES[kind]
    name = grid.new_id(widgets)
    box = grid.room(widgets, *size)
    if sent.get("x", "").isdigit():
        box = (number(sent["x"]), number(sent["y"]), *size)
    made = [*widgets, {"id": name} | content | {"at": list(box)}]
    return page.body | {"widgets": grid.placed(made, name, box)}, name


def _with_card(page: Page, sent: Sent) -> Edit:
    """A number of a table becomes a report of its own and a tile, in one step that one undo takes back."""
    kind, _, rest = sent["name"].partition(":")
    of, _, measure = rest.partition("/")
    dataset = drafted(page, {kind: of})
    offer = next((one for one in offers(dataset) if one.token == measure and one.measure), None) if dataset else None
    if offer is None:
        raise NotFound(measure=sent["name"])
    value = {"measure": measure} if offer.named else {"agg": "sum", "field": measure}
    report = {"id": fresh(f"{measure.replace('.', '_')[:20]}_card", {one["id"] for one in page.parts("reports")}),
              "title": offer.label, kind: of, "values": [value], "chart": {"type": "kpi"}}  # fmt: skip
    body, tile = _tiled(page, "kpi", {"report": report["id"]}, sent)
    at = ["dashboards", page.part]
    added = changes_of(page.definition, "add", {"at": ["reports"], "value": report})
    changes = [*added, {"do": "set", "at": at, "value": body}]
    return "several", {"at": at, "changes": changes}, f"tile:{tile}"


def _place(page: Page, sent: Sent) -> Made:
    box = [number(sent[one]) for one in ("x", "y", "w", "h")]
    return _moved(page, sent["id"], box), f"tile:{sent['id']}"


def _nudge(page: Page, sent: Sent) -> Made:
    """By so many columns and rows; the same of its size."""
    x, y, w, h = _tile(page, sent["id"])["at"]
    by = [sent.get(one, 0, type=int) for one in ("dx", "dy", "dw", "dh")]
    wide = max(1, min(w + by[2], grid.COLUMNS))
    box = [min(x + by[0], grid.COLUMNS - wide), y + by[1], wide, h + by[3]]
    return _moved(page, sent["id"], box), f"tile:{sent['id']}"


def _remove(page: Page, sent: Sent) -> Made:
    _tile(page, sent["id"])
    rest = [one for one in page.body["widgets"] if one["id"] != sent["id"]]
    return page.body | {"widgets": grid.settled(rest)}, ""


def _add_param(page: Page, sent: Sent) -> Made:
    known = {one["id"] for one in page.body.get("params", ())}
    if sent["type"] == "period":
        made = {"id": fresh("period", known), "type": "period", "default": "last 30 days",
                "presets": ["today", "last 7 days", "last 30 days"]}  # fmt: skip
    else:
        form, _, field = sent["of"].partition(".")
        made = {
            "id": fresh(field.replace(".", "_")[:28] or form, known),
            "type": "choice",
            "of": sent["of"],
            "multi": True,
        }
        made |= {"label": label} if (label := dict(_choosable(page)).get(sent["of"])) else {}
    return page.body | {"params": [*page.body.get("params", ()), made]}, f"param:{made['id']}"


def _drop_param(page: Page, sent: Sent) -> Made:
    """The filter, and its tile where it has one."""
    params = [one for one in page.body.get("params", ()) if one["id"] != sent["id"]]
    widgets = [one for one in page.body["widgets"] if one.get("filter") != sent["id"]]
    body = page.body | {"widgets": grid.settled(widgets), "params": params}
    return {name: value for name, value in body.items() if name != "params" or value}, ""


def _step_param(page: Page, sent: Sent) -> Made:
    params = list(page.body.get("params", ()))
    at = next((n for n, one in enumerate(params) if one["id"] == sent["id"]), None)
    if at is None:
        raise NotFound(param=sent["id"])
    to = max(0, min(at + sent.get("by", 0, type=int), len(params) - 1))
    params.insert(to, params.pop(at))
    return page.body | {"params": params}, f"param:{sent['id']}"


def _set(page: Page, sent: Sent) -> Made:
    what, _, name = page.sel.partition(":")
    tile = _tile(page, name) if what == "tile" else None
    param = next((one for one in page.body.get("params", ()) if what == "param" and one["id"] == name), None)
    config, settings = _panel(page, tile, param)
    value = sent_value(config, settings, sent)
    if tile is not None:
        return _set_tile(page, tile, sent["name"], value), page.sel
    if param is not None:
        params = [_with(one, sent["name"], value) if one is param else one for one in page.body["params"]]
        return page.body | {"params": params}, page.sel
    if sent["name"] == "row_h":
        return page.body | {"grid": {"cols": grid.COLUMNS, "row_h": int(value or 60)}}, ""
    return _with(page.body, sent["name"], value), ""


def _json(page: Page, sent: Sent) -> Made:
    return parsed(sent), ""


OPS: dict[str, Callable[[Page, Sent], Made]] = {
    "add": _add,
    "place": _place,
    "nudge": _nudge,
    "remove": _remove,
    "add_param": _add_param,
    "drop_param": _drop_param,
    "step_param": _step_param,
    "set": _set,
    "json": _json,
}


def _set_tile(page: Page, tile: Definition, name: str, value: Any) -> Definition:
    if name in ("x", "y", "w", "h"):
        box = list(tile["at"])
        box["xywh".index(name)] = int(value) - (1 if name in "xy" else 0)
        return _moved(page, tile["id"], box)
    if name in ("emit", "listen"):
        made = tile | {"cross_filter": tile.get("cross_filter", {}) | {name: bool(value)}}
    else:
        made = _with(tile, name, value)
    return page.body | {"widgets": [made if one["id"] == tile["id"] else one for one in page.body["widgets"]]}


def _moved(page: Page, name: str, box: list[int]) -> Definition:
    _tile(page, name)
    return page.body | {"widgets": grid.placed(page.body["widgets"], name, box)}


def _tile(page: Page, name: str) -> Definition:
    found = next((one for one in page.body["widgets"] if one["id"] == name), None)
    if found is None:
        raise NotFound(tile=name)
    return dict(found)


def _with(holder: Definition, name: str, value: Any) -> Definition:
    rest = {key: old for key, old in holder.items() if key != name}
    return rest if value is None else rest | {name: value}


def _panel(page: Page, tile: Definition | None, param: Definition | None) -> tuple[list[Definition], Definition]:
    """The settings of what is selected, and their values."""
    if tile is not None:
        x, y, w, h = tile["at"]
        places = {"x": x + 1, "y": y + 1, "w": w, "h": h}
        crossing = {"emit": True, "listen": True} | tile.get("cross_filter", {})
        if "report" in tile:
            return [HEAD, *PLACES, CLICK, *CROSS], {"click": "menu"} | tile | places | crossing
        return [HEAD, *([TEXT] if "text" in tile else []), *PLACES], tile | places
    if param is not None:
        return _param_panel(page, param), param
    return BOARD, page.body | {"row_h": page.body.get("grid", {}).get("row_h", 60)}


def _param_panel(page: Page, param: Definition) -> list[Definition]:
    if param["type"] == "choice":
        options = [{"id": of, "label": words} for of, words in _choosable(page)]
        of = {"id": "of", "type": "select", "label": {"zh": "选哪个字段", "en": "Of which field"}, "options": options,
              "required": True}  # fmt: skip
        return [LABEL, of, MULTI]
    options = [{"id": one, "label": periods.words(one)} for one in NAMED]
    first = {"id": "default", "type": "select", "label": {"zh": "打开时", "en": "At first"}, "options": options}
    presets = {"id": "presets", "type": "tags", "label": {"zh": "可选的时间", "en": "Spans to choose from"},
               "options": options, "required": True}  # fmt: skip
    return [LABEL, first, presets]


def _choosable(page: Page) -> list[tuple[str, Label]]:
    """(form.field, name) of everything that a filter can offer values of: choices, people and records."""
    found = []
    for form in page.parts("forms"):
        dataset = drafted(page, {"source": form["id"]})
        for one in offers(dataset) if dataset else ():
            if one.group is None and one.kind in ("choice", "link") and one.token not in ("created_by",):
                words = {lang: f"{form['label'].get(lang) or form['id']}.{one.label.get(lang) or one.token}"
                         for lang in ("zh", "en")}  # fmt: skip
                found.append((f"{form['id']}.{one.token}", words))
    return found


def _cards(page: Page) -> list[tuple[str, list[tuple[str, str]]]]:
    """Numbers that a card can show, by where they come from."""
    found = []
    sources = [("dataset", one, one.get("label") or {"en": one["id"]}) for one in page.parts("datasets")]
    covered = {one["source"] for one in page.parts("datasets")}
    sources += [("source", one, one["label"]) for one in page.parts("forms") if one["id"] not in covered]
    for kind, one, words in sources:
        dataset = drafted(page, {kind: one["id"]})
        numbers = [offer for offer in offers(dataset) if offer.measure and offer.group is None] if dataset else []
        named = [(f"{kind}:{one['id']}/{offer.token}", render.label(offer.label)) for offer in numbers]
        if named:
            found.append((render.label(words), named))
    return found


def _icon(report: Definition) -> str:
    if "analysis" in report:
        return next((one.icon for one in analyses if one.type == report["analysis"]["type"]), "chart")
    kind = report.get("chart", {}).get("type", "table")
    return next((one.icon for one in charts if one.type == kind), "chart")


def _is_card(page: Page, content: Definition) -> bool:
    report = next((one for one in page.parts("reports") if one["id"] == content.get("report")), {})
    return bool(report.get("chart", {}).get("type") == "kpi")


def _in_tiles(body: Definition) -> set[str]:
    return {one["filter"] for one in body["widgets"] if "filter" in one}
