"""What somebody at a desk can do with a page of the workspace: find things, click, fill in, and look at the phone."""

from contextlib import suppress

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as Timeout

from ..browser.conftest import narrow_enough

APP = "crm_livestream"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


class Desk:
    """One window. `grumbles`: what the browser complained about on the way."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language, self.grumbles = page, language, []
        page.set_default_timeout(15_000)
        page.on("console", lambda said: self._note(said.type, said.text))
        page.on("pageerror", lambda error: self.grumbles.append(str(error)))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.grumbles.append(text)

    def at(self, name: str) -> Locator:
        return self.page.locator(f"[data-test='{name}']")

    def click(self, name: str) -> None:
        self.at(name).first.click()

    def fill(self, name: str, value: str) -> None:
        """A picker that closes just then may take the keyboard with it: then once more, as people do."""
        self.at(name).fill(value)
        if self.at(name).input_value() != value:
            self.at(name).fill(value)

    def says(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def sign_in(self, link: str) -> None:
        """By the printed link; the browser's language is the page's."""
        self.page.goto(link)
        expect(self.page.locator("html")).to_have_attribute("lang", self.says("zh-CN", "en"))

    def fits_a_phone(self) -> None:
        """The page that is open does not scroll sideways on a phone."""
        self.page.set_viewport_size(PHONE)
        narrow_enough(self.page, f"{self.page.url} scrolls sideways")
        self.page.set_viewport_size(DESK)

    def open_list(self, form: str) -> None:
        self.click(f"nav-{form}")
        expect(self.at("new").first).to_be_visible()

    def open_as(self, name: str, listed: str) -> None:
        """As somebody of the demo's team, from the avatar's menu, which has people in the reader's language."""
        self.click("me")
        self.page.locator("#me-menu button", has_text=listed).click()
        expect(self.at("acting")).to_contain_text(name)

    def back_to_myself(self) -> None:
        self.at("acting").locator("button").click()
        expect(self.at("acting")).to_have_count(0)

    def task(self, words: str) -> Locator:
        """The task of that title in the inbox."""
        return self.page.locator("#tasks-hits a", has_text=words)

    def wait_for_task(self, words: str) -> None:
        """Until the inbox has it: jobs of the clock run beside the pages."""
        self.click("nav-tasks")
        for _ in range(30):
            with suppress(Timeout):
                self.task(words).first.wait_for(timeout=1000)
                return
            self.page.reload()
        raise AssertionError(f"no task {words}")

    def tag(self, field: str, words: str) -> None:
        self.at(f"field-{field}").locator(".picker", has_text=words).click()

    def pick(self, field: str, text: str) -> None:
        """A record in a field that looks for records: type a part of its title, take the first hit."""
        box = self.page.locator(f"[data-field='{field}']")
        box.locator(".ts-control").click()
        self.page.keyboard.type(text)
        self.page.locator(".ts-dropdown .option", has_text=text).first.click()
        expect(box.locator(".ts-control .item")).to_contain_text(text)
