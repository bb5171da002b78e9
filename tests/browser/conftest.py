"""A real server with the sample app, and a real browser."""

import re
import shutil
import subprocess
import sys

import pytest
from playwright.sync_api import sync_playwright

from ..conftest import ROOT

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def served(tmp_path):
    """The sign-in link of a server of its own."""
    command = [sys.executable, "app.py", "serve", "--data", str(tmp_path), "--port", "0", "--sample", "crm_livestream"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        for line in server.stdout:
            if found := re.search(r"http://\S+/sign-in/\S+", line):
                yield found[0]
                break
        server.terminate()


@pytest.fixture
def page():
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page.grumbles = []
        page.on("console", lambda m: page.grumbles.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: page.grumbles.append(str(e)))
        yield page
        browser.close()
