"""Every text of a page is there in Chinese too, and no translation is left over."""

import re

import pytest
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from .sources import ROOT, files, name

CATALOG = ROOT / "runtime" / "translations" / "zh" / "LC_MESSAGES" / "messages.po"
PLACE = re.compile(r"%\(\w+\)[sd]|%%")


@pytest.fixture(scope="module")
def catalog():
    with CATALOG.open("rb") as file:
        return {_first(message.id): message for message in read_po(file) if message.id}


@pytest.fixture(scope="module")
def used():
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = DEFAULT_KEYWORDS | {"lazy_gettext": None}
    found = extract_from_dir(ROOT, methods, options, keywords=keywords, directory_filter=_ours)
    return {_first(message): f"{file}:{line}" for file, line, message, _comments, _context in found}


def test_every_page_text_is_translated(used, catalog):
    known = {text for text, message in catalog.items() if all(_strings(message)) and not message.fuzzy}
    assert {text: where for text, where in used.items() if text not in known} == {}


def test_no_translation_is_left_over(used, catalog):
    assert catalog.keys() - used.keys() == set()


def test_a_translation_keeps_the_places_of_its_text(catalog):
    differing = [
        text
        for text, message in catalog.items()
        for string in _strings(message)
        if set(PLACE.findall(text)) - set(PLACE.findall(string))
    ]
    assert differing == []


def test_every_template_is_read_for_texts(used):
    templates = {name(path).split("/")[0] for path in files("runtime", "builder_ui", suffix=".html")}
    assert templates <= {where.split("/")[0] for where in used.values()}


def _first(message):
    return message if isinstance(message, str) else message[0]


def _strings(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)


def _ours(folder):
    return not {"node_modules", ".venv", "vendor", "var", "tests"} & set(str(folder).split("/")[-1:])
