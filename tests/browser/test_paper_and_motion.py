"""On paper: black on white, nothing to press, nothing cut. With reduced motion: nothing moves by itself."""

import pytest

PAGES = ["buyer", "buyer/1", "d/board", "r/tiers"]
PRINTED = """() => {
  const told = [], light = (text) => Math.min(...text.match(/[0-9.]+/g).slice(0, 3).map(Number));
  const shows = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 1;
  for (const e of document.querySelectorAll("nav, button, input, select, .dock, .btn, summary"))
    if (shows(e)) told.push(`to press: ${e.outerHTML.slice(0, 100)}`);
  for (const e of [document.body, ...document.querySelectorAll(".main, .card, .sheet, .wgt")])
    if (!/, 0\\)/.test(getComputedStyle(e).backgroundColor) && light(getComputedStyle(e).backgroundColor) < 240)
      told.push(`dark paper: ${e.className}`);
  for (const e of document.querySelectorAll("main, main *")) {
    const look = getComputedStyle(e);
    if (!shows(e) || e.closest("svg, [data-chart], .sr")) continue;
    const where = e.outerHTML.slice(0, 100);
    if (look.overflowY !== "visible" && e.scrollHeight > e.clientHeight + 2) told.push(`cut: ${where}`);
    const words = [...e.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
    if (words && light(look.color) > 150 && light(look.backgroundColor) > 240) told.push(`faint: ${where}`);
  }
  return told;
}"""
MOVING = """() => {
  const told = [], most = (text) => Math.max(...text.split(",").map(parseFloat));
  for (const e of document.querySelectorAll("*"))
    for (const part of ["", "::before", "::after"]) {
      const look = getComputedStyle(e, part);
      const runs = look.animationName !== "none" && most(look.animationDuration) > 0.01;
      const glides = look.transitionProperty !== "none" && most(look.transitionDuration) > 0.01;
      if (runs || glides) told.push(`${e.tagName}.${e.className}${part}`);
    }
  return [...new Set(told)];
}"""


@pytest.fixture
def dark(workshop):
    """Somebody who works in the dark theme, with a few records."""
    for n in range(12):
        workshop.make(name=f"Buyer {n}", tags=["nice", "vip", "sleeping"])
    workshop.page.context.add_cookies([{"name": "theme", "value": "dark", "url": workshop.home}])
    return workshop


def test_records_lists_dashboards_and_reports_are_printed_whole(dark):
    page, wrong = dark.page, []
    for path in PAGES:
        page.goto(f"{dark.home}/a/shop/{path}", wait_until="networkidle")
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 794, "height": 1123})
        wrong += [f"{path}: {told}" for told in page.evaluate(PRINTED)]
        page.screenshot(path=f"var/shots/print_{path.replace('/', '_')}.png", full_page=True)
        page.emulate_media(media="screen")
    assert not wrong, "\n".join(wrong)


def test_nothing_moves_by_itself_for_who_asked_for_that(dark):
    page, wrong = dark.page, []
    page.emulate_media(reduced_motion="reduce")
    for path in (
        "a/shop/buyer",
        "a/shop/d/board",
        "build/shop/forms/buyer",
        "build/shop/flows/welcome",
        "build/components",
    ):
        page.goto(f"{dark.home}/{path}", wait_until="networkidle")
        wrong += [f"{path}: {told}" for told in page.evaluate(MOVING)]
    assert not wrong, "\n".join(wrong)
