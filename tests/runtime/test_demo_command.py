"""`demo …` and `app install --demo-data`, with a small recipe instead of the sample's own."""

import json
from pathlib import Path

import pytest

from engines.apps.platform import SYSTEM, open_platform
from engines.core.records import query
from runtime.commands import main
from runtime.commands.serve import first_start
from runtime.web import create_app

from ..conftest import ROOT

APP = ROOT / "sample_apps" / "crm_livestream"
RECIPE = {
    "seed": 1,
    "make": [
        {
            "id": "products",
            "form": "product",
            "count": 3,
            "set": {
                "name": {"words": {"zh": ["商品{n}"], "en": ["Product {n}"]}},
                "sku": {"words": ["S{n}"]},
                "price": 5,
            },
        }
    ],
}


@pytest.fixture
def call(tmp_path, capsys):
    (tmp_path / "demo.json").write_text(json.dumps(RECIPE))

    def run(*args):
        code = main(argv=[*args, "--data", str(tmp_path / "data"), "--json"])
        out = capsys.readouterr()
        return code, json.loads(out.out) if out.out else out.err

    run("app", "install", str(APP))
    run.folder = str(tmp_path)
    return run


def test_demo_data_is_loaded_shown_made_again_and_cleared(call):
    assert call("demo", "load", "crm_livestream", "--recipe", call.folder, "--language", "en") == (0, {"product": 3})
    assert call("demo", "show", "crm_livestream") == (0, {"done": 6, "of": 6, "language": "en"})
    assert call("demo", "reset", "crm_livestream") == (0, {"product": 3})
    assert call("demo", "clear", "crm_livestream") == (0, {"removed": 3})
    assert call("demo", "show", "crm_livestream") == (0, {"done": 0, "of": 0})


def test_restoring_without_demo_data_is_an_error_in_words(call):
    code, words = call("demo", "reset", "crm_livestream")
    assert code == 1
    assert "load some first" in words


@pytest.mark.parametrize(
    ("asked", "set_", "spoken"), [("", "", "zh"), ("", "en", "en"), ("zh", "en", "zh"), ("", "fr", "zh")]
)
def test_demo_data_speaks_the_language_that_is_asked_for_else_the_workspaces_else_the_apps(call, asked, set_, spoken):
    (Path(call.folder) / "data" / "settings.toml").write_text(f'language = "{set_}"')
    wanted = ("--language", asked) if asked else ()
    call("demo", "load", "crm_livestream", "--recipe", call.folder, *wanted)
    assert call("demo", "show", "crm_livestream")[1]["language"] == spoken


def test_restored_in_another_language_the_names_are_others_and_stay_so(call):
    call("demo", "load", "crm_livestream", "--recipe", call.folder)
    assert call("demo", "reset", "crm_livestream", "--language", "en") == (0, {"product": 3})
    call("demo", "reset", "crm_livestream")
    assert call("demo", "show", "crm_livestream")[1]["language"] == "en"


def test_serve_brings_the_sample_in_the_language_it_is_told(tmp_path):
    platform = open_platform(tmp_path, sync="off")
    first_start(platform, "crm_livestream")
    app = create_app(platform, b"secret")
    loader = app.extensions["dougong.demo"]
    (tmp_path / "demo.json").write_text(json.dumps(RECIPE))
    loader.load("crm_livestream", tmp_path, "en").join()
    form = platform.look(SYSTEM, lambda look: look.apps.form("crm_livestream", "product"))
    rows = platform.look(SYSTEM, lambda look: query.page(look, form.source, query.Ask()).rows)
    assert {row["name"].split()[0] for row in rows} == {"Product"}
    platform.close()
