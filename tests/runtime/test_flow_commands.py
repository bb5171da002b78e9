"""Flows from the command line."""

import json

import pytest

from engines.apps.folder import read_folder
from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people
from engines.core.kernel.work import Actor
from engines.form import submit
from runtime.commands import main
from runtime.commands.serve import test_clock as the_test_clock

from ..conftest import ROOT


@pytest.fixture
def data(tmp_path):
    """A data folder with the app of every step, one record on its way, and nobody using it."""
    platform = open_platform(tmp_path, sync="off")
    platform.run(SYSTEM, lambda uow: people.add(uow.session, "owner", "owner"))
    app = read_folder(ROOT / "tests" / "apps" / "all_nodes")
    platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, app))
    form = platform.look(SYSTEM, lambda look: look.apps.form("all_nodes", "deal"))
    given = {"name": "Big", "amount": "500", "owner": 1}
    platform.run(Actor(1, "owner"), lambda uow: submit.create_record(uow, form, given))
    platform.close()
    return tmp_path


@pytest.fixture
def told(data, capsys):
    def run(*words):
        assert main(argv=[*words, "--data", str(data), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def test_a_dry_run_tells_what_would_happen_and_leaves_nothing(told, tmp_path):
    acts = tmp_path / "acts.json"
    acts.write_text(json.dumps([{"after": "PT1H", "as": "owner", "do": "approve", "node": "ok"}]))
    record = json.dumps({"name": "Big", "amount": "500", "owner": 1})
    found = told(
        "flow", "simulate", "all_nodes", "every_step", "--record", record, "--until", "P5D", "--act", str(acts)
    )
    story = [(line["after_s"] // 3600, line["what"], line["node"]) for line in found["timeline"]]
    assert (1, "approve", "ok") in story
    assert (2, "escalated", "call") in story
    assert len(told("flow", "list", "all_nodes")["runs"]) == 1


def test_runs_are_listed_shown_and_stopped(told):
    (run,) = told("flow", "list", "all_nodes")["runs"]
    assert {place["node"] for place in run["at"]} == {"ok", "call"}
    shown = told("flow", "show", str(run["id"]))
    assert len(shown["tasks"]) == 2
    told("flow", "cancel", str(run["id"]), "by mistake")
    assert told("flow", "list", "all_nodes", "--state", "running")["runs"] == []
    assert told("flow", "incidents")["incidents"] == []


def test_the_test_clock_works_on_this_machine_only(tmp_path):
    with pytest.raises(SystemExit, match=r"127\.0\.0\.1"):
        the_test_clock(str(tmp_path / "clock"), "0.0.0.0")  # noqa: S104  what must be refused
