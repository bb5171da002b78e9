"""The other designers at their large sizes in a real browser: what no frame of theirs takes longer than."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from engines.apps.platform import SYSTEM, open_platform
from engines.core.access import people

from . import shop
from .canvas import opened
from .designer import KINDS
from .servers import platform

FIELDS, CARDS, RECORDS, TIMES = 290, 100, 5000, 8
GOAL = "<= 150"
EVERY_FRAME = """window.frames_ = []; let last_ = performance.now();
  const see_ = now => { frames_.push(now - last_); last_ = now; requestAnimationFrame(see_); };
  requestAnimationFrame(see_);"""
TAKEN = "() => Math.max(0, ...frames_.splice(0))"
READY = """() => document.readyState === 'complete' && window.trips === 0 &&
  (document.querySelector('[data-n]')?.textContent ?? '…') !== '…'"""
DROP = """async n => { const builder = await import(document.querySelector('script[src*="js/builder.mjs"]').src);
  await builder.send('add', {type: 'text', section: 'first', index: n}); }"""
CHOOSE = """n => new Promise(async then => {
  const builder = await import(document.querySelector('script[src*="js/builder.mjs"]').src);
  builder.select(`field:f${n * 7}`, then); })"""
CARD = """async () => { const trips = window.trips, add = document.querySelectorAll('[data-cond*=\\'"add"\\']');
  add[add.length - 1].click();
  while (window.trips === trips) await new Promise(done => setTimeout(done, 5)); }"""
CHART = """async n => { const trips = window.trips;
  const charts = document.querySelectorAll('#charts button[data-op]:not([aria-pressed=true])');
  charts[n % charts.length].click();
  while (window.trips === trips) await new Promise(done => setTimeout(done, 5)); }"""


def prepare(place: Path) -> None:
    """An app with a form of about 300 fields, a rule of 100 conditions, and a report over some thousand records."""
    ours = open_platform(place)
    ours.run(SYSTEM, lambda uow: people.add(uow.session, "owner", "owner"))
    ours.run(SYSTEM, lambda uow: ours.catalog.publish(uow, app()))
    from .bench import fill

    fill(ours, RECORDS)
    ours.close()


def app() -> dict[str, Any]:
    fields = [
        {"id": f"f{n}", "type": KINDS[n % len(KINDS)], "label": shop.label(f"Field {n}"), "width": 6}
        for n in range(FIELDS)
    ]
    names = [str(field["id"]) for field in fields]
    halves = [("first", names[: FIELDS // 2]), ("second", names[FIELDS // 2 :])]
    layout = [{"id": one, "label": shop.label(one), "fields": some} for one, some in halves]
    made = shop.app(ruled=False)
    made["forms"].append({"id": "wide", "label": shop.label("Wide"), "fields": fields, "layout": layout})
    when = " AND ".join(f"visits <> {n}" for n in range(CARDS))
    then = [{"type": "notify", "assign": [{"admin": True}], "text": shop.label("Look")}]
    rule = {"id": "long", "label": shop.label("Long"), "form": "buyer", "kind": "event", "when": when, "then": then}
    made["rules"] = [rule | {"on": {"events": ["created"]}}]
    measure = {"agg": "sum", "field": "spend", "id": "spend", "label": shop.label("Spend")}
    made["datasets"] = [{"id": "buyers", "label": shop.label("Buyers"), "source": "buyer", "measures": [measure]}]
    report = {"id": "by_city", "title": shop.label("By city"), "dataset": "buyers", "rows": [{"field": "city"}]}
    made["reports"] = [
        report | {"columns": [{"field": "source"}], "values": [{"measure": "spend"}], "chart": {"type": "bar"}}
    ]
    return made


def measures(place: Path) -> Iterator[tuple[str, float, str, str]]:
    """(what, milliseconds, goal, more), one line each."""
    prepare(place)
    with platform(place) as (port, door), opened(port, door) as page:
        page.add_init_script(EVERY_FRAME)
        at = f"http://127.0.0.1:{port}/build/bare"
        yield "form of 300 fields: opening, longest frame ms", _opened(page, f"{at}/forms/wide"), GOAL, ""
        yield "a drop on it, longest frame ms", _longest(page, DROP), GOAL, ""
        yield "choosing a field, longest frame ms", _longest(page, CHOOSE), GOAL, ""
        yield "rule of 100 cards: opening, longest frame ms", _opened(page, f"{at}/rules/long"), GOAL, ""
        yield "one more card, longest frame ms", _longest(page, CARD), GOAL, ""
        yield "report with its preview: opening, longest frame", _opened(page, f"{at}/reports/by_city"), GOAL, ""
        yield "another chart, longest frame ms", _longest(page, CHART), GOAL, ""


def _opened(page: Page, at: str) -> float:
    page.goto(at)
    page.wait_for_function(READY)
    page.wait_for_timeout(500)
    return float(page.evaluate(TAKEN))


def _longest(page: Page, act: str) -> float:
    """Of some times; the first is not counted: it loads what the page has not needed before."""
    page.evaluate(act, TIMES)
    page.wait_for_timeout(300)
    page.evaluate(TAKEN)
    for n in range(TIMES):
        page.evaluate(act, n)
        page.wait_for_timeout(300)
    return float(page.evaluate(TAKEN))
