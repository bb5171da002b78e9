"""Edits of a joined definition: each becomes small changes, and each change knows what takes it back; all of it pure.

A path names the way by ids where there are any, else by position: `["forms", "fan", "fields", "birthday", "label"]`.
Three changes are enough: `insert` a list item, `delete` one, `set` a key (without a value it goes).
"""

from collections.abc import Callable, Sequence
from typing import Any

from engines.core.kernel.errors import AppError
from engines.core.kernel.kind import Definition

Path = Sequence[str]
Change = dict[str, Any]


class NoSuchPlace(AppError):
    code = "no_such_place"
    words = {
        "zh": "「{at}」已经不在草稿里，刷新后再改",
        "en": "'{at}' is no longer in the draft: reload, then change it again",
    }


class IdTaken(AppError):
    code = "id_taken"
    words = {"zh": "「{id}」已经有了，换一个编号", "en": "'{id}' is there already: choose another id"}


def find(definition: Any, path: Path) -> Any:
    """What stands at the end of a path; NoSuchPlace when nothing does."""
    here = definition
    for step in path:
        here = here[_key(here, step, path)]
    return here


def has(definition: Any, path: Path) -> bool:
    try:
        find(definition, path)
    except NoSuchPlace:
        return False
    return True


def position(items: Sequence[Any], step: str) -> int:
    """Where an item stands, by id or by number; -1 when it does not."""
    for n, item in enumerate(items):
        if isinstance(item, dict) and item.get("id") == step:
            return n
    return int(step) if step.isdigit() and int(step) < len(items) else -1


def apply_all(definition: Definition, changes: Sequence[Change]) -> tuple[Definition, list[Change]]:
    """The definition as it is afterwards, and the changes that take it back, in the order to be done. What is not
    touched is shared with the definition before, so nobody may write into either."""
    back: list[Change] = []
    for change in changes:
        definition, inverse = apply_one(definition, change)
        back.insert(0, inverse)
    return definition, back


def apply_one(definition: Definition, change: Change) -> tuple[Definition, Change]:
    return DOES[change["do"]](definition, change)


def _insert(definition: Definition, change: Change) -> tuple[Definition, Change]:
    at, value = change["at"], change["value"]
    items = find(definition, at)
    name = value.get("id") if isinstance(value, dict) else None
    if name is not None and any(isinstance(i, dict) and i.get("id") == name for i in items):
        raise IdTaken(id=name)
    index = min(change["index"], len(items))
    made = _with(definition, at, lambda old: [*old[:index], value, *old[index:]])
    return made, {"do": "delete", "at": [*at, name if name is not None else str(index)]}


def _delete(definition: Definition, change: Change) -> tuple[Definition, Change]:
    *at, step = change["at"]
    items = find(definition, at)
    index = _key(items, step, change["at"])
    made = _with(definition, at, lambda old: [*old[:index], *old[index + 1 :]])
    return made, {"do": "insert", "at": at, "index": index, "value": items[index]}


def _set(definition: Definition, change: Change) -> tuple[Definition, Change]:
    *at, step = change["at"]
    holder = find(definition, at)
    key = step if isinstance(holder, dict) else _key(holder, step, change["at"])
    there = not isinstance(holder, dict) or step in holder
    inverse = {"do": "set", "at": change["at"]} | ({"value": holder[key]} if there else {})
    if step == "id" and at and "value" in change:
        _free(definition, at, change["value"])
        inverse["at"] = [*at[:-1], change["value"], step] if _by_id(definition, at) else change["at"]
    return _with(definition, at, lambda old: _having(old, key, change)), inverse


def _having(holder: Any, key: Any, change: Change) -> Any:
    if isinstance(holder, list):
        return [change["value"] if n == key else item for n, item in enumerate(holder)]
    if "value" not in change:
        return {name: value for name, value in holder.items() if name != key}
    return holder | {key: change["value"]}


def _by_id(definition: Definition, at: Path) -> bool:
    return isinstance(find(definition, at[:-1]), list)


def _free(definition: Definition, at: Path, name: str) -> None:
    """A new id is nobody else's in its list."""
    siblings = find(definition, at[:-1]) if _by_id(definition, at) else ()
    me = find(definition, at)
    if any(one is not me and isinstance(one, dict) and one.get("id") == name for one in siblings):
        raise IdTaken(id=name)


DOES: dict[str, Callable[[Definition, Change], tuple[Definition, Change]]] = {
    "insert": _insert,
    "delete": _delete,
    "set": _set,
}


def _with(node: Any, path: Path, make: Callable[[Any], Any]) -> Any:
    """A copy along the path, with `make` of what stands at its end."""
    if not path:
        return make(node)
    key = _key(node, path[0], path)
    inner = _with(node[key], path[1:], make)
    return _having(node, key, {"value": inner})


def _key(node: Any, step: str, path: Path) -> Any:
    if isinstance(node, dict) and step in node:
        return step
    if isinstance(node, list) and (n := position(node, step)) >= 0:
        return n
    raise NoSuchPlace(at="/".join(map(str, path)))
