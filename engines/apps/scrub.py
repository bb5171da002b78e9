"""What must not leave with an app: people of this workspace, and secrets that somebody wrote into a setting."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from engines.core.kernel.kind import Definition

from .catalog import PARTS

SECRET = re.compile(r"secret:([A-Za-z0-9_.-]+)")
HIDDEN = frozenset({"secret", "password", "token"})
"""Settings that are secrets whatever they hold; the address of a chat robot is one too."""


def scrubbed(definition: Definition) -> tuple[Definition, int]:
    """A copy that names no person and holds no secret, and how many people were named. A step that would go to nobody
    goes to an administrator; a secret becomes `secret:NAME`, to be set by whoever takes the app in."""
    made = deepcopy(definition)
    named = 0
    for kind in PARTS:
        if kind in made:
            named += _forget_people(made[kind])
            _forget_secrets(made[kind], f"{definition['id']}_{kind}")
    return made, named


def secrets_of(value: Any) -> list[str]:
    """Names of the workspace's secrets that a definition asks for; their values are never in it."""
    return sorted({name for text in _texts(value) for name in SECRET.findall(text)})


def _forget_people(value: Any) -> int:
    if isinstance(value, list):
        named = [one for one in value if _names_people(one)]
        for one in named:
            value.remove(one)
        if named and not value:
            value.append({"admin": True})
        return len(named) + sum(_forget_people(one) for one in value)
    return sum(_forget_people(one) for one in value.values()) if isinstance(value, dict) else 0


def _names_people(one: Any) -> bool:
    """`{"users": […]}` of an assignment, and nothing else that happens to have the name."""
    return isinstance(one, dict) and isinstance(one.get("users"), list) and one.keys() <= {"users", "pick"}


def _forget_secrets(value: Any, path: str) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            if _is_secret(value, name) and isinstance(inner, str) and inner and not SECRET.fullmatch(inner):
                value[name] = f"secret:{path}_{name}"
            else:
                _forget_secrets(inner, path)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            _forget_secrets(inner, f"{path}_{inner.get('id', n)}" if isinstance(inner, dict) else path)


def _is_secret(holder: Definition, name: str) -> bool:
    return name in HIDDEN or (name == "url" and holder.get("type") == "chat_robot")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
