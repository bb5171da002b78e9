"""The flow designer with a flow of 200 steps in a real browser: how it opens, takes an insert, selects and zooms."""

import random
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from builder_ui.flows import commands as flow_commands
from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people

from . import shop
from .servers import platform

STEPS = 200
TIMES = 12
CHROMIUM_IS = shutil.which("chromium")
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
KINDS: list[tuple[int, dict[str, Any]]] = [
    (4, {"type": "approve", "assign": [{"supervisor": "starter"}], "due": "P1D"}),
    (3, {"type": "action", "do": {"type": "set_field", "values": [{"field": "city", "value": "a"}]}}),
    (3, {"type": "cc", "assign": [{"starter": True}]}),
    (1, {"type": "wait", "for": "P1D"}),
    (2, {"type": "branch"}),
    (1, {"type": "fork"}),
]
FRAMES = """() => { window.frames_ = []; window.watch_ = true; let last = performance.now();
  const see = now => { frames_.push(now - last); last = now; if (watch_) requestAnimationFrame(see); };
  requestAnimationFrame(see); }"""
LONGEST = "() => { window.watch_ = false; return Math.max(0, ...window.frames_); }"
PAINTED = "new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
INSERT = """async kind => { const plus = [...document.querySelectorAll('#cv .addn')]; const trips = window.trips;
  plus[Math.floor(Math.random() * plus.length)].click(); const begin = performance.now();
  document.querySelector(`#kinds [data-kind="${kind}"]`).click();
  while (window.trips === trips) await new Promise(done => setTimeout(done, 2));
  await new Promise(done => requestAnimationFrame(() => setTimeout(done))); return performance.now() - begin; }"""
SELECT = """async () => { const cards = [...document.querySelectorAll('#cv .node')];
  const trips = window.trips, begin = performance.now();
  cards[Math.floor(Math.random() * cards.length)].click();
  while (window.trips === trips && performance.now() - begin < 3000) await new Promise(done => setTimeout(done, 2));
  await new Promise(done => requestAnimationFrame(() => setTimeout(done))); return performance.now() - begin; }"""
WALK = """async () => { const view = document.querySelector('#view'); for (let n = 0; n < 20; n++) {
  document.querySelector(`[data-zoom=${n < 10 ? 'out' : 'in'}]`).click(); view.scrollBy(0, 60);
  await new Promise(done => requestAnimationFrame(done)); } }"""


def prepare(place: Path) -> None:
    """The shop with one flow of 200 steps, made by the designer's own commands."""
    ours = open_platform(place)
    ours.run(SYSTEM, lambda uow: people.add(uow.session, "owner", "owner"))
    app = shop.app(ruled=False)
    ours.run(SYSTEM, lambda uow: ours.catalog.publish(uow, app | {"flows": [flow(str(app["forms"][0]["id"]))]}))
    ours.close()


def flow(form: str) -> dict[str, Any]:
    r = random.Random(3)  # noqa: S311  the same flow every time
    made: dict[str, Any] = {
        "id": "long",
        "label": {"zh": "长流程", "en": "Long"},
        "form": form,
        "trigger": {"type": "button"},
        "nodes": [{"id": "end", "type": "end", "label": {"zh": "结束", "en": "End"}}],
        "edges": [{"id": "e1", "from": "start", "to": "end"}],
    }
    while len(made["nodes"]) < STEPS:
        edge = r.choice(made["edges"][-40:] if r.random() < 0.7 else made["edges"])
        node = r.choices([one for _, one in KINDS], [weight for weight, _ in KINDS])[0]
        made, _ = flow_commands.insert(made, [edge["id"]], node | {"label": {"zh": "步骤", "en": "Step"}})
    return made


@contextmanager
def opened(port: int, door: str) -> Iterator[Page]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM_IS, args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"http://127.0.0.1:{port}{door}")
        yield page
        browser.close()


def measures(place: Path) -> Iterator[tuple[str, float, str, str]]:
    """(what, milliseconds, goal, more), one line each."""
    prepare(place)
    with platform(place) as (port, door), opened(port, door) as page:
        page.goto(f"http://127.0.0.1:{port}/build/bare/flows/long")
        page.wait_for_function("!!document.querySelector('#cv .node') && window.trips === 0")
        open_ms = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
        page.evaluate(PAINTED)
        count = page.evaluate("document.querySelectorAll('#canvas *').length")
        yield "flow of 200 steps: opens, ms", open_ms, "read", f"{count} elements"
        spent, longest = watched(page, INSERT, "cc")
        yield "an insert, median ms", statistics.median(spent), "read", f"longest {max(spent):.0f} ms"
        yield "an insert, longest frame ms", longest, "<= 150", ""
        spent, longest = watched(page, SELECT)
        yield "choosing a card, longest frame ms", longest, "<= 150", f"median {statistics.median(spent):.0f} ms"
        page.evaluate(FRAMES)
        page.evaluate(WALK)
        yield "zoom and scroll, longest frame ms", page.evaluate(LONGEST), "<= 150", ""


def watched(page: Page, act: str, *given: str) -> tuple[list[float], float]:
    """(milliseconds of each time, the longest frame of all)."""
    page.evaluate(act, *given)
    page.evaluate(FRAMES)
    spent = [float(page.evaluate(act, *given)) for _ in range(TIMES)]
    return spent, float(page.evaluate(LONGEST))
