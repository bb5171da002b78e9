"""An app as one file: out with a manifest and without secrets, people or data; in with nothing switched on."""

import hashlib
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from engines.core.access import audit
from engines.core.actions import action_types
from engines.core.kernel.errors import AppError, Forbidden
from engines.core.kernel.kind import Definition, Label
from engines.core.kernel.work import Look, UnitOfWork
from engines.core.records import tallies

from . import plan as plans
from . import publish, store
from .catalog import PARTS, App, Catalog
from .diff import KINDS
from .folder import read_folder
from .scrub import scrubbed, secrets_of

FORMAT = 1
MOST = 8 * 2**20
DEEPEST = 60
OUTSIDE = frozenset({"outside", "people"})
"""Groups of actions that reach other people or programs."""


class BadFile(AppError):
    code = "bad_app_file"
    words = {
        "zh": "这个文件不是导出的应用：{told}。用「导出」得到的 .json 文件再试",
        "en": "This file is no exported app: {told}. Try a .json file that came from 'export'",
    }


@dataclass(frozen=True)
class Contents:
    """What an export holds, by kind of part, and what it leaves out: `secrets` by name, `records` and `holders` (people
    with a role) by number, `people`: places that named somebody and will not any more."""

    holds: tuple[tuple[str, Label, int], ...]
    secrets: tuple[str, ...]
    records: int
    holders: int
    people: int


@dataclass(frozen=True)
class Acting:
    """A part that does something by itself once it is on."""

    kind: str
    id: str
    label: Label
    why: Label

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"


WHY: dict[str, Label] = {
    "flows": {"zh": "流程会自己启动，给人派待办", "en": "A flow starts by itself and gives people tasks"},
    "rules": {"zh": "规则会通知人或调用外部程序", "en": "The rule notifies people or calls other programs"},
    "links": {"zh": "公开链接，任何人都能打开", "en": "A public link that anybody can open"},
    "connectors": {"zh": "会和外部程序交换数据", "en": "Exchanges data with other programs"},
    "reports": {"zh": "会按时发送", "en": "Is sent on a schedule"},
}


def contents(look: Look, app_id: str) -> Contents:
    """What `export` would write, for the page that asks before it does."""
    publish.require(look, "export_app", app_id)
    app = look.apps.app(app_id)
    definition, people = scrubbed(app.definition)
    holds = [(kind, KINDS[kind], len(definition[kind])) for kind in PARTS if isinstance(definition.get(kind), list)]
    everything = look.as_system("an export says how many records it leaves out")
    records = sum(tallies.living(everything, form.source) for form in app.forms.values())
    return Contents(
        tuple(one for one in holds if one[2]),
        tuple(secrets_of(definition)),
        records,
        store.holders(look, app_id),
        people,
    )


