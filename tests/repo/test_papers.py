"""The papers hold: links lead somewhere, decisions are listed, commands exist."""

import re
import subprocess
import sys

import pytest

from .sources import ROOT, files, name, text

LINK = re.compile(r"!?\[[^]]*]\(([^)\s]+)\)")
FENCED = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
PAPERS = files(suffix=".md")
DECISIONS = [path for path in PAPERS if re.match(r"docs/adr/\d{4}-", name(path))]
ONE_PAGE = 60


@pytest.mark.parametrize("paper", PAPERS, ids=name)
def test_links_lead_somewhere(paper):
    assert [link for link in _links(text(paper)) if not _leads_somewhere(paper, link)] == []


def test_a_dead_link_would_be_seen():
    links = _links("[a](docs/none.md) [b](README.md#no-such-head) `[c](code)` ![d](none.png) [e](README.md)")
    assert [link for link in links if not _leads_somewhere(ROOT / "x.md", link)] == [
        "docs/none.md",
        "README.md#no-such-head",
        "none.png",
    ]


def test_decisions_are_numbered_without_a_gap():
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 12


def test_the_index_of_decisions_is_complete():
    rows = re.findall(r"^\| \[(\d{4})]\((.+?)\) \| (.+?) \|$", text(ROOT / "docs/adr/README.md"), re.MULTILINE)
    assert rows == [(path.name[:4], path.name, _title(path)) for path in DECISIONS]


@pytest.mark.parametrize("paper", DECISIONS, ids=lambda path: path.name[:4])
def test_a_decision_comes_first_and_fits_a_page(paper):
    heads = re.findall(r"^## (.+)$", text(paper), re.MULTILINE)
    assert heads == ["Decision", "Why", "What follows"]
    assert len(text(paper).splitlines()) <= ONE_PAGE


@pytest.mark.parametrize("paper", ["README.md", "README.zh-CN.md"])
def test_the_first_two_commands_are_run_and_test(paper):
    commands = re.findall(r"^ {4}(\S.*)$|^(make .*)$", text(ROOT / paper), re.MULTILINE)
    first, second = (re.split(r"\s+#", "".join(found))[0] for found in commands[:2])
    assert (first, second) == ("make run", "make test")


def test_both_readmes_have_the_same_chapters():
    chapters = [len(re.findall("^## ", text(ROOT / paper), re.MULTILINE)) for paper in ("README.md", "README.zh-CN.md")]
    assert chapters[0] == chapters[1]


@pytest.mark.parametrize("paper", [path for path in PAPERS if not name(path).startswith("docs/adr/")], ids=name)
def test_each_make_command_that_a_paper_names_exists(paper):
    named = set(re.findall(r"(?:`|^ {4}|^)make ([a-z.][a-z-]*)", text(paper), re.MULTILINE))
    assert named - _targets() == set()


def test_each_target_is_a_command_of_the_set_up():
    told = subprocess.run([sys.executable, "tools/setup.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    commands = set(told.stdout.strip().rpartition(": ")[2].split())
    called = set(re.findall(r"\$\(SETUP\) ([a-z-]+)", text(ROOT / "Makefile")))
    assert called
    assert called <= commands


def test_all_targets_are_phony_and_nothing_is_exported():
    makefile = text(ROOT / "Makefile")
    assert set(re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split()) == _targets()
    assert "export" not in makefile


def test_ci_runs_what_people_run():
    assert text(ROOT / ".ci" / "run").strip().endswith("make test")


def test_the_glossary_gives_each_word_in_both_languages():
    rows = re.findall(r"^\| (.*) \|$", text(ROOT / "GLOSSARY.md"), re.MULTILINE)
    cells = [row.split(" | ") for row in rows if not row.startswith("---")]
    assert len(cells) > 30
    assert [row for row in cells if len(row) != 4 or not row[0].strip() or not row[1].strip()] == []


def _targets():
    return set(re.findall(r"^([a-z.][a-z-]*):(?!=)", text(ROOT / "Makefile"), re.MULTILINE))


def _links(paper):
    return [link for link in LINK.findall(FENCED.sub("", paper)) if not re.match(r"[a-z]+:", link)]


def _leads_somewhere(paper, link):
    file, _, head = link.partition("#")
    target = paper.parent / file if file else paper
    return target.exists() and (not head or head in _anchors(target))


def _anchors(paper):
    heads = re.findall(r"^#+ (.+)$", text(paper), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def _title(paper):
    return re.match(r"# \d{4} (.+)", text(paper))[1]
