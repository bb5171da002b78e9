"""The form designer: palette, canvas of runtime fields, property panel."""

from typing import Any

from markupsafe import Markup

from engines.apps import ops, usage
from engines.apps.diff import KINDS
from engines.apps.edits import find, has
from engines.core.fields import field_types
from engines.core.fields.values import COMMON
from engines.core.kernel.errors import NotFound
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look
from engines.core.records import migrate
from engines.core.records.names import SYSTEM
from runtime import render

from .base import Designer, Edit, Page, Sent, designer, fresh, spots
from .drawn import drawn
from .new_fields import looked_up, new_field, rolled_up
from .panel import controls, sent_value
from .references import choices_of

GROUPS: dict[str, Label] = {
    "basic": {"zh": "基础", "en": "Basic"},
    "advanced": {"zh": "高级", "en": "Advanced"},
    "related": {"zh": "关联", "en": "Related"},
}
CHECKS = ("required", "unique", "pattern", "message", "min", "max", "min_length", "max_length", "most", "least")
SEEN = ("visible", "read_only", "sensitive", "searchable")
WIDTHS = ((3, "1/4"), (4, "1/3"), (6, "1/2"), (8, "2/3"), (12, "1/1"))
FORM_PANEL: list[Definition] = [
    {"id": "label", "type": "labels", "label": {"zh": "名称", "en": "Name"}, "required": True, "max_length": 80},
    {"id": "icon", "type": "text", "label": {"zh": "图标", "en": "Icon"}, "max_length": 32},
    {"id": "title", "type": "field_ref", "label": {"zh": "记录叫什么", "en": "A record is called by"}},
]
SECTION_PANEL: list[Definition] = [
    {"id": "label", "type": "labels", "label": {"zh": "分组名称", "en": "Section"}, "max_length": 80},
    {"id": "collapsed", "type": "checkbox", "label": {"zh": "先折起来", "en": "Folded at first"}},
]


@designer
class Forms(Designer):
    """`sel` is `field:<id>`, `section:<id>`, or "" for the form itself."""

    kind = "forms"
    folder = "forms"

    def context(self, look: Look, page: Page) -> dict[str, Any]:
        body, what, name = page.body, *_selected(page)
        live = has(page.draft.live.definition, ["forms", page.part, "fields", name]) if what == "field" else True
        return {
            "body": body,
            "sections": ops.sections_of(body),
            "fields": {f["id"]: f for f in body["fields"]},
            "palette": palette(),
            "wrong": spots(page.part_problems(), body),
            "what": what,
            "name": name,
            "live": live,
            "widths": WIDTHS,
            "panel": _panel(page, what, name),
            "used": _used(page, name) if what == "field" else [],
            "drawn": lambda field: drawn(page, field),
        }

    def edit(self, look: Look, page: Page, op: str, sent: Sent) -> Edit:
        if op not in OPS:
            raise NotFound(op=op)
        edit: Edit = OPS[op](look, page, sent)
        return edit


def palette() -> list[tuple[Label, list[Any]]]:
    """Groups of field types, as the registry knows them."""
    kinds = [kind for kind in field_types if kind.in_palette]
    order = ["text", "long_text", "number", "money", "select", "tags", "date", "datetime", "phone", "email"]
    kinds.sort(key=lambda kind: order.index(kind.type) if kind.type in order else len(order))
    return [(label, [kind for kind in kinds if kind.group == group]) for group, label in GROUPS.items()]


def _selected(page: Page) -> tuple[str, str]:
    """What is selected, or the form when that is gone."""
    what, _, name = page.sel.partition(":")
    where = {"field": "fields", "section": "layout"}.get(what)
    if where and has(page.definition, ["forms", page.part, where, name]):
        return what, name
    return "form", page.part


def _target(page: Page) -> tuple[list[str], Definition, list[Definition]]:
    """(path, settings, config) of what is selected."""
    what, name = _selected(page)
    at = ["forms", page.part]
    if what == "field":
        at = [*at, "fields", name]
        settings = find(page.definition, at)
        return at, settings, [*COMMON[2:], *field_types.get(settings["type"]).config]
    if what == "section":
        at = [*at, "layout", name]
        return at, find(page.definition, at), SECTION_PANEL
    return at, page.body, FORM_PANEL


