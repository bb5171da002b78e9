"""A real server with the demo data of a whole team, a clock that can be moved, and a window to work in."""

import shutil
from pathlib import Path

import pytest

from runtime.commands.demo import SAMPLES, load_from
from runtime.commands.serve import first_start

from ..serving import SAMPLE, prepared, running
from .desk import Desk


@pytest.fixture(scope="session")
def loaded(tmp_path_factory) -> Path:
    """A data folder with the sample and its demo data."""

    def prepare(platform):
        first_start(platform, SAMPLE)
        load_from(platform, SAMPLE, SAMPLES / SAMPLE)

    return prepared(tmp_path_factory, "loaded", prepare)


@pytest.fixture
def server(loaded, tmp_path):
    folder = shutil.copytree(loaded, tmp_path / "workspace")
    with running(folder, "--sample", SAMPLE) as server:
        yield server


@pytest.fixture
def elsewhere(tmp_path):
    """A server on an empty workspace."""
    with running(tmp_path / "elsewhere") as server:
        yield server


@pytest.fixture(params=["zh", "en"])
def language(request) -> str:
    return request.param


@pytest.fixture
def desk(browser, language):
    """A window in one of the languages; afterwards nothing may have been complained about."""
    locale = {"zh": "zh-CN", "en": "en-US"}[language]
    with browser.new_context(locale=locale, viewport={"width": 1440, "height": 900}, accept_downloads=True) as context:
        desk = Desk(context.new_page(), language)
        yield desk
        assert desk.grumbles == []
