"""The set-up: what it skips, what it does again, and what it says when it cannot."""

import subprocess
import sys

import pytest

from .sources import ROOT

sys.path.insert(0, str(ROOT / "tools"))
import setup
import steps


@pytest.fixture
def lock(tmp_path, monkeypatch):
    monkeypatch.setattr(steps, "LOG", tmp_path / "log" / "setup.log")
    lock = tmp_path / "lock"
    lock.write_text("one", encoding="utf-8")
    return lock


def take(lock, do):
    steps.step("the step", stamp=lock.with_name("made"), locks=[lock], do=do, mend="the mend")


def test_a_step_is_skipped_until_its_lock_changes(lock):
    done = []
    for content in ("one", "one", "two"):
        lock.write_text(content, encoding="utf-8")
        take(lock, lambda: done.append(lock.read_text(encoding="utf-8")))
    assert done == ["one", "two"]


def test_a_step_says_one_line(lock, capsys):
    take(lock, lambda: None)
    take(lock, lambda: None)
    assert capsys.readouterr().out.count("\n") == 1


def test_an_interrupted_step_is_done_again(lock):
    def interrupted():
        raise KeyboardInterrupt

    take(lock, lambda: None)
    lock.write_text("two", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        take(lock, interrupted)
    done = []
    lock.write_text("one", encoding="utf-8")
    take(lock, lambda: done.append(1))
    assert done == [1]


def test_a_failing_step_names_itself_its_mend_and_the_last_words_of_its_command(lock):
    with pytest.raises(steps.Failed) as failed:
        take(lock, lambda: steps.call(sys.executable, "-c", "import sys; sys.exit('no route to the index')"))
    said = str(failed.value)
    assert "step: the step" in said
    assert "mend: the mend" in said
    assert "no route to the index" in said
    assert not lock.with_name("made").exists()


def test_without_ensurepip_the_mend_names_the_package(monkeypatch):
    monkeypatch.setattr(steps.shutil, "which", lambda name: "/usr/bin/" + name)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert f"apt-get install python{version}-venv" in steps._venv_mend()


@pytest.mark.parametrize(("said", "taken"), [("11.4.0", True), ("9.2.0", True), ("6.14.4", False), ("", False)])
def test_an_npm_too_old_to_read_the_lock_is_not_used(said, taken, monkeypatch):
    monkeypatch.setattr(steps.shutil, "which", lambda _name: "npm")
    answer = subprocess.CompletedProcess([], 0, stdout=said)
    monkeypatch.setattr(steps.subprocess, "run", lambda *_args, **_options: answer)
    assert (steps._young_npm() is not None) == taken


@pytest.mark.parametrize(
    ("env", "options"),
    [
        ({}, "--data var --port 8000 --sample crm_livestream"),
        ({"PORT": "", "DATA": "", "HOST": "", "PUBLIC_URL": ""}, "--data var --port 8000 --sample crm_livestream"),
        ({"PORT": "9000", "DATA": "x", "DEMO": "0"}, "--data x --port 9000"),
        ({"HOST": "lan", "DEMO": "0"}, "--data var --port 8000 --host lan"),
        ({"HOST": "::1", "DEMO": "0"}, "--data var --port 8000 --host ::1"),
        ({"HOST": "x86_64-conda-linux-gnu", "DEMO": "0"}, "--data var --port 8000"),
        ({"PUBLIC_URL": "http://a.example", "DEMO": "0"}, "--data var --port 8000 --url http://a.example"),
    ],
)
def test_the_variables_of_make_run_become_options_of_serve(env, options):
    assert setup.serve_options(env) == options.split()


def test_an_unknown_command_lists_the_known_ones(capsys):
    assert setup.main(["tset"]) == 2
    assert "test-fast" in capsys.readouterr().out


def test_further_commands_are_scripts_that_exist():
    assert all(path.is_file() for path in setup.scripts().values())
    assert "third-party" in setup.scripts()
