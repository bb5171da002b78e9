"""What a builder can do to a draft: each operation says which changes it comes to."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition

from .edits import Change, IdTaken, Path, find, has, position

Op = Callable[[Definition, dict[str, Any]], list[Change]]
REST = "rest"
"""The section of the fields that no section names."""
COPY = {"zh": " 副本", "en": " copy"}


class WrongPlace(AppError):
    code = "wrong_place"
    words = {
        "zh": "这个放不进那里：字段放进分组，分组放在分组之间",
        "en": "This does not go there: fields go into sections, sections between sections",
    }


def changes_of(definition: Definition, op: str, args: dict[str, Any]) -> list[Change]:
    """The changes of one operation; NoSuchPlace, WrongPlace or IdTaken when it cannot be done."""
    return OPS[op](definition, args)


def add(definition: Definition, args: dict[str, Any]) -> list[Change]:
    """`at` a list, `value`, `index` (at the end without). A field also names the `section` in which it is shown."""
    at, value = args["at"], args["value"]
    made = [] if has(definition, at) else [{"do": "set", "at": at, "value": []}]
    items = find(definition, at) if not made else []
    if not isinstance(items, list):
        raise WrongPlace
    if _is_fields(at):
        return [*made, *_add_field(definition, at, args)]
    return [*made, {"do": "insert", "at": at, "index": args.get("index", len(items)), "value": value}]


def remove(definition: Definition, args: dict[str, Any]) -> list[Change]:
    """`at` a part or an item of a list; a field also leaves the layout, fields of a section stay in the form."""
    at = args["at"]
    find(definition, at)
    if isinstance(find(definition, at[:-1]), dict):
        return [{"do": "set", "at": at}]
    made = [{"do": "delete", "at": at}]
    if _is_field(at):
        form, name = find(definition, at[:2]), at[3]
        made += [
            {
                "do": "set",
                "at": [*at[:2], "layout", one["id"], "fields"],
                "value": [f for f in one["fields"] if f != name],
            }
            for one in form.get("layout", ())
            if name in one["fields"]
        ]
        made += [{"do": "set", "at": [*at[:2], "title"]}] if form.get("title") == name else []
    return made


def set_value(definition: Definition, args: dict[str, Any]) -> list[Change]:
    """`at` a key, `value`; None takes the key away."""
    at, value = args["at"], args.get("value")
    find(definition, at[:-1])
    return [{"do": "set", "at": at} | ({} if value is None else {"value": value})]


def move(definition: Definition, args: dict[str, Any]) -> list[Change]:
    """`at` an item, `index` its new place in its list; a field goes to `index` of `section`."""
    at, index = args["at"], args["index"]
    value = find(definition, at)
    if _is_field(at):
        return _move_field(definition, at, args.get("section", REST), index)
    if not isinstance(find(definition, at[:-1]), list):
        raise WrongPlace
    return [{"do": "delete", "at": at}, {"do": "insert", "at": at[:-1], "index": index, "value": value}]


def duplicate(definition: Definition, args: dict[str, Any]) -> list[Change]:
    """`at` an item; its copy stands behind it, under `id` when the original has one."""
    at = args["at"]
    value, items = deepcopy(find(definition, at)), find(definition, at[:-1])
    if not isinstance(items, list):
        raise WrongPlace
    if isinstance(value, dict) and "id" in value:
        value["id"] = args["id"]
        if isinstance(value.get("label"), dict):
            value["label"] = {lang: (text + COPY[lang])[:80] for lang, text in value["label"].items()}
    if not _is_field(at):
        return [{"do": "insert", "at": at[:-1], "index": position(items, at[-1]) + 1, "value": value}]
    if isinstance(value.get("reverse"), dict):
        value["reverse"] = value["reverse"] | {"id": value["reverse"]["id"][:16] + "_" + value["id"][-6:]}
    section, index = place_of(find(definition, at[:2]), at[3])
    return _add_field(definition, at[:-1], {"value": value, "section": section, "index": index + 1})


def wrap(definition: Definition, args: dict[str, Any]) -> list[Change]:
    """`at` a form; `fields` go together into a new section `id` with `label`, where the first of them stood."""
    at, names, new = args["at"], list(args["fields"]), args["id"]
    form = find(definition, at)
    if not names or any(position(form["fields"], name) < 0 for name in names):
        raise WrongPlace
    if {new, f"{new}_first", f"{new}_rest"} & {one["id"] for one in sections_of(form)}:
        raise IdTaken(id=new)
    home = place_of(form, names[0])[0]
    made: list[Definition] = []
    for one in sections_of(form):
        kept = [name for name in one["fields"] if name not in names]
        section = one | {"id": f"{new}_first" if one["id"] == REST else one["id"], "fields": kept}
        if one["id"] != home:
            made.append(section)
            continue
        cut = sum(name in kept for name in one["fields"][: one["fields"].index(names[0])])
        made.append(section | {"fields": kept[:cut]})
        made.append({"id": new, "label": args["label"], "fields": names})
        made.append({"id": f"{new}_rest", "fields": kept[cut:]})
    return [{"do": "set", "at": [*at, "layout"], "value": [one for one in made if one["fields"] or one.get("label")]}]


def rename(definition: Definition, args: dict[str, Any]) -> list[Change]:
    """`at` a field, `id` its new id: in the list, in the layout, as the title."""
    at, name = args["at"], args["id"]
    form, old = find(definition, at[:2]), at[3]
    made = [{"do": "set", "at": [*at, "id"], "value": name}]
    for one in form.get("layout", ()):
        if old in one["fields"]:
            fields = [name if f == old else f for f in one["fields"]]
            made.append({"do": "set", "at": [*at[:2], "layout", one["id"], "fields"], "value": fields})
    return made + ([{"do": "set", "at": [*at[:2], "title"], "value": name}] if form.get("title") == old else [])


def several(definition: Definition, args: dict[str, Any]) -> list[Change]:
    """`changes` that one click comes to, where one operation is not enough; `at` is the part that it is about."""
    find(definition, args["at"])
    return list(args["changes"])


OPS: dict[str, Op] = {
    "add": add,
    "remove": remove,
    "set": set_value,
    "move": move,
    "duplicate": duplicate,
    "wrap": wrap,
    "rename": rename,
    "several": several,
}


def sections_of(form: Definition) -> list[Definition]:
    """The layout as it is shown: sections in order, then the fields that none of them names."""
    layout = [dict(one) for one in form.get("layout", ())]
    placed = {name for one in layout for name in one["fields"]}
    rest = [f["id"] for f in form["fields"] if f["id"] not in placed]
    return layout + ([{"id": REST, "fields": rest}] if rest or not layout else [])


def place_of(form: Definition, name: str) -> tuple[str, int]:
    """(section, index) of a field as it is shown."""
    for one in sections_of(form):
        if name in one["fields"]:
            return one["id"], one["fields"].index(name)
    return REST, len(form["fields"])


def _is_fields(at: Path) -> bool:
    return len(at) == 3 and at[0] == "forms" and at[2] == "fields"


def _is_field(at: Path) -> bool:
    return len(at) == 4 and at[0] == "forms" and at[2] == "fields"


def _add_field(definition: Definition, at: Path, args: dict[str, Any]) -> list[Change]:
    form, value, section = find(definition, at[:2]), args["value"], args.get("section", REST)
    shown = _fields_in(form, section)
    index = min(args.get("index", len(shown)), len(shown))
    if section == REST:
        return [{"do": "insert", "at": at, "index": _list_index(form, shown, index), "value": value}]
    fields = [*shown[:index], value["id"], *shown[index:]]
    return [
        {"do": "insert", "at": at, "index": len(form["fields"]), "value": value},
        {"do": "set", "at": [*at[:2], "layout", section, "fields"], "value": fields},
    ]


def _move_field(definition: Definition, at: Path, section: str, index: int) -> list[Change]:
    """Out of the section where it is, into the one where it shall be; in `rest` the order is that of the fields."""
    form, name = find(definition, at[:2]), at[3]
    made: list[Change] = []
    for one in form.get("layout", ()):
        left = [f for f in one["fields"] if f != name]
        if one["id"] == section:
            left.insert(index, name)
        if left != one["fields"]:
            made.append({"do": "set", "at": [*at[:2], "layout", one["id"], "fields"], "value": left})
    if section == REST:
        shown = [f for f in _fields_in(form, REST) if f != name]
        others = {"fields": [f for f in form["fields"] if f["id"] != name]}
        value = find(definition, at)
        made += [
            {"do": "delete", "at": at},
            {"do": "insert", "at": at[:3], "index": _list_index(others, shown, index), "value": value},
        ]
    elif not any(one["id"] == section for one in form.get("layout", ())):
        raise WrongPlace
    return made


def _fields_in(form: Definition, section: str) -> list[str]:
    for one in sections_of(form):
        if one["id"] == section:
            return list(one["fields"])
    if section == REST:
        return []
    raise WrongPlace


def _list_index(form: Definition, shown: Sequence[str], index: int) -> int:
    """Where in the list of all fields something goes that is shown at `index` of these."""
    if index < len(shown):
        return position(form["fields"], shown[index])
    return position(form["fields"], shown[-1]) + 1 if shown else len(form["fields"])
