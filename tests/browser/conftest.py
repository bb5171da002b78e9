"""A real browser, and the small shop on a real server in this process."""

import shutil
import threading
from contextlib import contextmanager, suppress

import pytest
from waitress import create_server

from builder_ui import build
from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people
from runtime.commands.serve import first_start
from runtime.web import create_app

from ..conftest import ROOT
from ..runtime.conftest import Shop
from ..serving import SAMPLE, prepared, running
from .workshop import Workshop

SHOTS = ROOT / "var" / "shots"


@pytest.fixture
def page(browser):
    """A fresh window; what it complains about is in `page.grumbles`."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.grumbles = []
    page.on("console", lambda m: page.grumbles.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: page.grumbles.append(str(e)))
    yield page
    context.close()


@contextmanager
def serving(platform):
    """The address at which a server in this process shows the platform, designers and all."""
    server = create_server(create_app(platform, b"secret", [build]), host="127.0.0.1", port=0, threads=8)

    def run():
        with suppress(OSError):  # it may be waiting for its sockets when they are closed below
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.trigger.pull_trigger(lambda: server.asyncore.close_all(server._map))  # in its own thread: it may be reading
    thread.join(5)


@pytest.fixture
def shop(tmp_path):
    platform = open_platform(tmp_path, sync="off")
    shop = Shop(platform)
    with serving(platform) as shop.at:
        yield shop
    platform.close()


@pytest.fixture
def workshop(tmp_path, page):
    """The designers of a small app with one of everything, opened by the owner in Chinese."""
    platform = open_platform(tmp_path, sync="off")
    platform.run(SYSTEM, lambda uow: people.add(uow.session, "owner", "owner"))
    with serving(platform) as at:
        page.goto(f"{at}/sign-in/{platform.run(SYSTEM, lambda uow: people.make_link(uow.session, 'owner'))}")
        yield Workshop(platform, page, at)
        page.goto("about:blank")
    platform.close()


@pytest.fixture
def site(platform, shop):
    """The address of a server over the module's own shop, and a link that signs the owner in."""
    token = platform.run(SYSTEM, lambda uow: people.make_link(uow.session, "owner"))
    with serving(platform) as address:
        yield address, f"{address}/sign-in/{token}"


@pytest.fixture
def at_home(shop, page):
    """The owner's window, signed in."""
    token = shop.platform.run(SYSTEM, lambda uow: people.make_link(uow.session, "owner"))
    page.goto(f"{shop.at}/sign-in/{token}")
    return page


def both_widths(page, name):
    """Pictures for the gallery; no page scrolls sideways."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        narrow_enough(page, f"{name} scrolls sideways at {width}")
        page.screenshot(path=SHOTS / f"{name}_{width}.png")
    page.set_viewport_size({"width": 1440, "height": 900})


def narrow_enough(page, complaint):
    """After the frame in which the page hears of its new size."""
    frames = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    page.evaluate(frames)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), complaint


@pytest.fixture(scope="session")
def installed(tmp_path_factory):
    """A data folder with the sample in it, and nobody's data."""
    return prepared(tmp_path_factory, "installed", lambda platform: first_start(platform, SAMPLE))


@pytest.fixture
def served(installed, tmp_path):
    """The sign-in link of a server of its own with the sample."""
    with running(shutil.copytree(installed, tmp_path / "workspace")) as server:
        yield server.link
