"""Files and functions fit a head: sizes, names, docstrings, and how much a kind may ask of a type."""

import ast
from statistics import median

from .sources import CODE, PRODUCT, ROOT, files, functions, name, text, tree

MOST_LINES = 500
ENTRY_LINES = 30
FUNCTION_LINES = 60
MEDIAN_LINES = 12
METHODS_OF_A_KIND = 10
NO_NAMES = {"utils", "helpers", "util", "helper", "manager", "base_impl", "common", "misc"}


def test_no_file_is_above_500_lines():
    written = files(*CODE, suffix=(".py", ".html", ".js", ".css"))
    sizes = {name(path): len(text(path).splitlines()) for path in [*written, ROOT / "app.py"]}
    assert {path: size for path, size in sizes.items() if size > MOST_LINES} == {}


def test_the_entry_is_short():
    assert len(text(ROOT / "app.py").splitlines()) <= ENTRY_LINES


def test_no_function_is_above_60_lines():
    assert {where: size for where, size in _lengths(*CODE).items() if size > FUNCTION_LINES} == {}


def test_functions_of_the_product_are_short():
    assert median(_lengths(*PRODUCT).values()) <= MEDIAN_LINES


def test_no_module_is_a_drawer_for_everything():
    assert [name(path) for path in files(*CODE, suffix=".py") if path.stem in NO_NAMES] == []


def test_each_module_says_what_it_is_for():
    modules = [path for path in files(*PRODUCT, "tools", "tests", suffix=".py") if text(path).strip()]
    assert [name(path) for path in modules if not ast.get_docstring(tree(path))] == []


def test_a_kind_asks_for_ten_methods_at_most():
    kinds = {
        f"{name(path)} {node.name}": len([method for method in node.body if isinstance(method, ast.FunctionDef)])
        for path in files("engines", suffix=".py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Kind" for base in node.bases)
    }
    assert kinds
    assert {kind: count for kind, count in kinds.items() if count > METHODS_OF_A_KIND} == {}


def _lengths(*folders):
    """{file:line name: lines} of each function, its docstring not counted."""
    found = {}
    for path in files(*folders, suffix=".py"):
        for node in functions(tree(path)):
            said = ast.get_docstring(node, clean=False)
            lines = node.end_lineno - node.lineno + 1 - (len(said.splitlines()) if said else 0)
            found[f"{name(path)}:{node.lineno} {node.name}"] = lines
    return found
