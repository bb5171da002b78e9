"""Both servers as processes of their own, and a client that keeps its connection."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


OURS = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a request from our own pages."""


class Client:
    """One signed-in person with one connection."""

    def __init__(self, port: int, door: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookie = ""
        response, _ = self.get(door)
        self._cookie = "; ".join(c.split(";")[0] for c in response.headers.get_all("Set-Cookie", []))

    def get(self, path: str) -> tuple[Any, bytes]:
        return self._ask("GET", path, None)

    def post(self, path: str, form: dict[str, Any]) -> tuple[Any, bytes]:
        return self._ask("POST", path, urlencode(form))

    def _ask(self, method: str, path: str, body: str | None) -> tuple[Any, bytes]:
        headers = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"} | OURS
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        return response, response.read()


@contextmanager
def floor(folder: Path) -> Iterator[int]:
    port = free_port()
    with _process([sys.executable, "-m", "benchmarks.floor", str(folder), str(port)], "ready"):
        _answers(port)
        yield port


@contextmanager
def platform(folder: Path) -> Iterator[tuple[int, str]]:
    """(port, sign-in path) of a server on a prepared data folder."""
    command = [sys.executable, "app.py", "serve", "--data", str(folder), "--port", "0"]
    with _process(command, "/sign-in/") as (_, line):
        found = re.search(r":(\d+)(/sign-in/\S+)", line)
        assert found
        yield int(found[1]), found[2]


@contextmanager
def _process(command: list[str], sign: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        line = next(line for line in process.stdout if sign in line)
        try:
            yield process, line
        finally:
            process.terminate()


def _answers(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)


def started(data: Path) -> tuple[float, float]:
    """(seconds until /healthz answers, resident MiB a moment later) of a server on an existing data folder."""
    port = free_port()
    begin = time.monotonic()
    command = [sys.executable, "app.py", "serve", "--data", str(data), "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        _answers_healthz(port)
        seconds = time.monotonic() - begin
        time.sleep(2)
        pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
        process.terminate()
    return seconds, pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _answers_healthz(port: int) -> None:
    while True:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.02)


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="dougong-bench-") as name:
        yield Path(name)
