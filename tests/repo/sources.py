"""The files of the repository, and what their syntax trees say."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCT = ("engines", "runtime", "builder_ui")
CODE = (*PRODUCT, "tools", "benchmarks", "tests")


@cache
def tracked() -> tuple[Path, ...]:
    """What belongs to the repository: all that git knows or would add, in order."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(path for name in sorted(listed.split("\0")) if name and (path := ROOT / name).is_file())


def files(*folders: str, suffix: str | tuple[str, ...]) -> list[Path]:
    """Files below these folders (all: none named) that end so."""
    return [
        path
        for path in tracked()
        if path.name.endswith(suffix) and (not folders or path.relative_to(ROOT).parts[0] in folders)
    ]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path), str(path))


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def references(module: ast.Module) -> Iterator[tuple[str, int]]:
    """(`datetime.datetime.now`, line) for each dotted name that starts at an import, aliases resolved."""
    known = _imported(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Name | ast.Attribute) and (dotted := _dotted(node, known)):
            yield dotted, node.lineno


def calls(module: ast.Module) -> Iterator[tuple[str, str, ast.Call]]:
    """(last name of the receiver, method, call): `self.driver.execute(x)` gives ("driver", "execute", …)."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield _last(node.func.value), node.func.attr, node


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _imported(module: ast.Module) -> dict[str, str]:
    known = {}
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            known |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            known |= {alias.asname or alias.name: f"{node.module or ''}.{alias.name}" for alias in node.names}
    return known


def _dotted(node: ast.expr, known: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return known.get(node.id, "")
    if isinstance(node, ast.Attribute) and (start := _dotted(node.value, known)):
        return f"{start}.{node.attr}"
    return ""
