"""`backup`, `restore`, `release`: the whole workspace in one file, and back."""

from pathlib import Path

from engines.apps import restored
from engines.apps.backup import backup
from engines.apps.platform import SYSTEM
from engines.apps.restore import restore

from .base import Call, argument, command


@command("backup", argument("file"))
def write(call: Call) -> None:
    """the whole workspace into one file, verified by reading it; secrets stay out"""
    call.say(backup(call.platform, Path(call.args.file).absolute()))


@command("restore", argument("file"), workspace=False)
def bring_back(call: Call) -> None:
    """a backup into the empty folder and database that the options name; it sends nothing until it is released"""
    call.say(restore(Path(call.args.file), Path(call.args.data), url=call.args.database_url))


@command("release", argument("--drop-messages", action="store_true", help="what waits to be sent never leaves"))
def release(call: Call) -> None:
    """let a restored copy work: due jobs are done and messages leave from now on"""
    drop = call.args.drop_messages
    call.say({"dropped": call.platform.run(SYSTEM, lambda uow: restored.release(uow, send=not drop))})
