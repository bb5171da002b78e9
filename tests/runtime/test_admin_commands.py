"""People and tokens from the command line."""

import json

import pytest
from sqlalchemy import text

from engines.apps.platform import SYSTEM, open_platform
from runtime.commands import main


@pytest.fixture
def run(tmp_path, capsys):
    def call(*argv):
        status = main(argv=[*argv, "--data", str(tmp_path), "--json"])
        said = capsys.readouterr()
        return status, json.loads(said.out) if said.out else said.err

    call.data = tmp_path
    return call


def test_a_person_is_added_listed_and_gets_another_link(run):
    status, said = run("user", "add", "may", "--role", "admin", "--display", "May")
    assert (status, said["path"].startswith("/invite/")) == (0, True)
    assert [(one["name"], one["role"]) for one in run("user", "list")[1]["users"]] == [("may", "admin")]
    assert run("user", "link", "may")[1]["path"].startswith("/sign-in/")
    assert run("user", "link", "nobody")[0] == 1


def test_a_token_is_printed_once(run):
    run("user", "add", "may")
    status, said = run("token", "create", "--user", "may", "--scope", "shop:deal:view", "--expires", "30d")
    assert (status, said["token"].startswith("dg_")) == (0, True)
    listed = run("token", "list")[1]["tokens"]
    assert said["token"] not in json.dumps(listed)
    assert run("token", "revoke", str(listed[0]["id"]))[0] == 0
    assert run("token", "create", "--user", "may", "--scope", "shop", "--expires", "30d")[0] == 1
    assert run("token", "create", "--user", "may", "--scope", "shop:deal:view", "--expires", "500d")[0] == 1


def test_a_cut_audit_chain_is_found(run):
    run("user", "add", "may")
    head = run("verify-audit")[1]["head"]
    run("user", "add", "bo")
    assert run("verify-audit", "--head", head)[0] == 0
    platform = open_platform(run.data)
    platform.run(SYSTEM, lambda uow: uow.session.run(text("delete from dg_audit")))
    platform.close()
    assert run("verify-audit")[0] == 0
    assert run("verify-audit", "--head", head)[0] == 1
