"""A field dropped on a form of a hundred: from letting go to the canvas that the server drew, in a real browser."""

import shutil
import statistics
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people
from engines.core.kernel.kind import Definition

from .servers import platform

FIELDS, DROPS = 100, 12
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
KINDS = ("text", "number", "date", "money", "phone", "checkbox", "long_text", "email")
WATCH = """() => {
  let n = window.trips, from = 0;
  window.spent = [];
  addEventListener("pointerup", () => { from = performance.now(); }, true);
  const arrived = (v) => { n = v; window.spent.push(performance.now() - from); };
  Object.defineProperty(window, "trips", { get: () => n, set: arrived });
}"""


def drops(place: Path) -> float:
    """The median in milliseconds over some drops, on loopback."""
    ours = open_platform(place)
    ours.run(SYSTEM, lambda uow: people.add(uow.session, "owner", "owner"))
    ours.run(SYSTEM, lambda uow: ours.catalog.publish(uow, wide_app()))
    ours.close()
    with platform(place) as (port, door):
        return statistics.median(_dropped(f"http://127.0.0.1:{port}", door))


def wide_app() -> Definition:
    """One form of a hundred fields in two sections."""
    kinds = [KINDS[n % len(KINDS)] for n in range(FIELDS)]
    fields: list[Definition] = [
        {"id": f"f{n}", "type": kind, "label": {"en": f"Field {n}"}, "width": 6} for n, kind in enumerate(kinds)
    ]
    half = FIELDS // 2
    layout = [
        {"id": one, "label": {"en": one}, "fields": [f["id"] for f in some]}
        for one, some in (("first", fields[:half]), ("second", fields[half:]))
    ]
    form = {"id": "wide", "label": {"en": "Wide"}, "fields": fields, "layout": layout}
    return {"id": "bench", "version": "1.0.0", "name": {"en": "Bench"}, "languages": ["en"], "zone": "UTC",
            "forms": [form]}  # fmt: skip


def _dropped(at: str, door: str) -> list[float]:
    with sync_playwright() as starter:
        browser = starter.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{at}{door}")
        page.goto(f"{at}/build/bench/forms/wide", wait_until="load")
        page.evaluate(WATCH)
        for n in range(DROPS):
            _drop(page, n)
        spent: list[Any] = page.evaluate("window.spent")
        browser.close()
    return [float(one) for one in spent[2:]]


def _drop(page: Page, n: int) -> None:
    """A type from the palette onto the canvas, let go once the drop place shows; a drag that did not take is begun
    again."""
    before = page.evaluate("window.trips")
    for _ in range(5):
        if _carried(page, n):
            page.mouse.up()
            page.wait_for_function("n => window.trips > n", arg=before)
            return
        page.mouse.up()
    raise TimeoutError(n)


def _carried(page: Page, n: int) -> bool:
    """Is the type over the canvas, with its drop place shown?"""
    source = page.locator("[data-test=type-text]").bounding_box() or {}
    target = page.locator(f"[data-test=canvas-f{n % 4}]").bounding_box() or {}
    x, y = target["x"] + target["width"] * 0.3, target["y"] + target["height"] / 2
    page.mouse.move(source["x"] + 20, source["y"] + 10)
    page.mouse.down()
    page.mouse.move(source["x"] + 30, source["y"] + 16, steps=3)
    page.mouse.move(x, y, steps=10)
    for nudge in range(12):
        page.wait_for_timeout(80)
        page.mouse.move(x + (-1) ** nudge * 9, y, steps=2)
        if nudge > 4 and page.locator("#canvas .sortable-ghost").count():
            return True
    return False
