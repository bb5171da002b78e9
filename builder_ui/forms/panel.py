"""The property panel of the form designer: of a field, of a column of child rows, of a section, of the form itself."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from engines.apps.edits import find, has
from engines.core.fields import field_types
from engines.core.fields.values import COMMON
from engines.core.kernel.kind import Definition, Label

from ..base import Page
from ..panel import controls
from ..references import choices_of
from ..unknown import is_known

CHECKS = ("required", "required_if", "unique", "valid", "mend", "pattern", "message", "min", "max", "min_length",
          "max_length", "most", "least", "min_rows", "max_rows", "max_mb")  # fmt: skip
SEEN = ("visible", "read_only", "read_only_if", "sensitive", "searchable", "collapsed", "tab")
FORM_PANEL: list[Definition] = [
    {"id": "label", "type": "labels", "label": {"zh": "名称", "en": "Name"}, "required": True, "max_length": 80},
    {"id": "one", "type": "labels", "label": {"zh": "一条叫什么", "en": "One of them is called"}, "max_length": 80},
    {"id": "about", "type": "labels", "label": {"zh": "说明", "en": "What it is for"}, "max_length": 80},
    {"id": "icon", "type": "text", "label": {"zh": "图标", "en": "Icon"}, "max_length": 32},
    {"id": "title", "type": "field_ref", "label": {"zh": "记录叫什么", "en": "A record is called by"}},
]
SECTION_PANEL: list[Definition] = [
    {"id": "label", "type": "labels", "label": {"zh": "分组名称", "en": "Section"}, "max_length": 80},
    {"id": "tab", "type": "checkbox", "label": {"zh": "做成标签页", "en": "As a tab"},
     "help": {"zh": "相邻的标签页排成一排，一次看一页", "en": "Neighbours that are tabs stand in one row"}},
    {"id": "collapsed", "type": "checkbox", "label": {"zh": "先折起来", "en": "Folded at first"}},
    {"id": "visible", "type": "formula_text", "label": {"zh": "什么时候显示", "en": "Shown when"},
     "returns": "boolean"},
]  # fmt: skip
CLOSED = ("required", "required_if", "default", "unique", "read_only", "read_only_if", "valid", "mend")
"""Settings that make no sense where nobody fills in a value."""
OF_A_COLUMN = ("label", "help", "required")
"""What a column of child rows has of the settings that every field has."""
TABS: dict[str, Label] = {
    "what": {"zh": "属性", "en": "What"},
    "checks": {"zh": "校验", "en": "Checks"},
    "seen": {"zh": "显隐", "en": "Showing"},
    "rights": {"zh": "权限", "en": "Rights"},
}


@dataclass(frozen=True)
class Target:
    """What is selected: `what` is field, column, section or form; `at` its path in the draft; `config` its settings."""

    what: str
    name: str
    at: list[str]
    settings: Definition
    config: list[Definition]

    @property
    def sel(self) -> str:
        return "" if self.what == "form" else f"{self.what}:{self.name}"


def target(page: Page, sel: str | None = None) -> Target:
    """What `sel`, or the page's selection, means; the form itself when it is gone."""
    what, _, name = (page.sel if sel is None else sel).partition(":")
    at = path_of(page, what, name)
    if at is None or not has(page.definition, at):
        return Target("form", page.part, ["forms", page.part], page.body, FORM_PANEL)
    settings = find(page.definition, at)
    if what == "section":
        return Target(what, name, at, settings, SECTION_PANEL)
    if not is_known("field", settings):
        return Target(what, name, at, settings, [])
    kind = field_types.get(settings["type"])
    common = [one for one in COMMON[2:] if what == "field" or one["id"] in OF_A_COLUMN]
    return Target(what, name, at, settings, [*common, *kind.config])


def path_of(page: Page, what: str, name: str) -> list[str] | None:
    """Where a field, a column `<field>/<column>` or a section stands in the draft."""
    form = ["forms", page.part]
    if what == "column":
        holder, _, column = name.partition("/")
        return [*form, "fields", holder, "fields", column]
    holder = {"field": "fields", "section": "layout"}.get(what, "")
    return [*form, holder, name] if holder else None


def panel(page: Page, found: Target) -> list[tuple[str, list[tuple[str, Markup]]]]:
    """(tab, controls): what it is, what is checked, when it shows."""
    made = dict(controls(found.config, found.settings, choices_of(page, found.settings), page=page,
                         skip=("width", "id", "type")))  # fmt: skip
    if found.what == "field" and found.config:
        kind = field_types.get(found.settings["type"])
        made = {key: one for key, one in made.items() if _makes_sense(kind, found.settings, key)}
    checks = [(key, made[key]) for key in CHECKS if key in made]
    seen = [(key, made[key]) for key in SEEN if key in made]
    first = [key for key in ("label", "help") if key in made]
    last = [key for key in ("default",) if key in made]
    own = [key for key in made if key not in (*CHECKS, *SEEN, *first, *last)]
    return [("what", [(key, made[key]) for key in (*first, *own, *last)]), ("checks", checks), ("seen", seen)]


def _makes_sense(kind: Any, field: Definition, setting: str) -> bool:
    """Nobody fills in a computed field, and lists have no unique values."""
    try:
        computed = kind.assigned or kind.computed_by(field) is not None
    except KeyError:
        computed = True
    if computed and setting in CLOSED:
        return False
    if setting == "unique":
        return kind.links(field) is None and kind.children(field) is None
    return True
