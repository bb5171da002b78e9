"""`app.py serve` in a process of its own, on a folder prepared before."""

import fcntl
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engines.apps.platform import Platform, open_platform

from .conftest import ROOT

SAMPLE = "crm_livestream"


class Server:
    """Where it answers, the link it printed, its clock."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.clock = folder.with_suffix(".clock")
        self.clock.write_text("0")
        command = [sys.executable, "app.py", "serve", "--data", str(folder), "--port", "0"]
        self.process = subprocess.Popen(
            [*command, "--test-clock", str(self.clock), *options], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        said = (re.search(r"http://\S+/sign-in/\S+", line) for line in self.process.stdout)
        self.link = next(found[0] for found in said if found)
        self.address = self.link.split("/sign-in")[0]

    def move_clock(self, *, hours: float) -> None:
        self.clock.write_text(str(hours * 3600))

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()


@contextmanager
def running(folder: Path, *options: str) -> Iterator[Server]:
    server = Server(folder, *options)
    try:
        yield server
    finally:
        server.stop()


def prepared(session: pytest.TempPathFactory, name: str, prepare: Callable[[Platform], object]) -> Path:
    """A data folder that the first who asks prepares, for all processes of this run of the tests; copy it to write."""
    shared = session.getbasetemp()
    shared = shared.parent if shared.name.startswith("popen-") else shared
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            platform = open_platform(shared / f"{name}.begun", sync="off")
            prepare(platform)
            platform.close()
            (shared / f"{name}.begun").rename(folder)
    return folder
