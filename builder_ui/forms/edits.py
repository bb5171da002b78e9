"""What can be done on the canvas of a form, each as an operation on the draft."""

import json
from typing import Any

from engines.apps import ops
from engines.apps.edits import find
from engines.core.fields import field_types
from engines.core.fields.values import fits_in_rows
from engines.core.kernel.errors import AppError, NotFound, UnknownType
from engines.core.kernel.kind import Definition
from engines.core.kernel.work import Look
from engines.core.records import migrate
from engines.core.records.names import SYSTEM
from runtime import render

from ..base import Edit, Page, Sent, fresh
from ..panel import sent_value
from .new_fields import looked_up, new_field, rolled_up
from .panel import path_of, target
from .past import gone
from .retyping import retyped


class NoColumn(AppError):
    code = "no_column"
    words = {
        "zh": "「{type}」放不进子表的一列：它要自己的表格或自己的编号",
        "en": "{type} cannot be a column of rows: it needs a table or numbers of its own",
    }

    def say(self, language: str) -> str:
        return self.words[language].format(type=self.details["type"][language])


class KeepsItsPlace(AppError):
    code = "keeps_its_place"
    words = {
        "zh": "字段和子表的列存在不同的地方，不能互相拖；在那边新建一个，旧的可以删除",
        "en": "Fields and columns of rows are kept in different places: add a new one there and delete this one",
    }


class NoField(AppError):
    code = "no_field"
    words = {
        "zh": "剪贴板里不是一个字段：先在画布上选一个，按 Ctrl+C",
        "en": "What was copied is no field: select one on the canvas and press Ctrl+C first",
    }


LAYOUT: dict[str, Definition] = {
    "section": {"label": {"zh": "新分组", "en": "New section"}},
    "tab": {"label": {"zh": "新标签页", "en": "New tab"}, "tab": True},
}
"""What the palette has besides fields."""


def fields_at(page: Page) -> list[str]:
    return ["forms", page.part, "fields"]


def _spot(sent: Sent) -> dict[str, Any]:
    index = sent.get("index", type=int)
    return {"section": sent.get("section") or ops.REST} | ({"index": index} if index is not None else {})


def taken(look: Look, page: Page) -> set[str]:
    """Ids that a new field may not get: those there, those of the past, those of the system."""
    here = {f["id"] for f in page.body["fields"]}
    return here | migrate.names_taken(look.session, page.app, page.part) | SYSTEM.keys()


def _add(look: Look, page: Page, sent: Sent) -> Edit:
    if sent.get("type") in LAYOUT:
        return _add_section(look, page, sent)
    if sent.get("into"):
        return _add_column(page, sent)
    field = new_field(page, sent["type"], taken(look, page))
    return "add", {"at": fields_at(page), "value": field, **_spot(sent)}, f"field:{field['id']}"


def _add_section(look: Look, page: Page, sent: Sent) -> Edit:
    """A first section keeps the fields that are there together above it."""
    at, layout = ["forms", page.part, "layout"], page.body.get("layout", [])
    name = fresh("section", {one["id"] for one in layout})
    value = {"id": name, "fields": [], **LAYOUT[sent.get("type", "section")]}
    if not layout:
        first = {"id": "main", "fields": [f["id"] for f in page.body["fields"]]}
        return "set", {"at": at, "value": [first, value]}, f"section:{name}"
    index = sent.get("index", len(layout), type=int)
    return "add", {"at": at, "value": value, "index": index}, f"section:{name}"


def _add_column(page: Page, sent: Sent) -> Edit:
    """A column of the child rows `into`; NoColumn for a type that does not live in rows."""
    holder = sent["into"]
    at = [*fields_at(page), holder, "fields"]
    columns = find(page.definition, at)
    field = new_field(page, sent["type"], {one["id"] for one in columns})
    field.pop("width", None)
    if not fits_in_rows(field):
        raise NoColumn(type=field_types.get(field["type"]).label)
    index = sent.get("index", len(columns), type=int)
    return "add", {"at": at, "value": field, "index": index}, f"column:{holder}/{field['id']}"


