"""Somebody at the sandbox's page, for the browser tests: what they type, press, see, and whom they are."""

from pathlib import Path

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.browser import Browser

_MATCHING = """[...document.querySelectorAll(arguments[0])].filter((node) =>
  node.checkVisibility() && node.textContent.replace(/\\s+/g, " ").includes(arguments[1]))"""


class Visitor:
    """One person in one window; `shots` is where pictures of it are kept."""

    def __init__(self, browser: Browser, url: str, shots: Path) -> None:
        self.browser, self.url, self.shots = browser, url, shots

    # -- going somewhere

    def enters(self, person: str, place: str) -> None:
        """Open the page anew as that person."""
        self.browser.open(f"{self.url}/#/{person}/{place}")
        self.browser.until("document.querySelector('#conversation')")

    def goes_to(self, place: str) -> None:
        """Choose a channel at the side."""
        self.browser.until("document.querySelector('.side nav a[href*=\"/' + arguments[0] + '\"]')", place).click()
        self.browser.until("document.querySelector('.side [aria-current]')?.href.endsWith(arguments[0])", place)

    def becomes(self, name: str) -> None:
        """Be somebody else."""
        self.clicks("#people")
        self.clicks("[role=menuitemradio]", name)
        self.awaits("#people", name)

    # -- doing something

    def clicks(self, selector: str, text: str = "") -> None:
        """Click the first of those elements that says this, once it is there."""
        self.awaits(selector, text).click()

    def focuses(self, selector: str) -> None:
        self.browser.evaluate("document.querySelector(arguments[0]).focus()", selector)

    def types(self, selector: str, keys: str) -> None:
        """Put the cursor there, and type."""
        self.awaits(selector).click()
        self.presses(keys)

    def presses(self, *keys: str) -> None:
        """Type where the cursor is."""
        for each in keys:
            ActionChains(self.browser.driver).send_keys(each).perform()

    def clears(self, selector: str) -> None:
        """Take out what stands in a field."""
        self.awaits(selector).click()
        ActionChains(self.browser.driver).key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL).perform()
        self.presses(Keys.DELETE)

    def tabs_to(self, text: str) -> None:
        """Go on with the keyboard to what says this."""
        for _ in range(60):
            if self.browser.evaluate("document.activeElement.textContent") == text:
                return
            self.presses(Keys.TAB)
        raise AssertionError(f"the keyboard does not reach {text}")

    def asks(self, question: str, *, in_thread: bool = True) -> None:
        """Mention the bot in the channel, and wait for what it says in the thread that opens."""
        self.types("#message-box", f"@Trustbot {question}\n")
        if in_thread:
            self.awaits(".thread .message", question)

    def picks(self, message: WebElement, label: str) -> None:
        """Choose from the menu of a message."""
        self.browser.until("arguments[0].querySelector('[aria-haspopup=menu]')", message).click()
        self.clicks("[role=menuitem]", label)

    # -- seeing something

    def awaits(self, selector: str, text: str = "") -> WebElement:
        """The first of those elements that is to be seen and says this, once it is there."""
        found: WebElement = self.browser.until(f"{_MATCHING}[0]", selector, text)
        return found

    def awaits_no(self, selector: str, text: str = "") -> None:
        """Wait until none of those elements says this."""
        self.browser.until(f"{_MATCHING}.length === 0", selector, text)

    def count(self, selector: str, text: str = "") -> int:
        """How many of those elements are to be seen and say this."""
        return int(self.browser.evaluate(f"{_MATCHING}.length", selector, text))

    def text(self, selector: str) -> str:
        """What all of those elements say."""
        found = self.browser.evaluate(
            "[...document.querySelectorAll(arguments[0])].map((n) => n.textContent)", selector
        )
        return " ".join(found)

    def findings(self) -> list[str]:
        """What axe finds."""
        return self.browser.findings()

    def takes_a_picture(self, name: str) -> Path:
        """Keep what the window shows."""
        self.shots.mkdir(parents=True, exist_ok=True)
        self.browser.picture().save(self.shots / f"sandbox-{name}.png", optimize=True)
        return self.shots / f"sandbox-{name}.png"
