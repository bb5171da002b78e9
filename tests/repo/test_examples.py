"""What the papers show works: the app in five minutes, and the field type of the guide."""

import json
import re
import subprocess
import sys

import pytest

from engines.core.fields.base import FieldType
from engines.core.kernel.kind import Kind

from .sources import ROOT, text

FILE = re.compile(r"`(crew/[\w/]+\.json)`[:：]\n\n```json\n(.+?)```", re.DOTALL)
GUIDE = ROOT / "docs" / "extend" / "field-type.md"


def python(*arguments, **options):
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, **options
    )


def write_app(paper, folder):
    files = FILE.findall(text(ROOT / paper))
    assert [file for file, _ in files] == ["crew/app.json", "crew/forms/gear.json"]
    for file, content in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(content, encoding="utf-8")
    return folder / "crew"


@pytest.mark.parametrize("paper", ["README.md", "README.zh-CN.md"])
def test_the_app_in_five_minutes_installs_twice(paper, tmp_path):
    app = write_app(paper, tmp_path)
    for version in (1, 2):
        done = python("app.py", "app", "install", str(app), "--data", str(tmp_path / "data"), "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == {"id": "crew", "version": version}
        form = app / "forms" / "gear.json"
        form.write_text(form.read_text(encoding="utf-8").replace('"Gear"', '"Equipment"'), encoding="utf-8")


def test_a_slip_in_the_app_is_told_with_its_place_and_what_was_meant(tmp_path):
    form = write_app("README.md", tmp_path) / "forms" / "gear.json"
    form.write_text(form.read_text(encoding="utf-8").replace('"money"', '"mony"'), encoding="utf-8")
    done = python("app.py", "app", "install", str(tmp_path / "crew"), "--data", str(tmp_path / "data"))
    assert done.returncode == 1
    assert "'money'" in done.stderr
    assert "price" in done.stderr or "fields/1" in done.stderr


def test_the_field_type_of_the_guide_keeps_the_contract(tmp_path):
    (module,) = re.findall(r"```python\n(\"\"\".+?)```", text(GUIDE), re.DOTALL)
    (tmp_path / "colour.py").write_text(module, encoding="utf-8")
    contract = ["tests/contracts/test_field_types.py", "-q", "-k", "colour", "-p", "colour", "-p", "no:cacheprovider"]
    done = python("-m", "pytest", *contract, env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= 6


def test_the_guide_names_all_that_a_type_may_say():
    told = set(re.findall(r"`(\w+)`", text(GUIDE)))
    says = {name for owner in (FieldType, Kind) for name in {*vars(owner), *owner.__annotations__} if name[0] != "_"}
    assert says - told == set()


def test_the_guide_s_module_is_styled_like_our_own(tmp_path):
    (module,) = re.findall(r"```python\n(\"\"\".+?)```", text(GUIDE), re.DOTALL)
    done = python("-m", "ruff", "check", "--stdin-filename", "engines/core/fields/types/colour.py", "-", input=module)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("guide", "contract", "name"),
    [
        ("action", "test_actions.py", "ring_the_desk"),
        ("flow-step", "test_flow_nodes.py", "first_time"),
        ("chart", "test_charts.py", "dots"),
    ],
)
def test_the_type_of_each_guide_keeps_its_contract(tmp_path, guide, contract, name):
    (module,) = re.findall(r"```python\n(\"\"\".+?)```", text(GUIDE.parent / f"{guide}.md"), re.DOTALL)
    (tmp_path / f"{name}.py").write_text(module, encoding="utf-8")
    asked = [f"tests/contracts/{contract}", "-q", "-k", name, "-p", name, "-p", "no:cacheprovider"]
    done = python("-m", "pytest", *asked, env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= 2


def test_the_channel_of_the_guide_sends(tmp_path):
    (module,) = re.findall(r"```python\n(\"\"\".+?)```", text(GUIDE.parent / "message-channel.md"), re.DOTALL)
    (tmp_path / "printer.py").write_text(module, encoding="utf-8")
    use = (
        "import sys, printer; from engines.core.messages.base import Message, channel_types; "
        "print(channel_types.get('printer').send(Message('printer', sys.argv[1], body='x', key='job-1'), {}))"
    )
    done = python("-c", use, str(tmp_path), env={"PYTHONPATH": f"{tmp_path}:{ROOT}"})
    assert done.stdout == "printed\n", done.stderr
    assert (tmp_path / "job-1.txt").read_text() == "x"
