"""A real server with the demo data of a whole team, a clock that can be moved, and a window to work in."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engines.apps.platform import open_platform
from runtime.commands.demo import SAMPLES, load_from
from runtime.commands.serve import first_start

from ..conftest import ROOT
from .desk import Desk

SAMPLE = "crm_livestream"


class Server:
    """`app.py serve` in a process of its own: where it answers, the link it printed, its clock."""

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
def serving(folder: Path, *options: str) -> Iterator[Server]:
    server = Server(folder, *options)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def loaded(tmp_path_factory) -> Path:
    """A data folder with the sample and its demo data; made once, copied by whoever works in it."""
    folder = tmp_path_factory.mktemp("loaded")
    platform = open_platform(folder, sync="off")
    first_start(platform, SAMPLE)
    load_from(platform, SAMPLE, SAMPLES / SAMPLE)
    platform.close()
    return folder


@pytest.fixture
def server(loaded, tmp_path):
    folder = shutil.copytree(loaded, tmp_path / "workspace")
    with serving(folder, "--sample", SAMPLE) as server:
        yield server


@pytest.fixture
def elsewhere(tmp_path):
    """A server on an empty workspace."""
    with serving(tmp_path / "elsewhere") as server:
        yield server


@pytest.fixture(params=["zh", "en"])
def language(request) -> str:
    return request.param


@pytest.fixture
def desk(browser, language):
    """A window in one of the languages; afterwards nothing may have been complained about."""
    locale = {"zh": "zh-CN", "en": "en-US"}[language]
    with browser.new_context(locale=locale, viewport={"width": 1440, "height": 900}, accept_downloads=True) as context:
        desk = Desk(context.new_page(), language)
        yield desk
        assert desk.grumbles == []
