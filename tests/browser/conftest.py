"""A real server with the sample app, and a real browser."""

import re
import subprocess
import sys

import pytest

from ..conftest import ROOT


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
