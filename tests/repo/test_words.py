"""The CRM is data, and nothing in the repository is half done."""

import ast
import re
import subprocess

import pytest

from .sources import CODE, PRODUCT, ROOT, files, functions, name, text, tracked, tree

CRM = re.compile("customer|coupon|livestream|客户|粉丝|线索", re.IGNORECASE)
LATER = re.compile(
    r"\b(?:TODO|FIXME|XXX|HACK)\b|raise NotImplementedError(?:\(\))?$|敬请期待"
    r"|(?i:not (?:yet )?implemented|lorem ipsum|coming soon)",
    re.MULTILINE,
)
HARSH = re.compile("非法|校验失败|[\u4e00-\u9fff][！!]")
PAGES = (".py", ".html", ".js", ".css", ".svg")
THIS = "tests/repo/test_words.py"


def test_sample_apps_hold_no_python():
    assert files("sample_apps", suffix=(".py", ".js", ".sql")) == []


def test_no_word_of_the_crm_is_in_the_product():
    code = files(*PRODUCT, suffix=PAGES)
    assert len(code) > 20
    found = [f"{name(p)}: {hit[0]}" for p in code if (hit := CRM.search(name(p) + "\n" + text(p)))]
    assert found == []


def test_nothing_of_one_machine_is_in_the_repository():
    listed = subprocess.run(["git", "ls-files", "-s"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    links = [line.partition("\t")[2] for line in listed.splitlines() if line.startswith("120000")]
    made = {".venv", "node_modules", "var", "__pycache__"}
    assert links == []
    assert [name(path) for path in tracked() if made & set(path.relative_to(ROOT).parts)] == []


def test_nothing_is_left_for_later():
    code = [path for path in files(*CODE, suffix=PAGES) if name(path) != THIS]
    papers = files("schemas", "sample_apps", "docs", suffix=(".json", ".md"))
    found = [f"{name(p)}: {hit[0]}" for p in [*code, *papers] if (hit := LATER.search(text(p)))]
    assert found == []


def test_no_function_is_an_empty_promise():
    found = [f"{name(p)}:{n.lineno} {n.name}" for p in files(*CODE, suffix=".py") for n in _empty(tree(p))]
    assert found == []


def test_the_product_speaks_plainly():
    code = files(*PRODUCT, "schemas", suffix=(".py", ".html", ".po", ".json", ".js"))
    found = [f"{name(p)}: {hit[0]}" for p in code if (hit := HARSH.search(text(p)))]
    assert found == []


@pytest.mark.parametrize("planted", ["# TODO later", "raise NotImplementedError", "敬请期待", "Not implemented"])
def test_a_planted_promise_would_be_seen(planted):
    assert LATER.search(planted)


def test_a_planted_empty_function_would_be_seen():
    body = 'class A:\n    def f(self):\n        """Says."""\n        ...\n'
    assert [n.name for n in _empty(ast.parse(body))] == ["f"]
    assert list(_empty(ast.parse(body.replace("class A", "class A(Protocol)")))) == []


def _empty(module):
    """Functions that hold nothing but `...` or `pass`, outside protocols, overloads and abstract methods."""
    allowed = {
        node
        for owner in ast.walk(module)
        if isinstance(owner, ast.ClassDef) and any("Protocol" in ast.unparse(base) for base in owner.bases)
        for node in owner.body
    }
    for node in functions(module):
        marks = " ".join(ast.unparse(mark) for mark in node.decorator_list)
        body = [line for line in node.body if not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))]
        dots = [line for line in node.body if isinstance(line, ast.Expr) and ast.unparse(line) == "..."]
        nothing = (not body and dots) or (body and all(isinstance(line, ast.Pass) for line in body))
        if nothing and node not in allowed and "overload" not in marks and "abstract" not in marks:
            yield node