def _move(look: Look, page: Page, sent: Sent) -> Edit:
    """To `index` of a section, of the sections, or of the columns that it is among."""
    what, _, name = sent["id"].partition(":")
    index = sent.get("index", 0, type=int)
    at = path_of(page, what, name) or ["forms", page.part]
    if what == "field":
        if sent.get("into"):
            raise KeepsItsPlace
        return "move", {"at": at, "index": 0, **_spot(sent)}, sent["id"]
    if what == "column" and sent.get("into") != name.partition("/")[0]:
        raise KeepsItsPlace
    return "move", {"at": at, "index": index}, sent["id"]


def _nudge(look: Look, page: Page, sent: Sent) -> Edit:
    """One place up or down; a field goes over the edge of a section into the next one."""
    what, _, name = sent["id"].partition(":")
    by = sent.get("by", 1, type=int)
    if what != "field":
        at = path_of(page, what, name) or ["forms", page.part]
        names = [one["id"] for one in find(page.definition, at[:-1])]
        index = max(0, names.index(at[-1]) + by) if at[-1] in names else 0
        return "move", {"at": at, "index": index}, sent["id"]
    sections = ops.sections_of(page.body)
    section, index = ops.place_of(page.body, name)
    home = next(n for n, one in enumerate(sections) if one["id"] == section)
    index += by
    if not 0 <= index < len(sections[home]["fields"]) and 0 <= home + by < len(sections):
        section = sections[home + by]["id"]
        index = 0 if by > 0 else len(sections[home + by]["fields"])
    return "move", {"at": [*fields_at(page), name], "section": section, "index": max(0, index)}, sent["id"]


def _remove(look: Look, page: Page, sent: Sent) -> Edit:
    what, _, name = sent["id"].partition(":")
    if what == "section":
        return "remove", {"at": path_of(page, what, name)}, ""
    if what == "column":
        return "remove", {"at": path_of(page, what, name)}, f"field:{name.partition('/')[0]}"
    section, index = ops.place_of(page.body, name)
    left = [one for one in next(s for s in ops.sections_of(page.body) if s["id"] == section)["fields"] if one != name]
    following = f"field:{left[min(index, len(left) - 1)]}" if left else ""
    return "remove", {"at": [*fields_at(page), name]}, following


def _duplicate(look: Look, page: Page, sent: Sent) -> Edit:
    what, _, name = sent["id"].partition(":")
    at = path_of(page, what, name) or ["forms", page.part]
    if what == "column":
        new = fresh(at[-1][:19], {one["id"] for one in find(page.definition, at[:-1])})
        return "duplicate", {"at": at, "id": new}, f"column:{at[3]}/{new}"
    new = fresh(name[:19], taken(look, page))
    return "duplicate", {"at": [*fields_at(page), name], "id": new}, f"field:{new}"


def _paste(look: Look, page: Page, sent: Sent) -> Edit:
    """A field that was copied, here or in another form, after what is selected; NoField for anything else."""
    try:
        value = json.loads(sent.get("text", ""))
        kind = field_types.get(str(value["type"]))
        label = dict(value["label"])
    except (ValueError, TypeError, KeyError, UnknownType):
        raise NoField from None
    if not kind.in_palette:
        raise NoField
    name = fresh(str(value.get("id") or kind.type)[:19], taken(look, page))
    value = value | {"id": name, "label": label}
    if isinstance(value.get("reverse"), dict):
        value["reverse"] = value["reverse"] | {"id": f"{str(value['reverse'].get('id'))[:16]}_{name[-6:]}"}
    return "add", {"at": fields_at(page), "value": value, **_after(page)}, f"field:{name}"


def _after(page: Page) -> dict[str, Any]:
    """Behind the selected field, at the end of the selected section, else at the end."""
    found = target(page)
    if found.what == "section":
        return {"section": found.name, "index": len(found.settings["fields"])}
    if found.what != "field":
        last = ops.sections_of(page.body)[-1]
        return {"section": last["id"], "index": len(last["fields"])}
    section, index = ops.place_of(page.body, found.name)
    return {"section": section, "index": index + 1}


