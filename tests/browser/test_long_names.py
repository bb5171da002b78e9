"""A name of thirty characters in narrow places: nothing runs over its edge, and the whole name can be reached."""

import pytest

from .conftest import narrow_enough
from .workshop import LONG

LOST = """name => {
  const told = [], look = (e) => getComputedStyle(e);
  const shows = (e) => e.checkVisibility() && !e.closest(".sr, .unseen, script, template, select");
  const pointed = new PointerEvent("pointerover", { bubbles: true });
  for (const e of document.querySelectorAll(".cut")) e.dispatchEvent(pointed);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, at = text.parentElement, range = document.createRange();
    if (!text.textContent.includes(name.slice(0, 6)) || !shows(at)) continue;
    range.selectNodeContents(text);
    let edge = at;
    while (edge && look(edge).overflowX === "visible") edge = edge.parentElement;
    const over = edge && range.getBoundingClientRect().right > edge.getBoundingClientRect().right + 1;
    const dots = edge && look(edge).textOverflow === "ellipsis", where = at.outerHTML.slice(0, 140);
    if (over && !dots && !["auto", "scroll"].includes(look(edge).overflowX)) told.push(`runs over its edge: ${where}`);
    if (over && dots && !at.closest(`[title*="${name}"]`)) told.push(`whole nowhere: ${where}`);
    if (!text.textContent.includes(name) && !at.textContent.includes(name)) told.push(`shortened: ${where}`);
  }
  return told;
}"""
PLACES = {
    "canvas": "forms/buyer?sel=field:long",
    "shelf": "reports/tiers",
    "rule": "rules/vip",
    "flow": "flows/welcome?sel=node/call",
    "table": "tables/tiers",
    "role": "roles/seller?sel=form/buyer",
    "uses": "uses?of=buyer.long",
    "texts": "texts?of=forms/buyer",
}


@pytest.fixture
def named(workshop):
    """The long name wherever a name can stand: a field of a quarter's width, a shelf, a condition, a step, a column."""
    role = {"id": "seller", "label": {"zh": LONG, "en": LONG}, "forms": {"buyer": {"actions": ["view"], "rows": "all"}}}
    workshop.edit("add", at=["roles"], value=role)
    workshop.edit("set", at=["rules", "vip", "when"], value='long = "x" AND NOT ISBLANK(long)')
    workshop.edit("set", at=["reports", "tiers", "rows"], value=[{"field": "long"}])
    title = {"zh": LONG, "en": LONG}
    workshop.edit("set", at=["flows", "welcome", "nodes", "call", "label"], value=title)
    workshop.edit("set", at=["flows", "welcome", "nodes", "call", "fields"], value=["long"])
    workshop.edit("set", at=["tables", "tiers", "inputs", "0", "label"], value=title)
    return workshop


@pytest.mark.parametrize("width", [1440, 390])
def test_in_every_designer(named, width):
    page, wrong = named.page, []
    page.set_viewport_size({"width": width, "height": 900})
    for place, path in PLACES.items():
        named.open(path)
        wrong += [f"{place}: {told}" for told in page.evaluate(LOST, LONG)]
        page.screenshot(path=f"var/shots/long_{place}_{width}.png")
        narrow_enough(page, f"{place} scrolls sideways at {width}")
    assert not wrong, "\n".join(wrong)


def test_in_the_palette_and_in_the_menu_of_a_shelf(named):
    page = named.page
    named.open("forms/buyer")
    named.spot("tab-there").click()
    assert page.evaluate(LOST, LONG) == []
    named.open("reports/tiers")
    named.spot("add-columns").click()
    assert page.evaluate(LOST, LONG) == []


@pytest.mark.parametrize("width", [1440, 390])
def test_in_what_people_get(named, width):
    page, wrong = named.page, []
    record = named.make(name="May", long="一句话")
    page.set_viewport_size({"width": width, "height": 900})
    for path in ("buyer", f"buyer/{record}", "buyer/new", f"buyer/{record}/edit", "d/board"):
        page.goto(f"{named.home}/a/shop/{path}")
        wrong += [f"{path}: {told}" for told in page.evaluate(LOST, LONG)]
        narrow_enough(page, f"{path} scrolls sideways at {width}")
    page.goto(f"{named.home}/a/shop/buyer")
    page.screenshot(path=f"var/shots/long_list_{width}.png")
    assert not wrong, "\n".join(wrong)
