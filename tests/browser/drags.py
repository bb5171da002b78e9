"""A pointer that drags as people do, in steps, and waits until the page has answered."""

from playwright.sync_api import Locator, Page

PLACES = "[data-drop], [data-cards]"
LISTENS = """e => {
  for (let at = e; at; at = at.parentElement) if (window.Sortable?.get(at)) return true;
  return false;
}"""
BEGUN = """() => {
  const item = document.querySelector(".sortable-ghost");
  window.dragFrom = item && [item.parentElement, item.previousElementSibling];
  return !!item;
}"""
MOVED = f"""e => {{
  const item = (e.closest("{PLACES}") ?? e).querySelector(".sortable-ghost"), from = window.dragFrom;
  return !!item && (item.parentElement !== from[0] || item.previousElementSibling !== from[1]);
}}"""


def centre(spot: Locator, dx: float = 0.5, dy: float = 0.5) -> tuple[float, float]:
    box = spot.bounding_box()
    return box["x"] + box["width"] * dx, box["y"] + box["height"] * dy


def drag(page: Page, source: Locator, target: Locator, *, dx: float = 0.5, dy: float = 0.5) -> None:
    """Drags until it lands: on a busy machine the library may miss a gesture, which then changes nothing."""
    for spot in (source, target):
        assert any(spot.evaluate(LISTENS) or page.wait_for_timeout(50) for _ in range(200)), f"{spot} hears no pointer"
    assert any(gesture(page, source, target, dx, dy) for _ in range(3)), "the drag did not land"


def gesture(page: Page, source: Locator, target: Locator, dx: float, dy: float) -> bool:
    """Press, leave the threshold, glide, settle until the drop place stands in the target's container and no longer
    where the drag began, release. The fallback of the drag library looks under the pointer every 50 ms only, so the
    pointer trembles a little, for half a second at least. What a missed press has marked would be dragged instead."""
    target.evaluate("e => { getSelection().removeAllRanges(); e.scrollIntoView({block: 'center'}); }")
    source.scroll_into_view_if_needed()
    x, y = centre(source)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 6, y + 6, steps=3)
    begun = any(page.evaluate(BEGUN) or page.wait_for_timeout(50) for _ in range(20))
    tx, ty = centre(target, dx, dy)
    page.mouse.move(tx, ty, steps=10)
    landed = False
    for n in range(40):
        page.wait_for_timeout(80)
        page.mouse.move(tx + (-1) ** n * 2, ty + (10 if n % 8 == 7 else 0), steps=2)
        landed = n > 4 and begun and target.evaluate(MOVED)
        if landed:
            break
        tx, ty = centre(target, dx, dy)  # the drop place of a container on the way may push the target along
    page.mouse.up()
    return landed


def trips(page: Page) -> int:
    return page.evaluate("window.trips || 0")


class Trip:
    """`with answered(page):` waits until the commands inside have been answered."""

    def __init__(self, page: Page, times: int = 1) -> None:
        self.page, self.times = page, times

    def __enter__(self) -> None:
        self.before = trips(self.page)

    def __exit__(self, *error: object) -> None:
        if error[0] is None:
            self.page.wait_for_function("n => (window.trips || 0) >= n", arg=self.before + self.times, timeout=10_000)


answered = Trip
