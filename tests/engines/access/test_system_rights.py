"""Who may look past everybody's rights: a short list, each for a stated reason."""

import ast

from ...conftest import ROOT

MAKERS = {"as_system", "Scope.system", "SystemRights"}
KNOWN = {
    "core/access/scopes.py": "the platform itself",
    "core/kernel/scope.py": "what makes them",
    "core/kernel/work.py": "what hands them out",
    "core/records/facts.py": "formulas read over relations",
    "core/records/store.py": "computed values follow what they depend on",
    "flow/later.py": "flows wait for days in every record",
    "form/service.py": "what acts by itself reads the whole record",
}


def makers(path):
    """The calls in a file that make system rights."""
    calls = (node.func for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))
    named = {ast.unparse(call) for call in calls}
    return {name for name in named if name in MAKERS or name.endswith(".as_system")}


def test_the_callers_of_system_rights_are_these():
    found = {path.relative_to(ROOT / "engines").as_posix() for path in (ROOT / "engines").rglob("*.py") if makers(path)}
    assert found == KNOWN.keys()


def test_pages_and_builder_never_take_them():
    paths = [path for folder in ("runtime", "builder_ui") for path in (ROOT / folder).rglob("*.py")]
    assert [path for path in paths if makers(path)] == []
