"""`worker`: does the jobs of a workspace, beside any number of web and other worker processes."""

import signal

from engines.apps import tidy
from engines.core.jobs.worker import Worker

from .base import Call, argument, command
from .serve import test_clock


@command("worker", argument("--test-clock", metavar="FILE", help="business time runs ahead by the seconds in FILE"))
def work(call: Call) -> None:
    """do due jobs until stopped; the job in hand is ended first"""
    tidy.plan(call.platform)
    worker = Worker(call.platform)
    signal.signal(signal.SIGTERM, lambda *_: worker.stop(0))
    signal.signal(signal.SIGINT, lambda *_: worker.stop(0))
    print(f"worker {worker.name}", flush=True)
    with test_clock(call.args.test_clock, "127.0.0.1"):
        worker.loop()
