"""The command line: data in and out, definitions, schemas, formulas, backup and restore, the doctor."""

import json
import os
import zipfile
from hashlib import sha256

import pytest
import xlsxwriter

from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people
from engines.core.records import query
from engines.form import submit
from runtime.commands import main
from runtime.commands.schemas import FOLDER, everything

from ...conftest import ROOT, node_command
from .shop import SHOP


@pytest.fixture
def data(tmp_path):
    """The folder of a workspace with the shop in it."""
    folder = tmp_path / "data"
    platform = open_platform(folder)
    platform.run(SYSTEM, lambda uow: people.add(uow.session, "owner", "owner"))
    platform.run(SYSTEM, lambda uow: platform.catalog.publish(uow, SHOP))
    platform.close()
    return folder


@pytest.fixture
def say(capsys, data):
    """Runs a command on the workspace: (exit code, its JSON)."""

    def run(*argv, folder=data):
        code = main(argv=[*map(str, argv), "--data", str(folder), "--json"])
        out = capsys.readouterr()
        return code, json.loads(out.out) if out.out.strip() else out.err

    return run


def sheet(path, *rows):
    with xlsxwriter.Workbook(path) as book:
        made = book.add_worksheet()
        for n, row in enumerate([["名字", "Phone", "消费"], *rows]):
            made.write_row(n, 0, row)
    return path


def test_data_goes_in_by_key_with_a_dry_run_first(say, tmp_path):
    file = sheet(tmp_path / "buyers.xlsx", ["May", "1", 5], ["Bo", "2", "much"])
    code, found = say("data", "import", "shop", "buyer", file, "--dry-run")
    assert (code, found["created"], found["failed"]) == (1, 1, 1)
    assert [(one["row"], one["field"], one["code"]) for one in found["problems"]] == [(3, "total", "not_an_amount")]
    code, found = say("data", "import", "shop", "buyer", file)
    assert (code, found["dry_run"], found["created"]) == (1, False, 1)
    again = sheet(tmp_path / "again.xlsx", ["Mai", "1", 7], ["Cai", "3", 1])
    code, found = say("data", "import", "shop", "buyer", again, "--key", "phone")
    assert (code, found["created"], found["updated"]) == (0, 1, 1)
    out = tmp_path / "out.json"
    code, found = say("data", "export", "shop", "buyer", "--format", "json", "--filter", "total > 5", "--out", out)
    assert (code, found["records"]) == (0, 1)
    assert [one["name"] for one in json.loads(out.read_text())] == ["Mai"]
    assert not list((tmp_path / "data" / "imports").iterdir())


def test_data_by_somebody_keeps_to_their_rights(say, data, tmp_path):
    platform = open_platform(data)
    platform.run(SYSTEM, lambda uow: people.add(uow.session, "may"))
    platform.close()
    code, told = say("data", "export", "shop", "buyer", "--as", "may", "--out", tmp_path / "x.xlsx")
    assert (code, "forbidden" in told) == (1, True)


def test_an_app_goes_out_whole_and_passes_the_check(say, tmp_path):
    file = tmp_path / "shop.json"
    assert say("app", "export", "shop", "--to", file)[0] == 0
    nowhere = tmp_path / "nowhere"
    assert say("app", "check", file, folder=nowhere) == (0, {"problems": []})
    assert say("app", "check", ROOT / "sample_apps" / "crm_livestream", folder=nowhere)[0] == 0
    file.write_text(json.dumps(SHOP | {"forms": [SHOP["forms"][0] | {"title": "nothing"}], "rules": []}))
    code, found = say("app", "check", file, folder=nowhere)
    assert (code, found["problems"][0]["path"]) == (1, "/forms/0/title")
    assert not nowhere.exists()


def test_a_command_without_a_workspace_makes_none(say, tmp_path):
    nowhere = tmp_path / "nowhere"
    assert say("formula", "eval", "1 + 1", folder=nowhere) == (0, {"value": 2})
    assert not nowhere.exists()


@pytest.fixture
def node(monkeypatch):
    found = node_command()
    monkeypatch.setattr("shutil.which", lambda name: found)


@pytest.mark.usefixtures("node")
@pytest.mark.parametrize("backend", ["python", "sqlite", "browser"])
def test_a_formula_is_evaluated_on_the_back_end_that_was_asked_for(say, backend):
    record = '{"amount": 4, "orders": [{"price": 2}, {"price": 3}]}'
    ask = lambda text: say("formula", "eval", text, "--record", record, "--backend", backend)  # noqa: E731  short
    assert ask("amount + SUM(orders.price)") == (0, {"value": 9})
    assert ask("amount / 0") == (0, {"error": "DIV0"})
    code, found = ask("amount +")
    assert (code, found["error"], found["problems"][0]["start"]) == (1, "formula", 8)


