"""Running the sandbox: the stand-in with the cast in it and the page before it, on a thread of its own."""

import asyncio
import os
import sys
import webbrowser
from collections.abc import Callable
from typing import Self
from urllib.parse import urlsplit
from urllib.request import getproxies_environment

from sandbox.standin import SlackStandin
from sandbox.threaded import StandinThread
from sandbox.web_page.addresses import LOOPBACK
from sandbox.web_page.cast import COMMS_CHANNEL, fill
from sandbox.web_page.serving import WebPage
from sandbox.wire import Json


class Sandbox:
    """A Slack with people in it, and a page for a browser, for as long as the block lasts.

    with Sandbox(manifest, port=8765) as sandbox:
        sandbox.when_connected(lambda: print(sandbox.url))
        ...  # run the app with sandbox.slack.app's tokens and sandbox.slack.api_url

    ``sends_to`` is as in WebPage. Entering raises OSError when the address cannot be listened on.
    """

    comms_channel = COMMS_CHANNEL

    def __init__(self, manifest: Json, *, host: str = LOOPBACK, port: int = 0, sends_to: str | None = None) -> None:
        self.slack = SlackStandin(manifest)
        fill(self.slack)
        page = WebPage(self.slack, host=host, sends_to=sends_to)
        self._thread = StandinThread(self.slack, host=host, port=port, routes=page.routes())

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"{self.slack.url}/"

    def when_connected(self, do: Callable[[], object]) -> None:
        """Do something, on a thread that may wait, once the app is there."""
        self._thread.begin(self._connected(do))

    async def _connected(self, do: Callable[[], object]) -> None:
        revision = -1
        while not self.slack.socket_mode.connections:
            await self.slack.changes.beyond(revision, 60)
            revision = self.slack.changes.revision
        await asyncio.to_thread(do)

    def __enter__(self) -> Self:
        self._thread.__enter__()
        _reach_without_a_proxy(self.slack.url)
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.__exit__()


def open_in_browser(url: str) -> None:
    """Open an address where there is a screen; a browser in the terminal would take the terminal away."""
    if sys.platform in ("darwin", "win32") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY"))):
        webbrowser.open(url)


def _reach_without_a_proxy(url: str) -> None:
    """No proxy stands between an app of this process and the stand-in, whatever the environment says of others."""
    spared = getproxies_environment().get("no", "")
    os.environ["no_proxy"] = ",".join(filter(None, [spared, urlsplit(url).hostname]))