def _panel(page: Page, what: str, name: str) -> list[tuple[Label | None, list[tuple[str, Markup]]]]:
    """Groups of controls: what it is, what is checked, when it shows."""
    _, settings, config = _target(page)
    found = dict(controls(config, settings, choices_of(page, settings), page=page, skip=("width", "id", "type")))
    if what != "field":
        return [(None, list(found.items()))]
    kind = field_types.get(settings["type"])
    found = {key: one for key, one in found.items() if _makes_sense(kind, settings, key)}
    checks = {key: found[key] for key in CHECKS if key in found}
    seen = {key: found[key] for key in SEEN if key in found}
    first = [key for key in ("label", "help") if key in found]
    last = [key for key in ("default",) if key in found]
    own = [key for key in found if key not in (*CHECKS, *SEEN, *first, *last)]
    return [
        (None, [(key, found[key]) for key in (*first, *own, *last)]),
        ({"zh": "校验", "en": "Checks"}, list(checks.items())),
        ({"zh": "显示", "en": "Showing"}, list(seen.items())),
    ]


def _makes_sense(kind: Any, field: Definition, setting: str) -> bool:
    """Nobody fills in a computed field, and lists have no unique values."""
    try:
        computed = kind.assigned or kind.computed_by(field) is not None
    except KeyError:
        computed = True
    if computed and setting in ("required", "default", "unique", "read_only"):
        return False
    if setting == "unique":
        return kind.links(field) is None and kind.children(field) is None
    return True


def _used(page: Page, name: str) -> list[tuple[Label, int]]:
    """How many parts of each kind use a field."""
    uses = usage.uses_of_field(page.definition, page.part, name)
    kinds = [kind for kind in KINDS if any(use.kind == kind for use in uses)]
    return [(KINDS[kind], len({use.part for use in uses if use.kind == kind})) for kind in kinds]


def _fields(page: Page) -> list[str]:
    return ["forms", page.part, "fields"]


def _spot(sent: Sent) -> dict[str, Any]:
    index = sent.get("index", type=int)
    return {"section": sent.get("section") or ops.REST} | ({"index": index} if index is not None else {})


def taken(look: Look, page: Page) -> set[str]:
    """Ids that a new field may not get: those there, those of the past, those of the system."""
    here = {f["id"] for f in page.body["fields"]}
    return here | migrate.names_taken(look.session, page.app, page.part) | SYSTEM.keys()


def _add(look: Look, page: Page, sent: Sent) -> Edit:
    if sent.get("type") == "section":
        return _add_section(look, page, sent)
    field = new_field(page, sent["type"], taken(look, page))
    return "add", {"at": _fields(page), "value": field, **_spot(sent)}, f"field:{field['id']}"


def _add_section(look: Look, page: Page, sent: Sent) -> Edit:
    """A first section keeps the fields that are there together above it."""
    at, layout = ["forms", page.part, "layout"], page.body.get("layout", [])
    name = fresh("section", {one["id"] for one in layout})
    value = {"id": name, "label": {"zh": "新分组", "en": "New section"}, "fields": []}
    if not layout:
        first = {"id": "main", "fields": [f["id"] for f in page.body["fields"]]}
        return "set", {"at": at, "value": [first, value]}, f"section:{name}"
    index = sent.get("index", len(layout), type=int)
    return "add", {"at": at, "value": value, "index": index}, f"section:{name}"


def _move(look: Look, page: Page, sent: Sent) -> Edit:
    name = sent["id"]
    if name.startswith("section:"):
        at = ["forms", page.part, "layout", name.partition(":")[2]]
        return "move", {"at": at, "index": sent.get("index", 0, type=int)}, name
    at = [*_fields(page), name.partition(":")[2]]
    return "move", {"at": at, "index": 0, **_spot(sent)}, name


