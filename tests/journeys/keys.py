"""Somebody at a desk who has no pointer: Tab, arrows, Enter, typed text and the shortcuts of the designers."""

import re

from playwright.sync_api import Locator, expect

from ..browser.drags import answered
from .desk import Desk


class Keys:
    """The same window as the desk's, by keyboard alone."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.page, self.at = desk, desk.page, desk.at

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def edit(self, *keys: str) -> None:
        """A key that changes the draft, until the page has heard of it."""
        with answered(self.page):
            self.press(*keys)

    def on(self, spot: Locator) -> bool:
        return bool(spot.count()) and spot.first.evaluate("e => e === document.activeElement")

    def tab_to(self, spot: str | Locator, key: str = "Tab", most: int = 90) -> None:
        """The keyboard's way to a control."""
        found = self.at(spot) if isinstance(spot, str) else spot
        for _ in range(most):
            if self.on(found):
                return
            self.press(key)
        raise AssertionError(f"{key} never came to {spot}")

    def go(self, spot: str | Locator) -> None:
        """To a link or a button, and through it."""
        self.tab_to(spot)
        self.press("Enter")

    def pane(self, spot: str | Locator) -> None:
        """By F6 to the pane that opens on this control."""
        self.tab_to(spot, "F6", 5)

    def command(self, words: str) -> None:
        """Ctrl+K, a few letters, Enter."""
        self.press("Control+k")
        self.type(words)
        expect(self.page.locator("#palette [data-found] a").first).to_contain_text(words)
        self.press("Enter")

    def designer(self, kind: str, problems: int = 0) -> None:
        """Until the designer of a new part is there and its scripts are awake."""
        expect(self.page).to_have_url(re.compile(f"/{kind}/"))
        expect(self.page.locator("[data-n]")).to_have_text(str(problems))

    def named(self, words: str) -> None:
        """The English name of what is open in the panel."""
        self.press("Tab")
        self.type(words)
        self.edit("Tab")

    def choose(self, words: str) -> None:
        """In a picker that searches."""
        self.type(words)
        expect(self.page.locator(".ts-dropdown .option.active:visible")).to_contain_text(words)
        self.press("Enter")
