"""Import-linter, ruff, mypy and tsc are content, and the engines run without the web."""

import io
import re
import subprocess
import sys
import tokenize
import tomllib

import pytest

from .sources import ROOT, files, name, text

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
CHECKERS = {
    "import-linter": ["-c", LINT, "--no-cache"],
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy"],
}
SILENCE = re.compile(r"(?:noqa|type: ignore)(.*)")
NO_WEB = """
import sys, pkgutil, importlib
for name in ("flask", "werkzeug", "jinja2"): sys.modules[name] = None
import engines
def stop(name): raise
found = [m.name for m in pkgutil.walk_packages(engines.__path__, "engines.", onerror=stop)]
for name in found: importlib.import_module(name)
print(len(found))
"""


@pytest.mark.parametrize("command", CHECKERS.values(), ids=CHECKERS.keys())
def test_the_checkers_are_content(command):
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_scripts_are_used_as_their_types_say():
    found = (ROOT / "node_modules" / "@typescript").glob("typescript-*/lib/*")
    command = [next(path for path in found if path.name in ("tsc", "tsc.exe")), "-p", "tools/tsconfig.json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_engines_run_where_flask_is_not_installed():
    done = subprocess.run([sys.executable, "-c", NO_WEB], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    modules = [path for path in files("engines", suffix=".py") if path.parent != ROOT / "engines"]
    assert int(done.stdout) == len(modules)


def test_mypy_is_strict_on_the_engines():
    settings = tomllib.loads(text(ROOT / "pyproject.toml"))["tool"]["mypy"]
    assert settings["strict"] is True
    assert "engines" in settings["packages"]


def test_each_silenced_warning_says_which_and_why():
    silent = [
        f"{name(path)}:{token.start[0]}"
        for path in files(suffix=".py")
        for token in tokenize.generate_tokens(io.StringIO(text(path)).readline)
        if token.type == tokenize.COMMENT and (silence := SILENCE.search(token.string))
        if not _has_reason(silence[1])
    ]
    assert silent == []


def _has_reason(rest):
    """`: S101  why`, `[misc]  # why`."""
    code, _, reason = rest.lstrip(":[ ").partition(" ")
    return code[:1].isalpha() and len(reason.strip("# ")) > 3


def test_a_bare_or_unexplained_silence_would_be_seen():
    assert not _has_reason("")
    assert not _has_reason(": S101")
    assert _has_reason(": S101  the input is ours")
    assert _has_reason("[misc]  # both are strings here")
