"""`app …`: what a publish would do, publish, versions, roll back, export, import, differences, check."""

from pathlib import Path
from typing import Any

from engines.apps import draft, exchange, plan, publish
from engines.apps.diff import differences, word
from engines.apps.platform import SYSTEM
from engines.core.kernel.errors import BadDefinition
from engines.core.kernel.kind import Definition

from .base import Call, argument, command

APP = argument("app")
NOTE = argument("--note", default="", help="what this version is about")


@command("app plan", APP)
def show_plan(call: Call) -> int:
    """what publishing the draft would change"""
    found = call.platform.look(SYSTEM, lambda look: plan.plan(look, draft.current(look, call.args.app).definition))
    call.say(told(found))
    return 0 if found.ready or not found.items else 1


@command("app publish", APP, NOTE)
def do_publish(call: Call) -> None:
    """make the draft the next version"""
    catalog, args = call.platform.catalog, call.args
    app = call.platform.run(SYSTEM, lambda uow: publish.publish(uow, catalog, args.app, note=args.note))
    call.say({"id": app.id, "version": app.version})


@command("app versions", APP)
def show_versions(call: Call) -> None:
    """all versions, newest first"""
    call.say({"versions": call.platform.look(SYSTEM, lambda look: publish.versions(look, call.args.app))})


@command("app rollback", APP, argument("version", type=int), NOTE)
def do_rollback(call: Call) -> None:
    """publish an earlier version again"""
    catalog, args = call.platform.catalog, call.args
    app = call.platform.run(SYSTEM, lambda uow: publish.rollback(uow, catalog, args.app, args.version, note=args.note))
    call.say({"id": app.id, "version": app.version, "as": args.version})


@command("app export", APP, argument("--to", default="", help="a file; without it the definition is printed"))
def do_export(call: Call) -> None:
    """the app as one JSON file, without people, secrets and data"""
    content = exchange.file_of(call.platform.look(SYSTEM, lambda look: exchange.export(look, call.args.app)))
    if not call.args.to:
        print(content.decode(), end="")
        return
    Path(call.args.to).write_bytes(content)
    call.say({"file": call.args.to, "bytes": len(content)})


@command(
    "app import",
    argument("file"),
    argument("--plan", action="store_true", help="say what would happen, and do nothing"),
    argument("--as", dest="name", default="", help="another id for the app"),
    argument("--on", action="append", default=[], metavar="PART", help="switch on, such as flows:welcome"),
    NOTE,
)
def do_import(call: Call) -> int:
    """take in an exported app; what acts by itself stays off until it is named"""
    args, definition = call.args, exchange.read_path(Path(call.args.file))
    if args.name:
        definition = exchange.renamed(definition, args.name)
    if args.plan:
        found = call.platform.look(SYSTEM, lambda look: exchange.plan_import(look, definition))
        call.say(told(found) | {"off": [one.key for one in exchange.acting(definition)]})
        return 1 if found.problems or found.stops else 0
    app = call.platform.run(
        SYSTEM, lambda uow: exchange.take_in(uow, call.platform.catalog, definition, on=args.on, note=args.note)
    )
    off = [one.key for one in exchange.acting(app.definition) if one.key not in args.on]
    call.say({"id": app.id, "version": app.version, "off": off})
    return 0


@command("app check", argument("file"), workspace=False)
def do_check(call: Call) -> int:
    """problems of a folder or an exported file, with their paths"""
    definition = exchange.read_path(Path(call.args.file))
    try:
        plan.check_app(definition)
    except BadDefinition as bad:
        call.say({"problems": [{"path": path, "problem": words["en"]} for path, words in bad.problems]})
        return 1
    call.say({"problems": []})
    return 0


@command("app diff", argument("old"), argument("new"))
def show_diff(call: Call) -> None:
    """differences in words; a side is APP, APP@VERSION, a folder or a file"""
    sides = [_side(call, text) for text in (call.args.old, call.args.new)]
    call.say({"differences": [word(one.words, "en") for one in differences(*sides)]})


def told(found: plan.Plan) -> dict[str, Any]:
    """A plan as the command line and the API say it."""
    return {
        "app": found.app,
        "version": found.version,
        "ready": found.ready,
        "changes": [
            {"what": one.words, "detail": one.detail, "count": one.count, "stops": one.stop} for one in found.items
        ],
        "problems": [{"path": path, "problem": words} for path, words in found.problems],
        "tables": [{"what": step.what, "table": step.table, "name": step.name} for step in found.tables],
        "recompute": list(found.redo),
    }


def _side(call: Call, text: str) -> Definition:
    if Path(text).exists():
        return exchange.read_path(Path(text))
    name, _, version = text.partition("@")
    return call.platform.look(
        SYSTEM, lambda look: (look.apps.version(name, int(version)) if version else look.apps.app(name)).definition
    )
