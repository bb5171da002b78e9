"""The files that pages load are the listed ones, whole, with their licences; pages load nothing from elsewhere."""

import hashlib
import json
import re

import pytest

from runtime.assets import LIBRARIES, VENDOR

from .sources import PRODUCT, ROOT, files, name, text


@pytest.fixture(scope="module")
def listed():
    return json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8"))


def test_each_vendor_file_has_the_hash_that_is_listed(listed):
    for row in listed:
        content = (VENDOR / f"{row['name']}-{row['version']}" / row["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"], row


def test_the_vendor_folder_holds_only_listed_files(listed):
    there = {path for path in VENDOR.glob("*/*") if not path.name.startswith(".")}
    assert there == {VENDOR / f"{row['name']}-{row['version']}" / row["file"] for row in listed}


def test_each_library_comes_with_its_licence(listed):
    licences = {row["name"] for row in listed if row["file"].startswith("LICENSE")}
    made = {"codemirror", "vega"}
    assert licences == {row["name"] for row in listed} == {library.name for library in LIBRARIES} | made


def test_the_libraries_are_the_locked_ones(listed):
    packages = json.loads(text(ROOT / "package-lock.json"))["packages"]
    for library in LIBRARIES:
        versions = {row["version"] for row in listed if row["name"] == library.name}
        assert versions == {packages[f"node_modules/{library.name}"]["version"]}


def test_charts_speak_both_languages():
    (folder,) = VENDOR.glob("vega-*")
    days = {lang: json.loads(text(folder / f"locale.{lang}.json"))["time"]["days"][0] for lang in ("zh", "en")}
    assert days == {"zh": "星期日", "en": "Sunday"}
    assert "window.vegaEmbed=" in text(folder / "vega.mjs")


def test_every_file_a_page_names_is_there():
    named = re.compile(r"""["'/](vendor/[^"'?{} ]+|css/[^"'?{} ]+|js/[^"'?{} ]+)["'?]""")
    pages = files(*PRODUCT, suffix=".html")
    missing = [
        f"{name(page)}: {file}"
        for page in pages
        for file in named.findall(text(page))
        if not (ROOT / name(page).split("/")[0] / "static" / file).is_file()
        and not (ROOT / "runtime" / "static" / file).is_file()
    ]
    assert missing == []


def test_pages_load_nothing_from_elsewhere():
    outside = re.compile(r"""(?:src|href|url|import)\s*[=(]\s*["']?(?:https?:)?//""")
    pages = files(*PRODUCT, suffix=(".html", ".css", ".js"))
    assert [name(page) for page in pages if outside.search(text(page))] == []


def test_pages_carry_no_styles_but_numbers_that_their_data_places_things_by():
    named = re.compile(r"""style=["']([^"']*)["']""")
    spot = re.compile(r"--(?:x|y|w|h|d|wide|row|across|down):")
    templates = [path for path in files("runtime", "builder_ui", suffix=".html") if "mail" not in path.parts]
    found = [
        f"{name(path)}: {said}"
        for path in templates
        for said in named.findall(text(path).replace("{{ parts.spot", "--x:{{ parts.spot"))
        if not all(spot.match(part.strip()) for part in re.sub(r"{[{%].*?[%}]}", "", said).split(";"))
    ]
    assert len(templates) > 50
    assert found == []


def test_no_rule_ends_in_any_sibling():
    """Where one ends in `+ *` or `~ *`, a child that comes or goes has all below its parent styled anew: a toast, the
    whole page."""
    poor = re.compile(r"[+~]\s*\*\s*[,{]")
    sheets = [path for path in files("runtime", "builder_ui", suffix=".css") if "vendor" not in path.parts]
    assert [name(path) for path in sheets if poor.search(text(path))] == []
    assert len(sheets) > 8
