"""The stand-in on a thread of its own, for synchronous apps and tests."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

from sandbox.standin import SlackStandin

T = TypeVar("T")


class StandinThread:
    """Runs a stand-in beside the caller.

    with StandinThread(SlackStandin(manifest)) as thread:
        client = WebClient(token=thread.slack.app.bot_token, base_url=thread.slack.api_url)
        thread.run(thread.slack.person("U0ALICE").says("hello"))
    """

    def __init__(self, slack: SlackStandin) -> None:
        self.slack = slack
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def run(self, work: Coroutine[Any, Any, T], timeout: float = 15.0) -> T:
        """Let the stand-in's loop do this, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout)

    def __enter__(self) -> Self:
        self._thread.start()
        self.run(self.slack.start())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self.slack.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