def _bring_back(look: Look, page: Page, sent: Sent) -> Edit:
    """A field of an earlier version, with what people had entered; NotFound when there is none of that id."""
    value = next((one for one in gone(look, page) if one["id"] == sent["id"]), None)
    if value is None:
        raise NotFound(field=sent["id"])
    spot = _spot(sent) if "section" in sent else _after(page)
    return "add", {"at": fields_at(page), "value": value, **spot}, f"field:{value['id']}"


def _wrap(look: Look, page: Page, sent: Sent) -> Edit:
    names = [one.partition(":")[2] for one in sent.getlist("id")]
    new = fresh("section", {one["id"] for one in page.body.get("layout", [])})
    label = {"zh": "新分组", "en": "New section"}
    return "wrap", {"at": ["forms", page.part], "fields": names, "id": new, "label": label}, f"section:{new}"


def _rename(look: Look, page: Page, sent: Sent) -> Edit:
    name = sent["id"].partition(":")[2]
    new = sent.get("to", "").strip()
    return "rename", {"at": [*fields_at(page), name], "id": new}, f"field:{new}"


def _set(look: Look, page: Page, sent: Sent) -> Edit:
    """One setting of what is selected; Invalid names its control."""
    found = target(page)
    value = sent_value(found.config, found.settings, sent)
    return (*_follow(page, found.at, found.settings, sent["name"], value), page.sel)


def _follow(page: Page, at: list[str], settings: Definition, name: str, value: Any) -> tuple[str, dict[str, Any]]:
    """Settings that others hang on: what a lookup or a rollup shows follows the field it reads."""
    if settings.get("type") in ("lookup", "rollup") and name in ("relation", "field", "aggregate"):
        new = {key: one for key, one in (settings | {name: value}).items() if one is not None}
        made = looked_up(page, new) if settings["type"] == "lookup" else rolled_up(page, new)
        return "set", {"at": at, "value": made}
    return "set", {"at": [*at, name], "value": value}


def _say(look: Look, page: Page, sent: Sent) -> Edit:
    """The label in the reader's language, typed on the canvas."""
    found = target(page)
    words, text = render.language(), sent.get("text", "").strip()[:80]
    old = found.settings.get("label", {})
    return "set", {"at": [*found.at, "label"], "value": {**old, words: text} if text else old}, page.sel


def _widen(look: Look, page: Page, sent: Sent) -> Edit:
    return "set", {"at": [*target(page).at, "width"], "value": sent.get("width", 12, type=int)}, page.sel


def _retype(look: Look, page: Page, sent: Sent) -> Edit:
    name = target(page).name
    return "set", {"at": [*fields_at(page), name], "value": retyped(look, page, name, sent["to"])}, page.sel


def _level(look: Look, page: Page, sent: Sent) -> Edit:
    """What one role may do with the selected field."""
    role, found = sent["role"], target(page)
    at = ["roles", role, "forms", page.part]
    forms = find(page.definition, ["roles", role, "forms"])
    given = forms.get(page.part) or forms.get("*") or {"actions": []}
    levels = {key: level for key, level in given.get("fields", {}).items() if key != found.name}
    if sent.get("level"):
        levels[found.name] = sent["level"]
    rest = {key: value for key, value in given.items() if key != "fields"}
    return "set", {"at": at, "value": rest | ({"fields": levels} if levels else {})}, page.sel


OPS: dict[str, Any] = {
    "add": _add,
    "move": _move,
    "nudge": _nudge,
    "remove": _remove,
    "duplicate": _duplicate,
    "paste": _paste,
    "bring_back": _bring_back,
    "wrap": _wrap,
    "rename": _rename,
    "set": _set,
    "say": _say,
    "widen": _widen,
    "retype": _retype,
    "level": _level,
}
