"""`app …`: installed apps."""

import json
from pathlib import Path
from typing import Any

from engines.apps.check import check_app
from engines.apps.folder import read_folder
from engines.apps.platform import SYSTEM
from engines.core.kernel.errors import BadDefinition

from .base import Call, argument, command
from .demo import load_from


@command(
    "app install",
    argument("path"),
    argument("--demo-data", action="store_true", help="also make the demo data that comes with it"),
)
def install(call: Call) -> None:
    """install a sample app's folder"""
    definition = read_folder(Path(call.args.path))
    app = call.platform.run(SYSTEM, lambda uow: call.platform.catalog.publish(uow, definition))
    made = load_from(call.platform, app.id, Path(call.args.path)) if call.args.demo_data else {}
    call.say({"id": app.id, "version": app.version} | ({"demo": sum(made.values())} if made else {}))


@command("app list")
def everything(call: Call) -> None:
    """installed apps and their live versions"""
    versions = call.platform.look(SYSTEM, lambda look: look.apps.versions)
    call.say({"apps": [{"id": name, "version": version} for name, version in versions.items()]})


@command("app export", argument("app"), argument("--out", default="", help="a file instead of standard output"))
def export(call: Call) -> None:
    """the live definition, joined into one object: no secrets, no people, no data"""
    definition = call.platform.look(SYSTEM, lambda look: look.apps.app(call.args.app)).definition
    text = json.dumps(definition, ensure_ascii=False, indent=2)
    if call.args.out:
        Path(call.args.out).write_text(text + "\n", encoding="utf-8")
        call.say({"id": definition["id"], "file": call.args.out})
    else:
        print(text)


@command("app check", argument("file", help="an app's folder or its exported file"), workspace=False)
def check(call: Call) -> int:
    """problems of a definition, each with its path; exit 1 when there are any"""
    found: list[tuple[str, dict[str, str]]] = []
    try:
        check_app(read(Path(call.args.file)))
    except BadDefinition as bad:
        found = bad.problems
    if call.args.json:
        call.say({"problems": [{"path": path, "detail": words} for path, words in found]})
    else:
        for path, words in found:
            print(f"{path or '/'}: {words['en']}")
        print(f"{len(found)} problems")
    return 1 if found else 0


def read(path: Path) -> dict[str, Any]:
    """A definition from a folder or from one file; BadDefinition for what is neither."""
    if path.is_dir():
        return read_folder(path)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as broken:
        raise BadDefinition([("", {"zh": f"读不了这个文件：{broken}", "en": f"cannot be read: {broken}"})]) from broken
    if not isinstance(found, dict):
        raise BadDefinition([("", {"zh": "要是一个 JSON 对象", "en": "has to be a JSON object"})])
    return {name: value for name, value in found.items() if name != "$schema"}
