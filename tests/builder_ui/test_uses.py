"""Where a field is used is told in the words of the parts and of the reader, never in the keys of a definition."""

import re

from builder_ui.apps import uses
from engines.apps import usage
from engines.apps.folder import read_folder
from runtime import render

from ..conftest import ROOT

KEY = re.compile(r"(^| )[a-z][a-z_]{2,}( \d+)?$")


def test_every_place_of_the_sample_is_told_in_words(monkeypatch):
    definition = read_folder(ROOT / "sample_apps" / "crm_livestream")
    monkeypatch.setattr(render, "language", lambda: "zh")
    told = set()
    for form in definition["forms"]:
        for name in ["", *(field["id"] for field in form["fields"])]:
            hits = (
                usage.uses_of_field(definition, form["id"], name)
                if name
                else usage.uses_of_form(definition, form["id"])
            )
            for hit in hits:
                part = next((one for one in definition[hit.kind] if one.get("id") == hit.part), {})
                told.add(uses._spoken(definition, part, hit.path, form["id"]))
    assert len(told) > 100
    assert [text for text in told if any(KEY.search(word) for word in text.split(" · "))] == []