def export(look: Look, app_id: str, *, version: int = 0) -> Definition:
    """The joined definition of the live version, or of another one, with a `manifest`: {format, app, version, at,
    parts, secrets, sha256}."""
    publish.require(look, "export_app", app_id)
    app = look.apps.version(app_id, version) if version else look.apps.app(app_id)
    definition, _ = scrubbed(app.definition)
    manifest = {
        "format": FORMAT,
        "app": app_id,
        "version": app.version,
        "at": datetime.fromtimestamp(look.now // 1_000_000, UTC).isoformat(),
        "parts": {kind: len(definition[kind]) for kind in PARTS if isinstance(definition.get(kind), list)},
        "secrets": list(secrets_of(definition)),
        "sha256": digest(definition),
    }
    return {"$schema": "dougong:app", "manifest": manifest, **definition}


def file_of(definition: Definition) -> bytes:
    """The export as it is downloaded: readable, the same bytes for the same app."""
    return orjson.dumps(definition, option=orjson.OPT_INDENT_2) + b"\n"


def read(content: bytes) -> Definition:
    """The definition in an exported file; BadFile says what is wrong. Nothing is checked but that it can be read."""
    if len(content) > MOST:
        raise BadFile(told=f"> {MOST // 2**20} MB")
    try:
        found = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise BadFile(told=str(error)) from error
    if not isinstance(found, dict) or not isinstance(found.get("forms"), list) or not isinstance(found.get("id"), str):
        raise BadFile(told="id, forms")
    if _depth(found) > DEEPEST:
        raise BadFile(told=f"> {DEEPEST} levels")
    manifest = found.pop("manifest", None)
    found.pop("$schema", None)
    if isinstance(manifest, dict) and manifest.get("sha256") not in (None, digest(found)):
        raise BadFile(told="sha256")
    return found


def read_path(path: Path) -> Definition:
    """An app's folder, or an exported file."""
    return read_folder(path) if path.is_dir() else read(path.read_bytes())


def digest(definition: Definition) -> str:
    return hashlib.sha256(orjson.dumps(definition, option=orjson.OPT_SORT_KEYS)).hexdigest()


def acting(definition: Definition) -> list[Acting]:
    """The parts that act by themselves."""
    found = []
    for kind, why in WHY.items():
        for part in definition.get(kind, ()):
            if isinstance(part, dict) and _acts(kind, part):
                label = part.get("label") or {"en": str(part.get("id"))}
                found.append(Acting(kind, str(part.get("id", "")), label, why))
    return found


def _acts(kind: str, part: Definition) -> bool:
    if kind == "reports":
        return bool(part.get("send") or part.get("schedule"))
    if kind != "rules":
        return True
    groups = {one.type: one.group for one in action_types}
    return any(groups.get(str(step.get("type")), "outside") in OUTSIDE for step in part.get("then", ()))


def is_on(kind: str, part: Definition) -> bool:
    return not part.get("off", False) if kind == "flows" else bool(part.get("enabled", True))


def switched(definition: Definition, on: Iterable[str], before: Definition | None = None) -> Definition:
    """A copy with everything that acts off, but for the keys (`flows:welcome`) in `on`; what stands unchanged in
    `before` stays as it is there."""
    made, wanted = deepcopy(definition), set(on)
    known = {(k, p["id"]): p for k in WHY for p in (before or {}).get(k, ()) if isinstance(p, dict) and "id" in p}
    for one in acting(made):
        part = next(p for p in made[one.kind] if p.get("id") == one.id)
        old = known.get((one.kind, one.id))
        same = old is not None and _body(old) == _body(part)
        _switch(one.kind, part, on=is_on(one.kind, old) if same and old else one.key in wanted)
    return made


def _switch(kind: str, part: Definition, *, on: bool) -> None:
    if kind == "flows":
        part.pop("off", None)
        if not on:
            part["off"] = True
    else:
        part["enabled"] = on


def _body(part: Definition) -> Definition:
    return {name: value for name, value in part.items() if name not in ("enabled", "off")}


def renamed(definition: Definition, app_id: str) -> Definition:
    """The same app under another id: parts name each other without it."""
    return definition | {"id": app_id}


def plan_import(look: Look, definition: Definition) -> plans.Plan:
    """What an import would do: a new app, or the next version of the one that has the id."""
    may_import(look, definition["id"])
    before = look.apps.app(definition["id"]).definition if definition["id"] in look.apps.versions else None
    return plans.plan(look, switched(definition, (), before))


def take_in(
    uow: UnitOfWork, catalog: Catalog, definition: Definition, *, on: Iterable[str] = (), note: str = ""
) -> App:
    """Publish an imported definition; what acts by itself is on only when its key is in `on`. Nobody gets a role by
    it. BadDefinition, PlanStopped."""
    may_import(uow, definition["id"])
    before = uow.apps.app(definition["id"]).definition if definition["id"] in uow.apps.versions else None
    ready = switched(definition, on, before)
    return publish.put(uow, catalog, ready, note=note or "import", what="app.import")


def replace(uow: UnitOfWork, catalog: Catalog, app_id: str, definition: Definition, *, note: str = "") -> App:
    """A whole definition by whoever may build and publish the app: the next version, as it is sent."""
    publish.require(uow, "builder", app_id)
    publish.require(uow, "publish", app_id)
    return publish.put(uow, catalog, definition | {"id": app_id}, note=note)


def may_import(look: Look, app_id: str) -> None:
    """A new app takes a builder of the workspace; a new version takes the right to build and publish it."""
    if app_id in look.apps.versions:
        publish.require(look, "builder", app_id)
        publish.require(look, "publish", app_id)
    elif not look.rights.may("builder"):
        raise Forbidden(action="builder")


def note_export(uow: UnitOfWork, app_id: str) -> None:
    """That the app left as a file."""
    audit.record(uow, "app.export", f"app:{app_id}", {"version": uow.apps.app(app_id).version})


def _depth(value: Any) -> int:
    deepest, todo = 0, [(value, 1)]
    while todo:
        here, level = todo.pop()
        deepest = max(deepest, level)
        inner = here.values() if isinstance(here, dict) else here if isinstance(here, list) else ()
        todo += [(one, level + 1) for one in inner]
    return deepest
