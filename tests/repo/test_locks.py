"""What comes from outside: locks by hash and without addresses, and each package told with its licence."""

import json
import re
import sys
import tomllib

import pytest

from .sources import ROOT, text

PYTHON_LOCKS = ["requirements.lock", "requirements-test.lock", "requirements-node.lock"]

sys.path.insert(0, str(ROOT / "tools"))
import third_party  # noqa: E402  a script of the set-up, not a package


@pytest.mark.parametrize("lock", [*PYTHON_LOCKS, "package-lock.json"])
def test_locks_name_no_addresses(lock):
    assert "://" not in re.sub(r'"(?:url|homepage)": ".*"', "", text(ROOT / lock))
    assert not re.search(r"^\s*--(?:index|extra|find|trusted)", text(ROOT / lock), re.MULTILINE)


@pytest.mark.parametrize("lock", PYTHON_LOCKS)
def test_each_python_package_is_pinned_by_hash(lock):
    blocks = re.split(r"\n(?=\S)", text(ROOT / lock).strip())
    assert [block.split()[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []


def test_each_front_end_package_is_pinned_by_hash():
    packages = json.loads(text(ROOT / "package-lock.json"))["packages"]
    fetched = {path: package for path, package in packages.items() if path}
    assert [path for path, package in fetched.items() if not package["integrity"].startswith("sha512-")] == []
    assert [path for path, package in fetched.items() if "resolved" in package] == []


def test_what_runs_is_the_same_as_what_is_tested():
    run, tested = ({*_pins("requirements.lock")}, {*_pins("requirements-test.lock")})
    assert run <= tested


def test_each_dependency_is_in_its_lock():
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    for wanted, lock in (
        (project["dependencies"], "requirements.lock"),
        (project["optional-dependencies"]["test"], "requirements-test.lock"),
    ):
        names = {re.split(r"[\[>=<; ]", line)[0] for line in wanted}
        assert names - {pin.split("==")[0] for pin in _pins(lock)} == set()


def test_exact_versions_of_front_end_packages_are_asked_for():
    asked = json.loads(text(ROOT / "package.json"))["dependencies"]
    assert {name: version for name, version in asked.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)} == {}


def test_the_list_of_third_parties_is_fresh():
    fresh = "mend: python tools/setup.py third-party"
    assert text(ROOT / "THIRD_PARTY.md") == third_party.page(), fresh


def _pins(lock):
    return [re.sub(r"\[.*]", "", pin) for pin in re.findall(r"^([^\s#]+==[^\s;\\]+)", text(ROOT / lock), re.MULTILINE)]
