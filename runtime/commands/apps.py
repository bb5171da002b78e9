"""`app …`: installed apps."""

from pathlib import Path

from engines.apps.exchange import read_path
from engines.apps.platform import SYSTEM

from .base import Call, argument, command


@command("app install", argument("path"))
def install(call: Call) -> None:
    """install a sample app's folder or an exported file"""
    definition = read_path(Path(call.args.path))
    app = call.platform.run(SYSTEM, lambda uow: call.platform.catalog.publish(uow, definition))
    call.say({"id": app.id, "version": app.version})


@command("app list")
def everything(call: Call) -> None:
    """installed apps and their live versions"""
    versions = call.platform.look(SYSTEM, lambda look: look.apps.versions)
    call.say({"apps": [{"id": name, "version": version} for name, version in versions.items()]})
