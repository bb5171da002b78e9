"""A real worker process, killed while it holds a job."""

import os
import signal
import subprocess
import sys
import time

import pytest

from engines.apps.platform import SYSTEM, open_platform
from engines.core.jobs import queue, worker

from ...conftest import ROOT
from .kinds import notes

WORKER = "import tests.engines.jobs.kinds, sys; from runtime.commands import main; sys.exit(main(argv=sys.argv[1:]))"


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_kill_9_of_a_worker_between_the_call_and_its_commit_loses_nothing(tmp_path):
    platform = open_platform(tmp_path)
    calls, hang = tmp_path / "calls", tmp_path / "hang"
    hang.touch()
    platform.run(SYSTEM, lambda uow: queue.enqueue(uow, "test_call", {"file": str(calls), "hang": str(hang)}))
    process = subprocess.Popen([sys.executable, "-c", WORKER, "worker", "--data", str(tmp_path)], cwd=ROOT)
    try:
        deadline = time.monotonic() + 20
        while not calls.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert calls.exists()
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    hang.unlink()
    assert worker.recover(platform) == 1
    assert worker.drain(platform) == 1
    assert notes(platform, SYSTEM) == ["answered"]
    keys = calls.read_text().split()
    assert len(keys) == 2
    assert len(set(keys)) == 1
    platform.close()