def _nudge(look: Look, page: Page, sent: Sent) -> Edit:
    """One place up or down, over the edge of a section into the next one."""
    what, _, name = sent["id"].partition(":")
    by = sent.get("by", 1, type=int)
    if what == "section":
        layout = [one["id"] for one in page.body.get("layout", [])]
        index = max(0, layout.index(name) + by) if name in layout else 0
        return "move", {"at": ["forms", page.part, "layout", name], "index": index}, sent["id"]
    sections = ops.sections_of(page.body)
    section, index = ops.place_of(page.body, name)
    home = next(n for n, one in enumerate(sections) if one["id"] == section)
    index += by
    if not 0 <= index < len(sections[home]["fields"]) and 0 <= home + by < len(sections):
        section = sections[home + by]["id"]
        index = 0 if by > 0 else len(sections[home + by]["fields"])
    return "move", {"at": [*_fields(page), name], "section": section, "index": max(0, index)}, sent["id"]


def _remove(look: Look, page: Page, sent: Sent) -> Edit:
    what, _, name = sent["id"].partition(":")
    if what == "section":
        return "remove", {"at": ["forms", page.part, "layout", name]}, ""
    section, index = ops.place_of(page.body, name)
    left = [one for one in next(s for s in ops.sections_of(page.body) if s["id"] == section)["fields"] if one != name]
    following = f"field:{left[min(index, len(left) - 1)]}" if left else ""
    return "remove", {"at": [*_fields(page), name]}, following


def _duplicate(look: Look, page: Page, sent: Sent) -> Edit:
    name = sent["id"].partition(":")[2]
    new = fresh(name[:19], taken(look, page))
    return "duplicate", {"at": [*_fields(page), name], "id": new}, f"field:{new}"


def _wrap(look: Look, page: Page, sent: Sent) -> Edit:
    names = [one.partition(":")[2] for one in sent.getlist("id")]
    new = fresh("section", {one["id"] for one in page.body.get("layout", [])})
    label = {"zh": "新分组", "en": "New section"}
    return "wrap", {"at": ["forms", page.part], "fields": names, "id": new, "label": label}, f"section:{new}"


def _rename(look: Look, page: Page, sent: Sent) -> Edit:
    name = sent["id"].partition(":")[2]
    new = sent.get("to", "").strip()
    return "rename", {"at": [*_fields(page), name], "id": new}, f"field:{new}"


def _set(look: Look, page: Page, sent: Sent) -> Edit:
    """One setting of what is selected; Invalid names its control."""
    at, settings, config = _target(page)
    value = sent_value(config, settings, sent)
    return (*_follow(page, at, settings, sent["name"], value), page.sel)


def _follow(page: Page, at: list[str], settings: Definition, name: str, value: Any) -> tuple[str, dict[str, Any]]:
    """Settings that others hang on: what a lookup or a rollup shows follows the field it reads."""
    if settings.get("type") in ("lookup", "rollup") and name in ("relation", "field", "aggregate"):
        new = {key: one for key, one in (settings | {name: value}).items() if one is not None}
        made = looked_up(page, new) if settings["type"] == "lookup" else rolled_up(page, new)
        return "set", {"at": at, "value": made}
    return "set", {"at": [*at, name], "value": value}


def _say(look: Look, page: Page, sent: Sent) -> Edit:
    """The label in the reader's language, typed on the canvas."""
    at, settings, _ = _target(page)
    words, text = render.language(), sent.get("text", "").strip()[:80]
    label = {**settings.get("label", {}), words: text} if text else settings.get("label", {})
    return "set", {"at": [*at, "label"], "value": label}, page.sel


def _widen(look: Look, page: Page, sent: Sent) -> Edit:
    at, _, _ = _target(page)
    return "set", {"at": [*at, "width"], "value": sent.get("width", 12, type=int)}, page.sel


OPS: dict[str, Any] = {
    "add": _add,
    "move": _move,
    "nudge": _nudge,
    "remove": _remove,
    "duplicate": _duplicate,
    "wrap": _wrap,
    "rename": _rename,
    "set": _set,
    "say": _say,
    "widen": _widen,
}