@pytest.mark.usefixtures("node")
@pytest.mark.parametrize("backend", ["python", "sqlite", "postgresql", "browser"])
def test_cases_are_counted_and_a_failure_ends_with_1(say, request, tmp_path, backend):
    more = ["--database-url", request.getfixturevalue("postgres")] if backend == "postgresql" else []
    file = tmp_path / "cases.json"
    good = {"expr": 'LEFT("abc", 2)', "expected": "ab", "type": "text"}
    file.write_text(json.dumps({"cases": [good, {"expr": "1 + 1", "expected": 2, "type": "number"}]}))
    assert say("formula", "cases", file, "--backend", backend, *more) == (
        0, {"passed": 2, "failed": 0, "skipped": 0, "failures": []},
    )  # fmt: skip
    file.write_text(json.dumps({"cases": [good | {"expected": "x"}]}))
    code, found = say("formula", "cases", file, "--backend", backend, *more)
    assert (code, found["failed"], found["failures"][0]["actual"]) == (1, 1, "ab")


def test_without_node_the_browser_is_no_back_end_and_says_so(say, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    code, told = say("formula", "eval", "1", "--backend", "browser")
    assert (code, "node" in told) == (1, True)


def test_the_generated_schemas_are_fresh(say, tmp_path):
    """Mend: python app.py schemas"""
    assert {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.json")} == everything()
    code, found = say("schemas", "--out", tmp_path / "made")
    assert (code, found["schemas"]) == (0, len(everything()))


def test_a_backup_holds_everything_but_secrets_and_comes_back(say, data, tmp_path):
    kept = data / "files" / "ab" / ("ab" + "0" * 62)
    (data / "secret.key").write_bytes(b"secret")
    (data / "settings.toml").write_text('[secrets]\nhook = "very secret"\n')
    platform = open_platform(data)
    platform.run(SYSTEM, lambda uow: submit.create_record(uow, uow.apps.form("shop", "buyer"), {"name": "May"}))
    platform.close()
    file = tmp_path / "all.dougong"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"wrong bytes for this name")
    assert "damaged" in say("backup", file)[1]
    kept.unlink()
    name = sha256(b"photo").hexdigest()
    (data / "files" / name[:2]).mkdir(exist_ok=True)
    (data / "files" / name[:2] / name).write_bytes(b"photo")
    code, found = say("backup", file)
    assert (code, found["verified"], found["files"], found["apps"]) == (0, True, 1, {"shop": 1})
    with zipfile.ZipFile(file) as book:
        kept = [one for one in book.namelist() if not one.startswith("tables/")]
        assert kept == [f"files/{name[:2]}/{name}", "manifest.json"]
        assert "tables/shop__buyer.jsonl" in book.namelist()
        assert "tables/dg_session.jsonl" not in book.namelist()
    fresh = tmp_path / "fresh"
    assert say("restore", file, folder=fresh)[0] == 0
    platform = open_platform(fresh)
    source = platform.look(SYSTEM, lambda look: look.apps.form("shop", "buyer")).source
    rows = platform.look(SYSTEM, lambda look: query.page(look, source, query.Ask()).rows)
    platform.close()
    assert [row["name"] for row in rows] == ["May"]
    assert (fresh / "files" / name[:2] / name).read_bytes() == b"photo"
    assert "empty folder" in say("restore", file, folder=fresh)[1]
    assert say("release", "--drop-messages", folder=fresh) == (0, {"dropped": 0})


@pytest.mark.parametrize(
    "name", ["../evil", "files/../../evil", "/etc/evil", "files/ab/short", "secret.key", "tables/other.jsonl"]
)
def test_a_backup_with_a_strange_name_in_it_is_refused_and_nothing_is_written(say, data, tmp_path, name):
    file, fresh = tmp_path / "all.zip", tmp_path / "fresh"
    say("backup", file)
    with zipfile.ZipFile(file, "a") as book:
        book.writestr(name, b"x")
    assert "does not belong" in say("restore", file, folder=fresh)[1]
    assert not (fresh / "dougong.db").exists()
    assert not (tmp_path / "evil").exists()


def test_a_damaged_backup_is_refused(say, tmp_path):
    file = tmp_path / "all.zip"
    say("backup", file)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert "bad_backup" in say("restore", file, folder=tmp_path / "fresh")[1]
    file.write_bytes(whole[:2000] + bytes([whole[2000] ^ 255]) + whole[2001:])
    assert "bad_backup" in say("restore", file, folder=tmp_path / "fresh")[1]
    assert "there is no file" in say("restore", tmp_path / "none", folder=tmp_path / "fresh")[1]
    assert not (tmp_path / "fresh" / "dougong.db").exists()


def test_the_doctor_names_what_is_wrong(say, data):
    key = data / "secret.key"
    key.write_bytes(b"x")
    os.chmod(key, 0o600)
    code, found = say("doctor")
    told = {one["name"]: one["ok"] for one in found["checks"]}
    assert told["database"]
    assert told["tables"]
    assert told["audit log"]
    assert told["owner"]
    os.chmod(key, 0o644)
    code, found = say("doctor")
    assert (code, {one["name"]: one["ok"] for one in found["checks"]}["secret.key"]) == (1, False)
