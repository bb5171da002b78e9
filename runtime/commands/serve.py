"""`serve`: the web process."""

import contextlib
import logging
import os
import secrets
from pathlib import Path

from flask import Flask
from waitress import create_server

from engines.apps.folder import read_folder
from engines.apps.platform import SYSTEM, Platform
from engines.core.access import passwords, people
from engines.core.kernel import clock
from runtime.demo import Loader

from .base import Call, argument, command

ROOT = Path(__file__).parents[2]
OWNER = "owner"


@command(
    "serve",
    argument("--host", default="127.0.0.1", help="'lan' listens on every address of this machine"),
    argument("--port", type=int, default=8000),
    argument("--url", default="", help="the address that links and QR codes carry"),
    argument("--sample", help="installed when the workspace is empty"),
    argument("--language", choices=["zh", "en"], help="of the sample's demo data; the workspace's without"),
    argument("--test-clock", metavar="FILE", help="business time runs ahead by the seconds in FILE; loopback only"),
    argument("--no-worker", action="store_true", help="leave the jobs to `worker` processes"),
)
def serve(call: Call) -> None:
    """serve until stopped; prints a sign-in link for the owner"""
    from runtime.web import create_app

    platform, args = call.platform, call.args
    fresh = first_start(platform, args.sample)
    app = create_app(platform, secret(platform.data), call.parts)
    app.config.update(PUBLIC_URL=args.url or platform.settings.public_url, LAN=args.host == "lan")
    host = "0.0.0.0" if args.host == "lan" else args.host  # noqa: S104  asked for by name
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is no news
    server = create_server(app, host=host, port=args.port, threads=8)
    address = args.url or f"http://127.0.0.1:{server.effective_port}"
    if old := platform.db.old():
        print(f"SQLite {old} is older than 3.51.3: run one process only", flush=True)
    print(welcome(platform, address), flush=True)
    with test_clock(args.test_clock, host):
        if not args.no_worker:
            platform.start_worker()
        bring_demo(app, args.sample if fresh else None, args.language or "")
        server.run()


def welcome(platform: Platform, address: str) -> str:
    """How the owner comes in: by a fresh link as long as there is no password."""
    if platform.look(SYSTEM, lambda look: passwords.has_one(look.session, people.by_name(look.session, OWNER))):
        return f"Sign in at {address}"
    token = platform.run(SYSTEM, lambda uow: people.make_link(uow.session, OWNER))
    return f"Sign in once, within 15 minutes: {address}/sign-in/{token}"


def test_clock(file: str | None, host: str) -> contextlib.AbstractContextManager[None]:
    """Business time from a file, for tests on this machine only."""
    if not file:
        return contextlib.nullcontext()
    if host not in ("127.0.0.1", "::1", "localhost"):
        raise SystemExit("--test-clock moves due times for everyone: it works with --host 127.0.0.1 only")
    print(f"test clock: business time follows {file}", flush=True)
    return clock.offset_from(Path(file))


def first_start(platform: Platform, sample: str | None) -> bool:
    """A workspace without its owner gets one, and the sample when one is named and nobody was there; True when the
    sample came."""
    there = platform.look(SYSTEM, lambda look: people.everyone(look.session))
    if not any(one["name"] == OWNER for one in there):
        platform.run(SYSTEM, lambda uow: people.add(uow.session, OWNER, "owner"))
    if there or not sample:
        return False
    definition = read_folder(ROOT / "sample_apps" / sample)
    platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, definition))
    return True


def bring_demo(app: Flask, sample: str | None, language: str = "") -> None:
    """Demo data arrives while pages answer; what a restart cut short is done again."""
    loader: Loader = app.extensions["dougong.demo"]
    if sample:
        folder = ROOT / "sample_apps" / sample
        loader.load(read_folder(folder)["id"], folder, language)
        print("Demo data is on its way, a matter of seconds; the pages answer meanwhile.", flush=True)
    else:
        loader.go_on()


def secret(data: Path) -> bytes:
    """The key that signs sessions; made once, readable by the owner of the folder only."""
    path = data / "secret.key"
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
    return path.read_bytes()
