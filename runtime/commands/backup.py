"""`backup`, `restore`: the whole workspace in one file, and back."""

from pathlib import Path

from engines.apps.backup import backup, restore

from .base import Call, argument, command


@command("backup", argument("file"))
def write(call: Call) -> None:
    """the whole workspace into one file, verified by opening it; secrets stay out"""
    call.say(backup(call.platform, Path(call.args.file).absolute()))


@command("restore", argument("file"), workspace=False)
def bring_back(call: Call) -> None:
    """a backup into the empty folder that --data names"""
    call.say(restore(Path(call.args.file), Path(call.args.data)))
