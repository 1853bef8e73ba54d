"""A headless Chromium for tests: what a page shows, says on its console and asks of the network.

A test module takes it with `from tests.browser import Browser, browser` and the argument `browser`.
"""

import json
import shutil
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import pytest
from PIL import Image
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

__all__ = ["Browser", "browser"]

PATIENCE = 30
_STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = """
const [options, done] = arguments;
axe.run(document, options).then(
  ({ violations }) => done({ rules: violations }), (error) => done({ error: String(error) }));
"""
_SENT = "Network.requestWillBeSent"
_PROGRAMS = {"browser": ("chromium", "chromium-browser", "google-chrome"), "driver": ("chromedriver",)}
_SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


class Browser:
    """One Chromium. `driver` is selenium's, for what is not offered here."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver

    def open(self, address: str | Path) -> None:
        """Load an address, or a file of this machine, and forget what earlier pages said and asked for."""
        self.driver.get("about:blank")
        self.console_errors()
        self.requests()
        self.driver.get(address.as_uri() if isinstance(address, Path) else address)

    def all(self, selector: str) -> list[WebElement]:
        """The elements that match a CSS selector and are to be seen, looked for anew if the page redraws meanwhile."""
        while True:
            with suppress(StaleElementReferenceException):
                found = self.driver.find_elements(By.CSS_SELECTOR, selector)
                return [element for element in found if element.is_displayed()]

    def one(self, selector: str) -> WebElement:
        """The one element that matches and is to be seen, awaited for up to PATIENCE seconds."""
        found: list[WebElement] = WebDriverWait(self.driver, PATIENCE).until(lambda _: self.all(selector))
        assert len(found) == 1, f"{len(found)} elements match {selector}"
        return found[0]

    def evaluate(self, expression: str, *arguments: object) -> Any:
        """The value of a JavaScript expression; `arguments[0]` and so on are what is given."""
        return self.driver.execute_script(f"return ({expression})", *arguments)

    def until(self, expression: str, *arguments: object) -> Any:
        """The value of a JavaScript expression once it is true, awaited for up to PATIENCE seconds."""
        waiting = WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05)
        return waiting.until(lambda _: self.evaluate(expression, *arguments), f"never true: {expression} {arguments}")

    def findings(self) -> list[str]:
        """What axe-core finds against WCAG 2.2 AA on the page as it is: rule, how bad, and where."""
        if not self.evaluate("'axe' in window"):
            # Through the protocol: the page's own policy lets no script in that is not its own
            source = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
            self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": source})
        found = self.driver.execute_async_script(_AXE, {"runOnly": {"type": "tag", "values": _STANDARDS}})
        assert "error" not in found, found
        nodes = [(rule, node) for rule in found["rules"] for node in rule["nodes"]]
        return [f"{rule['id']} ({rule['impact']}): {node['target']}" for rule, node in nodes]

    def picture(self) -> Image.Image:
        """What the window shows, in the few colours a page has."""
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
        return Image.open(BytesIO(b64decode(shot["data"]))).convert("RGB").quantize(128, dither=Image.Dither.NONE)

    def console_errors(self) -> list[str]:
        """What went wrong since the last call: errors on the console, uncaught exceptions, blocked content."""
        return [entry["message"] for entry in self._log("browser") if entry["level"] == "SEVERE"]

    def requests(self) -> list[str]:
        """The addresses asked for since the last call, in order."""
        messages = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        sent = [message["params"]["request"]["url"] for message in messages if message["method"] == _SENT]
        return [address for address in sent if not address.startswith("data:")]

    def look(self, *, width: int, height: int = 900, scheme: Literal["light", "dark"] = "light") -> None:
        """Show pages in a window of so many CSS pixels and in a light or a dark scheme."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def _log(self, name: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.driver.get_log(name)  # type: ignore[no-untyped-call]
        return entries


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium with a fresh profile that reaches no other machine."""
    options = ChromeOptions()
    options.binary_location = _program("browser")
    for switch in (*_SWITCHES, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=ChromeService(_program("driver")))
    try:
        driver.set_page_load_timeout(PATIENCE)
        driver.set_script_timeout(PATIENCE)
        yield Browser(driver)
    finally:
        driver.quit()


def _program(part: str) -> str:
    found = next(filter(None, map(shutil.which, _PROGRAMS[part])), None)
    if found is None:
        pytest.fail(
            f"no {_PROGRAMS[part][0]} is installed, which the browser tests drive: on Debian, "
            "`apt-get install --no-install-recommends chromium chromium-driver`",
            pytrace=False,
        )
    return found
