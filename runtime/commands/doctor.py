"""`doctor`: what is wrong here, each with its mend."""

import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from engines.apps.platform import SYSTEM
from engines.core.access import audit, people
from engines.core.database import upgrade
from engines.core.database.engines import sqlite_module
from engines.core.jobs import incidents
from engines.core.kernel.errors import AppError
from engines.core.kernel.settings import load

from .base import Call, command

HERE = Path(__file__).parents[1]
LOW = 1 << 30
"""Bytes of free disk below which it says so."""
Check = tuple[str, bool, str]
"""(what was looked at, is it well, what was found and how to mend it)."""


@command("doctor")
def doctor(call: Call) -> int:
    """look at the interpreter, the database, the disk, the audit log; exit 1 when something is wrong"""
    found = [*_here(call), *_database(call), *_workspace(call)]
    if call.args.json:
        call.say({"ok": all(well for _, well, _ in found), "checks": [_plain(one) for one in found]})
    else:
        for name, well, detail in found:
            print(f"{'ok  ' if well else 'MEND'} {name}: {detail}")
    return 0 if all(well for _, well, _ in found) else 1


def _here(call: Call) -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield "python", sys.version_info >= (3, 11), f"{version}; 3.11 or newer is needed"
    built = (HERE / "translations" / "zh" / "LC_MESSAGES" / "messages.mo").exists()
    yield "texts", built, "compiled" if built else "not compiled: run python -m runtime.assets"
    there = (HERE / "static" / "vendor" / "vendor.json").exists()
    yield "libraries", there, "in static/vendor" if there else "missing: run make assets"
    free = shutil.disk_usage(call.platform.data).free
    yield "disk", free > LOW, f"{free >> 20} MB free" + ("" if free > LOW else ": make room, or writing stops")
    yield from _secrets(call.platform.data)


def _secrets(data: Path) -> Iterator[Check]:
    key = data / "secret.key"
    if key.exists():
        open_to_all = stat.S_IMODE(key.stat().st_mode) & 0o077 and sys.platform != "win32"
        told = "others can read it: chmod 600" if open_to_all else "for its owner only"
        yield "secret.key", not open_to_all, told
    try:
        set_ = load(data)
        yield "settings", True, f"public address {set_.public_url or 'not set: links carry the address of the page'}"
    except (AppError, ValueError) as broken:
        yield "settings", False, f"settings.toml cannot be read: {broken}"


def _database(call: Call) -> Iterator[Check]:
    old = call.platform.db.old()
    version = sqlite_module().sqlite_version
    yield "sqlite", not old, f"{version}" + (": older than 3.51.3, run one process only" if old else "")
    broken = call.platform.db.sound()
    yield "database", not broken, broken[0] if broken else "sound"
    differing = call.platform.look(SYSTEM, lambda look: upgrade.gaps(look.session))
    yield "tables", not differing, differing[0] if differing else "as this program made them"


def _workspace(call: Call) -> Iterator[Check]:
    rows, at = call.platform.look(SYSTEM, lambda look: audit.verify(look.session))
    yield "audit log", at is None, f"{rows} rows hold" + ("" if at is None else f", row {at} was changed")
    owners = [p for p in call.platform.look(SYSTEM, lambda look: people.everyone(look.session)) if p["role"] == "owner"]
    yield "owner", bool(owners), ", ".join(p["name"] for p in owners) or "nobody: start serve once"
    waiting = call.platform.look(SYSTEM, incidents.all_open)
    yield "incidents", not waiting, f"{len(waiting)} open" + (": look at them under /admin" if waiting else "")


def _plain(one: Check) -> dict[str, object]:
    name, well, detail = one
    return {"name": name, "ok": well, "detail": detail}
