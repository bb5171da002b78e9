"""`demo …` and `app install --demo-data`, with a small recipe instead of the sample's own."""

import json

import pytest

from runtime.commands import main

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
