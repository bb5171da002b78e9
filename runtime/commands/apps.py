"""`app …`: installed apps."""

from pathlib import Path

from engines.apps.exchange import read_path
from engines.apps.platform import SYSTEM

from .base import Call, argument, command
from .demo import load_from


@command(
    "app install",
    argument("path"),
    argument("--demo-data", action="store_true", help="also make the demo data that comes with it"),
)
def install(call: Call) -> None:
    """install a sample app's folder or an exported file"""
    definition = read_path(Path(call.args.path))
    app = call.platform.run(SYSTEM, lambda uow: call.platform.catalog.publish(uow, definition))
    made = load_from(call.platform, app.id, Path(call.args.path)) if call.args.demo_data else {}
    call.say({"id": app.id, "version": app.version} | ({"demo": sum(made.values())} if made else {}))


@command("app list")
def everything(call: Call) -> None:
    """installed apps and their live versions"""
    versions = call.platform.look(SYSTEM, lambda look: look.apps.versions)
    call.say({"apps": [{"id": name, "version": version} for name, version in versions.items()]})
