"""A pointer that drags as people do, in steps, and waits until the page has answered."""

from playwright.sync_api import Locator, Page


def centre(spot: Locator, dx: float = 0.5, dy: float = 0.5) -> tuple[float, float]:
    box = spot.bounding_box()
    return box["x"] + box["width"] * dx, box["y"] + box["height"] * dy


def drag(page: Page, source: Locator, target: Locator, *, dx: float = 0.5, dy: float = 0.5) -> None:
    """Press, leave the threshold, glide, settle on the target until the drop place shows, release; once more when it
    did not show: the fallback of the drag library looks under the pointer every 50 ms only."""
    for _ in range(2):
        target.scroll_into_view_if_needed()
        source.scroll_into_view_if_needed()
        page.mouse.move(*centre(source))
        page.mouse.down()
        x, y = centre(source)
        page.mouse.move(x + 6, y + 6, steps=3)
        tx, ty = centre(target, dx, dy)
        page.mouse.move(tx, ty, steps=10)
        page.wait_for_timeout(80)
        page.mouse.move(tx, ty, steps=2)
        try:
            page.wait_for_selector("[data-drop] .sortable-ghost", timeout=1500)
        except Exception:  # noqa: BLE001  one more try, then the test says what is missing
            page.mouse.up()
            continue
        page.mouse.up()
        return
    raise AssertionError("nothing could be dropped there")


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
