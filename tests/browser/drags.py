"""A pointer that drags as people do, in steps, and waits until the page has answered."""

from playwright.sync_api import Locator, Page

PLACES = "[data-drop], [data-cards]"


def centre(spot: Locator, dx: float = 0.5, dy: float = 0.5) -> tuple[float, float]:
    box = spot.bounding_box()
    return box["x"] + box["width"] * dx, box["y"] + box["height"] * dy


def drag(page: Page, source: Locator, target: Locator, *, dx: float = 0.5, dy: float = 0.5) -> None:
    """Press, leave the threshold, glide, settle until the drop place shows in the target's container, release. The
    fallback of the drag library looks under the pointer every 50 ms only, so the pointer trembles a little, and for
    half a second: within one container the drop place is there from the start, somewhere else."""
    target.evaluate("e => e.scrollIntoView({block: 'center'})")
    source.scroll_into_view_if_needed()
    x, y = centre(source)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 6, y + 6, steps=3)
    tx, ty = centre(target, dx, dy)
    page.mouse.move(tx, ty, steps=10)
    for n in range(60):
        page.wait_for_timeout(80)
        page.mouse.move(tx + (-1) ** n * 2, ty + (10 if n % 8 == 7 else 0), steps=2)
        if n > 4 and target.evaluate(f"e => !!(e.closest('{PLACES}') ?? e).querySelector('.sortable-ghost')"):
            break
        tx, ty = centre(target, dx, dy)  # the drop place of a container on the way may push the target along
    page.mouse.up()


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
